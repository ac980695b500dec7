"""`gca serveur lancer` as a process of its own: a real port, a long poll, other commands beside it, a real SIGTERM."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.store.given import extract, person

ROOT = Path(__file__).parents[2]
GCA = [sys.executable, "-m", "gca_tui"]
LONG = 60.0
"""Seconds after which a test gives up: none waits so long."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "donnees"


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A server of which the port is free."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GCA_")}
    command = [*GCA, "--donnees", str(folder), "serveur", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=environment, cwd=ROOT, text=True, **pipes)


def did(folder: Path, *arguments: str) -> Any:
    """The JSON of a command that runs beside the server, in its own process."""
    with started(folder, *arguments, "--json") as process:
        out, err = process.communicate(timeout=LONG)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1])


@pytest.fixture
def server(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A server that listens, on a free port."""
    with started(folder, "lancer", "--port", "0", "--json") as process:
        yield process
        process.kill()
        process.communicate(timeout=LONG)


@pytest.fixture
def url(server) -> str:
    """Where it listens, as it says itself."""
    return json.loads(server.stdout.readline())["url"]


@pytest.fixture
def desk(folder: Path, url: str) -> Iterator[httpx.Client]:
    """A machine of martin, who works in 681."""
    code = did(folder, "agent", "ajouter", "martin", "--caisse", "681", "--corbeille", "681")["code"]
    with httpx.Client(base_url=f"{url}/v1", timeout=LONG, headers={"Gca-Schema": "1"}, trust_env=False) as client:
        enrolled = client.post("/connexion", json={"code": code, "poste": "essai"}).json()
        client.headers["Authorization"] = f"Bearer {enrolled['token']}"
        yield client


def position(desk: httpx.Client) -> dict[str, Any]:
    """What to ask to be told of what moves in a corbeille where nothing did yet."""
    return {"scopes": {"681": {}}, "rights": desk.get("/hello").json()["rights"]}


class Poll(threading.Thread):
    """A long poll; `sent` once its request is on its way."""

    def __init__(self, desk: httpx.Client) -> None:
        super().__init__()
        self._desk, self._asked = desk, position(desk)
        self.sent = threading.Event()
        self.answer: httpx.Response | None = None

    def run(self) -> None:
        def trace(name: str, info: dict[str, Any]) -> None:
            if name == "http11.receive_response_headers.started":
                self.sent.set()

        self.answer = self._desk.post(
            "/sync/pull", json=self._asked, headers={"Prefer": "wait=25"}, extensions={"trace": trace}
        )

    def ended(self) -> httpx.Response:
        self.join(LONG)
        assert self.answer is not None
        return self.answer


def polling(desk: httpx.Client) -> Poll:
    poll = Poll(desk)
    poll.start()
    assert poll.sent.wait(LONG)
    return poll


def stopped(server: subprocess.Popen[str], how: signal.Signals = signal.SIGTERM) -> tuple[str, str]:
    """What it still said, once it was told to stop; it ends without an error."""
    server.send_signal(how)
    out, err = server.communicate(timeout=LONG)
    assert (server.returncode, out) == (0, ""), err
    return out, err


def test_alone_it_gives_a_working_store(server, url, folder):
    assert url.startswith("http://127.0.0.1:")
    assert httpx.get(f"{url}/sante", trust_env=False).status_code == 200
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "serveur.db").stat().st_mode & 0o777 == 0o600
    _, err = stopped(server)
    assert [json.loads(line)["route"] for line in err.splitlines()] == ["/sante"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_answers_those_who_wait(server, desk, how):
    poll = polling(desk)
    stopped(server, how)
    assert poll.ended().status_code == 204


def test_an_import_beside_it_is_told_to_those_who_wait(server, desk, folder, tmp_path):
    poll = polling(desk)
    did(folder, "importer", str(extract(tmp_path / "e.csv", [person(1), person(2)])))
    events = poll.ended().json()["scopes"]["681"]["events"]
    assert [one["matricule"] for one in events] == ["0000001", "0000002"]
    assert did(folder, "sauvegarder", str(tmp_path / "s.gz"))["dossiers"] == 2
    assert did(folder, "verifier")["fautes"] == []
    stopped(server)


def test_a_machine_that_is_shut_out_is_told(server, desk, folder):
    poll = polling(desk)
    poste = did(folder, "poste", "liste")[0]["poste"]
    did(folder, "poste", "revoquer", poste)
    assert poll.ended().status_code in (200, 401, 403)
    assert desk.post("/sync/pull", json={"scopes": {"681": {}}}).json()["scopes"]["681"]["error"] == "scope"
    stopped(server)


def test_for_people_it_says_one_line(folder):
    with started(folder, "lancer", "--port", "0") as process:
        assert process.stdout.readline().startswith("Serveur gca\xa0: http://127.0.0.1:")
        stopped(process)


def test_what_it_cannot_do_is_said(folder, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = ("lancer", "--port", str(taken.getsockname()[1]))
        assert "ne peut pas être prise" in refused(folder, *busy)
    assert "ne peut pas être prise" in refused(folder, "lancer", "--hote", "203.0.113.1", "--port", "0")
    pem = tmp_path / "c.pem"
    pem.write_text("rien")
    assert "vont ensemble" in refused(folder, "lancer", "--certificat", str(pem))
    assert "ne se lisent pas" in refused(folder, "lancer", "--port", "0", "--certificat", str(pem), "--cle", str(pem))


def refused(folder: Path, *arguments: str) -> str:
    with started(folder, *arguments) as process:
        out, err = process.communicate(timeout=LONG)
    assert (process.returncode, out) == (2, "")
    assert "Traceback" not in err
    return err
