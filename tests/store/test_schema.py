"""The file itself: its tables, who may read it, and what becomes of one that is newer, older or damaged."""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gca_tui.errors import StoreDamaged, StoreError, StoreNewer
from gca_tui.store import migrate, schema
from gca_tui.store.driver import connect
from gca_tui.store.engine import engine_for
from gca_tui.store.location import DATABASE, prepare
from gca_tui.store.schema import SCHEMA, ensure, open_reader
from gca_tui.store.tables import DossierRow
from tests.store.given import demo, exported, raw, run


@pytest.fixture
def empty(tmp_path):
    path = prepare(tmp_path / "gca")
    ensure(path)
    return path


def test_the_migrations_make_exactly_the_tables(empty):
    engine = engine_for(empty)
    with engine.connect() as connection:
        known = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or "recherche" not in name}
        )
        found = compare_metadata(known, DossierRow.metadata)
    engine.dispose()
    assert found == []


def test_every_table_is_strict_and_the_index_holds_folded_words_only(empty):
    with raw(empty.parent) as connection:
        tables = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        strict = connection.execute("SELECT name FROM pragma_table_list WHERE strict").fetchall()
    ours = {name for name, sql in tables if not name.startswith(("sqlite_", "recherche", "alembic"))}
    assert ours == {name for (name,) in strict}
    work = {"dossier", "document", "outbox", "draft", "saved_view", "meta", "jour_ferie"}
    exchanges = {"corbeille", "synced", "acked", "conflict", "claim", "departure"}
    assert work | exchanges == ours


def test_a_row_of_the_wrong_type_is_refused(empty):
    with raw(empty.parent) as connection, pytest.raises(Exception, match="cannot store TEXT value in INTEGER column"):
        connection.execute("INSERT INTO draft VALUES ('681', '1', 'note', '', 'beaucoup', '{}', '{}', '')")


def test_how_a_connection_behaves(empty):
    with closing(connect(empty)) as connection:
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "user_version")
        }
    assert settings == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000, "user_version": SCHEMA
    }  # fmt: skip


def test_a_reader_cannot_write(empty):
    with closing(open_reader(empty)) as connection, pytest.raises(Exception, match="readonly"):
        connection.execute("DELETE FROM dossier")


def test_only_its_owner_reads_the_store_whatever_the_umask(tmp_path):
    os.umask(0)
    folder = demo(tmp_path / "gca", 12)
    os.umask(0)
    with raw(folder):
        assert {path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {
            path.name: "0o600" for path in folder.iterdir()
        }
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o750, 0o707, 0o701, 0o755])
def test_a_folder_that_others_can_open_is_refused(tmp_path, mode):
    folder = tmp_path / "gca"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(StoreError, match="chmod 700"):
        prepare(folder)
    assert list(folder.iterdir()) == []


def test_an_empty_file_that_others_could_read_becomes_a_private_store(tmp_path):
    path = prepare(tmp_path / "gca")
    path.touch()
    path.chmod(0o644)
    ensure(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert schema.version_of(path) == SCHEMA


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_a_newer_store_is_refused_and_not_one_byte_changes(people, journal, capsys):
    with raw(people) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    before = (people / DATABASE).read_bytes()
    with pytest.raises(StoreNewer, match="Mettez le programme à jour"):
        open_reader(people / DATABASE)
    for command in (["liste"], ["exporter", "--json"], ["note", "681", "1", "texte"], ["demo", "--sans-ouvrir"]):
        assert run(people, *command) == 3
    assert (people / DATABASE).read_bytes() == before
    assert "plus récente" in capsys.readouterr().err


def test_a_newer_store_left_by_a_killed_program_keeps_its_journal(people):
    left = f"import sqlite3, os; c = sqlite3.connect({str(people / DATABASE)!r}, isolation_level=None)"
    left += f"; c.execute('PRAGMA user_version = {SCHEMA + 1}'); os._exit(0)"
    subprocess.run([sys.executable, "-c", left], check=True)
    names = (DATABASE, f"{DATABASE}-wal")
    before = [(people / name).read_bytes() for name in names]
    assert run(people, "liste") == 3
    assert [(people / name).read_bytes() for name in names] == before
    assert before[1]


@pytest.mark.parametrize(
    "content",
    [b"pas une base", bytes(range(256)) * 60, b"SQLite format 3\0" + b"\xff" * 8000],
    ids=["words", "bytes", "header"],
)
def test_a_file_that_is_no_database_is_said_and_left(tmp_path, capsys, content):
    path = prepare(tmp_path / "gca")
    path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        ensure(path)
    assert run(path.parent, "liste") == 3
    assert path.read_bytes() == content
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["liste"], ["exporter", "--json"], ["diagnostic"], ["note", "681", "1", "mot"]], ids=" ".join
)
def test_a_store_damaged_inside_is_told_in_words(people, capsys, command):
    whole = (people / DATABASE).read_bytes()
    (people / DATABASE).write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    assert run(people, *command) == 3
    told = capsys.readouterr().err
    assert "ne se lit pas" in told
    assert "Traceback" not in told


def test_a_store_behind_is_copied_before_it_is_migrated(people, monkeypatch):
    before = exported(people)
    monkeypatch.setattr(schema, "SCHEMA", SCHEMA + 1)
    ensure(people / DATABASE)
    copy = people / f"gca.avant-migration-{SCHEMA}.db"
    assert schema.version_of(people / DATABASE) == SCHEMA + 1
    assert schema.version_of(copy) == SCHEMA
    assert copy.stat().st_mode & 0o777 == 0o600
    monkeypatch.undo()
    elsewhere = prepare(people.parent / "copie")
    shutil.copy(copy, elsewhere)
    assert exported(elsewhere.parent) == before


def test_a_migration_that_fails_leaves_the_store_as_it_was(people, monkeypatch):
    before = exported(people)

    def failing(*_):
        raise OSError("panne")

    monkeypatch.setattr(schema, "SCHEMA", SCHEMA + 1)
    monkeypatch.setattr(migrate.command, "upgrade", failing)
    with pytest.raises(OSError, match="panne"):
        ensure(people / DATABASE)
    monkeypatch.undo()
    assert schema.version_of(people / DATABASE) == SCHEMA
    assert exported(people) == before


def test_programs_started_at_once_on_a_new_folder_all_work(tmp_path):
    script = "import sys; from pathlib import Path; from gca_tui.store.location import prepare"
    script += "; from gca_tui.store.schema import open_reader; open_reader(prepare(Path(sys.argv[1]))).close()"
    root = Path(__file__).parents[2]
    started = [subprocess.Popen([sys.executable, "-c", script, tmp_path / "gca"], cwd=root) for _ in range(3)]
    assert [one.wait(60) for one in started] == [0, 0, 0]
