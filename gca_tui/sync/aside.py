"""Corbeilles that are left aside for a while, so that one that cannot go on does not busy the line."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

REREAD = 600.0
"""Seconds between two readings of a corbeille whose sums differ from the server's: a cause that no reading mends."""
ASK_AGAIN = 30.0
"""Seconds before a corbeille is asked for again while a person must say whether many of its dossiers may go."""


class Aside:
    """Remembers when each corbeille was last read again, and when it last asked for a person."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._read: dict[str, float] = {}
        self._asks: dict[str, float] = {}

    def may_reread(self, scope: str) -> bool:
        """Whether a corbeille may be read again now; if so, not again for some time."""
        now = self._monotonic()
        if now - self._read.get(scope, -REREAD) < REREAD:
            return False
        self._read[scope] = now
        return True

    def asks(self, scope: str) -> None:
        """A corbeille waits for a person."""
        self._asks[scope] = self._monotonic()

    def waiting(self, allowed: Collection[str]) -> set[str]:
        """Those not to ask for now; `allowed` are those that a person answered for."""
        now = self._monotonic()
        return {scope for scope, at in self._asks.items() if now - at < ASK_AGAIN and scope not in allowed}
