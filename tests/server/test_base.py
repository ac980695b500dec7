"""Opening, reading and writing a base of either kind."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import migrations
from gca_tui.errors import InputError, StoreDamaged, StoreNewer
from gca_tui.server.base import REVISION, Base, open_base
from gca_tui.server.tables import METADATA

PUT = text("INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value")
READ = text("SELECT value FROM meta WHERE name = :name")


def put(base: Base, name: str, value: str) -> None:
    with base.write() as connection:
        connection.execute(PUT, {"name": name, "value": value})


def test_the_tables_are_those_of_the_program(base: Base) -> None:
    with base.read() as connection:
        found = inspect(connection)
        made = {name: {one["name"] for one in found.get_columns(name)} for name in found.get_table_names()}
        keys = {name: found.get_pk_constraint(name)["constrained_columns"] for name in METADATA.tables}
        indexes = {name: {one["name"] for one in found.get_indexes(name)} for name in METADATA.tables}
    made.pop("alembic_version")
    assert made == {name: set(table.columns.keys()) for name, table in METADATA.tables.items()}
    assert keys == {name: list(table.primary_key.columns.keys()) for name, table in METADATA.tables.items()}
    for name, table in METADATA.tables.items():
        assert {index.name for index in table.indexes} - {"ix_install_token_sha"} <= indexes[name]


def test_the_newest_migration_is_the_one_that_opening_looks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0]) / "server"))
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_texts_are_put_in_order_byte_by_byte(base: Base) -> None:
    names = ["a", "B", "é", "681/A", "681", "Z", "_"]
    for name in names:
        put(base, name, "x")
    with base.read() as connection:
        rows = connection.execute(text("SELECT name FROM meta ORDER BY name")).scalars().all()
    assert [name for name in rows if name in names] == sorted(names, key=str.encode)


def test_opening_again_finds_what_was_written(where: str) -> None:
    first = open_base(where)
    put(first, "fait", "oui")
    first.close()
    second = open_base(where)
    with second.look() as connection:
        assert connection.execute(READ, {"name": "fait"}).scalar() == "oui"
    second.close()


def test_several_processes_may_start_on_an_empty_base(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        bases = list(pool.map(lambda _: open_base(tmp_path / "serveur.db"), range(4)))
    for base in bases:
        with base.look() as connection:
            assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
        base.close()


def test_several_processes_may_start_on_an_empty_postgresql(postgresql: Base) -> None:
    with postgresql.write() as connection:
        for name in (*METADATA.tables, "alembic_version"):
            connection.execute(text(f"DROP TABLE {name}"))
    url = postgresql.engine.url.render_as_string(hide_password=False)
    with ThreadPoolExecutor(4) as pool:
        bases = list(pool.map(lambda _: open_base(url), range(4)))
    for base in bases:
        with base.look() as connection:
            assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
        base.close()


def test_a_reader_sees_one_moment(base: Base) -> None:
    put(base, "fait", "1")
    with base.read() as connection:
        before = connection.execute(READ, {"name": "fait"}).scalar()
        put(base, "fait", "2")
        assert connection.execute(READ, {"name": "fait"}).scalar() == before == "1"


def test_a_transaction_that_fails_leaves_nothing(base: Base) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(PUT, {"name": "fait", "value": "1"})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        base.writing(fail)
    with base.look() as connection:
        assert connection.execute(READ, {"name": "fait"}).scalar() is None


def test_writers_wait_for_each_other(base: Base) -> None:
    put(base, "n", "0")

    def one_more(_: int) -> None:
        def work(connection: Connection) -> None:
            connection.execute(
                text("UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'n'")
            )

        base.writing(work)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one_more, range(80)))
    with base.look() as connection:
        assert connection.execute(READ, {"name": "n"}).scalar() == "80"


def test_a_deadlock_is_tried_again(postgresql: Base) -> None:
    put(postgresql, "a", "0")
    put(postgresql, "b", "0")
    more = text("UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = :name")

    def both(names: tuple[str, str]) -> None:
        def work(connection: Connection) -> None:
            for name in names:
                connection.execute(more, {"name": name})
                connection.execute(text("SELECT pg_sleep(0.01)"))

        postgresql.writing(work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(both, [("a", "b"), ("b", "a")] * 2))
    with postgresql.look() as connection:
        found = {connection.execute(READ, {"name": name}).scalar() for name in "ab"}
    assert found == {"4"}


def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    base = open_base(tmp_path / "serveur.db")
    assert all(
        not stat.S_IMODE(one.stat().st_mode) & 0o077 for one in tmp_path.glob("serveur.db*") if ".lock" not in one.name
    )
    base.close()


def test_a_base_of_a_newer_program_is_left_alone(base: Base, where: str) -> None:
    with base.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreNewer):
        open_base(where)


def test_a_base_of_another_program_is_left_alone(base: Base, where: str) -> None:
    with base.write() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(StoreDamaged):
        open_base(where)


@pytest.mark.parametrize("address", ["mysql://a/b", "postgresql+asyncpg://a/b", "://", "http://gca.example"])
def test_another_kind_of_address_is_refused_in_words(address: str) -> None:
    with pytest.raises(InputError) as met:
        open_base(address)
    assert "://" not in met.value.happened
