"""What each press costs in bytes, which is what an agent at the end of a bad line waits for."""

import sys

import pytest

from bench.meter import hold, p95, press
from bench.terminal import Terminal

pytestmark = [pytest.mark.pty, pytest.mark.xdist_group("bytes")]

PRESSES, PAGES, MOVES = 60, 20, 10
DOWN, HELD, PAGE, DETAIL = 500, 60_000, 8_000, 8_000
REST = 0.4
LIST_ONLY = 0.06
"""Seconds after a press in which the list moves; what comes later is the dossier."""


@pytest.fixture
def terminal(many):
    with many.opened() as running:
        yield running


def test_a_line_down(terminal):
    """Each press follows the answer to the one before, sooner than the dossier is drawn."""
    sizes = []
    for _ in range(PRESSES):
        terminal.mark()
        terminal.press("down")
        terminal.settle(LIST_ONLY / 2)
        sizes.append(terminal.received)
    assert 0 < p95(sizes) <= DOWN


def test_a_key_held(terminal):
    assert 0 < hold(terminal, "down", PRESSES).size <= HELD


def test_a_page(terminal):
    assert p95(press(terminal, "pagedown").size for _ in range(PAGES)) <= PAGE


def test_the_dossier_drawn_at_rest(terminal):
    sizes = []
    for _ in range(MOVES):
        terminal.mark()
        terminal.press("down")
        terminal.settle(REST)
        late = [chunk for chunk in terminal.chunks if chunk.written > terminal.pressed + LIST_ONLY]
        sizes.append(sum(len(chunk.data) for chunk in late))
    assert 0 < p95(sizes) <= DETAIL


def test_nothing_when_nothing_is_pressed(terminal):
    terminal.idle(0.5)
    terminal.mark()
    terminal.idle(3.0)
    assert terminal.received == 0


@pytest.mark.parametrize("before", ["o", "slash", "enter"])
def test_nothing_in_a_form_a_filter_or_a_dossier_either(many, before):
    with many.opened() as running:
        running.press("/" if before == "slash" else before)
        running.settle(REST)
        running.mark()
        running.idle(1.5)
        assert running.received == 0


def test_the_terminal_is_left_as_it_was_found(few):
    script = (
        "import subprocess, sys\n"
        "before = subprocess.run(['stty', '-a'], stdout=subprocess.PIPE).stdout\n"
        "code = subprocess.run(sys.argv[1:]).returncode\n"
        "after = subprocess.run(['stty', '-a'], stdout=subprocess.PIPE).stdout\n"
        "print('rendu', code, before == after)\n"
    )
    from bench.site import GCA

    command = [sys.executable, "-c", script, GCA]
    with Terminal.spawn(command, 80, 24, few.env) as running:
        running.wait_for(r"\d{3}·\d{7}", timeout=30)
        running.settle(REST)
        running.press("q")
        running.wait_for("rendu 0 True")
        assert running.wait_exit() == 0
        output = b"".join(chunk.data for chunk in running.chunks)
    left = output[output.rindex(b"\x1b[?1049l") :]
    assert b"\x1b[?1049h" in output
    assert output.rindex(b"\x1b[?25h") > output.rindex(b"\x1b[?25l")
    for mode in (b"1000", b"1003", b"1006", b"1015", b"2004"):
        assert output.rfind(b"\x1b[?" + mode + b"l") > output.rfind(b"\x1b[?" + mode + b"h"), mode
    assert left.strip().endswith(b"rendu 0 True")
    assert "·" not in left.decode()
