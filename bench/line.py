"""The line between a person and the program: how long bytes travel, and how many pass a second."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line as an agent has it: round trip in milliseconds, kbit/s towards the screen (None: as fast as they come)."""

    round_trip: float = 0.0
    kilobits: float | None = None

    def __str__(self) -> str:
        rate = f", {self.kilobits:g} kbit/s" if self.kilobits else ""
        return f"{self.round_trip:g} ms{rate}"

    def wires(self) -> tuple[Wire, Wire]:
        """The direction of the keys, and that of the screen; keys are too few for the rate to count."""
        delay = self.round_trip / 2000
        return Wire(delay), Wire(delay, self.kilobits * 125 if self.kilobits else None)


class Wire:
    """One direction: in order, after the delay (seconds), no faster than the rate (bytes a second).

    What waits is unlimited, as it nearly is in ssh, so a program that writes too much falls behind the finger.
    """

    def __init__(self, delay: float = 0.0, rate: float | None = None) -> None:
        self.delay = delay
        self.rate = rate
        self.last_arrival = 0.0  # when the last bytes delivered came out
        self._free_at = 0.0
        self._travelling: deque[tuple[float, bytes]] = deque()

    def accept(self, now: float, data: bytes) -> float:
        """Take bytes at one end; the moment the last of them comes out at the other."""
        self._free_at = max(self._free_at, now) + (len(data) / self.rate if self.rate else 0.0)
        arrival = self._free_at + self.delay
        self._travelling.append((arrival, data))
        return arrival

    def deliver(self, now: float) -> bytes:
        """The bytes that have come out by now."""
        arrived = bytearray()
        while self._travelling and self._travelling[0][0] <= now:
            self.last_arrival, data = self._travelling.popleft()
            arrived += data
        return bytes(arrived)

    @property
    def next_arrival(self) -> float | None:
        """When the next bytes come out, if any travel."""
        return self._travelling[0][0] if self._travelling else None
