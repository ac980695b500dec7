"""Commands in conflict: what each was begun on, what it says, and what the server holds, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert

from gca_tui.domain.apply import replay
from gca_tui.domain.command import Command, Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.paths import read, steps
from gca_tui.store.outbox import CONFLICT, given_together, mark
from gca_tui.store.tables import CONFLICT as CONFLICTS
from gca_tui.store.versions import Key, versions
from gca_tui.wire import Moved

_ANY: TypeAdapter[Any] = TypeAdapter(Any)


def ground(connection: Connection, key: Key) -> Dossier | None:
    """The dossier as the server said it last; None when it is not in this store."""
    found = versions(connection, key)
    return Dossier.from_json(found[0].ground) if found else None


def plain(value: Any) -> Any:
    """A value of the domain as JSON has it."""
    return _ANY.dump_python(value, mode="json")


def dispute(connection: Connection, command: Command, moved: Iterable[Moved], context: Context) -> None:
    """Note the fields of a command in conflict; it is not shown over the dossier any more."""
    for field in moved:
        base = command.bases.get(field.path)
        values = {
            "base": _json(base.value if base else None),
            "mine": _json(said(connection, command, field.path, context, None)),
            "server": _json(field.value),
            "server_rev": field.rev,
            "by": field.by,
            "at": field.at,
        }
        row = insert(CONFLICTS).prefix_with("OR REPLACE")
        connection.execute(row.values(command_id=command.id, path=field.path, **values))


def put_in_conflict(connection: Connection, tx: str, reason: str) -> set[Key]:
    """All that was given together waits for a person; gives the dossiers to settle."""
    return mark(connection, tx, state=CONFLICT, reason=reason, lost_at="")


def forget_disputes(connection: Connection, tx: str) -> None:
    """The fields in conflict of all that was given together are settled."""
    ids = [one.command.id for one in given_together(connection, tx)]
    connection.execute(delete(CONFLICTS).where(CONFLICTS.c.command_id.in_(ids)))


def said(connection: Connection, command: Command, path: str, context: Context, unknown: Any) -> Any:
    """What a command puts at a path, as JSON has it, be it refused where the dossier stands now."""
    dossier = ground(connection, (command.caisse, command.matricule))
    if dossier is not None:
        after, refused = replay(dossier, (command,), context)
        if not refused:
            return plain(read(after, path))
    return plain(getattr(command, steps(path)[-1], unknown))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
