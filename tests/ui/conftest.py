"""Stores as the program's own demonstration makes them, on one fixed day."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gca_tui import clock
from gca_tui.store.location import FOLDER_VARIABLE

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
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / f"demo-{DOSSIERS}"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "gca.db").exists():
            command = [sys.executable, "-m", "gca_tui", "--donnees", str(folder)]
            command += ["demo", "--dossiers", str(DOSSIERS), "--sans-ouvrir"]
            subprocess.run(command, env={**os.environ, clock.FROZEN: NOW}, check=True, capture_output=True)
    return folder


@pytest.fixture
def store(demo_store, tmp_path):
    """A demonstration of one's own."""
    return Path(shutil.copytree(demo_store, tmp_path / "gca"))
