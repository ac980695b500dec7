"""An extract of a whole caisse imported while two agents work, beside what reading the file alone takes."""

from __future__ import annotations

import csv
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from bench import extract
from bench.goals import row
from bench.meter import MeasureError, p50
from bench.report import Row, number
from bench.site import GCA, Site, Store, build, run
from bench.terminal import environment

WRITERS = 2
BETWEEN_NOTES = 1.0  # seconds; more often than two agents who only write notes
READINGS = 5


def importing(site: Site) -> list[Row]:
    """The import of as many lines as the large store has dossiers, into a store in use."""
    path = site.scratch / "extrait.csv"
    extract.write(path, site.large.dossiers)
    floor = p50(_reading(path) for _ in range(READINGS))
    store = build(site.scratch, site.small.dossiers)
    with _two_agents(store) as notes:
        begun = time.perf_counter()
        printed = run(store, "importer", str(path), "--json")
        took = time.perf_counter() - begun
    result = json.loads(printed.splitlines()[-1])
    if result["prises"] != site.large.dossiers or not notes:
        raise MeasureError(f"l’import n’a pas tout pris, ou personne n’écrivait\u00a0: {result}, {len(notes)} notes")
    against = f"csv.reader\u00a0: {number(1000 * floor)} ms, import\u00a0: {number(took)} s, {len(notes)} notes"
    return [row("import", took / floor, against)]


def _reading(path: Path) -> float:
    """Seconds that `csv.reader` alone takes."""
    begun = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file, delimiter=";"):
            pass
    return time.perf_counter() - begun


@contextmanager
def _two_agents(store: Store) -> Iterator[list[str]]:
    """Two programs that keep writing notes; yields the notes saved so far. MeasureError if one was refused."""
    dossiers = json.loads(run(store, "liste", "--json"))[:WRITERS]
    saved: list[str] = []
    refused: list[str] = []
    stop = threading.Event()

    def write(caisse: str, matricule: str) -> None:
        for rank in count(1):
            command = [GCA, "note", caisse, matricule, f"Note {rank} pendant l’import"]
            done = subprocess.run(command, env=environment(store.env), capture_output=True, text=True, check=False)
            (refused if done.returncode else saved).append(done.stderr)
            if stop.wait(BETWEEN_NOTES):
                break

    threads = [threading.Thread(target=write, args=(dossier["caisse"], dossier["matricule"])) for dossier in dossiers]
    for thread in threads:
        thread.start()
    try:
        yield saved
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if refused:
        raise MeasureError(f"une note a été refusée pendant l’import\u00a0: {refused[0]}")
