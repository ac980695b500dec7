"""The lines of a corbeille, taken as they come: a handful is made ready while the one before is being written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from gca_tui.domain.command import Context
from gca_tui.store import receiving
from gca_tui.sync import faults_told as told

if TYPE_CHECKING:
    from gca_tui.store.writer import Writer

Progress = Callable[[int, int], None]
Writing = Future[list[receiving.Reading]]


def take_all(
    writer: Writer,
    reading: receiving.Reading,
    handfuls: Iterable[list[bytes]],
    now: Callable[[], datetime],
    progress: Progress,
) -> receiving.Reading:
    """Where the reading stands once all of them are in the store, each in a transaction, in their order.

    Whatever breaks off, those made ready before are written when this returns or raises. `progress` is told of all
    readings. Raises Unreachable for a line that is none, StoreError.
    """
    scope, context = reading.scope, writer.context()
    ahead = writer.run(lambda c: receiving.to_make_ahead(c, scope, context)).result()
    writing: Writing | None = None
    try:
        for lines in handfuls:
            with _legible():
                ready = receiving.ready(lines, ahead)
            if writing:
                _written(writing, progress)
            writing = writer.run(partial(_take, scope=scope, ready=ready, context=context, at=now()))
    finally:
        if writing:
            reading = _written(writing, progress)
    return reading


def _take(
    connection: Connection, *, scope: str, ready: receiving.Lines, context: Context, at: datetime
) -> list[receiving.Reading]:
    """Lay a handful; where this reading stands then, and after it the others."""
    reading = receiving.take_ready(connection, scope, ready, context, at)
    return [reading, *receiving.readings(connection, but=scope)]


def _written(writing: Writing, progress: Progress) -> receiving.Reading:
    with _legible():
        every = writing.result()
    progress(sum(one.taken for one in every), sum(one.expected for one in every))
    return every[0]


@contextmanager
def _legible() -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise told.garbled("une ligne ne se lit pas") from error
