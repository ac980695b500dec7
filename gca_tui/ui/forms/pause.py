"""The clock of a draft: what is being typed is handed over at most so long after a key, and once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.message_pump import MessagePump
    from textual.timer import Timer

DRAFT_DELAY = 0.3
"""Seconds between a key and the draft that holds it, at most: typing without a pause does not put it off."""
Texts = dict[str, str]


class DraftClock:
    """Hands over what an editor holds when it changed since the last time; a key only starts the clock.

    `rung` is what happens once the delay is over, the handing over itself if nothing else.
    """

    def __init__(
        self,
        owner: MessagePump,
        read: Callable[[], Texts],
        hand_over: Callable[[Texts], object],
        rung: Callable[[], None] | None = None,
    ) -> None:
        self._owner = owner
        self._read = read
        self._hand_over = hand_over
        self._rung = rung or self.keep
        self._kept = read()
        self._timer: Timer | None = None

    def typed(self) -> None:
        """A key."""
        if self._timer is None:
            self._timer = self._owner.set_timer(DRAFT_DELAY, self._rung)

    def keep(self) -> None:
        """Hand over now what was typed since the last time."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if (texts := self._read()) != self._kept:
            self._kept = texts
            self._hand_over(texts)
