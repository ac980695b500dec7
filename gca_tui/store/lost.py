"""Commands never acknowledged, begun on what a restored server does not have.

Another machine may still bring that back. Until then they wait; after a day, or as soon as it is known that it will
not come back, a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from gca_tui.domain.apply import replay
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.paths import read
from gca_tui.domain.values import Base
from gca_tui.store import forks, ruling
from gca_tui.store.disputes import dispute, ground, plain, put_in_conflict
from gca_tui.store.judging import settle
from gca_tui.store.outbox import LIVE, REFUSED, Given, given, mark, rewrite
from gca_tui.store.tables import OUTBOX, SYNCED
from gca_tui.store.versions import Key
from gca_tui.wire import Moved

WAIT = timedelta(hours=24)
"""How long what a restored server has lost is waited for."""
GONE = "Le serveur a été restauré et n’a plus ce sur quoi ceci a été écrit."


def find_lost(connection: Connection, scope: str, at: datetime) -> None:
    """Have those wait whose base is not in a corbeille that was just read again."""
    where = OUTBOX.c.state.in_(LIVE), OUTBOX.c.acked_rev == 0, OUTBOX.c.lost_at == ""
    here = (SYNCED.c.caisse == OUTBOX.c.caisse) & (SYNCED.c.matricule == OUTBOX.c.matricule)
    rows = select(OUTBOX.c.caisse, OUTBOX.c.matricule).join(SYNCED, here).where(*where, SYNCED.c.scope == scope)
    for key in {(row[0], row[1]) for row in connection.execute(rows)}:
        dossier = ground(connection, key)
        if dossier is not None:
            _find(connection, given(connection, key), dossier, at)


def _find(connection: Connection, commands: list[Given], dossier: Dossier, at: datetime) -> None:
    """A field that an earlier one of these sets stands on that one, which has its own base."""
    chained: set[str] = set()
    for one in commands:
        bases = {name: base for name, base in one.command.bases.items() if name not in chained}
        if not one.acked_rev:
            if any(_is_lost(name, base, dossier) for name, base in bases.items()):
                put_off(connection, one.n, at)
            chained |= bases.keys()


def put_off(connection: Connection, n: int, at: datetime) -> None:
    """Have a command wait for what it was begun on; one that waits already goes on waiting from when it began."""
    where = OUTBOX.c.n == n, OUTBOX.c.lost_at == ""
    connection.execute(update(OUTBOX).where(*where).values(lost_at=at.isoformat()))


def settle_lost(connection: Connection, context: Context, at: datetime) -> int:
    """See again to what waits. Gives how many commands may be sent again, or are a person's to decide."""
    context = ruling.in_force(connection, context)
    rows = connection.execute(select(OUTBOX.c.caisse, OUTBOX.c.matricule).where(OUTBOX.c.lost_at != "").distinct())
    done = sum(_settle(connection, (row[0], row[1]), context, at) for row in rows.all())
    forks.forget_forks(connection)
    return done


def _settle(connection: Connection, key: Key, context: Context, at: datetime) -> int:
    """See to the first command of a dossier: the later ones stand on it, and wait for its answer."""
    first = next(iter(given(connection, key)), None)
    if first is None or not first.lost_at:
        return 0
    return int(_settle_one(connection, first, ground(connection, key), context, at))


def _settle_one(connection: Connection, one: Given, dossier: Dossier | None, context: Context, at: datetime) -> bool:
    if dossier is None:
        _send(connection, one, {})
        return True
    late = at - _began(connection, one) >= WAIT
    if one.acked_rev:
        return _settle_again(connection, one, dossier, context, late=late)
    missing = _missing(one, dossier)
    if missing and late:
        _give_up(connection, one, dossier, missing, context)
    elif missing:
        return False
    else:
        _send(connection, one, _found_bases(one, dossier))
    return True


def _began(connection: Connection, one: Given) -> datetime:
    """When the waiting began: that a command was tried again meanwhile does not begin it anew."""
    began = datetime.fromisoformat(one.lost_at)
    restored = forks.since(connection)
    return min(began, restored) if restored else began


def _settle_again(connection: Connection, one: Given, dossier: Dossier, context: Context, *, late: bool) -> bool:
    """One that was acknowledged before: it may be sent where it would pass now."""
    refused = replay(dossier, (one.command,), context)[1]
    if refused and not late:
        return False
    if late:
        keys = mark(connection, one.tx, state=REFUSED, code="perdu", reason=refused[0][1].reason if refused else GONE)
        connection.execute(update(OUTBOX).where(OUTBOX.c.tx == one.tx).values(lost_at="", acked_rev=0, seal=""))
        _settle_all(connection, keys, context)
    else:
        _send(connection, one, {})
    return True


def _is_lost(name: str, base: Base, dossier: Dossier) -> bool:
    rev = _rev(name, dossier)
    return rev < base.rev or (rev == base.rev and not _same(name, base, dossier))


def _missing(one: Given, dossier: Dossier) -> list[str]:
    """The fields of which the base may still come back: the server is behind it, and has another value."""
    bases = one.command.bases.items()
    return [name for name, base in bases if _rev(name, dossier) < base.rev and not _same(name, base, dossier)]


def _found_bases(one: Given, dossier: Dossier) -> dict[str, Base]:
    """Bases on the server's own revisions: of the same value, that one; of another value, none, so that it is told."""
    return {
        name: base.model_copy(update={"rev": _rev(name, dossier) if _same(name, base, dossier) else 0})
        for name, base in one.command.bases.items()
    }


def _rev(name: str, dossier: Dossier) -> int:
    return dossier.revisions.get(name, 0)


def _same(name: str, base: Base, dossier: Dossier) -> bool:
    return bool(plain(read(dossier, name)) == base.value)


def _send(connection: Connection, one: Given, bases: Mapping[str, Base]) -> None:
    command = one.command.model_copy(update={"bases": {**one.command.bases, **bases}})
    rewrite(connection, one.n, command, lost_at="")


def _give_up(connection: Connection, one: Given, dossier: Dossier, missing: list[str], context: Context) -> None:
    moved = [Moved(path=name, rev=_rev(name, dossier), value=_value(name, dossier)) for name in missing]
    dispute(connection, one.command, moved, context)
    _settle_all(connection, put_in_conflict(connection, one.tx, GONE), context)


def _value(name: str, dossier: Dossier) -> Any:
    return plain(read(dossier, name))


def _settle_all(connection: Connection, keys: set[Key], context: Context) -> None:
    for key in keys:
        settle(connection, key, context)
