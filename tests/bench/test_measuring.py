"""Goals and rows, the line, the extract: what needs no terminal."""

import csv
import json
import re
from pathlib import Path

import pytest

from bench import extract, report
from bench.goals import GOALS, row
from bench.line import Line
from bench.meter import first_burst, p50, p95
from bench.report import Row
from bench.screen import Screen
from bench.terminal import Chunk


def test_a_line_delivers_in_order_at_its_rate() -> None:
    _, down = Line(round_trip=200, kilobits=256).wires()
    assert down.accept(10.0, b"x" * 50_000) == pytest.approx(10.0 + 50_000 / 32_000 + 0.1)
    assert down.accept(10.0, b"y") == pytest.approx(10.0 + 50_001 / 32_000 + 0.1)
    assert down.deliver(11.6) == b""
    assert down.deliver(11.67) == b"x" * 50_000 + b"y"
    assert down.next_arrival is None


def test_keys_are_delayed_but_not_slowed() -> None:
    up, _ = Line(round_trip=80, kilobits=1).wires()
    assert up.accept(1.0, b"x" * 1000) == pytest.approx(1.04)


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(number) for number in range(1, 61)]
    assert p50(values) == 30
    assert p95(values) == 57
    assert p95([5.0]) == 5


def test_an_answer_ends_at_the_first_silence_after_the_press_was_felt() -> None:
    chunks = [Chunk(moment, moment, b"x") for moment in (0.0, 0.5, 0.55, 0.7)]
    assert [chunk.written for chunk in first_burst(chunks, felt=0.45)] == [0.0, 0.5, 0.55]
    assert first_burst(chunks, felt=0.8) == []


@pytest.mark.parametrize(("value", "verdict"), [(4, "ok"), (4.1, "au-dessus du but"), (8, "au-dessus du but")])
def test_a_value_under_the_ceiling_passes(value: float, verdict: str) -> None:
    measured = row("down_p50", value, "")
    assert (measured.verdict, measured.exceeded) == (verdict, False)


def test_a_value_over_the_ceiling_fails() -> None:
    measured = row("idle", 1, "")
    assert (measured.verdict, measured.exceeded) == ("DÉPASSE", True)


def test_no_goal_is_above_its_ceiling() -> None:
    assert [goal.name for goal in GOALS.values() if goal.goal > goal.ceiling] == []


def test_the_table_is_aligned_and_french() -> None:
    printed = report.table(
        [Row("mémoire", 44.25, "Mio", "ici", 45, 60), Row("octets", 43_210, "octets", "", 40_000, 60_000)]
    )
    heading, first, second = printed.splitlines()
    assert first.split("  ")[0] == "mémoire"
    assert "44,2" in first
    assert "43\u00a0210" in second
    assert heading.index("verdict") == first.index("ok") == second.index("au-dessus du but")


def test_what_is_kept_has_exactly_the_keys_a_program_reads(tmp_path: Path) -> None:
    report.write([row("start", 1.23456, "bonjour")], tmp_path / "last.json")
    kept = json.loads((tmp_path / "last.json").read_text(encoding="utf-8"))
    assert kept == [
        {
            "name": "de la commande à la liste",
            "value": 1.235,
            "unit": "rapport",
            "against": "bonjour",
            "goal": 1.4,
            "ceiling": 1.8,
        }
    ]


def test_the_extract_is_the_same_each_time_and_has_the_lines_asked_for(tmp_path: Path) -> None:
    extract.write(tmp_path / "one.csv", 500)
    extract.write(tmp_path / "two.csv", 500)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    with (tmp_path / "one.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    assert len(lines) == 500
    assert any(line["indu_reference"] for line in lines)
    assert len({line["matricule"] for line in lines}) < 500
    assert all(re.fullmatch(r"06 39 98 \d\d \d\d", line["telephone"]) for line in lines)


@pytest.mark.parametrize("cut", range(1, 60))
def test_a_sequence_cut_anywhere_draws_and_answers_the_same(cut: int) -> None:
    written = "\x1b[>1u\x1b]0;titre\x07\x1b[38:2::1:2:3mé\x1b[?2026$p\x1b[6n\x1bPq\x1b\\œ€\x1b[<u\x1b[?25h".encode()
    screen = Screen(20, 2)
    answers = screen.feed(written[:cut]) + screen.feed(written[cut:])
    assert screen.text.rstrip() == "éœ€"
    assert answers == b"\x1b[?2026;2$y\x1b[1;2R"


def test_cursor_keys_follow_the_mode_the_program_chose() -> None:
    screen = Screen(20, 2)
    assert screen.key("down") == b"\x1b[B"
    screen.feed(b"\x1b[?1h")
    assert screen.key("down") == b"\x1bOB"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("f2", b"\x1bOQ"),
        ("f5", b"\x1b[15~"),
        ("f10", b"\x1b[21~"),
        ("f12", b"\x1b[24~"),
        ("ctrl+q", b"\x11"),
        ("é", "é".encode()),
    ],
)
def test_keys_send_what_an_xterm_sends(name: str, sent: bytes) -> None:
    assert Screen(20, 2).key(name) == sent
