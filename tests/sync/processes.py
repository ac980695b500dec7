"""Real processes for the tests that kill them: `gca serveur lancer`, and a machine that types and exchanges."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

from gca_tui import clock
from gca_tui.store.location import FOLDER_VARIABLE

ROOT = Path(__file__).parents[2]
READY = 60.0
"""Seconds that a busy machine may take to start a program."""


def environment() -> dict[str, str]:
    """Without what stops the clock or chooses a folder."""
    ours = {name: value for name, value in os.environ.items() if name not in (clock.FROZEN, FOLDER_VARIABLE)}
    return ours | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}


class Process:
    """A child whose lines are kept as they come."""

    def __init__(self, arguments: list[str], errors: Path) -> None:
        self.lines: list[str] = []
        with errors.open("ab") as file:
            self.process = subprocess.Popen(
                arguments, stdout=subprocess.PIPE, stderr=file, stdin=subprocess.DEVNULL, env=environment(), text=True
            )
        assert self.process.stdout is not None
        self._reader = Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._reader.start()

    def _read(self, out: IO[str]) -> None:
        for line in out:
            if line.endswith("\n"):
                self.lines.append(line.strip())

    def kill(self) -> list[str]:
        """kill -9; all the lines it wrote."""
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        return self.ended()

    def ended(self, within: float = READY) -> list[str]:
        """Wait for its end; all the lines it wrote."""
        self.process.wait(within)
        self._reader.join(within)
        if self.process.stdout:
            self.process.stdout.close()
        return self.lines

    def until(self, done: Callable[[], bool], within: float = READY) -> None:
        """Wait until something is so."""
        last = time.monotonic() + within
        while not done():
            if time.monotonic() > last or self.process.poll() is not None:
                raise AssertionError(("too slow, or it ended", self.process.returncode, self.kill()[-3:]))
            time.sleep(0.005)


class ServerProcess(Process):
    """`gca serveur lancer` on a base; `url` is where it listens. Started again it keeps its port."""

    def __init__(self, base: Path | str, folder: Path, port: int = 0) -> None:
        program = "from gca_tui.main import main; main()"
        arguments = [sys.executable, "-c", program, "--donnees", str(folder), "serveur", "lancer"]
        super().__init__([*arguments, "--base", str(base), "--port", str(port), "--json"], folder / "serveur.log")
        self.until(lambda: bool(self.lines))
        self.url: str = json.loads(self.lines[0])["url"]
        self.port = int(self.url.rpartition(":")[2])


def machine(folder: Path, name: str) -> Process:
    """A machine that types for ever, and says the id of each command once it is recorded."""
    program = Path(__file__).with_name("typing_machine.py")
    return Process([sys.executable, str(program), str(folder), name], folder.parent / f"{name}.log")
