"""From the command to the list, and the memory it takes."""

from __future__ import annotations

from bench.goals import row
from bench.meter import MeasureError, p50
from bench.report import Row
from bench.site import AT_REST, COLUMNS, GCA, GREETING, HELLO, READY, ROWS, Site, Store, await_text, opened, run
from bench.terminal import Terminal

STARTS = 9
LOADING = 3.0  # seconds in which what comes after the first list is loaded
NOTE = "Note du banc de mesure"


def starts(site: Site) -> list[Row]:
    """Starts in turn, so that a busy moment of the machine weighs on all alike."""
    hello, large, small = [], [], []
    for _ in range(STARTS):
        hello.append(_start(HELLO, GREETING)[0])
        large.append(_start([GCA], READY, site.large))
        small.append(_start([GCA], READY, site.small)[0])
    floor, ours, few = p50(hello), p50(moment for moment, _ in large), p50(small)
    return [
        row("start", ours / floor, f"bonjour de Textual\u00a0: {floor:.0f} ms, gca\u00a0: {ours:.0f} ms"),
        row("memory_first", p50(rss for _, rss in large), str(site.large)),
        row("growth_start", ours / few, f"{site.small}\u00a0: {few:.0f} ms"),
    ]


def memory_loaded(site: Site) -> list[Row]:
    """All modules loaded and used once: some seconds of rest, then a note saved."""
    with opened(site.large) as terminal:
        caisse, matricule = terminal.wait_for(READY)[0].split("·")
        terminal.idle(LOADING)
        before = run(site.large, "fiche", caisse, matricule, "--json").count(NOTE)
        terminal.press("o")
        terminal.settle(AT_REST)
        terminal.send(NOTE.encode())
        terminal.settle(AT_REST)
        terminal.press("f2")
        terminal.settle(AT_REST)
        memory = terminal.rss()
    if run(site.large, "fiche", caisse, matricule, "--json").count(NOTE) <= before:
        raise MeasureError(f"la note n’a pas été enregistrée\u00a0:\n{terminal.screen.text}")
    return [row("memory_loaded", memory, f"{site.large}, une note enregistrée")]


def _start(command: list[str], pattern: str, store: Store | None = None) -> tuple[float, float]:
    """Milliseconds until the text shows, and the resident memory then."""
    with Terminal.spawn(command, COLUMNS, ROWS, store.env if store else None) as terminal:
        await_text(terminal, pattern)
        return 1000 * (terminal.last_arrival - terminal.started), terminal.rss()
