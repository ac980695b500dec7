"""Grounds for the tests that drive real machines and a real server: made once a worker, copied by each test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.postgres import new_postgresql, postgresql_server, postgresql_template

if TYPE_CHECKING:
    from tests.sync.desks import Desk
    from tests.sync.server import Server
    from tests.sync.world import Ground, World

__all__ = ["new_postgresql", "postgresql_server", "postgresql_template"]

SOAK = int(os.environ.get("GCA_SOAK", "1"))
"""How many times longer than in `make test` the long tests are."""
FIRST = int(os.environ.get("GCA_GRAINE", "0"))
"""The first seed of random histories; each test is named by its own."""


@pytest.fixture(scope="session")
def sqlite_ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A server on SQLite."""
    from tests.sync.world import hurried, prepare

    folder = tmp_path_factory.mktemp("ground")
    with hurried():
        ground = prepare(folder / "serveur.db", folder / "postes")
    with closing(ground):
        yield ground


@pytest.fixture(scope="session")
def postgresql_ground(tmp_path_factory: pytest.TempPathFactory, new_postgresql: Callable[[], str]) -> Iterator[Ground]:
    """A server on PostgreSQL."""
    from tests.sync.world import hurried, prepare

    folder = tmp_path_factory.mktemp("ground")
    with hurried():
        ground = prepare(new_postgresql(), folder / "postes")
    with closing(ground):
        yield ground


@pytest.fixture
def hurry(private_umask: None) -> Iterator[None]:
    """The machines' clock is the tests', and nobody waits for the disk."""
    from tests.sync.world import hurried

    with hurried():
        yield


@pytest.fixture
def world(sqlite_ground: Ground, tmp_path: Path, hurry: None) -> Iterator[World]:
    """A world of one's own, on SQLite."""
    from tests.sync.world import World

    made = World(sqlite_ground, tmp_path / "monde")
    yield made
    made.close()


@pytest.fixture
def server(frozen_clock: None, tmp_path: Path) -> Iterator[Server]:
    """A server with two agents."""
    from tests.sync.people import INES, KATIA
    from tests.sync.server import Server

    made = Server(tmp_path / "serveur.db")
    made.people((KATIA, INES))
    yield made
    made.close()


@pytest.fixture
def ines(server: Server, tmp_path: Path) -> Iterator[Desk]:
    """The desk of an agent of a convention, its dossiers not read yet."""
    from tests.sync.desks import desk
    from tests.sync.people import INES

    with desk(server, INES, tmp_path / "ines") as made:
        yield made


@pytest.fixture
def katia(server: Server, tmp_path: Path) -> Iterator[Desk]:
    """The desk of an agent of the caisse, its dossiers read."""
    from tests.sync.desks import desk
    from tests.sync.people import KATIA

    with desk(server, KATIA, tmp_path / "katia") as made:
        made.exchange.full()
        yield made
