"""What the tests of several rooms share: one moment, and line commands run inside the test's own process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from gca_tui import clock
from gca_tui.store.location import FOLDER_VARIABLE

settings.register_profile("gca", max_examples=60)
settings.load_profile("gca")

NOW = "2026-11-12T09:30:00+00:00"


@dataclass(frozen=True)
class Ran:
    """What a line command gave back."""

    code: int
    out: str
    err: str


Gca = Callable[..., Ran]


@pytest.fixture
def frozen_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thursday 12 November 2026, 10 h 30 in Paris; no data folder but the one a test names."""
    monkeypatch.setenv(clock.FROZEN, NOW)
    monkeypatch.setenv(FOLDER_VARIABLE, "")


@pytest.fixture
def private_umask() -> Iterator[None]:
    """The program closes the umask for good; the next test starts from the usual one."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def gca(
    frozen_clock: None, private_umask: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Gca:
    """`gca("liste", folder=…)`: run a line command and read what it printed."""
    from gca_tui import cli

    def ran(*arguments: str, folder: Path | None = None) -> Ran:
        monkeypatch.setenv(FOLDER_VARIABLE, "")
        capsys.readouterr()
        code = cli.run([*(("--donnees", str(folder)) if folder else ()), *arguments])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return ran
