"""Dossiers that somebody takes, so that nobody else works on them meanwhile."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gca_tui.wire.limits import LEASE, LOT, LOT_LEASE
from gca_tui.wire.values import Key, Scope, Wire


class Claimed(Wire):
    """Who took a dossier. `lease` is what is left of it, in seconds on the server's clock; 0: nobody has it.

    `token` is the number to show with a change, given to the one who took it alone.
    """

    agent: str = ""
    nom: str = ""
    lease: int = Field(default=0, ge=0)
    mode: Literal["", "work", "lot"] = ""
    token: int = 0
    mine: bool = False


class Next(Wire):
    """The next dossier nobody has, in the order of work, in one of the agent's corbeilles; `passed` are left out."""

    scopes: Annotated[tuple[Scope, ...], Field(max_length=200)] = ()
    nature: Annotated[str, Field(max_length=60)] = ""
    passed: Annotated[tuple[Key, ...], Field(max_length=500)] = ()


class Lot(Wire):
    """So many dossiers of one nature, in the order of work."""

    scopes: Annotated[tuple[Scope, ...], Field(max_length=200)] = ()
    nature: Annotated[str, Field(min_length=1, max_length=60)]
    number: Annotated[int, Field(ge=1, le=LOT)] = 20


class Claim(Wire):
    """Take dossiers: these, or the next one of a corbeille, or a lot of one nature. One of the three."""

    ids: Annotated[tuple[Key, ...], Field(max_length=200)] = ()
    next: Next | None = None
    lot: Lot | None = None
    seconds: Annotated[int, Field(ge=60, le=LOT_LEASE)] = LEASE


class Granted(Wire):
    """A dossier taken."""

    caisse: str
    matricule: str
    token: int
    lease: int
    mode: Literal["work", "lot"]


class Denied(Wire):
    """A dossier somebody else has, or that is not in sight (`nom` is then empty)."""

    caisse: str
    matricule: str
    nom: str = ""
    lease: int = 0


class Claims(Wire):
    """What was taken and what was not; both empty: there is no next one."""

    granted: tuple[Granted, ...] = ()
    denied: tuple[Denied, ...] = ()


class Renew(Wire):
    """Keep what was taken a while longer, or give it back (`release`), each with its token."""

    tokens: Annotated[dict[Annotated[str, Field(max_length=80)], int], Field(max_length=200)]
    seconds: Annotated[int, Field(ge=60, le=LOT_LEASE)] = LEASE
    release: bool = False
