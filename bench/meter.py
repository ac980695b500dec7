"""How long a press takes and how many bytes it costs, as the person at the terminal meets them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.terminal import QUIET, Chunk, Terminal

HELD_RATE = 30  # presses a second of a key held down


class MeasureError(Exception):
    """The program did not do what was to be measured, so there is nothing to compare with a goal."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a press brought: milliseconds until its last byte, and bytes."""

    latency: float
    size: int


def press(terminal: Terminal, name: str) -> Answer:
    """Press a key and wait until its answer ends. MeasureError if there is none."""
    return answer_to(terminal, lambda: terminal.press(name), f"la touche {name}")


def resize(terminal: Terminal, columns: int, rows: int) -> Answer:
    """Change the window and wait until the program has redrawn. MeasureError if it does not."""
    return answer_to(terminal, lambda: terminal.resize(columns, rows), f"le passage à {columns}x{rows}")


def hold(terminal: Terminal, name: str, times: int) -> Answer:
    """Hold a key down for so many repeats; the latency is the lag of the last one. MeasureError if nothing came."""
    key, begun = terminal.screen.key(name), time.monotonic()

    def repeat() -> None:
        for number in range(times):
            terminal.idle(begun + number / HELD_RATE - time.monotonic())
            terminal.send(key)

    return answer_to(terminal, repeat, f"la touche {name} tenue")


def answer_to(terminal: Terminal, act: Callable[[], None], what: str) -> Answer:
    """Do something and measure the answer to its last press."""
    terminal.mark()
    act()
    terminal.settle()
    answer = first_burst(terminal.chunks, terminal.felt)
    if not answer:
        raise MeasureError(f"{what} n’a rien produit à l’écran")
    return Answer(1000 * (answer[-1].arrived - terminal.pressed), sum(len(chunk.data) for chunk in answer))


def first_burst(chunks: Iterable[Chunk], felt: float) -> list[Chunk]:
    """The chunks up to the first silence of QUIET seconds after the last press was felt; none without an answer.

    Silence is judged where the program writes: on a slow line one answer may reach the screen in the wake of another.
    """
    burst: list[Chunk] = []
    answered = False
    for chunk in chunks:
        if answered and chunk.written >= burst[-1].written + QUIET:
            break
        answered = answered or chunk.written >= felt
        burst.append(chunk)
    return burst if answered else []


def percentile(values: Iterable[float], rank: float) -> float:
    """The smallest of the values that `rank` (0 to 1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(rank * len(ordered)) - 1)]


def p50(values: Iterable[float]) -> float:
    """The value half of them do not exceed."""
    return percentile(values, 0.5)


def p95(values: Iterable[float]) -> float:
    """The value 95 % of them do not exceed."""
    return percentile(values, 0.95)
