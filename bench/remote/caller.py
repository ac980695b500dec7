"""Requests as the program sends them, and the process that sends many of them at once."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.meter import MeasureError
from bench.remote.bases import token
from bench.terminal import environment
from gca_tui import clock
from gca_tui.domain.commands import AddNote
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.wire import INSTALL_HEADER, PREFIX, SCHEMA, SCHEMA_HEADER, WAIT, Mark, Operation, Position, Pull, Push

TEXT = "Appelé à 10 h 30, attend le justificatif de loyer, rappellera demain."


@dataclass(frozen=True, slots=True)
class Timed:
    """So many answers in so many seconds, and the milliseconds of each."""

    count: int
    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.count / self.seconds


def get(path: str) -> bytes:
    """A request of whoever watches the server."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nUser-Agent: gca\r\n\r\n".encode()


def post(agent: str, path: str, body: str, extra: str = "") -> bytes:
    """A request of an agent's installation, with all the headers that the program sends."""
    written = body.encode()
    lines = (
        f"POST {PREFIX}{path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Accept: */*",
        "Accept-Encoding: gzip",
        "Connection: keep-alive",
        "User-Agent: gca",
        f"{SCHEMA_HEADER}: {SCHEMA}",
        f"Authorization: Bearer {token(agent)}",
        f"{INSTALL_HEADER}: {agent}",
        *((extra,) if extra else ()),
        "Content-Type: application/json",
        f"Content-Length: {len(written)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + written


def pull(agent: str, positions: Mapping[str, Mark], rights: str, wait: int = 0, limit: int = 200) -> bytes:
    """What moved since these marks? `wait` in seconds."""
    scopes = {scope: Position(cur=mark, seen=mark) for scope, mark in positions.items()}
    body = Pull(scopes=scopes, rights=rights, limit=limit).model_dump_json()
    return post(agent, "/sync/pull", body, f"Prefer: wait={min(wait, WAIT)}" if wait else "")


def several_notes(agent: str, n: int, keys: Sequence[tuple[str, str]], seen: Mapping[str, Mark]) -> Push:
    """A note on each of these dossiers, as the n-th sending of an installation."""
    author, at = Author(identifiant=agent), clock.now()
    notes = [
        AddNote(id=new_id(), caisse=caisse, matricule=matricule, author=author, at=at, texte=TEXT)
        for caisse, matricule in keys
    ]
    operations = tuple(Operation(command=note.model_dump(mode="json"), tx=note.id) for note in notes)
    return Push(seen=dict(seen), n=n, nonce=notes[0].id, ops=operations)


def note_push(agent: str, n: int, key: tuple[str, str], seen: Mapping[str, Mark]) -> Push:
    """One note."""
    return several_notes(agent, n, [key], seen)


def pushed(agent: str, push: Push) -> bytes:
    """The request of a push."""
    return post(agent, "/sync/push", push.model_dump_json())


class Caller:
    """The process that calls."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def order(self, do: str, **what: Any) -> dict[str, Any]:
        """Have something done; what it says. MeasureError when a server answered with an error."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        told: dict[str, Any] = json.loads(line) if line else {"error": "le programme qui appelle s’est arrêté"}
        if "error" in told:
            raise MeasureError(f"un appel a échoué\u00a0: {told['error']}")
        return told

    def run(self, port: int, clients: Sequence[Sequence[bytes]], seconds: float = 0.0) -> Timed:
        """Each client sends its requests, for so many seconds; once each without."""
        ready = [[b64encode(request).decode() for request in requests] for requests in clients]
        told = self.order("run", port=port, clients=ready, seconds=seconds)
        return Timed(told["count"], told["seconds"], [1000 * one for one in told["latencies"]])


@contextmanager
def calling() -> Iterator[Caller]:
    """The process, ended afterwards."""
    command = [sys.executable, "-m", "bench.remote.load"]
    process = subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Caller(process)
    finally:
        process.kill()
        process.communicate()
