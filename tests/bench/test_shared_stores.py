"""What measures of the shared store rest on: bases that hold together, a line that is late, requests that go on."""

import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pytest

from bench.remote import bases
from bench.remote.caller import note_push, pull
from bench.remote.load import HOLE, Desk
from bench.remote.relay import relayed
from bench.remote.shapes import Shape, Shapes
from gca_tui.server import pushing
from gca_tui.server.base import open_base
from gca_tui.server.service import Service
from gca_tui.server.verifying import verify
from gca_tui.wire import Mark

SHAPE = Shape("essai", 2, 30, 3)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bases.Made:
    return bases.on_sqlite(tmp_path_factory.mktemp("banc"), SHAPE)


def test_a_base_made_by_rows_holds_together_and_takes_commands(made: bases.Made, tmp_path: Path) -> None:
    where = bases.copied(made, tmp_path).where
    agent = SHAPE.agent(1)
    who = bases.people(where, [agent])[agent]
    (scope,) = who.scopes
    key = scope, bases.matricules(where)[scope][0]
    with closing(open_base(where)) as base:
        service = Service(base)
        (result,) = pushing.push(service, who, note_push(agent, 1, key, who.heads)).results
        found = verify(service)
    assert (result.status, found.faults) == ("applied", ())
    assert found.dossiers == SHAPE.total


def test_agents_of_consecutive_numbers_work_in_different_corbeilles(made: bases.Made) -> None:
    agents = [SHAPE.agent(number) for number in range(SHAPE.caisses * SHAPE.agents)]
    who = bases.people(made.where, agents)
    assert len(who) == len(set(agents)) == 6
    assert [who[agent].scopes for agent in agents[:3]] == [("500",), ("501",), ("500",)]


def test_shapes_are_those_the_goals_are_about() -> None:
    shapes = Shapes.of(whole=True)
    assert (shapes.one.total, shapes.country.caisses) == (13_000, 101)
    assert shapes.country.total >= 1_000_000
    assert shapes.sixteen.total == pytest.approx(13_000, rel=0.01)


def test_a_desk_asks_from_where_its_last_answer_left_it() -> None:
    request = pull("agent", {"500": Mark(0, "feed")}, "droits", wait=25)
    assert request.count(HOLE) == 2
    desk = Desk(request, request, b'[12,"abcd"]', 12)
    desk.follow(b'{"scopes":{"500":{"cur":[13,"beef"],"head":[13,"beef"],"events":[]}}}')
    head, _, body = desk.asking(desk.poll).partition(b"\r\n\r\n")
    assert b'"cur":[13,"beef"],"seen":[13,"beef"]' in body
    assert b"Content-Length: %d\r\n" % len(body) in head + b"\r\n"
    assert desk.seq == 13


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"salut")

    def log_message(self, *_: object) -> None:
        pass


def test_a_relay_is_late_and_counts() -> None:
    with HTTPServer(("127.0.0.1", 0), _Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with relayed(f"http://127.0.0.1:{server.server_port}", 0.05) as relay:
            began = time.monotonic()
            with urlopen(relay.url) as answer:
                assert answer.read() == b"salut"
            took = time.monotonic() - began
        server.shutdown()
    assert took >= 0.1, "a connection and a request"
    assert relay.requests == 1
    assert relay.down > len(b"salut")
