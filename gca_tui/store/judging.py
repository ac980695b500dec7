"""What the screen reads, made again from mirror and pending commands; and what becomes of those refused on the way.

In a store tied to no server a refusal is final. In one that is tied the server alone decides: the command is held
back, which is to say kept to be sent and not shown, and tried again each time its dossier moves.
"""

from __future__ import annotations

from sqlalchemy import Connection

from gca_tui.domain.apply import replay
from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.dossier import Dossier
from gca_tui.store.facts import is_tied
from gca_tui.store.outbox import REFUSED, Given, given, mark, pending, tx_of
from gca_tui.store.versions import Key, save, versions


def settle(connection: Connection, key: Key, context: Context) -> None:
    """Make what the screen reads follow from mirror and pending commands again, after either moved.

    A command that is now refused stays in the outbox with the reason, and so does all that was given with it: refused,
    or held back where a server decides.
    """
    tied = is_tied(connection)
    keys = {key} | (_tried_again(connection, key) if tied else set())
    while keys:
        one = keys.pop()
        keys |= _show(connection, one, context) if tied else _settle(connection, one, context)


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
    return mark(connection, tx_of(connection, command.id) or "", state=REFUSED, reason=refusal.reason)


def _tried_again(connection: Connection, key: Key) -> set[Key]:
    """Hold nothing back any more of what was given on this dossier; gives the dossiers this concerns."""
    held = {one.tx for one in given(connection, key) if one.held_back}
    return set().union(*(mark(connection, tx, reason="") for tx in held))


def _show(connection: Connection, key: Key, context: Context) -> set[Key]:
    """Show a dossier of a tied store. Where a command is refused nothing is written: gives what to see again."""
    live = given(connection, key)
    for place, version in enumerate(versions(connection, key)):
        if not live and version.mirror is None:
            continue
        ground = Dossier.from_json(version.ground)
        shown = [one for one in live if not one.held_back and not arrived(one, ground)]
        dossier, refused = replay(ground, [one.command for one in shown], context)
        if refused and place == 0:
            return set().union(*(_hold_back(connection, command, why) for command, why in refused))
        as_is = "" if shown else version.ground
        save(connection, version, dossier, version.ground if live else None, context, as_is=as_is)
    return set()


def arrived(one: Given, mirror: Dossier) -> bool:
    """Whether the server has the command already, though its answer did not come yet."""
    return any(entry.id == one.command.id for entry in mirror.history)


def _hold_back(connection: Connection, command: Command, refusal: CommandRefused) -> set[Key]:
    return mark(connection, tx_of(connection, command.id) or "", reason=refusal.reason)
