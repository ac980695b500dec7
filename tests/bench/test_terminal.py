"""The meter against a program whose delays and sizes are known."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.line import Line
from bench.meter import Answer, MeasureError, answer_to, hold, p50, press, resize
from bench.site import GREETING, HELLO
from bench.terminal import NotShown, Terminal

pytestmark = pytest.mark.pty

RESPONDER = [sys.executable, str(Path(__file__).with_name("responder.py"))]
BUSY = 25.0  # milliseconds a busy machine may add to the best of several attempts


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with Terminal.spawn(RESPONDER, 80, 24) as running:
        running.wait_for("prêt")
        running.settle()
        yield running


def best(terminal: Terminal, key: str) -> Answer:
    """The quickest complete one of several: a machine can only add to the delay."""
    return min((press(terminal, key) for _ in range(5)), key=lambda answer: (-answer.size, answer.latency))


def test_an_answer_at_once_costs_next_to_nothing(terminal: Terminal) -> None:
    answer = best(terminal, "1")
    assert answer.size == 1
    assert 0 < answer.latency < BUSY


def test_a_known_delay_is_found(terminal: Terminal) -> None:
    answer = best(terminal, "5")
    assert answer.size == 1
    assert 50 <= answer.latency < 50 + BUSY


def test_an_answer_in_two_parts_ends_with_the_second(terminal: Terminal) -> None:
    answer = best(terminal, "2")
    assert answer.size == 20
    assert 30 <= answer.latency < 30 + BUSY


def test_what_follows_a_silence_is_no_part_of_the_answer(terminal: Terminal) -> None:
    assert press(terminal, "3").size == len("now")
    terminal.wait_for("nowlater")
    assert terminal.received == len("nowlater")


def test_a_key_without_answer_is_not_a_quick_one(terminal: Terminal) -> None:
    with pytest.raises(MeasureError, match="la touche z"):
        answer_to(terminal, lambda: terminal.press("z"), "la touche z")


def test_a_round_trip_is_added_once() -> None:
    with Terminal.spawn(RESPONDER, 80, 24, line=Line(round_trip=80)) as far:
        far.wait_for("prêt")
        far.settle()
        assert 80 <= best(far, "1").latency < 80 + BUSY
        assert 130 <= best(far, "5").latency < 130 + BUSY


def test_a_slow_line_delays_many_bytes() -> None:
    with Terminal.spawn(RESPONDER, 80, 24, line=Line(kilobits=1000)) as slow:
        slow.wait_for("prêt")
        slow.settle()
        answer = press(slow, "k")
        assert answer.size == 50_000
        assert 400 <= answer.latency < 400 + 4 * BUSY


def test_a_held_key_repeats_and_the_lag_is_that_of_the_last(terminal: Terminal) -> None:
    answer = hold(terminal, "1", 10)
    assert answer.size == 10
    assert answer.latency < 4 * BUSY


def test_queries_are_answered_like_a_recent_terminal_does(terminal: Terminal) -> None:
    terminal.press("?")
    shown = terminal.wait_for(r"E\[.*E\\")[0]
    assert shown == r"E[?62;22cE[2;3RE[?2026;2$yE[?2048;0$yE[?0uE]11;rgb:0000/0000/0000E\ ".rstrip()


def test_the_window_changes_size(terminal: Terminal) -> None:
    answer = resize(terminal, 100, 30)
    terminal.wait_for("^100 x 30$")
    assert answer.size == len("\x1b[2J\x1b[H100 x 30")


def test_a_paste_arrives_in_one_piece(terminal: Terminal) -> None:
    terminal.send(b"p" + "é".encode() * 100)
    terminal.wait_for("^pasted 200$")


def test_the_last_words_and_the_exit_code_are_kept(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.wait_exit() == 7
    assert "bye" in terminal.text


def test_a_program_can_be_killed(terminal: Terminal) -> None:
    terminal.kill()
    assert terminal.wait_exit() == -signal.SIGKILL


def test_closing_hangs_up() -> None:
    with Terminal.spawn(RESPONDER) as running:
        running.wait_for("prêt")
        assert 1 < running.rss() < 100
    assert running.process.exit_code == -signal.SIGHUP


def test_a_text_that_does_not_come_is_reported_with_the_screen(terminal: Terminal) -> None:
    with pytest.raises(NotShown, match=r"(?s)« jamais ».*prêt"):
        terminal.wait_for("jamais", timeout=0.2)


def test_an_ended_program_is_not_waited_for(terminal: Terminal) -> None:
    terminal.press("q")
    with pytest.raises(NotShown):
        terminal.wait_for("jamais", timeout=60)


def test_a_text_that_goes_is_noticed(terminal: Terminal) -> None:
    terminal.press("q")
    terminal.wait_gone("prêt")


def test_an_unknown_command_is_said_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        Terminal.spawn(["no-such-command-anywhere"])


def test_hello_world_is_measured() -> None:
    with Terminal.spawn(HELLO) as hello:
        hello.wait_for(GREETING)
        started = 1000 * (hello.last_arrival - hello.started)
        hello.settle()
        hello.mark()
        hello.idle(0.3)
        assert started > 50
        assert hello.received == 0
        assert resize(hello, 100, 30).size > 1000
        assert p50([hello.rss()]) > 20
