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
from gca_tui.store.tables import DocumentRow, DossierRow, MetaRow, OutboxRow

PENDING, REFUSED = "pending", "refused"
_DOSSIER = DossierRow.__table__  # type: ignore[attr-defined]  # SQLModel sets it on every table class
_DOCUMENT = DocumentRow.__table__  # type: ignore[attr-defined]
_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
_META = MetaRow.__table__  # type: ignore[attr-defined]
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
    found = connection.execute(select(_META.c.value).where(_META.c.name == "generation")).scalar()
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
        select(_DOSSIER.c.id, _DOSSIER.c.since, _DOCUMENT.c.document, _DOCUMENT.c.mirror)
        .join(_DOCUMENT, _DOCUMENT.c.dossier_id == _DOSSIER.c.id)
        .where(_DOSSIER.c.caisse == key[0], _DOSSIER.c.matricule == key[1])
        .where(_DOSSIER.c.until > generation(connection))
        .order_by(_DOSSIER.c.since)
    )
    return [Version(*row) for row in found]


def pending(connection: Connection, key: Key) -> list[Command]:
    """The commands not yet folded in, in the order they were given; refused ones left out."""
    rows = connection.execute(
        select(_OUTBOX.c.command)
        .where(_OUTBOX.c.caisse == key[0], _OUTBOX.c.matricule == key[1], _OUTBOX.c.state != REFUSED)
        .order_by(_OUTBOX.c.n)
    )
    return [ANY_COMMAND.validate_json(row[0]) for row in rows]


def save(connection: Connection, version: Version, dossier: Dossier, mirror: str | None, context: Context) -> None:
    """Write a document, its columns and its words over a version."""
    connection.execute(update(_DOSSIER).where(_DOSSIER.c.id == version.id).values(project(dossier, context)))
    connection.execute(
        update(_DOCUMENT).where(_DOCUMENT.c.dossier_id == version.id).values(document=dossier.to_json(), mirror=mirror)
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
        key = (command.caisse, command.matricule)
        found = versions(connection, key)
        if not found or found[0].since > visible_now:
            raise UnknownDossier(f"Le dossier {command.key.label} n’est pas dans ce poste.")
        visible = Dossier.from_json(found[0].document)
        given = based(command, visible)
        dossier = apply(visible, given, context)
        save(connection, found[0], dossier, found[0].mirror or found[0].document, context)
        for staged in found[1:]:
            prepared, _ = replay(Dossier.from_json(staged.document), (given,), context)
            save(connection, staged, prepared, staged.mirror or staged.document, context)
        connection.execute(insert(_OUTBOX).values(_row(given, tx, place, session)))
        after.append(dossier)
    if draft:
        drafts.drop(connection, draft)
    return after


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
    tx = select(_OUTBOX.c.tx).where(_OUTBOX.c.command_id == command.id).scalar_subquery()
    given_together = _OUTBOX.c.tx == tx
    touched = connection.execute(select(_OUTBOX.c.caisse, _OUTBOX.c.matricule).where(given_together)).all()
    connection.execute(update(_OUTBOX).where(given_together).values(state=REFUSED, reason=refusal.reason))
    return {(row[0], row[1]) for row in touched}


def undo(connection: Connection, *, session: str, context: Context, at: str) -> list[Command]:
    """Drop the last thing this session did, and replay the rest. A note's or an explanation's text is a draft again.

    Returns the commands dropped, none when there is nothing to undo.
    """
    last = connection.execute(
        select(_OUTBOX.c.tx)
        .where(_OUTBOX.c.session == session, _OUTBOX.c.state == PENDING)
        .order_by(_OUTBOX.c.n.desc())
        .limit(1)
    ).scalar()
    if last is None:
        return []
    rows = connection.execute(select(_OUTBOX.c.command).where(_OUTBOX.c.tx == last).order_by(_OUTBOX.c.n)).all()
    dropped: list[Command] = [ANY_COMMAND.validate_json(row[0]) for row in rows]
    connection.execute(delete(_OUTBOX).where(_OUTBOX.c.tx == last))
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
    count = connection.execute(select(func.count()).select_from(_OUTBOX).where(_OUTBOX.c.state != REFUSED)).scalar()
    if count:
        connection.execute(update(_DOCUMENT).where(_DOCUMENT.c.mirror.is_not(None)).values(mirror=None))
        connection.execute(delete(_OUTBOX).where(_OUTBOX.c.state != REFUSED))
    return int(count or 0)
