"""When to ask a server again that did not answer: full jitter, so that a thousand machines do not come back at once."""

from __future__ import annotations

import random
from collections.abc import Callable

BASE = 1.0
"""Seconds within which the first new attempt falls."""
CAP = 60.0
"""Longest wait, in seconds, unless the server asks for a longer one."""
LONGEST = 3_600.0
"""A server cannot send a machine away for longer, in seconds."""


class Backoff:
    """The wait before each new attempt: uniform between 0 and a ceiling that doubles; `Retry-After` wins."""

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self.failures = 0

    def failed(self, retry_after: float | None = None) -> float:
        """Count a failure; the seconds to wait before the next attempt."""
        ceiling = min(CAP, BASE * 2.0 ** min(self.failures, 16))
        self.failures += 1
        spread = self._chance() * ceiling
        if retry_after is None:
            return spread
        # What is asked for is a minimum: all that were told the same moment still spread over the next seconds.
        return min(LONGEST, max(0.0, retry_after) + self._chance() * BASE)

    def succeeded(self) -> None:
        """Start from the first wait at the next failure."""
        self.failures = 0
