"""What one agent writes, on another's screen: two programs on their terminals, a server, and a line between them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from bench.goals import row
from bench.meter import MeasureError, p50
from bench.remote import bases
from bench.remote.bases import Made
from bench.remote.process import serving
from bench.remote.relay import relayed
from bench.remote.shapes import Shape
from bench.report import Row, number
from bench.site import AT_REST, READY, Site, Store, await_text, opened, run
from bench.terminal import NotShown, Terminal
from gca_tui import clock
from gca_tui.server.base import open_base
from gca_tui.server.enrolling import new_code

SHAPE = Shape("bureau", 1, 300, 2)
ROUND_TRIP = 0.08
CHANGES = 6
WITHIN = 10.0
LOOK = 0.005


def seen_elsewhere(site: Site) -> list[Row]:
    """From the key that saves a note to the note on the other screen, 80 ms from the server."""
    made = bases.copied(bases.on_sqlite(site.stores, SHAPE), site.scratch)
    with ExitStack() as stack:
        server = stack.enter_context(serving(made.where, site.scratch / "bureau"))
        relay = stack.enter_context(relayed(server.url, ROUND_TRIP))
        desks = [_desk(site, made, relay.url, place) for place in range(2)]
        writing, reading = (stack.enter_context(_open(desk)) for desk in desks)
        latencies = [_change(writing, reading, place) for place in range(1, CHANGES + 2)][1:]
    against = f"{CHANGES} notes, aller-retour de {number(1000 * ROUND_TRIP)} ms, la pire {number(max(latencies))} s"
    return [row("seen_elsewhere", p50(latencies), against)]


def _desk(site: Site, made: Made, url: str, place: int) -> Store:
    """A store tied to the server, its dossiers there."""
    with closing(open_base(made.where)) as base, base.write() as connection:
        code = new_code(connection, made.shape.agent(place), clock.now())
    store = Store(site.scratch / f"bureau-{place}", made.shape.dossiers)
    store.path.mkdir(mode=0o700)
    run(store, "connexion", url, "--code", code)
    run(store, "synchroniser")
    return store


@contextmanager
def _open(desk: Store) -> Iterator[Terminal]:
    with opened(desk) as terminal:
        await_text(terminal, READY)
        terminal.settle(AT_REST)
        yield terminal


def _change(writing: Terminal, reading: Terminal, count: int) -> float:
    """Write a note on the first dossier at one desk; the seconds until the other, who looks at it, sees one more."""
    text = f"Vu au guichet, {count}"
    try:
        writing.press("o")
        writing.wait_for("Note interne")
        writing.settle()
        writing.send(text.encode())
        writing.wait_for(text)
        writing.settle()
        writing.press("f2")
        begun = time.monotonic()
        while f"Notes {count}" not in reading.text:
            writing.idle(LOOK)
            reading.idle(LOOK)
            if time.monotonic() > begun + WITHIN:
                raise MeasureError(f"« {text} » n’est pas venu à l’autre écran\u00a0:\n{reading.text}\n{writing.text}")
        seen = time.monotonic()
        writing.wait_for("enregistrée")
        for terminal in (writing, reading):
            terminal.settle(AT_REST)
    except NotShown as error:
        raise MeasureError(str(error)) from None
    return seen - begun
