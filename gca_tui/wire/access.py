"""Who speaks with the server, what it opens to them, and how it refuses."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, JsonValue

from gca_tui.wire.values import Wire


class Agent(Wire):
    """Who the server knows behind a token."""

    identifiant: str
    nom: str = ""
    qualite: str = ""
    caisse: str = ""
    role: str = "gca"


class Hello(Wire):
    """What a client learns first. `rights` changes whenever anything here does; `settings` are the rules in force."""

    server: str
    epoch: str
    oldest: int
    newest: int
    time: str
    agent: Agent
    scopes: tuple[str, ...]
    rights: str
    settings: dict[str, JsonValue]
    limits: dict[str, int]


class Enrol(Wire):
    """The one-time code that makes a machine an agent's own."""

    code: Annotated[str, Field(min_length=1, max_length=80)]
    poste: Annotated[str, Field(max_length=80)] = ""


class Enrolled(Wire):
    """The machine's id and its secret, said once."""

    install: str
    token: str
    hello: Hello


class Problem(Wire):
    """An error as RFC 9457 writes it, in French; `code` is for programs."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    code: str = ""
    instance: str = ""
    errors: tuple[dict[str, Any], ...] = ()
