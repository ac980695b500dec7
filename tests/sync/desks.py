"""A desk tied to a real server in this process, and a line to it that a test may look at or cut."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from gca_tui import clock
from gca_tui.domain.commands import AddNote
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.server.enrolling import new_code
from gca_tui.store.driver import connect
from gca_tui.store.location import DATABASE
from gca_tui.store.waiting import SyncState, sync_state
from gca_tui.store.writer import Writer
from gca_tui.sync.exchange import Exchange
from gca_tui.sync.line import Line
from gca_tui.sync.tying import tie_to
from tests.sync.server import Server

URL = "http://127.0.0.1:1"
Key = tuple[str, str]


@dataclass
class Tap(httpx.BaseTransport):
    """A line to a server. `asked` are the paths; `before` and `after` may raise. Closing it leaves the server."""

    inner: httpx.BaseTransport
    asked: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda path: None
    after: Callable[[str, httpx.Response], httpx.Response] = lambda path, answer: answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v1")
        self.asked.append(path)
        self.before(path)
        return self.after(path, self.inner.handle_request(request))

    def cut(self) -> None:
        def fail(path: str) -> None:
            raise httpx.ConnectError("cut")

        self.before = fail

    def mend(self) -> None:
        self.before = lambda path: None


def unmotivated(path: str, answer: httpx.Response) -> httpx.Response:
    """The answer of a server that takes dossiers away without saying why; for `Tap.after`."""
    if path != "/sync/pull" or answer.status_code != 200:
        return answer
    body = json.loads(answer.read())
    for page in body["scopes"].values():
        for event in page.get("events", ()):
            event["motif"] = ""
    return httpx.Response(200, json=body)


def code_for(server: Server, agent: Author) -> str:
    """A one-time code of an agent."""
    with server.base.write() as connection:
        return new_code(connection, agent.identifiant, server.now())


@dataclass
class Desk:
    """An agent's store, its writer and its exchanges."""

    server: Server
    author: Author
    writer: Writer
    tap: Tap
    line: Line
    exchange: Exchange

    def note(self, key: Key, text: str) -> str:
        """Write a note; its id."""
        given = AddNote(id=new_id(), caisse=key[0], matricule=key[1], author=self.author, at=clock.now(), texte=text)
        self.writer.record([given]).result()
        return given.id

    def state(self) -> SyncState:
        """What waits."""
        with closing(connect(self.writer.path, readonly=True)) as connection:
            return sync_state(connection)

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """What the file says."""
        with closing(connect(self.writer.path, readonly=True)) as connection:
            return connection.execute(sql, values).fetchall()

    def dossiers(self) -> dict[Key, Dossier]:
        """All that is seen here."""
        sql = (
            "SELECT caisse, matricule, document FROM dossier d JOIN document t ON t.dossier_id = d.id"
            " WHERE until > coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'generation'), 0)"
        )
        return {(row[0], row[1]): Dossier.from_json(row[2]) for row in self.rows(sql)}

    def notes(self, key: Key) -> list[str]:
        """The texts of the notes of a dossier."""
        return [note.texte for note in self.dossiers()[key].notes]


@contextmanager
def desk(server: Server, author: Author, folder: Path) -> Iterator[Desk]:
    """A new store, tied by a code, its dossiers not read yet."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    writer = Writer(folder / DATABASE)
    tap = Tap(server.transport)
    try:
        with closing(Line(URL, transport=Tap(server.transport))) as unknown:
            tie = tie_to(writer, unknown, code_for(server, author), poste="essai")
        line = Line(URL, token=tie.token, install=tie.install, transport=tap)
        with closing(line):
            yield Desk(server, author, writer, tap, line, Exchange(writer, line))
    finally:
        writer.close()
