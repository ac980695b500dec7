"""Two agents, two stores, one real server on a port: what one does is on the other's screen."""

import re
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from conftest import GCA, NOW, Program

from bench.terminal import environment
from gca_tui import clock

pytestmark = [pytest.mark.pty, pytest.mark.xdist_group("desks")]

EXTRACT = "fixtures/extraits/mulhouse-2026-11-19.csv"
DOSSIER = "0123456"
SCOPE = "681/ARIEGE-2026"
SEEN = (r"Ma corbeille\s+\d",)


class Server:
    """`gca serveur lancer`; started again it has the same port."""

    def __init__(self, folder):
        self.env = environment({"GCA_BASE": str(folder / "serveur.db"), clock.FROZEN: NOW})
        self.port = "0"
        self.url = ""
        self.process = None

    def run(self, *arguments):
        done = subprocess.run(
            [GCA, "serveur", *arguments], env=self.env, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout

    def start(self):
        self.process = subprocess.Popen(
            [GCA, "serveur", "lancer", "--port", self.port],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.url = re.search(r"http://\S+", self.process.stdout.readline())[0]
        self.port = self.url.rsplit(":", 1)[1]

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=20)
            self.process.stdout.close()
            self.process = None


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path)
    made.run("importer", str(Path(EXTRACT).resolve()))
    try:
        made.start()
        yield made
    finally:
        made.stop()


def desk(server, folder, name, nom, caisse):
    """A store tied to the server by a code, with its dossiers."""
    told = server.run("agent", "ajouter", name, "--caisse", caisse, "--corbeille", SCOPE, "--nom", nom)
    program = Program(folder)
    program.run("connexion", server.url, "--code", re.search(r"(?:\w{4}-){4}\w{4}", told)[0])
    program.run("synchroniser")
    return program


@pytest.fixture
def desks(server, tmp_path):
    return desk(server, tmp_path / "a", "ifaure", "Inès Faure", "681"), desk(
        server, tmp_path / "b", "pmartin", "Paul Martin", "681"
    )


def outbox(program):
    with closing(sqlite3.connect(f"file:{program.store.path}/gca.db?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute("SELECT state FROM outbox ORDER BY n")]


def find(running, key="/"):
    running.press(key)
    running.send(DOSSIER.encode())
    running.wait_for(r"1\sdossier")
    running.press("enter")
    running.settle(0.3)


def address(running, text):
    """Correct the address of the family."""
    running.press("i")
    running.wait_for("Corriger les coordonnées")
    running.press("c")
    running.wait_for("Coordonnées de la famille")
    running.press("tab")
    running.press("end")
    running.send(text.encode())
    running.wait_for(text)
    running.press("f2")
    running.wait_for("Coordonnées corrigées")


def test_a_claim_and_a_note_are_seen_at_the_other_desk(desks):
    ines, paul = desks
    with ines.opened(until=SEEN) as one, paul.opened(until=SEEN) as other:
        for running in (one, other):
            running.wait_for("à jour", timeout=30)
            find(running, "F")
        one.press("p")
        one.wait_for("Dossier pris")
        other.wait_for("Inès", timeout=10)
        other.press("p")
        other.wait_for("Inès Faure a ce dossier jusqu’à", timeout=10)


def test_a_conflict_made_while_the_line_was_cut_is_settled_and_both_see_it(server, desks):
    ines, paul = desks
    with paul.opened(until=SEEN) as other:
        other.wait_for("à jour", timeout=30)
        find(other)
        with ines.opened(until=SEEN) as one:
            one.wait_for("à jour", timeout=30)
            find(one)
            server.stop()
            one.wait_for("hors ligne depuis", timeout=30)
            address(one, " bis")
            address(other, " ter")
        # Left before the line is back: an engine that tries again by itself could be the first of the two.
        server.start()
        other.press("s")
        other.wait_for("à jour", timeout=30)
        assert outbox(paul) == []
        with ines.opened(until=SEEN) as one:
            one.wait_for(r"1\sconflit", timeout=30)
            one.press("b")
            one.wait_for("Boîte d’envoi")
            one.press("enter")
            one.wait_for("le mien")
            one.press("m")
            one.wait_for("F2 l’envoie")
            one.press("f2")
            one.wait_for("rien n’attend", timeout=20)
            other.wait_for("Colmar bis", timeout=20)
    assert outbox(ines) == outbox(paul) == []
