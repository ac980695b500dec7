"""What moved in an agent's corbeilles since they last asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue
from sqlalchemy import Connection, Row, bindparam, select

from gca_tui.server import chain, pages
from gca_tui.server.access import Who, identify
from gca_tui.server.events import SHOWN, as_text
from gca_tui.server.pages import Asked, Pages
from gca_tui.server.tables import JOURNAL, MEMBERSHIP, META
from gca_tui.wire import (
    LOT,
    LOT_LEASE,
    MARKS,
    OLDEST,
    PAGE,
    PUSH_BYTES,
    PUSH_OPS,
    SCHEMA,
    START,
    TEXT,
    WAIT,
    Fork,
    Hello,
    Lineage,
    Mark,
    Page,
    Position,
    Pull,
)

if TYPE_CHECKING:
    from gca_tui.server.service import Service

PAGE_BYTES = 4_000_000
"""Bytes of documents in one answer, about: one dossier may go over it."""
LIMITS = {
    "push_ops": PUSH_OPS,
    "push_bytes": PUSH_BYTES,
    "page": PAGE,
    "wait": WAIT,
    "text": TEXT,
    "marks": MARKS,
    "lot": LOT,
    "lot_lease": LOT_LEASE,
}


_MOVED = SHOWN.where(MEMBERSHIP.c.seq > bindparam("after")).order_by(MEMBERSHIP.c.seq).limit(bindparam("number"))


@dataclass
class _Room:
    """What is left of one answer, over all its corbeilles."""

    dossiers: int
    bytes: int
    sent: int = 0

    def take(self, dossiers: int, size: int) -> None:
        """Fill some of it."""
        self.dossiers -= dossiers
        self.bytes -= size
        self.sent += dossiers


@dataclass(frozen=True)
class Answer:
    """The JSON of a `Pulled`, and how many dossiers it tells of."""

    text: str
    dossiers: int


def _is_behind(who: Who, asked: Pull) -> bool:
    """Whether the client's rights are not those of now; one that does not say which it knows is not told."""
    return bool(asked.rights) and asked.rights != who.rights


def unmoved(who: Who, asked: Pull) -> bool:
    """Nothing to tell: same rights, and every corbeille is where the client is."""
    if _is_behind(who, asked):
        return False
    for scope, position in asked.scopes.items():
        head = who.heads.get(scope)
        if head is None or position.cur != head or position.seen not in (head, START):
            return False
    return True


def pull(connection: Connection, who: Who, asked: Pull, now: datetime, kept: Pages | None = None) -> Answer | None:
    """What moved, read in the one snapshot that `who` was read in; None when nothing did."""
    if unmoved(who, asked):
        return None
    room = _Room(asked.limit, PAGE_BYTES)
    pages = []
    for scope, position in asked.scopes.items():
        page = _page(connection, who, scope, position, room, now, kept or Pages())
        if page is not None:
            pages.append(f"{json.dumps(scope)}:{page}")
    told = f',"hello":{hello(connection, who, now).model_dump_json()}' if _is_behind(who, asked) else ""
    if not pages and not told:
        return None
    return Answer(f'{{"scopes":{{{",".join(pages)}}}{told}}}', room.sent)


def _page(
    connection: Connection, who: Who, scope: str, position: Position, room: _Room, now: datetime, kept: Pages
) -> str | None:
    """The page of one corbeille as JSON; None when it has not moved."""
    head = who.heads.get(scope)
    if head is None:
        return _short(Page(error="scope", motif=who.motif(scope)))
    if not _of_lineage(connection, scope, position, head):
        return _short(Page(error="lineage"))
    if position.cur == head:
        return None
    asked = Asked(scope, position.cur, head, room.dossiers, room.bytes)
    if same := kept.get(asked):
        room.take(same.dossiers, same.bytes)
        return same.text
    rows, more = _moved(connection, scope, position.cur, room)
    texts = [as_text(row, who, now, position.cur.seq) for row in rows]
    cur = _mark_at(connection, scope, rows[-1].seq) if more and rows else position.cur if more else head
    page = Page(cur=cur, head=head, more=more, digest="" if more else who.digests[scope])
    size = sum(len(row.document or "") for row in rows)
    room.take(len(rows), size)
    text = f'{_short(page)[:-1]},"events":[{",".join(texts)}]}}'
    if not any(row.until for row in rows):
        kept.put(asked, pages.Page(text, len(rows), size))
    return text


def _short(page: Page) -> str:
    """A page without its events."""
    return page.model_dump_json(exclude={"events"})


def _of_lineage(connection: Connection, scope: str, position: Position, head: Mark) -> bool:
    """Both marks are of this journal: what the client read up to, and the greatest it was ever shown."""
    marks = {mark for mark in (position.cur, position.seen) if mark not in (START, head)}
    return not marks or chain.holds(connection, scope, sorted(marks)) == marks


def _moved(connection: Connection, scope: str, cur: Mark, room: _Room) -> tuple[list[Row[Any]], bool]:
    """The dossiers that moved after a mark, oldest first, as far as there is room; and whether there are more."""
    if room.dossiers <= 0 or room.bytes <= 0:
        return [], True
    asked = {"scope": scope, "after": cur.seq, "number": room.dossiers + 1}
    dossiers, size = room.dossiers, room.bytes
    taken: list[Row[Any]] = []
    for row in connection.execute(_MOVED, asked):
        if dossiers <= 0 or size <= 0:
            return taken, True
        taken.append(row)
        dossiers -= 1
        size -= len(row.document or "")
    return taken, False


def _mark_at(connection: Connection, scope: str, seq: int) -> Mark:
    h = connection.execute(select(JOURNAL.c.h).where(JOURNAL.c.scope == scope, JOURNAL.c.seq == seq)).scalar_one()
    return Mark(seq, h)


def fork(connection: Connection, asked: Lineage) -> Fork:
    """The newest of these marks that the corbeille's journal holds."""
    marks = sorted({mark for mark in asked.marks if mark != START})
    held = chain.holds(connection, asked.scope, marks) if marks else set()
    return Fork(mark=max(held, default=START))


def hello(connection: Connection, who: Who, now: datetime) -> Hello:
    """What a client learns first."""
    server = connection.execute(select(META.c.value).where(META.c.name == "server")).scalar()
    settings: dict[str, JsonValue] = json.loads(who.settings) if who.settings else {}
    return Hello(
        server=server or "",
        epoch=who.epoch,
        oldest=OLDEST,
        newest=SCHEMA,
        time=now.isoformat(),
        agent=who.agent,
        scopes=who.scopes,
        rights=who.rights,
        settings=settings,
        limits=LIMITS,
    )


def read(service: Service, token: str, asked: Pull, *, likely: bool = False) -> tuple[Who | None, Answer | None]:
    """Who asks, and what moved. One statement when nothing did; else one snapshot of the base for all of it.

    `likely`: something moved for sure, so that the first look is not worth its while.
    """
    now = service.now()
    if not likely:
        with service.base.look() as connection:
            who = identify(connection, token, now)
        if who is None or unmoved(who, asked):
            return who, None
    return service.base.reading(lambda connection: _read(connection, token, asked, now, service.pages))


def _read(
    connection: Connection, token: str, asked: Pull, now: datetime, kept: Pages
) -> tuple[Who | None, Answer | None]:
    who = identify(connection, token, now)
    return who, None if who is None else pull(connection, who, asked, now, kept)
