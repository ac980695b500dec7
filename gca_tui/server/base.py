"""The remote store's database: SQLite in a file, or PostgreSQL. How it is opened, read and written."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool

from gca_tui.errors import InputError, StoreDamaged, StoreError, StoreNewer
from gca_tui.store.driver import Connection as DriverConnection
from gca_tui.store.driver import connect
from gca_tui.store.engine import become_writer
from gca_tui.store.location import exclusive

REVISION = "0001"
"""The newest migration of `migrations/server`."""
ATTEMPTS = 8
"""How often a transaction is tried when the base says that another one was in its way."""
POOL, OVERFLOW = 8, 24
"""Connections kept open by a process, and how many more it may open for a while."""
_STEP = 0.02
_PASSING = frozenset({"40001", "40P01", "55P03", "57P01", "57P02", "57P03"})
"""PostgreSQL's words for: try again. Serialisation, deadlock, lock, and the server going down or coming up."""
_PREPARING = 0x6763615F
"""The advisory lock under which one process migrates a PostgreSQL base."""
_WAIT = 60.0
"""Seconds a process waits for another one that migrates the same file."""
Result = TypeVar("Result")


class Base:
    """One database. Any number of threads may use it, and any number of processes may have one open each."""

    def __init__(self, where: str, engine: Engine) -> None:
        self.where = where
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._turn: Any = threading.Lock() if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            self._reading = engine.execution_options(reads=True)
            self._looking = engine.execution_options(looks=True)
        else:
            self._reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._looking = engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: the only writer of a file, READ COMMITTED on PostgreSQL. It commits at the end.

        Raises StoreBusy when another program keeps the file, DBAPIError.
        """
        with self._turn, self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that reads one moment of the base, whatever is committed meanwhile."""
        with self._reading.begin() as connection:
            yield connection

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """For one statement that reads: no transaction around it, so one trip to the base."""
        with self._looking.connect() as connection:
            yield connection

    def writing(self, work: Callable[[Connection], Result]) -> Result:
        """Do something in a transaction, again from its beginning when another one was in its way.

        Raises what `work` raises, and DBAPIError when the base goes on refusing.
        """
        return _again(self.write, work)

    def reading(self, work: Callable[[Connection], Result]) -> Result:
        """Read one moment of the base, again when the connection was found dead."""
        return _again(self.read, work)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _again(begin: Callable[[], Any], work: Callable[[Connection], Result]) -> Result:
    for attempt in range(1, ATTEMPTS):
        try:
            with begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if not is_passing(error):
                raise
        time.sleep(_STEP * attempt * random.random())
    with begin() as connection:
        return work(connection)


def is_passing(error: DBAPIError) -> bool:
    """Whether the same transaction may pass when it is tried again.

    So may one that met another's key: the two were there at once, and now one of them is seen.
    """
    if error.connection_invalidated or isinstance(error, IntegrityError):
        return True
    if isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(error.orig, "sqlstate", None) in _PASSING


def open_base(where: str | Path) -> Base:
    """Open a base, a path or `postgresql+psycopg://…`; make its tables or bring them up to date first.

    Raises InputError for another kind of address, StoreNewer, StoreDamaged, StoreBusy, StoreError when it does not
    answer.
    """
    base = _sqlite(Path(where)) if isinstance(where, Path) or "://" not in where else _postgresql(where)
    try:
        _ensure(base)
    except OperationalError as error:
        base.close()
        raise StoreError(
            "La base de données du serveur ne répond pas.",
            "Rien n’a changé.",
            "Vérifiez son adresse et qu’elle est démarrée.",
        ) from error
    except BaseException:
        base.close()
        raise
    return base


def _sqlite(path: Path) -> Base:
    path = path.expanduser().absolute()
    if not path.parent.is_dir():
        raise InputError(f"Le dossier {path.parent} n’existe pas.", "Rien n’a été fait.", "Créez-le, puis relancez.")
    path.touch(mode=0o600)

    def opened() -> DriverConnection:
        return connect(path)

    engine = create_engine(
        "sqlite://",
        creator=opened,
        poolclass=QueuePool,
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_reset_on_return=None,
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "reset", _reset)
    return Base(str(path), engine)


def _begin(connection: Connection) -> None:
    """Begin as a writer at once, so that none is refused half way through; a reader sees one moment."""
    options = connection.get_execution_options()
    if options.get("looks"):
        return
    if options.get("reads"):
        connection.exec_driver_sql("BEGIN")
    else:
        become_writer(connection)


def _reset(connection: Any, record: Any, state: Any) -> None:
    if connection.in_transaction:
        connection.rollback()


def _postgresql(where: str) -> Base:
    try:
        url = make_url(where)
    except ArgumentError:
        url = None
    if url is None or url.drivername not in ("postgresql", "postgresql+psycopg"):
        raise InputError(
            "Cette adresse de base de données n’est pas connue.",
            "Rien n’a été fait.",
            "Donnez un fichier, ou postgresql+psycopg://compte@machine/base.",
        )
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=POOL,
            max_overflow=OVERFLOW,
            isolation_level="READ COMMITTED",
            connect_args={"connect_timeout": 10, "options": "-c timezone=UTC", "application_name": "gca"},
        )
    except ModuleNotFoundError as error:
        raise InputError(
            "Ce programme est installé sans PostgreSQL.", "Rien n’a été fait.", "Installez gca-tui[serveur]."
        ) from error
    return Base(url.render_as_string(hide_password=True), engine)


def _ensure(base: Base) -> None:
    if _revision(base) == REVISION:
        return
    if base.is_sqlite:
        path = Path(base.where)
        with exclusive(path.parent, f"{path.name}.migration", "Une préparation de la base est", wait=_WAIT):
            _migrate(base)
    else:
        _migrate(base)


def _revision(base: Base) -> str:
    """The last migration that was run on the base, "" for a new one. Raises StoreNewer, StoreDamaged."""
    from sqlalchemy import inspect

    with base.read() as connection:
        tables = set(inspect(connection).get_table_names())
        found = (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if ("alembic_version" in tables)
            else ""
        )
    if not found and tables - {"alembic_version"}:
        raise StoreDamaged(
            "Cette base de données n’est pas celle d’un serveur gca.",
            "Elle n’a pas été modifiée.",
            "Donnez une autre base, ou une base vide.",
        )
    if found and found > REVISION:
        raise StoreNewer(
            f"Cette base vient d’une version plus récente du programme (format {found}, connu : {REVISION}).",
            "Elle n’a pas été modifiée.",
            "Mettez le programme à jour.",
        )
    return found or ""


def _migrate(base: Base) -> None:
    """Run what is missing, in one transaction; nothing when another process did meanwhile."""
    from alembic import command
    from alembic.config import Config

    import migrations

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0]) / "server"))
    with base.write() as connection:
        if not base.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _PREPARING})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
