"""T3: machines and servers killed (-9) at any moment, over and over: no note that was recorded is lost or doubled."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gca_tui.server.base import Base, open_base
from gca_tui.server.service import Service
from gca_tui.store.location import DATABASE
from gca_tui.store.remote import put_tie, read_tie
from gca_tui.store.writer import Writer
from gca_tui.sync.exchange import Exchange
from gca_tui.sync.line import Line
from tests.sync.conftest import SOAK
from tests.sync.people import INES
from tests.sync.processes import Process, ServerProcess, machine
from tests.sync.server import Server
from tests.sync.world import store, verify_service

KILLS = 4 * SOAK


class Scene:
    """A served base and a machine's store, and the processes that were started on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base = folder / "serveur.db"
        server = Server(self.base)
        server.people((INES,))
        self.store = store(server, INES, folder / "poste")
        server.close()
        self.data = folder / "serveur"
        self.data.mkdir(mode=0o700)
        self.server = ServerProcess(self.base, self.data)
        self.typed: list[str] = []
        self.running: list[Process] = []
        self._tie()

    def _tie(self) -> None:
        with closing(Writer(self.store / DATABASE)) as writer:
            tie = writer.run(read_tie).result()
            assert tie is not None
            writer.run(lambda c: put_tie(c, tie.model_copy(update={"url": self.server.url}))).result()

    def machine(self, name: str) -> Process:
        started = machine(self.store, name)
        self.running.append(started)
        return started

    def kill_machine(self, process: Process) -> None:
        self.running.remove(process)
        self.typed += process.kill()

    def kill_server(self) -> None:
        self.server.kill()
        self.server = ServerProcess(self.base, self.data, self.server.port)

    def end(self) -> None:
        for process in [*self.running, self.server]:
            process.kill()

    def settle(self) -> None:
        """One last start and exchange, then everything is looked at."""
        with closing(Writer(self.store / DATABASE)) as writer:
            tie = writer.run(read_tie).result()
            assert tie is not None
            with closing(Line(tie.url, token=tie.token, install=tie.install)) as line:
                Exchange(writer, line).full()
        self.server.process.terminate()
        self.server.ended()
        self._look()

    def _look(self) -> None:
        with closing(sqlite3.connect(self.store / DATABASE)) as local:
            assert local.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            waiting = local.execute("SELECT command_id, state FROM outbox").fetchall()
        with closing(sqlite3.connect(self.base)) as shared:
            assert shared.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            texts = [row[0] for row in shared.execute("SELECT document FROM dossier")]
            answered = {row[0] for row in shared.execute("SELECT command_id FROM op_result")}
        recorded = [line.split() for line in self.typed]
        assert recorded, "nothing was typed"
        assert not waiting, waiting
        lost = [name for _, name in recorded if name not in answered]
        assert not lost, lost
        found = Counter(name for kind, name in recorded if kind == "add_note" for text in texts if name in text)
        notes = {name for kind, name in recorded if kind == "add_note"}
        assert set(found) == notes
        doubled = [name for text in texts for name in notes if text.count(f' {name}"') > 1]
        assert not doubled, doubled
        base: Base = open_base(self.base)
        with closing(base):
            verify_service(Service(base))


@pytest.fixture
def scene(tmp_path: Path, private_umask: None) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.end()
    shutil.rmtree(tmp_path, ignore_errors=True)


def some_lines(process: Process, chance: random.Random) -> None:
    """Let it type for a while."""
    wanted = len(process.lines) + chance.randint(1, 12)
    process.until(lambda: len(process.lines) >= wanted)


def test_a_machine_killed_anywhere_loses_nothing(scene: Scene) -> None:
    chance = random.Random(3)
    for number in range(KILLS):
        process = scene.machine(f"poste{number}")
        some_lines(process, chance)
        scene.kill_machine(process)
    scene.settle()


def test_a_server_killed_anywhere_loses_nothing(scene: Scene) -> None:
    chance = random.Random(4)
    process = scene.machine("poste")
    for _ in range(KILLS):
        some_lines(process, chance)
        scene.kill_server()
    some_lines(process, chance)
    scene.kill_machine(process)
    scene.settle()
