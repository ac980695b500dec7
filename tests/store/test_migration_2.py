"""A store from before calls: what it becomes, and what is kept of it."""

import shutil
from contextlib import closing

import pytest

from gca_tui.domain.calls import calls
from gca_tui.domain.command import Context
from gca_tui.store import schema
from gca_tui.store.driver import connect
from gca_tui.store.location import DATABASE
from gca_tui.store.rules import read_settings
from gca_tui.store.schema import SCHEMA, ensure
from gca_tui.store.views import BY_ID
from gca_tui.store.window import Selection
from tests.store.given import TODAY, dossiers, exported, window
from tests.store.older import back_to_1

COPY = "gca.avant-migration-1.db"


@pytest.fixture
def older(demo_store, tmp_path):
    """The demonstration as the first version of the tables held it: without planned calls."""
    return back_to_1(shutil.copytree(demo_store, tmp_path / "gca"))


def test_an_older_store_gets_its_calls(demo_store, older):
    ensure(older / DATABASE)
    assert schema.version_of(older / DATABASE) == SCHEMA
    with window(older) as migrated, window(demo_store) as made:
        context = Context(TODAY, migrated.calendars(), read_settings(migrated))
        found = {number: migrated.rows([number])[number].appel_le for number in dossiers(migrated)}
        expected = {
            number: planned[0].le.isoformat() if (planned := calls(dossier, context)) else None
            for number, dossier in dossiers(migrated).items()
        }
        assert found == expected
        assert len({day for day in found.values() if day}) > 1
        view = Selection(BY_ID["appels"])
        planned = {number for number, dossier in dossiers(made).items() if dossier.appels_prevus}
        due = [number for number in migrated.ids(view, TODAY) if number not in planned]
        assert due == [number for number in made.ids(view, TODAY) if number not in planned] != []


def test_nothing_else_changes_and_a_copy_is_left(demo_store, older):
    ensure(older / DATABASE)
    before = [{name: value for name, value in one.items() if name != "appels_prevus"} for one in exported(demo_store)]
    assert exported(older) == before
    with closing(connect(older / COPY)) as copy, closing(connect(demo_store / DATABASE, readonly=True)) as now:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert "appel_le" not in [row[1] for row in copy.execute("PRAGMA table_info(dossier)")]
        kept = "SELECT count(*), max(id) FROM dossier"
        assert copy.execute(kept).fetchone() == now.execute(kept).fetchone()
    with closing(connect(older / DATABASE, readonly=True)) as connection:
        (plan,) = connection.execute(
            "EXPLAIN QUERY PLAN SELECT count(*) FROM dossier INDEXED BY ix_dossier_appel WHERE appel_le <= '2026-11-12'"
        ).fetchall()
        assert "ix_dossier_appel" in plan[3]


def test_a_store_that_is_up_to_date_is_left_alone(demo_store, tmp_path):
    folder = shutil.copytree(demo_store, tmp_path / "gca")
    before = (folder / DATABASE).read_bytes()
    ensure(folder / DATABASE)
    assert (folder / DATABASE).read_bytes() == before
    assert not (folder / COPY).exists()
