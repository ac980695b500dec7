"""Commands as they arrive in a push: read, told apart, put in their transactions. Nothing is asked of the base here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from gca_tui.domain.command import Command
from gca_tui.domain.commands import ANY_COMMAND
from gca_tui.domain.french import typeset
from gca_tui.domain.values import Author
from gca_tui.server.roles import KINDS, SYSTEM, may
from gca_tui.wire import Agent, Caisse, Id, Key, Matricule, Operation, Result

UNKNOWN_KIND = "commande_inconnue"
LATER = frozenset({UNKNOWN_KIND, "commande_illisible"})
"""Refusals that are not kept: a newer server may read the command."""


class _Named(BaseModel):
    """What every command has, whatever its kind."""

    model_config = ConfigDict(extra="ignore")

    kind: str
    id: Id
    caisse: Caisse
    matricule: Matricule


@dataclass(frozen=True)
class Given:
    """One command of a push. `command` is None where `refused` says why nothing can be done with it.

    `sha` is of all that its author said; what they had seen (`bases`) may be brought up to date between two sendings.
    """

    operation: Operation
    id: str
    key: Key
    sha: str
    command: Command | None = None
    refused: Result | None = None

    @property
    def kind(self) -> str:
        """Its kind, as it was sent."""
        return str(self.operation.command.get("kind", ""))

    def as_sent(self) -> str:
        """The command as JSON."""
        return json.dumps(self.operation.command, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def transactions(operations: Sequence[Operation], agent: Agent) -> list[list[Given]]:
    """The commands of a push, those of one `tx` together, in the order in which they were given."""
    together: dict[str, list[Given]] = {}
    for operation in operations:
        together.setdefault(operation.tx, []).append(read(operation, agent))
    return list(together.values())


def read(operation: Operation, agent: Agent) -> Given:
    """One command, its author written as the server knows them."""
    raw = operation.command
    said = {name: value for name, value in raw.items() if name != "bases"}
    sha = sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    try:
        named = _Named.model_validate(raw)
    except ValidationError:
        name = str(raw.get("id", ""))[:80]
        return Given(operation, name, Key("", ""), sha, refused=_illegible(name))
    key = Key(named.caisse, named.matricule)
    if named.kind not in KINDS:
        return Given(operation, named.id, key, sha, refused=_unknown(named.id))
    try:
        command = ANY_COMMAND.validate_python(raw)
    except ValidationError:
        return Given(operation, named.id, key, sha, refused=_illegible(named.id))
    return Given(operation, named.id, key, sha, _authored(command, agent), _forbidden(command, agent))


def _authored(command: Command, agent: Agent) -> Command:
    author = Author(identifiant=agent.identifiant, nom=agent.nom, qualite=agent.qualite, caisse=agent.caisse)
    return command.model_copy(update={"author": author})


def _forbidden(command: Command, agent: Agent) -> Result | None:
    """Why this agent may not give that command, be the dossier what it may."""
    if command.kind in SYSTEM:
        return refused(command.id, "systeme", "Ce changement ne vient que du système d’information.")
    if command.author.identifiant != agent.identifiant:
        return refused(command.id, "auteur", "Ce changement porte le nom d’un autre agent : reconnectez ce poste.")
    if not may(agent.role, command.kind):
        return refused(command.id, "role", "Votre rôle ne permet pas ce changement : demandez à un collègue.")
    return None


def refused(name: str, code: str, reason: str) -> Result:
    """A refusal, in words for the agent."""
    return Result(id=name, status="refused", code=code, reason=typeset(reason))


def _unknown(name: str) -> Result:
    return refused(
        name, UNKNOWN_KIND, "Le serveur ne connaît pas encore ce changement : il est gardé et sera renvoyé plus tard."
    )


def _illegible(name: str) -> Result:
    return refused(name, "commande_illisible", "Le serveur ne lit pas ce changement : prévenez l’administrateur.")


def journaled(given: Given, command: Command, status: str) -> str:
    """What the journal keeps of a command: all of it as it was applied, and what became of it."""
    body: dict[str, Any] = {"command": command.model_dump(mode="json"), "status": status}
    if given.operation.acked_rev:
        body["acked_rev"] = given.operation.acked_rev
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
