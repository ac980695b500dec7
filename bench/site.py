"""Where measures are taken: two stores of invented dossiers, and the program opened on them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.line import Line
from bench.meter import MeasureError
from bench.remote.shapes import Shapes
from bench.terminal import NotShown, Terminal, environment

GCA = str(Path(sys.executable).with_name("gca"))
HELLO = [sys.executable, str(Path(__file__).with_name("hello.py"))]
COLUMNS, ROWS = 120, 40
SEED = "1"
LARGE, QUICK, SMALL = 130_000, 3_000, 300
READY = r"\d{3}·\d{7}"  # the first dossier of the list
GREETING = "Hello, World!"
AT_REST = 0.4  # seconds without output after which nothing more is to come, the detail included
STARTS_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of data made by `gca demo`, and how many dossiers were asked for."""

    path: Path
    dossiers: int

    def __str__(self) -> str:
        return f"{self.dossiers:,} dossiers".replace(",", "\u00a0")

    @property
    def env(self) -> dict[str, str]:
        """Settings and data of this folder only, none of the person's own."""
        own = {name: str(self.path / "xdg") for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
        return own | {"GCA_DONNEES": str(self.path)}


@dataclass(frozen=True)
class Site:
    """Where stores are kept, how many dossiers the large one has, and a folder for what is thrown away.

    Stores are made when they are first asked for. MeasureError if they cannot be made.
    """

    stores: Path
    scratch: Path
    dossiers: int = LARGE

    @cached_property
    def large(self) -> Store:
        """The store of a whole caisse."""
        return build(self.stores, self.dossiers)

    @cached_property
    def small(self) -> Store:
        """That of a demonstration."""
        return build(self.stores, SMALL)

    @property
    def shapes(self) -> Shapes:
        """How large shared stores are."""
        return Shapes.of(self.dossiers >= LARGE)


def build(folder: Path, dossiers: int) -> Store:
    """The store of so many dossiers under `folder`, made if it is not there. MeasureError if it cannot be made."""
    store = Store(folder / str(dossiers), dossiers)
    if not store.path.exists():
        unfinished = Store(folder / f"{dossiers}.inachevé", dossiers)
        shutil.rmtree(unfinished.path, ignore_errors=True)
        unfinished.path.mkdir(mode=0o700, parents=True)
        run(unfinished, "demo", "--dossiers", str(dossiers), "--graine", SEED, "--sans-serveur", "--sans-ouvrir")
        unfinished.path.rename(store.path)
    return store


def run(store: Store, *arguments: str) -> str:
    """Run a line command on a store; what it prints. MeasureError if it fails."""
    env = environment(store.env)
    done = subprocess.run([GCA, *arguments], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MeasureError(f"gca {' '.join(arguments)}\u00a0: code {done.returncode}\n{done.stderr or done.stdout}")
    return done.stdout


@contextmanager
def opened(store: Store, line: Line | None = None) -> Iterator[Terminal]:
    """The program with its list on screen and nothing more to come."""
    with Terminal.spawn([GCA], COLUMNS, ROWS, store.env, line) as terminal:
        await_text(terminal, READY)
        terminal.settle(AT_REST)
        yield terminal


def await_text(terminal: Terminal, pattern: str) -> re.Match[str]:
    """Wait for a text of the start. MeasureError if it does not come."""
    try:
        return terminal.wait_for(pattern, STARTS_WITHIN)
    except NotShown as error:
        raise MeasureError(str(error)) from None
