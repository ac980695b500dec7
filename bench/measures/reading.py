"""A corbeille read whole into a new store, then what moved in it: time beside parsing the same JSON, bytes, trips."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.request import Request, urlopen

from bench.goals import row
from bench.meter import MeasureError, p50
from bench.remote import bases
from bench.remote.bases import Made
from bench.remote.caller import Caller, calling, pushed, several_notes
from bench.remote.process import Serving, serving
from bench.remote.relay import Relay, relayed
from bench.report import Row, number
from bench.site import Site
from gca_tui import clock
from gca_tui.server.base import open_base
from gca_tui.server.enrolling import new_code
from gca_tui.store.location import DATABASE
from gca_tui.store.writer import Writer
from gca_tui.sync.exchange import Exchange
from gca_tui.sync.line import Line
from gca_tui.sync.tying import tie_to

PARSINGS = 5
DELTA = 20
READER, OTHER = 0, 1


def reading(site: Site) -> list[Row]:
    """All dossiers of a corbeille by the program's own exchanges, then twenty that a colleague worked on."""
    made = bases.copied(bases.on_sqlite(site.stores, site.shapes.one), site.scratch)
    with serving(made.where, site.scratch / "lecture") as server, calling() as caller:
        floor = p50(_parsing(_lines(server, made)))
        with relayed(server.url) as relay, _desk(site, made, relay) as exchange:
            begun = time.perf_counter()
            exchange.full()
            took = time.perf_counter() - begun
            size = relay.down / made.shape.total
            trips, delta = _delta(made, server, caller, relay, exchange)
    against = f"json.loads {number(1000 * floor)} ms, lecture {number(took)} s, {made.shape.total} dossiers"
    return [
        row("read_time", took / floor, against),
        row("read_bytes", size, "gzip, en-têtes compris"),
        row("delta_trips", trips, f"{DELTA} dossiers"),
        row("delta_bytes", delta, f"{DELTA} dossiers, question et en-têtes compris"),
    ]


def _lines(server: Serving, made: Made) -> list[bytes]:
    """The corbeille as the server sends it."""
    scope, after = made.shape.scope(READER), ""
    lines: list[bytes] = []
    while True:
        address = f"{server.url}/v1/sync/snapshot?scope={scope}&after={after}"
        asked = Request(address, headers={"Authorization": f"Bearer {bases.token(made.shape.agent(READER))}"})
        with urlopen(asked, timeout=60) as answer:
            content = answer.read()
            packed = answer.headers.get("Content-Encoding") == "gzip"
        *some, tail = (zlib.decompress(content, 31) if packed else content).splitlines()
        lines += some[1:]
        if not (after := json.loads(tail)["next"]):
            return lines


def _parsing(lines: list[bytes]) -> Iterator[float]:
    for _ in range(PARSINGS):
        begun = time.perf_counter()
        for line in lines:
            json.loads(line)
        yield time.perf_counter() - begun


@contextmanager
def _desk(site: Site, made: Made, relay: Relay) -> Iterator[Exchange]:
    """A new store tied to the server behind the relay."""
    agent = made.shape.agent(READER)
    with closing(open_base(made.where)) as base, base.write() as connection:
        code = new_code(connection, agent, clock.now())
    folder = site.scratch / "poste"
    folder.mkdir(mode=0o700)
    with closing(Writer(folder / DATABASE)) as writer:
        with closing(Line(relay.url)) as unknown:
            tie = tie_to(writer, unknown, code, poste="banc")
        with closing(Line(relay.url, token=tie.token, install=tie.install)) as line:
            relay.up = relay.down = relay.requests = 0
            yield Exchange(writer, line)


def _delta(made: Made, server: Serving, caller: Caller, relay: Relay, exchange: Exchange) -> tuple[int, int]:
    """Trips and bytes to bring what a colleague did on twenty dossiers."""
    agent = made.shape.agent(OTHER)
    who = bases.people(made.where, [agent])[agent]
    scope = who.scopes[0]
    worked = [(scope, one) for one in bases.matricules(made.where)[scope][:: made.shape.dossiers // DELTA][:DELTA]]
    caller.run(server.port, [[pushed(agent, several_notes(agent, 1, worked, who.heads))]])
    relay.up = relay.down = relay.requests = 0
    brought = exchange.pull()
    if not brought.moved or brought.more:
        raise MeasureError("la relève n’a pas tout apporté en une fois")
    return relay.requests, relay.up + relay.down
