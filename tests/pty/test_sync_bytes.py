"""What a tied store costs the line: nothing while nothing changes, some cells when the state does."""

import json
import sqlite3
from contextlib import closing

import pytest

pytestmark = [pytest.mark.pty, pytest.mark.xdist_group("bytes")]

AGENT = {"identifiant": "ifaure", "nom": "Inès Faure", "qualite": "GCA", "caisse": "091", "role": "gca"}
TIE = {
    "url": "http://127.0.0.1:9",
    "server": "s1",
    "epoch": "e1",
    "install": "i1",
    "token": "t1",
    "agent": AGENT,
    "rights": "r1",
    "scopes": ["681"],
}
STATE = 600
"""Bytes of another word in the first line."""


def meta(folder, name, value):
    """Note a fact of the store."""
    with closing(sqlite3.connect(folder / "gca.db", timeout=30)) as database, database:
        database.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, json.dumps(value)))


@pytest.fixture
def tied(few):
    """A store tied to a server that nobody runs."""
    meta(few.store.path, "server", TIE)
    return few


def test_nothing_while_the_server_does_not_answer(tied):
    with tied.opened() as running:
        running.wait_for("hors ligne depuis", timeout=30)
        running.settle(1.0)
        running.mark()
        running.idle(4.0)
        assert running.received == 0


def test_another_state_costs_its_line_and_not_the_list(tied):
    with tied.opened() as running:
        running.wait_for("hors ligne depuis", timeout=30)
        running.settle(1.0)
        running.mark()
        meta(tied.store.path, "sync", {"offline_since": "2026-11-11T07:00:00+00:00"})
        running.wait_for("depuis 11/11", timeout=5)
        running.settle(1.0)
        assert 0 < running.received <= STATE


def test_leaving_does_not_wait_for_a_server(tied):
    with tied.opened() as running:
        running.wait_for("hors ligne depuis", timeout=30)
        running.press("q")
        assert running.wait_exit(timeout=3) == 0
