"""Commands on the store: each is applied, projected, indexed and kept in the outbox in one transaction.

Per dossier with pending commands the document without them is kept as its `mirror`; what the screen reads is always
`replay(mirror, pending)`. Undo drops commands and replays the rest, and a newer extract moves the mirror.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update

from gca_tui.domain.apply import apply, based, replay
from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.commands import ANY_COMMAND, AddNote, CorrectNote, EditExplanation
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.trop_percu import SECTIONS
from gca_tui.errors import UnknownDossier
from gca_tui.store import drafts
from gca_tui.store.projection import project, search_words
from gca_tui.store.tables import DOCUMENT, DOSSIER, META, OUTBOX

PENDING, REFUSED = "pending", "refused"
Key = tuple[str, str]


@dataclass(frozen=True)
class Version:
    """One version of a dossier; `mirror` is its document without the pending commands, where there are any."""

    id: int
    since: int
    document: str
    mirror: str | None


def generation(connection: Connection) -> int:
    """The generation that is visible."""
    found = connection.execute(select(META.c.value).where(META.c.name == "generation")).scalar()
    return int(found or 0)


def set_meta(connection: Connection, name: str, value: str) -> None:
    """Note a single fact of the store."""
    connection.execute(
        text("INSERT INTO meta (name, value) VALUES (:n, :v) ON CONFLICT (name) DO UPDATE SET value = :v"),
        {"n": name, "v": value},
    )


def versions(connection: Connection, key: Key) -> list[Version]:
    """The visible version of a dossier first, then the one an import is preparing, if any."""
    found = connection.execute(
        select(DOSSIER.c.id, DOSSIER.c.since, DOCUMENT.c.document, DOCUMENT.c.mirror)
        .join(DOCUMENT, DOCUMENT.c.dossier_id == DOSSIER.c.id)
        .where(DOSSIER.c.caisse == key[0], DOSSIER.c.matricule == key[1])
        .where(DOSSIER.c.until > generation(connection))
        .order_by(DOSSIER.c.since)
    )
    return [Version(*row) for row in found]


def pending(connection: Connection, key: Key) -> list[Command]:
    """The commands not yet folded in, in the order they were given; refused ones left out."""
    rows = connection.execute(
        select(OUTBOX.c.command)
        .where(OUTBOX.c.caisse == key[0], OUTBOX.c.matricule == key[1], OUTBOX.c.state != REFUSED)
        .order_by(OUTBOX.c.n)
    )
    return [ANY_COMMAND.validate_json(row[0]) for row in rows]


def save(connection: Connection, version: Version, dossier: Dossier, mirror: str | None, context: Context) -> None:
    """Write a document, its columns and its words over a version."""
    connection.execute(update(DOSSIER).where(DOSSIER.c.id == version.id).values(project(dossier, context)))
    connection.execute(
        update(DOCUMENT).where(DOCUMENT.c.dossier_id == version.id).values(document=dossier.to_json(), mirror=mirror)
    )
    names, notes = search_words(dossier)
    connection.execute(
        text("UPDATE recherche SET nom = :nom, notes = :notes WHERE rowid = :id"),
        {"id": version.id, "nom": names, "notes": notes},
    )


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
    visible_now = generation(connection)
    for place, command in enumerate(commands):
        given, dossier = _apply(connection, command, visible_now, context)
        connection.execute(insert(OUTBOX).values(_row(given, tx, place, session)))
        after.append(dossier)
    if draft:
        drafts.drop(connection, draft)
    return after


def _apply(connection: Connection, command: Command, visible_now: int, context: Context) -> tuple[Command, Dossier]:
    """Apply a command to the visible version and to one in preparation; what the outbox keeps of it, the dossier."""
    found = versions(connection, (command.caisse, command.matricule))
    if not found or found[0].since > visible_now:
        raise UnknownDossier(f"Le dossier {command.key.label} n’est pas dans ce poste.")
    visible = Dossier.from_json(found[0].document)
    given = based(command, visible)
    dossier = apply(visible, given, context)
    save(connection, found[0], dossier, found[0].mirror or found[0].document, context)
    for staged in found[1:]:
        prepared, _ = replay(Dossier.from_json(staged.document), (given,), context)
        save(connection, staged, prepared, staged.mirror or staged.document, context)
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


def settle(connection: Connection, key: Key, context: Context) -> None:
    """Make what the screen reads follow from mirror and pending commands again, after either moved.

    A command that is now refused stays in the outbox as such, with the reason, and so does all that was given with it.
    """
    keys = {key}
    while keys:
        keys |= _settle(connection, keys.pop(), context)


def _settle(connection: Connection, key: Key, context: Context) -> set[Key]:
    """Settle one dossier. Where a command is refused nothing is written: gives the dossiers to settle without it."""
    commands = pending(connection, key)
    for place, version in enumerate(versions(connection, key)):
        if version.mirror is None:
            continue
        dossier, refused = replay(Dossier.from_json(version.mirror), commands, context)
        if refused and place == 0:
            return set().union(*(_refuse(connection, command, why) for command, why in refused))
        save(connection, version, dossier, version.mirror if commands else None, context)
    return set()


def _refuse(connection: Connection, command: Command, refusal: CommandRefused) -> set[Key]:
    """Refuse all that was given together with a command; gives the dossiers it was for."""
    tx = select(OUTBOX.c.tx).where(OUTBOX.c.command_id == command.id).scalar_subquery()
    given_together = OUTBOX.c.tx == tx
    touched = connection.execute(select(OUTBOX.c.caisse, OUTBOX.c.matricule).where(given_together)).all()
    connection.execute(update(OUTBOX).where(given_together).values(state=REFUSED, reason=refusal.reason))
    return {(row[0], row[1]) for row in touched}


def undo(connection: Connection, *, session: str, context: Context, at: str) -> list[Command]:
    """Drop the last thing this session did, and replay the rest. A note's or an explanation's text is a draft again.

    Returns the commands dropped, none when there is nothing to undo.
    """
    last = connection.execute(
        select(OUTBOX.c.tx)
        .where(OUTBOX.c.session == session, OUTBOX.c.state == PENDING)
        .order_by(OUTBOX.c.n.desc())
        .limit(1)
    ).scalar()
    if last is None:
        return []
    rows = connection.execute(select(OUTBOX.c.command).where(OUTBOX.c.tx == last).order_by(OUTBOX.c.n)).all()
    dropped: list[Command] = [ANY_COMMAND.validate_json(row[0]) for row in rows]
    connection.execute(delete(OUTBOX).where(OUTBOX.c.tx == last))
    for key in dict.fromkeys((command.caisse, command.matricule) for command in dropped):
        settle(connection, key, context)
    for command in dropped:
        if isinstance(command, AddNote):
            _note_to_draft(connection, command, at)
        elif isinstance(command, EditExplanation):
            _explanation_to_draft(connection, command, at)
    return dropped


def _explanation_to_draft(connection: Connection, edit: EditExplanation, at: str) -> None:
    """The sections taken back, under what is being typed there now."""
    place = drafts.Place(edit.caisse, edit.matricule, drafts.EXPLANATION, edit.notification)
    said = {name: text for name in SECTIONS if (text := getattr(edit, name)) is not None}
    drafts.put(connection, place, said | drafts.read(connection, place), at, drafts.Begun())


def _note_to_draft(connection: Connection, note: AddNote, at: str) -> None:
    """The text of a note taken back, before what is being typed there now."""
    target = note.corrige if isinstance(note, CorrectNote) else ""
    place = drafts.Place(note.caisse, note.matricule, drafts.NOTE, target)
    texts = dict.fromkeys(filter(str.strip, (note.texte, drafts.read(connection, place).get("texte", ""))))
    drafts.put(connection, place, {"texte": "\n".join(texts)}, at, drafts.Begun())


def fold(connection: Connection) -> int:
    """Make pending commands part of their documents for good: in a store tied to no server, nobody else decides.

    Returns how many. Refused commands stay, so that their text can still be read.
    """
    count = connection.execute(select(func.count()).select_from(OUTBOX).where(OUTBOX.c.state != REFUSED)).scalar()
    if count:
        connection.execute(update(DOCUMENT).where(DOCUMENT.c.mirror.is_not(None)).values(mirror=None))
        connection.execute(delete(OUTBOX).where(OUTBOX.c.state != REFUSED))
    return int(count or 0)
