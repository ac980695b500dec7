"""Errors that nobody foresaw: told, and never a screen that answers no key."""

import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.terminal import Terminal

pytestmark = pytest.mark.pty

RUNNER = str(Path(__file__).with_name("raising.py"))


@contextmanager
def opened(program):
    """The program with actions that raise, its list there."""
    with Terminal.spawn([sys.executable, RUNNER], 120, 40, program.env) as running:
        for pattern in (r"\d{3}·\d{7}", r"Ariège\s+\d", r"Placé\sici"):
            running.wait_for(pattern, timeout=30)
        running.settle(0.5)
        yield running


def test_an_action_that_raises_is_told_and_the_next_key_works(few):
    with opened(few) as running:
        running.press("S")
        running.wait_for(r"Erreur\simprévue\s\(ZeroDivisionError\)")
        running.settle()
        running.press("o")
        running.wait_for("Note interne")
    assert "ZeroDivisionError" in (Path(few.store.path) / "gca.log").read_text(encoding="utf-8")


def test_a_widget_that_raises_ends_the_program_with_words(few):
    with opened(few) as running:
        running.press("K")
        assert running.wait_exit() == 70
        output = b"".join(chunk.data for chunk in running.chunks).decode()
    left = output[output.rindex("\x1b[?1049l") :]
    assert "ZeroDivisionError" in left
    assert "Relancez gca" in " ".join(left.split())
    assert "Traceback" not in output
