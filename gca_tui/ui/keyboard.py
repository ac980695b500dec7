"""Keys in the order they were pressed, each handed to what the one before it opened.

Textual hands a key to what has the focus when it arrives, though the key before it may not have acted yet. At the end
of a slow line several arrive together, and a text typed after `o` would be lost, or taken for commands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import events

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode

PATIENCE = 1.0
"""Seconds a key waits for a widget that does not answer."""
ROUNDS = 10
"""Screens and fields that one key may lead through."""

Typed = events.Key | events.Paste


class Keyboard:
    """Keys and pastes that wait for their turn."""

    def __init__(self, app: App[Any], deliver: Callable[[Typed], Awaitable[None]]) -> None:
        self._app = app
        self._deliver = deliver
        self._typed: asyncio.Queue[Typed] = asyncio.Queue()

    def take(self, event: Typed) -> None:
        """Deliver it after those before it."""
        self._typed.put_nowait(event)

    async def run(self) -> None:
        """Deliver one after another for as long as the program runs."""
        while True:
            event = await self._typed.get()
            await self._settled()
            await self._deliver(event)

    async def _settled(self) -> None:
        """Wait until the key before, and what it set off on the way, have changed focus and screen if they were to."""
        still = 0
        for _ in range(ROUNDS):
            before = (self._app.screen, self._app.focused)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._passed(before[1] or before[0]), PATIENCE)
            still = still + 1 if before == (self._app.screen, self._app.focused) else 0
            if still == 2:  # the key itself, then the messages it sent
                return

    def _passed(self, node: DOMNode) -> asyncio.Future[None]:
        """Done once all that was waiting in a widget, then in each that holds it, has been seen to."""
        passed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        _through(iter(node.ancestors_with_self), passed)
        return passed


def _through(pumps: Iterator[DOMNode], passed: asyncio.Future[None]) -> None:
    for pump in pumps:
        if pump.call_later(_through, pumps, passed):
            return
    if not passed.done():
        passed.set_result(None)
