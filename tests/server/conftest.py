"""A base of each kind, and a service on it, for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gca_tui.server.base import Base, open_base
from gca_tui.server.service import Service
from tests.postgres import (
    BASES,
    emptied_postgresql,
    new_postgresql,
    postgresql,
    postgresql_server,
    postgresql_template,
    postgresql_url,
)

__all__ = [
    "emptied_postgresql",
    "new_postgresql",
    "postgresql",
    "postgresql_server",
    "postgresql_template",
    "postgresql_url",
]


@pytest.fixture(autouse=True)
def _one_moment(frozen_clock: None, private_umask: None) -> None:
    """Thursday 12 November 2026, 10 h 30 in Paris."""


@pytest.fixture(params=BASES)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty base, of each kind in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "serveur.db")
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def base(where: str) -> Iterator[Base]:
    """An empty base, of each kind in turn."""
    opened = open_base(where)
    yield opened
    opened.close()


@pytest.fixture
def service(base: Base) -> Iterator[Service]:
    """A service on an empty base, of each kind in turn."""
    made = Service(base)
    yield made
    made.bell.close()
