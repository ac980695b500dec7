"""A store from before exchanges with a server, with work that waits: all of it is there, and nothing is tied."""

import sqlite3
from contextlib import closing

import pytest

from gca_tui.store import schema
from gca_tui.store.drafts import Begun, Place
from gca_tui.store.driver import connect
from gca_tui.store.location import DATABASE
from gca_tui.store.schema import SCHEMA, ensure
from gca_tui.store.waiting import sync_state
from tests.store.given import exported, note, raw, window, writing
from tests.store.older import back_to_2

KEY = ("681", "0000001")
COPY = "gca.avant-migration-2.db"


@pytest.fixture
def older(people):
    """Two notes given, a third one being typed, and the program killed: nothing was folded in."""
    with writing(people) as writer:
        writer.record([note(KEY, "première")]).result()
        writer.record([note(KEY, "seconde")]).result()
        writer.put_draft(Place(*KEY, "note"), {"texte": "troisième"}, Begun(3)).result()
        with raw(people) as source, closing(sqlite3.connect(people / "tue.db")) as copy:
            source.backup(copy)
    for left in people.glob(f"{DATABASE}*"):
        left.unlink()
    (people / "tue.db").rename(people / DATABASE)
    return back_to_2(people)


def test_pending_work_and_drafts_come_through(older):
    ensure(older / DATABASE)
    assert schema.version_of(older / DATABASE) == SCHEMA
    with raw(older) as connection:
        rows = connection.execute("SELECT state, code, token, acked_rev, lost_at FROM outbox").fetchall()
        mirrors = connection.execute("SELECT count(*) FROM document WHERE mirror IS NOT NULL").fetchone()
        draft = connection.execute("SELECT fields FROM draft").fetchall()
        assert not sync_state(connection).tied
    assert rows == [("pending", "", 0, 0, "")] * 2
    assert mirrors == (1,)
    assert draft == [('{"texte": "troisième"}',)]


def test_the_next_start_folds_it_in_as_before(older):
    with writing(older) as writer:
        assert writer.undo().result() == []
    with window(older) as opened:
        assert opened.pending() == 0
    found = next(one for one in exported(older) if (one["caisse"], one["matricule"]) == KEY)
    assert [one["texte"] for one in found["notes"]] == ["première", "seconde"]


def test_a_copy_of_the_older_store_is_left(older):
    ensure(older / DATABASE)
    with closing(connect(older / COPY)) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (2,)
        assert copy.execute("SELECT count(*) FROM outbox").fetchone() == (2,)
        assert "synced" not in {row[0] for row in copy.execute("SELECT name FROM sqlite_master")}
