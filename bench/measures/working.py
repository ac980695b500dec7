"""Filtering, opening, resizing, and doing nothing."""

from __future__ import annotations

import re

from bench.goals import row
from bench.meter import MeasureError, p50, p95, press, resize
from bench.report import Row
from bench.site import AT_REST, COLUMNS, ROWS, Site, opened

WORDS = 6
LONGEST_WORD = 6
OPENINGS = 12
RESIZES = 8
IDLE = 10.0
NAME = re.compile(r"·\d{7}\s+([A-ZÀ-Ÿ]{3,})")  # as the list shows it after the matricule


def filter_letters(site: Site) -> list[Row]:
    """Names that are in the list, typed letter by letter."""
    latencies = []
    with opened(site.large) as terminal:
        words = [name.lower()[:LONGEST_WORD] for name in dict.fromkeys(NAME.findall(terminal.text))][:WORDS]
        if not words:
            raise MeasureError(f"aucun nom dans la liste\u00a0:\n{terminal.text}")
        for word in words:
            terminal.press("/")
            terminal.settle(AT_REST)
            latencies += [press(terminal, letter).latency for letter in word]
            terminal.settle(AT_REST)
            terminal.send(terminal.screen.key("backspace") * len(word))
            terminal.settle(AT_REST)
            terminal.press("escape")
            terminal.settle(AT_REST)
    return [row("filter", p95(latencies), f"{len(latencies)} lettres, {site.large}")]


def open_dossier(site: Site) -> list[Row]:
    """Enter on one dossier after the other, each time from a list at rest."""
    latencies = []
    with opened(site.large) as terminal:
        for _ in range(OPENINGS):
            latencies.append(press(terminal, "enter").latency)
            terminal.settle(AT_REST)
            for name in ("escape", "down"):
                terminal.press(name)
                terminal.settle(AT_REST)
    return [row("open", p50(latencies), f"{OPENINGS} dossiers")]


def resizing(site: Site) -> list[Row]:
    """To a smaller window and back."""
    latencies = []
    with opened(site.large) as terminal:
        for number in range(RESIZES):
            size = (COLUMNS, ROWS) if number % 2 else (100, 30)
            latencies.append(resize(terminal, *size).latency)
            terminal.settle(AT_REST)
    return [row("resize", p50(latencies), f"{COLUMNS}x{ROWS} et 100x30, {RESIZES} fois")]


def idle(site: Site) -> list[Row]:
    """Nothing is pressed: nothing may come, no clock, no blinking."""
    with opened(site.large) as terminal:
        terminal.idle(1.0)
        terminal.mark()
        terminal.idle(IDLE)
        return [row("idle", terminal.received, "rien n’est pressé")]
