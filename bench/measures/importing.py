"""An extract of a whole caisse imported while two agents work, beside what reading the file alone takes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import extract
from bench.goals import row
from bench.meter import MeasureError, p50
from bench.report import Row, number
from bench.site import Site, Store, build, run
from bench.terminal import environment

WRITERS = 2
READINGS = 5
Waits = dict[str, float]


def importing(site: Site) -> list[Row]:
    """The import of as many lines as the large store has dossiers, into a store in use."""
    path = site.scratch / "extrait.csv"
    extract.write(path, site.large.dossiers)
    floor = p50(_reading(path) for _ in range(READINGS))
    store = build(site.scratch, site.small.dossiers)
    with _two_agents(store) as told:
        begun = time.perf_counter()
        printed = run(store, "importer", str(path), "--json")
        took = time.perf_counter() - begun
        waits = told()
    result = json.loads(printed.splitlines()[-1])
    notes, longest = sum(int(one["notes"]) for one in waits), max(one["longest"] for one in waits)
    if result["prises"] != site.large.dossiers or not notes:
        raise MeasureError(f"l’import n’a pas tout pris, ou personne n’écrivait\u00a0: {result}, {notes} notes")
    against = (
        f"csv.reader {number(1000 * floor)} ms, import {number(took)} s, {notes} notes ≤ {number(1000 * longest)} ms"
    )
    return [row("import", took / floor, against)]


def _reading(path: Path) -> float:
    """Seconds that `csv.reader` alone takes."""
    begun = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file, delimiter=";"):
            pass
    return time.perf_counter() - begun


@contextmanager
def _two_agents(store: Store) -> Iterator[Callable[[], list[Waits]]]:
    """Two open programs that keep writing notes; yields what closes them and tells what they did."""
    dossiers = json.loads(run(store, "liste", "--json"))[:WRITERS]
    programs = [_open_program(store, dossier["caisse"], dossier["matricule"]) for dossier in dossiers]

    def told() -> list[Waits]:
        """MeasureError when a note was refused: the program ended before it was asked to."""
        answers = [program.communicate()[0].splitlines() for program in programs]
        if any(program.returncode for program in programs):
            raise MeasureError("une note a été refusée pendant l’import")
        return [json.loads(lines[-1]) for lines in answers]

    try:
        yield told
    finally:
        for program in programs:
            program.kill()
            program.wait()


def _open_program(store: Store, caisse: str, matricule: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.open_writer", str(store.path / "gca.db"), caisse, matricule]
    program = subprocess.Popen(
        command, env=environment(store.env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if program.stdout is None or program.stdout.readline().strip() != "ouvert":
        raise MeasureError("un programme qui devait écrire pendant l’import ne s’est pas ouvert")
    return program
