"""Taking back the last thing done: the rest is replayed, and a text that was given is a draft again."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.commands import AddNote, CorrectNote, EditExplanation
from gca_tui.domain.trop_percu import SECTIONS
from gca_tui.store import claims, drafts
from gca_tui.store.judging import settle
from gca_tui.store.outbox import IN_FLIGHT, LIVE, given_together
from gca_tui.store.tables import OUTBOX

SENT = "deja_envoye"
"""Code of the refusal to take back what is on its way."""


def undo(connection: Connection, *, session: str, context: Context, at: str) -> list[Command]:
    """Drop the last thing this session did, and replay the rest. A note's or an explanation's text is a draft again.

    Returns the commands dropped, none when there is nothing to undo. Raises CommandRefused when it may be on the
    server already.
    """
    last = connection.execute(
        select(OUTBOX.c.tx, OUTBOX.c.state)
        .where(OUTBOX.c.session == session, OUTBOX.c.state.in_(LIVE))
        .order_by(OUTBOX.c.n.desc())
        .limit(1)
    ).first()
    if last is None:
        return []
    if last[1] == IN_FLIGHT:
        raise CommandRefused(SENT, "C’est déjà envoyé : corrigez-le par une nouvelle action.")
    dropped = [one.command for one in given_together(connection, last[0])]
    connection.execute(delete(OUTBOX).where(OUTBOX.c.tx == last[0]))
    for key in dict.fromkeys((command.caisse, command.matricule) for command in dropped):
        settle(connection, key, context)
    to_drafts(connection, dropped, at)
    claims.unfollow(connection, dropped)
    return dropped


def to_drafts(connection: Connection, dropped: list[Command], at: str) -> None:
    """Make the texts of commands that were dropped drafts again (instant `at`, ISO)."""
    for command in dropped:
        if isinstance(command, AddNote):
            _note(connection, command, at)
        elif isinstance(command, EditExplanation):
            _explanation(connection, command, at)


def _explanation(connection: Connection, edit: EditExplanation, at: str) -> None:
    """The sections taken back, under what is being typed there now."""
    place = drafts.Place(edit.caisse, edit.matricule, drafts.EXPLANATION, edit.notification)
    said = {name: text for name in SECTIONS if (text := getattr(edit, name)) is not None}
    drafts.put(connection, place, said | drafts.read(connection, place), at, drafts.Begun())


def _note(connection: Connection, note: AddNote, at: str) -> None:
    """The text of a note taken back, before what is being typed there now."""
    target = note.corrige if isinstance(note, CorrectNote) else ""
    place = drafts.Place(note.caisse, note.matricule, drafts.NOTE, target)
    texts = dict.fromkeys(filter(str.strip, (note.texte, drafts.read(connection, place).get("texte", ""))))
    drafts.put(connection, place, {"texte": "\n".join(texts)}, at, drafts.Begun())
