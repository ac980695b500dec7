"""Moving through the list: the presses an agent makes most."""

from __future__ import annotations

from bench.goals import row
from bench.line import Line
from bench.meter import Answer, MeasureError, hold, p50, p95, press
from bench.report import Row, number
from bench.site import AT_REST, Site, opened

PRESSES = 60
BLOCK = 20
MOVES = 20
PAGES = 20
IMMEDIATE = 0.06  # seconds after a press in which the list itself moves; what comes later is the detail
NEAR = Line(round_trip=80, kilobits=1000)
FAR = Line(round_trip=200, kilobits=256)


def down(site: Site) -> list[Row]:
    """Single presses, in blocks in turn on the large store and on the small one."""
    many: list[Answer] = []
    few: list[Answer] = []
    with opened(site.large) as large, opened(site.small) as small:
        for _ in range(PRESSES // BLOCK):
            for terminal, answers in ((large, many), (small, few)):
                answers += [press(terminal, "down") for _ in range(BLOCK)]
                terminal.settle(AT_REST)
    latencies, floor = [answer.latency for answer in many], p50(answer.latency for answer in few)
    return [
        row("down_p50", p50(latencies), f"{PRESSES} fois, {site.large}"),
        row("down_p95", p95(latencies), f"{PRESSES} fois, {site.large}"),
        row("down_bytes", p95(answer.size for answer in many), f"{PRESSES} fois"),
        row("growth_down", p50(latencies) / floor, f"{site.small}\u00a0: {number(floor)} ms"),
    ]


def held(site: Site) -> list[Row]:
    """The key held down, on this machine and at the end of two lines."""
    with opened(site.large) as terminal:
        local = hold(terminal, "down", PRESSES)
    rows = [row("held_bytes", local.size, f"retard ici\u00a0: {number(local.latency)} ms")]
    for key, line in (("held_near", NEAR), ("held_far", FAR)):
        with opened(site.large, line) as terminal:
            rows.append(row(key, hold(terminal, "down", PRESSES).latency, str(line)))
    return rows


def detail_at_rest(site: Site) -> list[Row]:
    """What is redrawn once the selection has come to rest."""
    sizes = []
    with opened(site.large) as terminal:
        for _ in range(MOVES):
            terminal.mark()
            terminal.press("down")
            terminal.settle(AT_REST)
            late = [chunk for chunk in terminal.chunks if chunk.written > terminal.pressed + IMMEDIATE]
            sizes.append(sum(len(chunk.data) for chunk in late))
    if not any(sizes):
        raise MeasureError("le détail n’est pas redessiné après un déplacement")
    return [row("rest_bytes", p95(sizes), f"{MOVES} déplacements")]


def page_down(site: Site) -> list[Row]:
    """A page at a time, the detail not waited for."""
    with opened(site.large) as terminal:
        sizes = [press(terminal, "pagedown").size for _ in range(PAGES)]
    return [row("page_bytes", p95(sizes), f"{PAGES} pages")]
