"""Long polls: who waits for something to move, how many, and when they stop."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress
from typing import Protocol, TypeVar

from starlette.types import Receive

from gca_tui.server.bell import Bell, Waiting
from gca_tui.server.metrics import Metrics
from gca_tui.wire import WAIT

PLACES = 4_000
"""Long polls one process holds; the others are answered at once."""
TURNS = 2
"""Long polls that look at once. One change may wake hundreds: they take turns, and whoever else calls passes them."""
PACE = 0.01
"""Seconds, for each machine that polls the same corbeille, between two answers to one of them.

The first change after a calm is told to all at once; where changes never stop, hundreds of machines would have each
of them sent to each.
"""
LONGEST_PACE = 5.0
STEP = 0.5
"""Seconds after which one that paces itself looks whether the program ends."""
BACK_IN = 10
"""Seconds after which one that found no place may poll again."""
Found = TypeVar("Found", covariant=True)


class Look(Protocol[Found]):
    """Asks the base: the installation that polls, and what there is for it. `moved`: something was heard to move."""

    def __call__(self, *, moved: bool = False) -> Awaitable[tuple[str, Found | None]]:
        """Who, and what."""
        ...


def seconds_asked(prefer: str | None) -> int:
    """The seconds of a `Prefer: wait=25` (RFC 7240), WAIT at most; 0 without it."""
    for preference in (prefer or "").split(","):
        name, _, value = preference.partition("=")
        value = value.partition(";")[0].strip().strip('"')
        if name.strip().lower() == "wait" and value.isascii() and value.isdigit():
            return min(int(value[:6]), WAIT)
    return 0


class Polls:
    """The long polls of one process. Used in its event loop alone."""

    def __init__(self, bell: Bell, metrics: Metrics, places: int = PLACES) -> None:
        self._bell = bell
        self._metrics = metrics
        self._places = places
        self._of_install: dict[str, Waiting] = {}
        self._turns = asyncio.Semaphore(TURNS)
        self._polling: Counter[str] = Counter()
        self._answered: dict[str, float] = {}
        self.held = 0

    async def until(
        self,
        machine: str,
        scopes: tuple[str, ...],
        seconds: float,
        receive: Receive,
        look: Look[Found],
    ) -> Found | None:
        """What `look` finds, looked for again each time one of these corbeilles moves, for so many seconds.

        None when nothing came, when the client went away, when it polls again elsewhere, at the end of the program.
        `look` tells the installation as well; `machine` is what tells one client from another before that.
        """
        self._polling.update(scopes)
        try:
            await self._paced(machine, scopes)
            found = await self._found(scopes, seconds, receive, look)
        finally:
            self._polling.subtract(scopes)
        if found is not None:
            self._note_answer(machine)
        return found

    async def _paced(self, machine: str, scopes: tuple[str, ...]) -> None:
        """Let others pass, so long after its last answer as many poll the same corbeilles."""
        loop = asyncio.get_running_loop()
        crowd = max((self._polling[scope] for scope in scopes), default=0)
        pace = min(crowd * PACE * random.uniform(0.5, 1.5), LONGEST_PACE)
        until = self._answered.get(machine, -LONGEST_PACE) + pace
        while not self._bell.closed and (left := until - loop.time()) > 0:
            await asyncio.sleep(min(left, STEP))

    def _note_answer(self, machine: str) -> None:
        now = asyncio.get_running_loop().time()
        if len(self._answered) > 2 * self._places:
            self._answered = {one: at for one, at in self._answered.items() if at > now - LONGEST_PACE}
        self._answered[machine] = now

    async def _found(
        self, scopes: tuple[str, ...], seconds: float, receive: Receive, look: Look[Found]
    ) -> Found | None:
        waiting = self._bell.listen(scopes)
        try:
            async with self._turns:
                install, found = await look()
            if found is not None:
                return found
            if self.held >= self._places:
                self._metrics.turned_away.inc()
                return None
            return await self._hold(waiting, install, seconds, receive, look)
        finally:
            waiting.close()

    async def _hold(
        self,
        waiting: Waiting,
        install: str,
        seconds: float,
        receive: Receive,
        look: Look[Found],
    ) -> Found | None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        gone = asyncio.ensure_future(receive())
        gone.add_done_callback(lambda _: waiting.wake())
        self._take(install, waiting)
        try:
            while await waiting.moved(deadline - loop.time()):
                async with self._turns:
                    if gone.done() or self._of_install.get(install) is not waiting:
                        return None
                    _, found = await look(moved=True)
                if found is not None:
                    return found
            return None
        finally:
            self._free(install, waiting)
            gone.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await gone

    def advice(self) -> dict[str, str] | None:
        """What to say to who was not made to wait: come back in a while, not at once."""
        return {"Retry-After": str(BACK_IN)} if self.held >= self._places else None

    def _take(self, install: str, waiting: Waiting) -> None:
        """Take a place. An installation has one: the poll it had before is answered."""
        before = self._of_install.get(install)
        self._of_install[install] = waiting
        self.held += 1
        self._metrics.waiting.set(self.held)
        if before is not None:
            before.wake()

    def _free(self, install: str, waiting: Waiting) -> None:
        if self._of_install.get(install) is waiting:
            del self._of_install[install]
        self.held -= 1
        self._metrics.waiting.set(self.held)
