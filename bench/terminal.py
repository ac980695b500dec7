"""A program on a real pseudo-terminal, driven and watched as by a person."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar

from bench.line import Line
from bench.process import Process
from bench.screen import Screen

QUIET = 0.1  # seconds without output that end an answer
LULL = 0.002  # seconds without output after which it is worth looking at the screen
LONGEST_BURST = 0.05  # seconds after which one looks even if output goes on
STEP = 0.02  # seconds between two looks at whether the program has ended
MOST_READS = 64  # before the screen is looked after again, however much the program writes
PERSONAL = re.compile(r"GCA_|TEXTUAL|NO_COLOR|COLORTERM|COLUMNS|LINES|PYTHON")

Found = TypeVar("Found")


class NotShown(AssertionError):
    """What was awaited did not come; says what the screen showed instead."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes the program wrote at one moment, and the moment the last of them reached the screen."""

    written: float
    arrived: float
    data: bytes


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """The surroundings of an SSH session, without the settings of whoever runs this, and `changes` on top."""
    env = {name: value for name, value in os.environ.items() if not PERSONAL.match(name)}
    return env | {"TERM": "xterm-256color", "COLORTERM": ""} | dict(changes or {})


class Terminal:
    """One program on its own terminal, perhaps at the end of a slow line.

    Bytes are stamped when they are read and drawn only when somebody looks, so that drawing delays no stamp.
    Everything moves inside method calls only, on the caller's thread; moments are those of `time.monotonic`.
    """

    def __init__(self, process: Process, screen: Screen, line: Line) -> None:
        self.process = process
        self.screen = screen
        self.line = line
        self.started = self.pressed = self.last_arrival = time.monotonic()
        self.chunks: list[Chunk] = []
        self._up, self._down = line.wires()
        self._to_program = bytearray()

    @classmethod
    def spawn(
        cls,
        command: Sequence[str],
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        line: Line | None = None,
    ) -> Terminal:
        """Start a command; `env` is added to `environment()`. FileNotFoundError if there is no such command."""
        screen, started = Screen(columns, rows), time.monotonic()
        terminal = cls(Process.spawn(command, columns, rows, environment(env)), screen, line or Line())
        terminal.started = started
        return terminal

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, data: bytes) -> None:
        """Send bytes as a keyboard or a paste does; `pressed` is when."""
        self.pressed = time.monotonic()
        self._up.accept(self.pressed, data)
        self._carry()

    def press(self, *names: str) -> None:
        """Press keys by name (`down`, `f2`, `ctrl+q`) or character. KeyError for an unknown name."""
        for name in names:
            self.send(self.screen.key(name))

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window, which the program learns at once."""
        self.screen.resize(columns, rows)
        self.pressed = time.monotonic()
        self.process.resize(columns, rows)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send the program a signal."""
        self.process.kill(number)

    def close(self) -> None:
        """Hang up, as a lost line does, and end the program if it does not go by itself."""
        self.process.close()

    @property
    def text(self) -> str:
        """What the screen shows now, one line a row."""
        self._pump(0.0)
        return self.screen.text

    def wait_for(self, pattern: str, timeout: float = 10.0) -> re.Match[str]:
        """Wait until a regular expression is found on the screen; `last_arrival` is then when it came.

        NotShown after `timeout` seconds, or when the program ends without showing it.
        """
        return self._wait(lambda text: re.search(pattern, text, re.MULTILINE), f"« {pattern} » n’est pas venu", timeout)

    def wait_gone(self, pattern: str, timeout: float = 10.0) -> None:
        """Wait until a regular expression is no longer found on the screen. NotShown as for `wait_for`."""
        self._wait(lambda text: not re.search(pattern, text, re.MULTILINE) or None, f"« {pattern} » est resté", timeout)

    def wait_exit(self, timeout: float = 10.0) -> int:
        """Wait until the program has ended; its exit code, negative for a signal. NotShown after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not self.process.ended():
            if time.monotonic() > deadline:
                raise NotShown(f"le programme tourne encore\u00a0; à l’écran\u00a0:\n{self.screen.text}")
            self._pump(time.monotonic() + STEP)
        self._pump(0.0)
        assert self.process.exit_code is not None
        return self.process.exit_code

    def settle(self, quiet: float = QUIET, patience: float = 1.0, timeout: float = 60.0) -> None:
        """Wait until the program has answered the last press and stopped writing, and all of it has arrived.

        `quiet` is the silence that ends an answer, `patience` the longest wait for its beginning, in seconds.
        """
        deadline = time.monotonic() + timeout
        while not self.process.hung_up and (now := time.monotonic()) < deadline:
            answered = bool(self.chunks) and self.chunks[-1].written >= self.felt
            silent_at = self.chunks[-1].written + quiet if answered else self.felt + patience
            if now >= silent_at:
                break
            self._pump(silent_at)
        while self._down.next_arrival is not None:
            self._pump(self._down.next_arrival)

    @property
    def felt(self) -> float:
        """When the last press reached the program."""
        return self.pressed + self._up.delay

    def idle(self, seconds: float) -> None:
        """Do nothing for a while, taking what comes."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._pump(until)

    def mark(self) -> None:
        """Begin anew: `chunks`, `output` and `received` hold what came since."""
        self._pump(0.0)
        self.chunks = []

    @property
    def output(self) -> bytes:
        """What the program wrote since the mark, on its way to the screen included."""
        return b"".join(chunk.data for chunk in self.chunks)

    @property
    def received(self) -> int:
        """How many bytes the program wrote since the mark."""
        return sum(len(chunk.data) for chunk in self.chunks)

    def rss(self) -> float:
        """Resident memory of the program, in MiB."""
        return self.process.rss()

    def _wait(self, look: Callable[[str], Found | None], failure: str, timeout: float) -> Found:
        deadline = time.monotonic() + timeout
        while (found := look(self.text)) is None:
            if not self._wait_for_output(deadline):
                raise NotShown(f"{failure}\u00a0; à l’écran\u00a0:\n{self.screen.text}")
        return found

    def _wait_for_output(self, deadline: float) -> bool:
        """Wait for bytes to arrive and pause, which is when a frame is complete; whether any came."""
        before, first = self.last_arrival, 0.0
        while (now := time.monotonic()) < deadline:
            if self.last_arrival != before:
                first = first or now
                if now >= min(self.last_arrival + LULL, first + LONGEST_BURST):
                    return True
                self._pump(self.last_arrival + LULL)
            elif self.process.hung_up and self._down.next_arrival is None:
                return False
            else:
                self._pump(deadline)
        return self.last_arrival != before

    def _pump(self, until: float) -> None:
        """Move what can be moved, sleeping no later than `until` for the first thing to happen."""
        moments = [moment for moment in (until, self._up.next_arrival, self._down.next_arrival) if moment is not None]
        self.process.wait(min(moments) - time.monotonic(), writing=bool(self._to_program))
        for _ in range(MOST_READS):
            if self.process.hung_up or not (data := self.process.read()):
                break
            now = time.monotonic()
            self.chunks.append(Chunk(now, self._down.accept(now, data), data))
        self._carry()

    def _carry(self) -> None:
        """Hand over what has come out of either wire."""
        now = time.monotonic()
        if data := self._down.deliver(now):
            self.last_arrival = self._down.last_arrival
            if answer := self.screen.feed(data):
                self._up.accept(now, answer)
        self._to_program += self._up.deliver(now)
        if self._to_program and not self.process.hung_up:
            self.process.write(self._to_program)
