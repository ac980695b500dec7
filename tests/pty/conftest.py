"""The program on a real pseudo-terminal, on stores of the demonstration made once for all workers."""

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bench.site import GCA, Store
from bench.terminal import Terminal, environment
from gca_tui import clock

NOW = "2026-11-12T09:30:00+00:00"
LOADED = (r"\d{3}·\d{7}", r"Ariège\s+\d", r"Placé\sici")
"""The list, the counts, the dossier under the cursor: what the start brings, in a window of 120x40."""
ALONE = "--sans-serveur"
REST = 0.5
"""Seconds of silence after which nothing more is to come, the counts and the dossier included."""


class Program:
    """`gca` on one data folder: on the terminal, or as a line command."""

    def __init__(self, folder):
        self.store = Store(folder, 0)
        self.env = self.store.env | {clock.FROZEN: NOW}

    def opened(self, *options, columns=120, rows=40, env=(), until=LOADED):
        """The program on a terminal, its list there and nothing more to come."""
        terminal = Terminal.spawn([GCA, *options], columns, rows, self.env | dict(env))
        try:
            for pattern in until:
                terminal.wait_for(pattern, timeout=30)
            terminal.settle(REST)
        except BaseException:
            terminal.close()
            raise
        return terminal

    def run(self, *arguments):
        """What a line command prints."""
        env = environment(self.env)
        return subprocess.run([GCA, *arguments], env=env, capture_output=True, text=True, check=True).stdout

    def dossier(self, label):
        """A dossier's document."""
        return json.loads(self.run("fiche", *label.split("·"), "--json"))


def _made(factory, number, *options):
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / f"pty-{number}"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "gca.db").exists():
            Program(folder).run("demo", "--dossiers", str(number), *options, "--sans-ouvrir")
    return folder


@pytest.fixture
def few(tmp_path_factory, tmp_path):
    """A demonstration of 300 dossiers."""
    return Program(Path(shutil.copytree(_made(tmp_path_factory, 300, ALONE), tmp_path / "gca")))


@pytest.fixture
def many(tmp_path_factory, tmp_path):
    """A demonstration of 3 000 dossiers."""
    return Program(Path(shutil.copytree(_made(tmp_path_factory, 3_000, ALONE), tmp_path / "gca")))


@pytest.fixture
def shared(tmp_path_factory, tmp_path):
    """A demonstration of 60 dossiers with its server, as its first start leaves it."""
    return Program(Path(shutil.copytree(_made(tmp_path_factory, 60), tmp_path / "gca")))
