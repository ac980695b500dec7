"""Commands on the store: each is applied, projected, indexed and kept in the outbox in one transaction.

Per dossier with pending commands the document without them is kept as its `mirror`; what the screen reads is always
`replay(mirror, pending)`. Undo drops commands and replays the rest, and a newer extract moves the mirror.

In a store tied to a server the mirror is what the server said last, and the server alone refuses: see `judging`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from gca_tui.domain.apply import apply, based, replay
from gca_tui.domain.command import Command, Context
from gca_tui.domain.dossier import Dossier
from gca_tui.errors import UnknownDossier
from gca_tui.store import claims, drafts
from gca_tui.store.basing import Typing, based_on_mirror, typing_of
from gca_tui.store.facts import generation, is_tied
from gca_tui.store.outbox import PENDING, REFUSED
from gca_tui.store.tables import DOCUMENT, OUTBOX
from gca_tui.store.versions import save, versions


@dataclass(frozen=True)
class _Ground:
    """What commands given together stand on."""

    generation: int
    context: Context
    tied: bool
    typing: Typing


def record(
    connection: Connection,
    commands: Sequence[Command],
    *,
    tx: str,
    session: str,
    context: Context,
    draft: drafts.Place | None = None,
) -> list[Dossier]:
    """Apply commands as one: all of them, or none. Returns the dossiers as they are after, one a command.

    The `draft` they were typed in goes with them: no end of the program leaves both.
    Raises CommandRefused with the first refusal, UnknownDossier.
    """
    after = []
    ground = _Ground(generation(connection), context, is_tied(connection), typing_of(connection, draft))
    for place, command in enumerate(commands):
        given, dossier = _apply(connection, command, ground)
        row = _row(given, tx, place, session)
        if ground.tied:
            row["token"] = claims.token_of(connection, (command.caisse, command.matricule))
        connection.execute(insert(OUTBOX).values(row))
        after.append(dossier)
    if draft:
        drafts.drop(connection, draft)
    if commands:
        claims.follow(connection, commands, max(command.at for command in commands))
    return after


def _apply(connection: Connection, command: Command, ground: _Ground) -> tuple[Command, Dossier]:
    """Apply a command to the visible version and to one in preparation; what the outbox keeps of it, the dossier."""
    found = versions(connection, (command.caisse, command.matricule))
    if not found or found[0].since > ground.generation:
        raise UnknownDossier(f"Le dossier {command.key.label} n’est pas dans ce poste.")
    visible = Dossier.from_json(found[0].document)
    if ground.tied:
        mirror = Dossier.from_json(found[0].mirror) if found[0].mirror else visible
        given = based_on_mirror(connection, command, visible, mirror, ground.typing)
    else:
        given = based(command, visible)
    dossier = apply(visible, given, ground.context)
    save(connection, found[0], dossier, found[0].ground, ground.context)
    for staged in found[1:]:
        prepared, _ = replay(Dossier.from_json(staged.document), (given,), ground.context)
        save(connection, staged, prepared, staged.ground, ground.context)
    return given, dossier


def _row(command: Command, tx: str, place: int, session: str) -> dict[str, Any]:
    return {
        "command_id": command.id,
        "tx": tx,
        "place": place,
        "session": session,
        "caisse": command.caisse,
        "matricule": command.matricule,
        "state": PENDING,
        "attempts": 0,
        "reason": "",
        "command": command.model_dump_json(),
    }


def fold(connection: Connection) -> int:
    """Make pending commands part of their documents for good: in a store tied to no server, nobody else decides.

    Returns how many; none in a store that is tied. Refused commands stay, so that their text can still be read.
    """
    if is_tied(connection):
        return 0
    count = connection.execute(select(func.count()).select_from(OUTBOX).where(OUTBOX.c.state != REFUSED)).scalar()
    if count:
        connection.execute(update(DOCUMENT).where(DOCUMENT.c.mirror.is_not(None)).values(mirror=None))
        connection.execute(delete(OUTBOX).where(OUTBOX.c.state != REFUSED))
    return int(count or 0)
