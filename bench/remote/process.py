"""`gca serveur lancer` in a process of its own, watched from outside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from bench.meter import MeasureError
from bench.site import GCA
from bench.terminal import environment

STARTS_WITHIN = 60.0
ENDS_WITHIN = 30.0


class Serving:
    """A server that listens at `url`."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url
        self.port = urlsplit(url).port or 0

    def rss(self) -> float:
        """Resident memory, in MiB."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def cpu(self) -> float:
        """Seconds of processor that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def held(self) -> int:
        """Long polls it holds now, as /metrics says."""
        with urlopen(f"{self.url}/metrics", timeout=30) as answer:
            found = re.search(r"^gca_attentes (\d+)", answer.read().decode(), re.MULTILINE)
        return int(found[1]) if found else 0

    def await_held(self, number: int, within: float) -> None:
        """Wait until it holds so many. MeasureError when it does not."""
        deadline = time.monotonic() + within
        while self.held() < number:
            if time.monotonic() > deadline:
                raise MeasureError(f"le serveur ne tient que {self.held()} attentes sur {number}")
            time.sleep(0.2)


@contextmanager
def serving(where: str, folder: Path) -> Iterator[Serving]:
    """A server on a base, stopped at the end. MeasureError when it does not start."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [GCA, "--donnees", str(folder), "serveur", "lancer", "--port", "0", "--json", "--base", where]
    with (folder / "serveur.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        if not told:
            raise MeasureError(f"le serveur ne s’est pas ouvert\u00a0: voyez {folder / 'serveur.log'}")
        yield Serving(process, json.loads(told)["url"])
    finally:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
