"""No cursor skips what a slower transaction commits later: the corbeille's counter is taken last.

The same test on a plain sequence, as most programs number their feeds, must see entries lost.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, text

from gca_tui.server.base import Base
from gca_tui.server.chain import Entry, append, open_scope

WRITERS, EACH = 8, 25
Write = Callable[[Connection, str, float], None]
Read = Callable[[Connection, int], list[tuple[int, str]]]


def lost(base: Base, write: Write, read: Read) -> set[str]:
    """What a reader that follows its cursor never saw of all that writers were told was done."""
    done: set[str] = set()
    seen: set[str] = set()
    ended = threading.Event()
    cursor = 0

    def follow() -> None:
        nonlocal cursor
        with base.read() as connection:
            for seq, name in read(connection, cursor):
                seen.add(name)
                cursor = seq

    def poll() -> None:
        while not ended.wait(0.001):
            follow()

    def put(name: str, pause: float) -> None:
        base.writing(lambda connection: write(connection, name, pause))
        done.add(name)

    def work(writer: int) -> None:
        chance = random.Random(writer)
        for n in range(EACH):
            put(f"{writer}-{n}", chance.random() * 0.004)

    reader = threading.Thread(target=poll)
    reader.start()
    try:
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(work, range(WRITERS)))
    finally:
        ended.set()
        reader.join()
    follow()
    assert len(done) == WRITERS * EACH
    return done - seen


def _last(connection: Connection, name: str, pause: float) -> None:
    time.sleep(pause)
    append(connection, "681", [Entry("note", "681", name, 1, "2026-11-12T09:30:00+00:00", "{}", name)])


def _journal(connection: Connection, cursor: int) -> list[tuple[int, str]]:
    said = text("SELECT seq, command_id FROM journal WHERE scope = '681' AND seq > :cursor ORDER BY seq")
    return [(row[0], row[1]) for row in connection.execute(said, {"cursor": cursor})]


def _naive(connection: Connection, name: str, pause: float) -> None:
    connection.execute(text("INSERT INTO feed (name) VALUES (:name)"), {"name": name})
    connection.execute(text("SELECT pg_sleep(:pause)"), {"pause": pause})


def _feed(connection: Connection, cursor: int) -> list[tuple[int, str]]:
    said = text("SELECT id, name FROM feed WHERE id > :cursor ORDER BY id")
    return [(row[0], row[1]) for row in connection.execute(said, {"cursor": cursor})]


def test_no_cursor_skips_an_entry(base: Base) -> None:
    with base.write() as connection:
        open_scope(connection, "681", "2026-11-12T09:30:00+00:00")
    assert not lost(base, _last, _journal)


def test_this_test_sees_what_a_plain_sequence_loses(postgresql: Base) -> None:
    with postgresql.write() as connection:
        connection.execute(text("CREATE TABLE feed (id bigserial PRIMARY KEY, name text)"))
    assert lost(postgresql, _naive, _feed)
