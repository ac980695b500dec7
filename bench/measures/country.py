"""The stores of all caisses in one base, beside that of one: pulls and pushes, in turn."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from statistics import median

from sqlalchemy import select

from bench.goals import row
from bench.meter import p95
from bench.remote import bases
from bench.remote.bases import Made
from bench.remote.caller import Caller, calling, note_push, pull, pushed
from bench.remote.postgres import cluster
from bench.remote.process import Serving, serving
from bench.report import Row, number
from bench.site import Site
from gca_tui.server.base import open_base
from gca_tui.server.tables import JOURNAL
from gca_tui.wire import Mark

CLIENTS, ROUNDS, CALLS = 2, 7, 30
"""Few clients, so that a call waits for the base rather than for another call; calls of each client in a round."""
BEHIND = 20
"""Dossiers that a pull brings."""


@dataclass
class Store:
    """A store served, and the calls made of it: rounds of pulls, rounds of pushes."""

    server: Serving
    pulls: Iterator[list[list[bytes]]]
    pushes: Iterator[list[list[bytes]]]


def growth(site: Site) -> list[Row]:
    """How much longer 95 % of the calls take at most in a million dossiers than in thirteen thousand."""
    shapes = site.shapes
    with ExitStack() as opened:
        postgresql = opened.enter_context(cluster())
        stores = []
        for shape in (shapes.sixteen, shapes.country):
            made = bases.on_postgresql(postgresql, shape)
            # The large one is changed where it is, which harms nobody: no other measure opens it.
            copying = postgresql.copied(made.where, "gca_bench_small") if shape is shapes.sixteen else None
            where = postgresql.url(opened.enter_context(copying) if copying else made.where)
            server = opened.enter_context(serving(where, site.scratch / shape.name))
            stores.append(Store(server, _pulls(where, made), _pushes(where, made)))
        caller = opened.enter_context(calling())
        pulls = _in_turn(caller, [(one.server, one.pulls) for one in stores])
        pushes = _in_turn(caller, [(one.server, one.pushes) for one in stores])
    both = (
        f"{number(shapes.country.total)} dossiers de {shapes.country.caisses} caisses, {number(shapes.sixteen.total)}"
    )
    return [_row("growth_pull", pulls, both), _row("growth_push", pushes, both)]


def _row(key: str, rounds: list[tuple[float, float]], both: str) -> Row:
    small, large = (median(one) for one in zip(*rounds, strict=True))
    return row(key, large / small, f"{both}\u00a0: {number(large)} ms, {number(small)} ms")


def _in_turn(caller: Caller, stores: list[tuple[Serving, Iterator[list[list[bytes]]]]]) -> list[tuple[float, float]]:
    """The milliseconds that 95 % of the calls take at most, in each store, round after round."""
    rounds = []
    for _ in range(ROUNDS + 1):
        small, large = (p95(caller.run(server.port, next(calls)).latencies) for server, calls in stores)
        rounds.append((small, large))
    return rounds[1:]


def _pulls(where: str, made: Made) -> Iterator[list[list[bytes]]]:
    """Rounds of pulls of the last dossiers that moved, each client over all corbeilles."""
    agents = [made.shape.agent(place) for place in range(made.shape.caisses)]
    who = bases.people(where, agents)
    with closing(open_base(where)) as base, base.read() as connection:
        behind = {}
        for agent in agents:
            ((scope, head),) = who[agent].heads.items()
            found = select(JOURNAL.c.seq, JOURNAL.c.h).where(
                JOURNAL.c.scope == scope, JOURNAL.c.seq == head.seq - BEHIND
            )
            behind[agent] = {scope: Mark(*connection.execute(found).one())}
    chance = random.Random(2)
    while True:
        some = chance.choices(agents, k=CALLS * CLIENTS)
        ready = [pull(agent, behind[agent], who[agent].rights) for agent in some]
        yield [ready[place::CLIENTS] for place in range(CLIENTS)]


def _pushes(where: str, made: Made) -> Iterator[list[list[bytes]]]:
    """Rounds of single commands on dossiers drawn anywhere in the base."""
    agents = [made.shape.agent(place) for place in range(made.shape.caisses)]
    who, matricules = bases.people(where, agents), bases.matricules(where)
    chance = random.Random(time.time_ns())
    n = time.time_ns() // 1_000_000  # the base is kept: numbers go on from those of the run before
    while True:
        ready = []
        for place in range(CALLS * CLIENTS):
            n += 1
            # Clients never share an agent: two of one agent's pushes would overtake each other.
            agent = chance.choice(agents[place % CLIENTS :: CLIENTS])
            scope = who[agent].scopes[0]
            ready.append(
                pushed(agent, note_push(agent, n, (scope, chance.choice(matricules[scope])), who[agent].heads))
            )
        yield [ready[place::CLIENTS] for place in range(CLIENTS)]
