"""The demonstration as a newcomer opens it: its server, its colleague, a conflict to settle, a line that is cut."""

import re
import signal
import sqlite3
from contextlib import closing

import pytest

pytestmark = [pytest.mark.pty, pytest.mark.xdist_group("demo")]

DEMO = ("demo", "--dossiers", "60")
LISTED = (r"\d{3}·\d{7}",)
QUITS_WITHIN = 3
STOFFEL = "681·0532086"
AGENT, COLLEAGUE = "ifaure", "mroux"


def sent(program, agent):
    """The kinds of changes that the server has from an agent."""
    sql = "SELECT json_extract(body, '$.command.kind') FROM journal WHERE agent = ? AND body LIKE '%\"status\"%'"
    with closing(sqlite3.connect(f"file:{program.store.path}/serveur.db?mode=ro", uri=True)) as database:
        return sorted(row[0] for row in database.execute(sql, (agent,)))


def outbox(program):
    with closing(sqlite3.connect(f"file:{program.store.path}/gca.db?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute("SELECT state FROM outbox ORDER BY n")]


def shows(terminal, text):
    """Wait for words, whatever spaces are between them."""
    terminal.wait_for(re.escape(text).replace(r"\ ", r"\s"), timeout=30)


def wait_until(terminal, condition, seconds=30):
    for _ in range(seconds * 10):
        if condition():
            return
        terminal.idle(0.1)
    raise AssertionError("cela n’arrive pas")


def write_note(running, text):
    running.press("o")
    shows(running, "Note interne")
    running.send(text.encode())
    shows(running, text)
    running.press("f2")
    shows(running, "Note enregistrée")


def leave(running):
    running.press("q")
    assert running.wait_exit(timeout=QUITS_WITHIN) == 0


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=str)
def test_a_newcomer_sees_a_conflict_and_a_claim_and_settles(shared, size):
    columns, rows = size
    with shared.opened(*DEMO, columns=columns, rows=rows, until=LISTED) as running:
        shows(running, "1 conflit")
        shows(running, "○ Mat")
        running.press("b")
        shows(running, "Boîte d’envoi")
        running.press("enter")
        shows(running, "le mien")
        running.press("m")
        running.press("f2")
        shows(running, "rien n’attend")
        running.press("escape")
        shows(running, "Ma corbeille")
        running.settle()
        leave(running)
    assert outbox(shared) == []
    letters = shared.dossier(STOFFEL)["notifications"]
    assert "plus élevé" in letters[0]["explication"]["raison"]


def test_what_is_done_offline_waits_and_leaves_at_the_next_start(shared):
    with shared.opened(*DEMO, "--hors-ligne") as running:
        shows(running, "hors ligne depuis")
        write_note(running, "Vu sans ligne")
        shows(running, "2 à envoyer")
        leave(running)
    assert len(outbox(shared)) == 2
    assert "add_note" not in sent(shared, AGENT)
    with shared.opened() as running:
        shows(running, "hors ligne depuis")
        leave(running)
    with shared.opened(*DEMO) as running:
        wait_until(running, lambda: outbox(shared) == ["conflict"])
        leave(running)
    assert sent(shared, AGENT) == ["add_note"]


def test_killed_with_its_server_it_opens_again_and_nothing_is_sent_twice(shared):
    with shared.opened(*DEMO) as running:
        shows(running, "1 conflit")
        write_note(running, "Vu avant la panne")
        running.kill(signal.SIGKILL)
        running.wait_exit()
    with shared.opened(*DEMO) as running:
        wait_until(running, lambda: outbox(shared) == ["conflict"])
        leave(running)
    assert sent(shared, AGENT).count("add_note") == 1


def test_two_screens_have_one_server_and_one_colleague(shared):
    with shared.opened(*DEMO) as first, shared.opened(*DEMO) as second:
        for running in (first, second):
            shows(running, "1 conflit")
        wait_until(second, lambda: "flag_urgence" in sent(shared, COLLEAGUE), seconds=60)
        leave(first)
        write_note(second, "Vu par le second")
        wait_until(second, lambda: outbox(shared) == ["conflict"], seconds=30)
        leave(second)
    assert sent(shared, COLLEAGUE) == ["add_note", "edit_explanation", "flag_urgence"]
    assert sent(shared, AGENT) == ["add_note"]
