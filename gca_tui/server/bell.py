"""Who waits for a corbeille to move, and who tells them: this process at once, another one within a quarter second."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection, Iterable
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from gca_tui.errors import GcaError
from gca_tui.server.base import Base
from gca_tui.server.tables import META, SCOPE

PERIOD = 0.25
"""Seconds between two looks at what other processes did."""
RIGHTS = "*"
"""Listened to beside corbeilles: any right, rule or installation moved (`rights` of the table meta)."""


class Waiting:
    """One long poll. Listen BEFORE looking whether anything moved, so that nothing is missed in between."""

    def __init__(self, bell: Bell, scopes: frozenset[str]) -> None:
        self.scopes = scopes
        self._bell = bell
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Something moved; from any thread."""
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._event.set)

    async def moved(self, seconds: float) -> bool:
        """Wait until something moves, so many seconds at most; whether it did. At once when the bell is closed."""
        if self._bell.closed:
            return False
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        self._event.clear()
        return not self._bell.closed

    def close(self) -> None:
        """Wait no more."""
        self._bell.forget(self)


class Bell:
    """Wakes long polls. `watch` looks at what other processes did while anybody waits."""

    def __init__(self, base: Base | None = None) -> None:
        self.closed = False
        self._base = base
        self._lock = threading.Lock()
        self._waiting: dict[str, set[Waiting]] = {}
        self._seen: dict[str, int | str] = {}
        self._watcher: threading.Thread | None = None
        self._someone = threading.Event()
        self._ended = threading.Event()

    def listen(self, scopes: Iterable[str]) -> Waiting:
        """Be told when one of these corbeilles moves, or any right. Call it in the event loop that will wait."""
        waiting = Waiting(self, frozenset({*scopes, RIGHTS}))
        with self._lock:
            for scope in waiting.scopes:
                self._waiting.setdefault(scope, set()).add(waiting)
        self._someone.set()
        return waiting

    def forget(self, waiting: Waiting) -> None:
        """Tell it nothing any more."""
        with self._lock:
            for scope in waiting.scopes:
                others = self._waiting.get(scope, set())
                others.discard(waiting)
                if not others:
                    self._waiting.pop(scope, None)

    def ring(self, scopes: Collection[str]) -> None:
        """These corbeilles moved (RIGHTS: rights did); after the commit, from any thread."""
        with self._lock:
            told = {waiting for scope in scopes for waiting in self._waiting.get(scope, ())}
        for waiting in told:
            waiting.wake()

    def watch(self) -> None:
        """Begin to look at what other processes do, in a thread of its own, until `close`."""
        if self._base is None or self._watcher:
            return
        self._watcher = threading.Thread(target=self._watch, args=(self._base,), name="gca-bell", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Wake everybody; nobody waits from now on."""
        self.closed = True
        self._ended.set()
        self._someone.set()
        with self._lock:
            told = {waiting for some in self._waiting.values() for waiting in some}
        for waiting in told:
            waiting.wake()
        if self._watcher:
            self._watcher.join(timeout=5)

    def _watch(self, base: Base) -> None:
        while not self._ended.wait(PERIOD):
            if not self._anyone():
                self._someone.wait()
                continue
            with suppress(SQLAlchemyError, GcaError):  # the base is away for a moment: those who wait ask it themselves
                self.look(base)

    def _anyone(self) -> bool:
        with self._lock:
            if not self._waiting:
                self._someone.clear()
            return bool(self._waiting)

    def look(self, base: Base) -> None:
        """One look at the corbeilles waited for: ring for those that moved since they were last seen, or never were."""
        with self._lock:
            wanted = [scope for scope in self._waiting if scope != RIGHTS]
        moved = select(SCOPE.c.id, SCOPE.c.seq).where(SCOPE.c.id.in_(wanted))
        rights = select(META.c.value).where(META.c.name == "rights")
        with base.look() as connection:
            found: dict[str, int | str] = {row[0]: row[1] for row in connection.execute(moved)}
            found[RIGHTS] = connection.execute(rights).scalar() or ""
        news = [scope for scope, seq in found.items() if self._seen.get(scope) != seq]
        self._seen |= found
        self.ring(news)
