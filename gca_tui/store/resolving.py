"""What a person decides of commands that the server did not apply. Nobody else does.

Those given together move together, since they were not applied together. What is sent again has new ids: the server
keeps its answer to the old ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from gca_tui.domain.command import Command, Context
from gca_tui.domain.paths import read, steps
from gca_tui.domain.values import Base
from gca_tui.ids import new_id
from gca_tui.store import claims, ruling
from gca_tui.store.disputes import forget_disputes, ground, plain
from gca_tui.store.judging import settle
from gca_tui.store.outbox import CONFLICT, PENDING, REFUSED, Given, given_together, rewrite, tx_of
from gca_tui.store.tables import CONFLICT as CONFLICTS
from gca_tui.store.tables import OUTBOX
from gca_tui.store.undoing import to_drafts


@dataclass(frozen=True)
class Written:
    """Another text, in the place of both."""

    text: str


@dataclass(frozen=True)
class _Kept:
    """One of both values."""

    mine: bool


MINE, THEIRS = _Kept(mine=True), _Kept(mine=False)
Choice = _Kept | Written
Change = Callable[[Command], Command | None]


def resolve(connection: Connection, command_id: str, choices: Mapping[str, Choice], context: Context) -> bool:
    """Settle each field in conflict (by path) of a command; a field without choice stays the author's.

    False when somebody settled it meanwhile.
    """
    disputed = _disputed(connection)
    return _again(connection, command_id, (CONFLICT,), context, lambda one: _chosen(one, disputed, choices))


def retry(connection: Connection, command_id: str, context: Context) -> bool:
    """Send what was refused again, as it is: what forbade it may be gone."""
    return _again(connection, command_id, (REFUSED,), context, lambda one: _rebased(connection, one))


def discard(connection: Connection, command_id: str, context: Context, at: datetime | None = None) -> bool:
    """Let it go, with all that was given together; with `at`, its texts are drafts again."""
    tx = tx_of(connection, command_id)
    commands = given_together(connection, tx) if tx else []
    if not commands or any(one.state not in (CONFLICT, REFUSED) for one in commands):
        return False
    forget_disputes(connection, commands[0].tx)
    connection.execute(delete(OUTBOX).where(OUTBOX.c.tx == tx))
    if at is not None:
        to_drafts(connection, [one.command for one in commands], at.isoformat())
    _show(connection, commands, context)
    return True


def _again(connection: Connection, command_id: str, states: tuple[str, ...], context: Context, change: Change) -> bool:
    """Send again all that was given together, each command changed; one that becomes None is dropped."""
    tx = tx_of(connection, command_id)
    commands = given_together(connection, tx) if tx else []
    if not commands or any(one.state not in states for one in commands):
        return False
    forget_disputes(connection, commands[0].tx)
    again = new_id()
    for one in commands:
        changed = change(one.command)
        if changed is None:
            connection.execute(delete(OUTBOX).where(OUTBOX.c.n == one.n))
            continue
        token = claims.token_of(connection, (changed.caisse, changed.matricule))
        values = {"tx": again, "state": PENDING, "code": "", "reason": "", "lost_at": "", "attempts": 0}
        fresh = changed.model_copy(update={"id": new_id()})
        rewrite(connection, one.n, fresh, token=token, acked_rev=0, seal="", **values)
    _show(connection, commands, context)
    return True


def _show(connection: Connection, commands: list[Given], context: Context) -> None:
    context = ruling.in_force(connection, context)
    for key in {(one.command.caisse, one.command.matricule) for one in commands}:
        settle(connection, key, context)


def _disputed(connection: Connection) -> dict[str, dict[str, Base]]:
    """What the server holds of the fields in conflict, by command and path."""
    found: dict[str, dict[str, Base]] = {}
    for row in connection.execute(select(CONFLICTS)):
        base = Base(rev=row.server_rev, value=json.loads(row.server))
        found.setdefault(row.command_id, {})[row.path] = base
    return found


def _chosen(
    command: Command, disputed: Mapping[str, Mapping[str, Base]], choices: Mapping[str, Choice]
) -> Command | None:
    """The command on what the server holds, with what was chosen; None when nothing of it is left."""
    server = disputed.get(command.id, {})
    update: dict[str, Any] = {"bases": {**command.bases, **server}}
    for path in server:
        choice = choices.get(path, MINE)
        if choice is MINE:
            continue
        name = steps(path)[-1]
        field = type(command).model_fields.get(name)
        if isinstance(choice, Written) and field is not None:
            update[name] = choice.text
        elif field is None or field.is_required():
            return None
        else:
            update[name] = field.get_default(call_default_factory=True)
            update["bases"].pop(path)
    changed = command.model_copy(update=update)
    return changed if _says_something(changed) or not server else None


def _says_something(command: Command) -> bool:
    """Whether a command still sets a field that may conflict."""
    return bool(set(command.writes()) & set(command.bases))


def _rebased(connection: Connection, command: Command) -> Command:
    """The command on what the server has: a base that it lost is of no use to it."""
    dossier = ground(connection, (command.caisse, command.matricule))
    if dossier is None:
        return command
    bases = dict(command.bases)
    for name, base in bases.items():
        rev = dossier.revisions.get(name, 0)
        if base.rev > rev:
            same = plain(read(dossier, name)) == base.value
            bases[name] = base.model_copy(update={"rev": rev if same else 0})
    return command.model_copy(update={"bases": bases})
