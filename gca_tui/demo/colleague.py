"""The colleague of the demonstration: a simulated agent who works on the same server, over the true protocol.

What he does is data, SCENES: each is played once in the life of a demonstration, whatever stops the program meanwhile.
He asks for a dossier before he touches it and leaves alone what the agent has, so that nothing is taken from anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Connection, delete, insert, select

from gca_tui import clock
from gca_tui.demo.disagreement import KEY
from gca_tui.demo.scribe import COLLEAGUE
from gca_tui.domain.command import Command
from gca_tui.domain.commands import AddNote, FlagUrgence
from gca_tui.domain.french import typeset
from gca_tui.ids import new_id
from gca_tui.server.base import Base
from gca_tui.server.tables import META
from gca_tui.store.claimed import claims
from gca_tui.store.schema import open_reader
from gca_tui.store.views import CORBEILLE
from gca_tui.store.window import Selection, Window
from gca_tui.sync.line import Line
from gca_tui.wire import Claim, Enrol, Granted, Key, Operation, Push, Renew, Result, key_text

POSTE = "poste simulé de la démonstration"
NOTEBOOK = "demonstration"
"""The fact of the server's base in which he notes where he is."""
_SEEN = 40
"""Lines of the agent's list among which he looks for a dossier."""
Wait = Callable[[float], bool]
"""Waits so many seconds; true when he is to stop."""


@dataclass(frozen=True)
class Scene:
    """What he does to one dossier, so many seconds after the scene before.

    `first`: the line of the agent's list from which he looks for one; the lines above are those being read.
    Without a `kind` he takes it and keeps it.
    """

    name: str
    after: float
    first: int
    kind: type[Command] | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


SCENES = (
    Scene("prend", 5, 3),
    Scene("note", 7, 5, AddNote, {"texte": "Vu à l’accueil ce matin : apporte demain la pièce qui manque."}),
    Scene("urgence", 8, 8, FlagUrgence, {"motif": "A appelé la plateforme : plus de ressources depuis quinze jours."}),
)
"""All of it within the first minute."""


class Notes(BaseModel):
    """His access to the server, how many requests he sent, and which scenes he began: each has the id of its change."""

    install: str = ""
    token: str = Field(default="", repr=False)
    n: int = 0
    begun: dict[str, str] = {}
    done: tuple[str, ...] = ()


class Colleague:
    """Plays the scenes, from one thread; `close` may be called from another.

    `line` makes a line to the server, `store` is the agent's, in which he sees what is near the top of the list.
    """

    def __init__(self, base: Base, line: Callable[[], Line], store: Path, wait: Wait) -> None:
        self._base = base
        self._store = store
        self._wait = wait
        self._line = line()
        self._notes = base.reading(_read)
        self._line.identify(self._notes.install, self._notes.token)

    @property
    def is_enrolled(self) -> bool:
        """Whether the server knows him."""
        return bool(self._notes.token)

    def has_played(self, name: str) -> bool:
        """Whether that is done."""
        return name in self._notes.done

    def enrol(self, code: str) -> None:
        """Become an agent of the server. Raises SyncError."""
        known = self._line.enrol(Enrol(code=code, poste=POSTE))
        self._note(install=known.install, token=known.token)
        self._line.identify(known.install, known.token)

    def play(self, scenes: Sequence[Scene] = SCENES) -> None:
        """Play what was not played yet, and return when all is done or he is to stop. Raises SyncError, StoreError."""
        for scene in scenes:
            if self.has_played(scene.name):
                continue
            if self._wait(scene.after):
                return
            self._play(scene)

    def say(self, name: str, command: Command) -> Result | None:
        """Send a change, once. None when it was sent before. Raises SyncError."""
        if self.has_played(name):
            return None
        known = self._notes.begun.get(name, command.id)
        self._note(begun={**self._notes.begun, name: known}, n=self._notes.n + 1)
        operation = Operation(command=command.model_copy(update={"id": known}).model_dump(mode="json"), tx=known)
        pushed = self._line.push(Push(seen={}, n=self._notes.n, nonce=new_id(), ops=(operation,)))
        self._note(done=(*self._notes.done, name))
        return pushed.results[0] if pushed.results else None

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _play(self, scene: Scene) -> None:
        taken = self._take(scene)
        if taken is None:
            return
        if scene.kind is None:
            self._note(done=(*self._notes.done, scene.name))
            return
        said = {name: typeset(text) for name, text in scene.fields.items()}
        key = {"caisse": taken.caisse, "matricule": taken.matricule}
        self.say(scene.name, scene.kind(id=new_id(), **key, author=COLLEAGUE, at=clock.now(), **said))
        self._line.renew(Renew(tokens={key_text(taken.caisse, taken.matricule): taken.token}, release=True))

    def _take(self, scene: Scene) -> Granted | None:
        """The first dossier from that line on that nobody has; None when each is somebody's."""
        for key in self._free(scene.first):
            if granted := self._line.claim(Claim(ids=(key,))).granted:
                return granted[0]
        return None

    def _free(self, first: int) -> list[Key]:
        """What stands near the top of the agent's list and is neither theirs nor being typed on."""
        with closing(Window(open_reader(self._store), "")) as window:
            rows = window.head(Selection(CORBEILLE), clock.today(), _SEEN)[first - 1 :]
            held = claims(window.connection, clock.now())
            return [
                Key(*row.key)
                for row in rows
                if row.key not in held and row.key != KEY and row.classe and not window.drafts(row.key)
            ]

    def _note(self, **changed: Any) -> None:
        self._notes = self._notes.model_copy(update=changed)
        written = self._notes.model_dump_json()
        self._base.writing(lambda c: _write(c, written))


def _read(connection: Connection) -> Notes:
    found = connection.execute(select(META.c.value).where(META.c.name == NOTEBOOK)).scalar()
    return Notes.model_validate_json(found) if found else Notes()


def _write(connection: Connection, written: str) -> None:
    connection.execute(delete(META).where(META.c.name == NOTEBOOK))
    connection.execute(insert(META).values(name=NOTEBOOK, value=written))
