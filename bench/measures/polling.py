"""What the desks of a caisse ask of one server process: pulls with nothing new, polls held, a day at its peak."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Sequence
from statistics import median

from bench.goals import row
from bench.meter import MeasureError, p50, p95
from bench.remote import bases
from bench.remote.bases import Made
from bench.remote.caller import Caller, calling, get, note_push, pull, pushed
from bench.remote.postgres import cluster
from bench.remote.process import Serving, serving
from bench.report import Row, number
from bench.site import Site
from gca_tui.server.access import Who
from gca_tui.wire import WAIT, Mark

CLIENTS, ROUNDS, SECONDS = 16, 7, 0.8
HELD = 1_000
AGENTS = 330
"""Of one caisse: 33 000 in 101."""
PUSHES, PROBES = 22.0, 11.0
"""A second, in one caisse: each agent saves every 15 seconds; each asks once without waiting every 30."""
PEAK = 15.0
"""Seconds of it."""
_HOLE = Mark(0, "feed")


def empty_pulls(site: Site) -> list[Row]:
    """Pulls in which nothing moved, rights checked at each, beside /sante of the same process, in turn."""
    made = bases.on_sqlite(site.stores, site.shapes.one)
    rows = [_empty(site, bases.copied(made, site.scratch).where, made, "pull_sqlite")]
    with cluster() as postgresql:
        made = bases.on_postgresql(postgresql, site.shapes.one)
        rows.append(_empty(site, postgresql.url(made.where), made, "pull_postgresql"))
    return rows


def _empty(site: Site, where: str, made: Made, key: str) -> Row:
    agents = [made.shape.agent(place) for place in range(CLIENTS)]
    who = bases.people(where, agents)
    health = [[get("/sante")]] * CLIENTS
    pulls = [[pull(agent, who[agent].heads, who[agent].rights)] for agent in agents]
    with serving(where, site.scratch / key) as server, calling() as caller:
        caller.run(server.port, health, SECONDS)
        caller.run(server.port, pulls, SECONDS)
        rates = [
            (caller.run(server.port, health, SECONDS).rate, caller.run(server.port, pulls, SECONDS).rate)
            for _ in range(ROUNDS)
        ]
    beside, measured = (median(rate) for rate in zip(*rates, strict=True))
    against = f"/sante {number(beside)} par s, relèves vides {number(measured)} par s, {CLIENTS} postes"
    return row(key, median(one / other for one, other in rates), against)


def held_polls(site: Site) -> list[Row]:
    """A thousand polls held by one process, over sixteen corbeilles; one change wakes those of its own."""
    with cluster() as postgresql:
        made = bases.on_postgresql(postgresql, site.shapes.sixteen)
        with postgresql.copied(made.where, "gca_bench_held") as copy:
            where = postgresql.url(copy)
            agents = [made.shape.agent(place) for place in range(HELD + 1)]
            who = bases.people(where, agents)
            with serving(where, site.scratch / "attentes") as server, calling() as holder, calling() as other:
                asked = [_text(pull(agent, who[agent].heads, who[agent].rights, WAIT)) for agent in agents[:HELD]]
                holder.order("hold", port=server.port, requests=asked)
                server.await_held(HELD, WAIT - 5)
                memory = server.rss()
                woken = _wake(where, server, holder, other, who, agents)
    against = f"{HELD} attentes, un changement en réveille {woken}"
    return [row("held_memory", memory, against)]


def _wake(
    where: str, server: Serving, holder: Caller, other: Caller, who: dict[str, Who], agents: Sequence[str]
) -> int:
    """One more agent writes: how many were woken. MeasureError when it is not those of the corbeille."""
    author = agents[HELD]
    scope = who[author].scopes[0]
    key = scope, bases.matricules(where)[scope][0]
    other.run(server.port, [[pushed(author, note_push(author, 1, key, who[author].heads))]])
    concerned = [place for place, agent in enumerate(agents[:HELD]) if who[agent].scopes == (scope,)]
    told = holder.order("woken", number=len(concerned), seconds=10)
    if told["places"] != concerned or told["statuses"] != [200]:
        raise MeasureError(f"{len(told['places'])} attentes réveillées au lieu de {len(concerned)}")
    return len(concerned)


def peak(site: Site) -> list[Row]:
    """A caisse at its peak on one process: every agent polls as the program does, 22 changes a second reach all."""
    with cluster() as postgresql:
        made = bases.on_postgresql(postgresql, site.shapes.one)
        with postgresql.copied(made.where, "gca_bench_peak") as copy:
            where = postgresql.url(copy)
            with serving(where, site.scratch / "caisse") as server, calling() as caller:
                order = _peak(where, made)
                used, begun = server.cpu(), time.monotonic()
                told = caller.order("caisse", port=server.port, **order)
                busy = (server.cpu() - used) / (time.monotonic() - begun)
    pulls = told["pulls"] / told["seconds"]
    work = f"{AGENTS} postes, {number(PUSHES)} changements par s, {number(pulls)} relèves par s"
    probes, late = [1000 * one for one in told["probes"]], told["late"]
    return [
        row("peak_pull", p95(probes), f"{work}, p50 {number(p50(probes))} ms, {number(100 * busy)} % d’un cœur"),
        row("peak_late", p95(late), f"de l’enregistrement à chacun des autres postes, p50 {number(p50(late))} s"),
    ]


def _peak(where: str, made: Made) -> dict[str, object]:
    agents = [made.shape.agent(place) for place in range(AGENTS)]
    who = bases.people(where, agents)
    scope = made.shape.scope(0)
    matricules = bases.matricules(where)[scope]
    desks = []
    for agent in agents:
        mark, rights = who[agent].heads[scope], who[agent].rights
        polls = [_text(pull(agent, {scope: _HOLE}, rights, wait)) for wait in (WAIT, 0)]
        desks.append([*polls, json.dumps(mark, separators=(",", ":")), mark.seq])
    pushes = []
    for place in range(int(PUSHES * PEAK)):
        agent, key = agents[place % AGENTS], (scope, matricules[place * 37 % len(matricules)])
        pushes.append(_text(pushed(agent, note_push(agent, place + 1, key, who[agent].heads))))
    return {"desks": desks, "pushes": pushes, "each": 1 / PUSHES, "probe_each": 1 / PROBES}


def _text(request: bytes) -> str:
    return b64encode(request).decode()
