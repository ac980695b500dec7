"""Stores as the program's own demonstration makes them, on one fixed day."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import owing
import pytest

from gca_tui import clock
from gca_tui.store.location import FOLDER_VARIABLE
from gca_tui.ui.syncing import Syncing

NOW = "2026-11-12T09:30:00+00:00"
DOSSIERS = 300


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    """One moment for all tests: Thursday 12 November 2026, 10 h 30 in Paris; no folder of anybody's own."""
    monkeypatch.setenv(clock.FROZEN, NOW)
    monkeypatch.setenv(FOLDER_VARIABLE, "")


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory):
    """The demonstration, made once for all workers: copy it before writing."""

    def make(folder):
        command = [sys.executable, "-m", "gca_tui", "--donnees", str(folder)]
        command += ["demo", "--dossiers", str(DOSSIERS), "--sans-serveur", "--sans-ouvrir"]
        subprocess.run(command, env={**os.environ, clock.FROZEN: NOW}, check=True, capture_output=True)

    return _once(tmp_path_factory, f"demo-{DOSSIERS}", make)


@pytest.fixture(scope="session")
def owing_store(demo_store, tmp_path_factory):
    """The demonstration and dossiers of which all that is owed is known, made once for all workers."""

    def make(folder):
        with patch.dict(os.environ, {clock.FROZEN: NOW}):
            owing.make(demo_store, folder)

    return _once(tmp_path_factory, "owing", make) / "gca"


def _once(factory, name, make):
    """A folder that the first worker that needs it makes, while the others wait."""
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (done := folder.with_suffix(".made")).exists():
            folder.mkdir(mode=0o700)
            make(folder)
            done.touch()
    return folder


@pytest.fixture
def made(demo_store):
    """What `store` is a copy of; a module says otherwise where it needs other dossiers."""
    return demo_store


@pytest.fixture
def store(made, tmp_path):
    """A store of one's own."""
    return Path(shutil.copytree(made, tmp_path / "gca"))


@pytest.fixture
def nobody_answers(monkeypatch):
    """Nothing is exchanged but what a test writes."""
    monkeypatch.setattr(Syncing, "start", lambda self: None)
