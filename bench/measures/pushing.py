"""Single commands pushed by sixteen desks, beside the very statements they make sent by as many connections."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event

from bench.goals import row
from bench.meter import MeasureError, p95
from bench.remote import bases
from bench.remote.bases import token
from bench.remote.caller import calling, note_push, pushed
from bench.remote.postgres import Cluster, cluster
from bench.remote.process import serving
from bench.remote.shapes import Shape
from bench.report import Row, number
from bench.site import Site
from gca_tui.server import pushing
from gca_tui.server.access import Who, identify
from gca_tui.server.base import open_base
from gca_tui.server.service import Service
from gca_tui.wire import SETTLED, Push

CLIENTS, PUSHES, ROUNDS = 16, 20, 4
"""Pushes of each client in a round."""
Pushes = list[list[tuple[str, Push]]]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as the driver got it; without text, the end of a transaction."""

    statement: str = ""
    values: Any = None
    many: bool = False


def single_pushes(site: Site) -> list[Row]:
    """All in one corbeille, then each in its own."""
    with cluster() as postgresql:
        return [
            _pushes(site, postgresql, site.shapes.one, "push_one"),
            _pushes(site, postgresql, site.shapes.sixteen, "push_sixteen"),
        ]


def _pushes(site: Site, postgresql: Cluster, shape: Shape, key: str) -> Row:
    """The ratio of the two rates, in turn on two copies of one base: one is pushed to, the other hears the SQL."""
    made = bases.on_postgresql(postgresql, shape)
    with postgresql.copied(made.where, "gca_bench_recorded") as recorded:
        rounds = _cut(_given(postgresql.url(recorded), shape))
        said = [_record(postgresql.url(recorded), one) for one in rounds]
    with (
        postgresql.copied(made.where, "gca_bench_pushed") as served,
        postgresql.copied(made.where, "gca_bench_said") as bare,
        serving(postgresql.url(served), site.scratch / key) as server,
        calling() as caller,
        _connections(postgresql, bare) as connections,
    ):
        rates, latencies = [], []
        for pushes, statements in zip(rounds, said, strict=True):
            http = caller.run(server.port, [[pushed(*one) for one in some] for some in pushes])
            rates.append((http.rate, _say(connections, statements)))
            latencies += http.latencies
    alone, measured = (median(rate) for rate in zip(*[(sql, http) for http, sql in rates[1:]], strict=True))
    against = f"le SQL seul {number(alone)} par s, par HTTP {number(measured)} par s, p95 {number(p95(latencies))} ms"
    return row(key, median(sql / http for http, sql in rates[1:]), against)


def _given(where: str, shape: Shape) -> Pushes:
    """What each client pushes in all rounds, and one round more to warm up."""
    agents = [shape.agent(place) for place in range(CLIENTS)]
    who = bases.people(where, agents)
    matricules = bases.matricules(where)
    chance = random.Random(1)
    given: Pushes = []
    for agent in agents:
        scope = who[agent].scopes[0]
        keys = [(scope, one) for one in chance.choices(matricules[scope], k=PUSHES * (ROUNDS + 1))]
        given.append([(agent, note_push(agent, n, key, who[agent].heads)) for n, key in enumerate(keys, 1)])
    return given


def _cut(given: Pushes) -> list[Pushes]:
    return [[some[at : at + PUSHES] for some in given] for at in range(0, PUSHES * (ROUNDS + 1), PUSHES)]


def _record(where: str, pushes: Pushes) -> list[list[Said]]:
    """The statements of each client, the recognition of its token included, as the server makes them."""
    with closing(open_base(where)) as base:
        service = Service(base)

        def push(some: Sequence[tuple[str, Push]]) -> None:
            for agent, one in some:
                with base.look() as connection:
                    who: Who | None = identify(connection, token(agent), service.now())
                assert who is not None
                answer = pushing.push(service, who, one)
                if [result.status in SETTLED for result in answer.results] != [True]:
                    raise MeasureError(f"un envoi n’a pas été pris\u00a0: {answer.error or answer.results}")

        with _listening(base.engine) as heard:
            _together(push, pushes)
            return list(heard.values())


@contextmanager
def _listening(engine: Engine) -> Iterator[dict[int, list[Said]]]:
    """What each thread says to the driver."""
    heard: dict[int, list[Said]] = {}

    def said(one: Said) -> None:
        heard.setdefault(threading.get_ident(), []).append(one)

    def executing(
        connection: Connection, cursor: Any, statement: str, values: Any, context: Any, executemany: bool
    ) -> None:
        said(Said(statement, values, executemany))

    def committing(connection: Connection) -> None:
        said(Said())

    event.listen(engine, "before_cursor_execute", executing)
    event.listen(engine, "commit", committing)
    yield heard


@contextmanager
def _connections(postgresql: Cluster, name: str) -> Iterator[list[psycopg.Connection[Any]]]:
    opened = [psycopg.connect(postgresql.plain(name)) for _ in range(CLIENTS)]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.close()


def _say(connections: Sequence[psycopg.Connection[Any]], statements: Sequence[Sequence[Said]]) -> float:
    """Say them, each client's on its own connection; pushes a second.

    Answers are read. Rows that a push would have worked out are those recorded: nothing else is done.
    """
    took = _together(lambda pair: _say_all(*pair), list(zip(connections, statements, strict=True)))
    return CLIENTS * PUSHES / took


def _say_all(connection: psycopg.Connection[Any], statements: Sequence[Said]) -> None:
    with connection.cursor() as cursor:
        for one in statements:
            if not one.statement:
                connection.commit()
            elif one.many:
                cursor.executemany(one.statement.encode(), one.values)
            else:
                cursor.execute(one.statement.encode(), one.values)
                if cursor.description:
                    cursor.fetchall()


def _together(work: Callable[[Any], None], items: Sequence[Any]) -> float:
    """Do it for all of them at once, each in a thread; the seconds it took. Raises what one of them raised."""
    failed: list[BaseException] = []

    def go(item: Any) -> None:
        try:
            work(item)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=go, args=(item,)) for item in items]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return time.perf_counter() - begun
