"""What the server says, laid into the store: pages of what moved, and readings of a whole corbeille.

A page and its cursor are one transaction: killed before, nothing of it is there; after, it is not asked again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from gca_tui.domain.command import Context
from gca_tui.store import claims, leaving, removals, ruling, synced
from gca_tui.store.arriving import Arrival, lay
from gca_tui.store.reading import (
    Lines,
    Reading,
    Taken,
    end_snapshot,
    readings,
    ready,
    reread,
    take_lines,
    take_ready,
    to_make_ahead,
)
from gca_tui.store.recovering import marks, put_back, recover
from gca_tui.store.removals import answer_removal
from gca_tui.store.synced import Synced
from gca_tui.store.tables import CORBEILLE, SYNCED
from gca_tui.store.versions import Key
from gca_tui.wire import Event, Mark, Page, Position

__all__ = [
    "Lines",
    "Reading",
    "Taken",
    "answer_removal",
    "digest_differs",
    "drop_scope",
    "end_snapshot",
    "marks",
    "positions",
    "readings",
    "ready",
    "recover",
    "reread",
    "take_events",
    "take_lines",
    "take_page",
    "take_pages",
    "take_ready",
    "to_make_ahead",
]


def positions(connection: Connection, *, asking_too: bool = False) -> dict[str, Position]:
    """Where this store is in each corbeille that was read to its end: what to ask a pull with.

    One that waits for a person's word is left out, as the answer would be the same again, unless `asking_too`: now and
    then it must be asked for, since the right to it may have ended.
    """
    asking = set() if asking_too else removals.asking(connection)
    return {scope: position for scope, position in _positions(connection).items() if scope not in asking}


def _positions(connection: Connection) -> dict[str, Position]:
    rows = connection.execute(select(CORBEILLE).where(CORBEILLE.c.snapshot == "").order_by(CORBEILLE.c.scope))
    return {row.scope: Position(cur=Mark(row.cur_seq, row.cur_h), seen=Mark(row.seen_seq, row.seen_h)) for row in rows}


def take_page(
    connection: Connection,
    scope: str,
    page: Page,
    context: Context,
    at: datetime,
    asked: Mapping[str, Position] | None = None,
) -> Taken:
    """Lay the page of one corbeille: see `take_pages`."""
    return take_pages(connection, {scope: page}, context, at, asked)[scope]


def take_pages(
    connection: Connection,
    pages: Mapping[str, Page],
    context: Context,
    at: datetime,
    asked: Mapping[str, Position] | None = None,
) -> dict[str, Taken]:
    """Lay all pages of an answer, and move the cursors. `asked` is what the pull was made with.

    Dossiers are laid before others leave: one that moved between two corbeilles followed here stays, with its drafts.
    """
    context = ruling.in_force(connection, context)
    now = _positions(connection)
    done: dict[str, Taken] = {}
    for scope, page in pages.items():
        if page.error:
            done[scope] = Taken(error=page.error, motif=page.motif)
        elif not _in_turn(now.get(scope), page, (asked or {}).get(scope)):
            done[scope] = Taken(ignored=True)
        elif count := _too_many(connection, scope, page, at):
            done[scope] = Taken(asks=count)
    taken = {scope: page for scope, page in pages.items() if scope not in done}
    laid = {scope: take_events(connection, scope, page.events, context, at) for scope, page in taken.items()}
    for scope, page in taken.items():
        removed = _let_go(connection, scope, page.events, at)
        _move(connection, scope, page)
        done[scope] = Taken(laid[scope], removed, differs=digest_differs(connection, scope, page))
    return done


def _in_turn(now: Position | None, page: Page, asked: Position | None) -> bool:
    """Whether a page goes on from where this store is."""
    return now is not None and page.cur.seq >= now.cur.seq and (asked is None or asked.cur == now.cur)


def _too_many(connection: Connection, scope: str, page: Page, at: datetime) -> int:
    """How many dossiers would leave without a reason, where a person must be asked; else 0."""
    elsewhere = {(event.caisse, event.matricule) for event in page.events if not event.gone}
    going = [(one.caisse, one.matricule) for one in page.events if one.gone and not one.motif]
    known = synced.known(connection, going).values()
    count = len([row for row in known if row.scope == scope and row.key not in elsewhere])
    total = connection.execute(select(func.count()).select_from(SYNCED).where(SYNCED.c.scope == scope)).scalar_one()
    return 0 if removals.may_leave(connection, scope, count, total, at) else count


def take_events(
    connection: Connection, scope: str, events: Iterable[Event], context: Context, at: datetime, reading: str = ""
) -> int:
    """Lay the dossiers of these events that are news; those that left are for later. Gives how many were laid."""
    live = {(event.caisse, event.matricule): event for event in events if not event.gone}
    known = synced.known(connection, live)
    news = {key: event for key, event in live.items() if event.document is not None and _is_news(event, scope, known)}
    lay(connection, [Arrival(key, _text(event.document)) for key, event in news.items()], context)
    rows = [Synced(*key, scope, event.rev, event.h, reading) for key, event in news.items()]
    synced.put(connection, rows, [known[key] for key in news if key in known])
    here = known.keys() | news.keys()
    for key, event in live.items():
        if event.claim is not None and key in here:
            claims.event(connection, key, event.claim, at)
    return len(news)


def _is_news(event: Event, scope: str, known: Mapping[Key, Synced]) -> bool:
    """Whether an event says something else than what is here; in one corbeille revisions only grow."""
    row = known.get((event.caisse, event.matricule))
    if row is None or row.scope != scope:
        return True
    return event.rev > row.rev or (event.rev == row.rev and event.h != row.h)


def _text(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _let_go(connection: Connection, scope: str, events: Sequence[Event], at: datetime) -> int:
    """Purge the dossiers that left the corbeille, unless another one that is followed here has them."""
    motifs = {(event.caisse, event.matricule): event.motif for event in events if event.gone}
    going: dict[str, list[Key]] = {}
    for row in synced.known(connection, motifs).values():
        if row.scope == scope:
            going.setdefault(motifs[row.key], []).append(row.key)
    for motif, keys in going.items():
        leaving.purge(connection, keys, motif, at)
    return sum(map(len, going.values()))


def _move(connection: Connection, scope: str, page: Page) -> None:
    where = CORBEILLE.c.scope == scope
    cur = {"cur_seq": page.cur.seq, "cur_h": page.cur.h}
    moved = CORBEILLE.c.cur_seq != page.cur.seq
    connection.execute(update(CORBEILLE).where(where, moved).values(**cur))
    synced.see(connection, scope, _shown(page))


def _shown(page: Page) -> list[Mark]:
    """The marks that a page shows: documents of it may be as new as its head."""
    return [page.cur, page.head]


def digest_differs(connection: Connection, scope: str, page: Page) -> bool:
    """Whether this copy of a corbeille is not the server's, as far as this page can tell."""
    row = connection.execute(select(CORBEILLE).where(CORBEILLE.c.scope == scope)).one()
    if not page.digest or page.more or row.seen_seq > page.head.seq:
        return False
    return bool(row.digest != page.digest)


def drop_scope(connection: Connection, scope: str, motif: str, at: datetime) -> int:
    """Follow a corbeille no more: its dossiers leave, read to its end or not. Gives how many.

    What was acknowledged on them is sent again: the server may have been restored, which no mark tells any more.
    """
    keys = [(row[0], row[1]) for row in connection.execute(_keys_of(scope))]
    put_back(connection, scope, set(keys))
    leaving.purge(connection, keys, motif, at)
    connection.execute(delete(CORBEILLE).where(CORBEILLE.c.scope == scope))
    removals.forget_removals(connection, scope)
    return len(keys)


def _keys_of(scope: str) -> Any:
    return select(SYNCED.c.caisse, SYNCED.c.matricule).where(SYNCED.c.scope == scope)
