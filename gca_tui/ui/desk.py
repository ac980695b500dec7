"""What screens know of the store: windows to read, one thread that writes, who works and what day it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gca_tui import clock
from gca_tui.store import waiting
from gca_tui.store.schema import open_reader
from gca_tui.store.window import Window
from gca_tui.ui.syncing import Syncing
from gca_tui.ui.unwritten import Typed, Unwritten

if TYPE_CHECKING:
    from gca_tui.domain.command import Command, Context
    from gca_tui.domain.dossier import Dossier, DossierKey
    from gca_tui.domain.values import Author
    from gca_tui.store.drafts import Begun, Place
    from gca_tui.store.writer import Writer
    from gca_tui.sync.claims import Claiming
    from gca_tui.ui.syncing import MakeLine

Result = TypeVar("Result")
Key = tuple[str, str]


@dataclass(frozen=True)
class Person:
    """Who works here, read without the domain so that the first paint does not wait for it."""

    identifiant: str = ""
    nom: str = ""
    qualite: str = ""
    caisse: str = ""

    def author(self) -> Author:
        """The author every command carries."""
        from gca_tui.domain.values import Author

        return Author(identifiant=self.identifiant, nom=self.nom, qualite=self.qualite, caisse=self.caisse)


class Desk:
    """The store, as screens use it. Reads are cheap and made where they are needed; writes give a future."""

    def __init__(self, path: Path, make_line: MakeLine | None = None) -> None:
        self.path = path
        connection = open_reader(path)
        self.window = Window(connection, "")
        self.person = self._read_person()
        self.window.me = self.person.identifiant
        self.calendars = self.window.calendars()
        self.is_demo = self.window.meta("demo") is not None
        self._hand = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gca-hand")
        self._writer: Writer | None = None
        self._unwritten = Unwritten()
        self.syncing = Syncing(self._ready, make_line)
        self.on_failure: Callable[[BaseException], None] = lambda _: None
        """Told, in a thread that writes, when a write that nobody waits for has failed."""

    def reread(self) -> None:
        """Another program filled the store, or tied it to a server, which knows who works here."""
        self.is_demo = self.window.meta("demo") is not None
        if self.is_tied and (person := self._read_person()).identifiant:
            self.person = person
            self.window.me = person.identifiant

    @property
    def today(self) -> date:
        """The agents' day."""
        return clock.today()

    def background_window(self) -> Window:
        """A window for another thread."""
        return Window(open_reader(self.path), self.person.identifiant)

    def warm_up(self) -> Future[None]:
        """Load what writes: the domain, the tables, the engine. Called once the first screen is there."""
        return self._hand.submit(self._load)

    @property
    def is_tied(self) -> bool:
        """Whether this store exchanges with a server."""
        return waiting.is_tied(self.window.connection)

    def sync_state(self) -> waiting.SyncState:
        """How the exchange with the server is going."""
        return waiting.sync_state(self.window.connection)

    def begin_sync(self) -> None:
        """Exchange with the server from now on, in the background."""
        future = self._hand.submit(self.syncing.start)
        self._watch(future, "L’échange avec le serveur ne démarre pas", "Tout ce que vous faites est gardé ici.")

    def claiming(self) -> Claiming | None:
        """What takes and gives back dossiers on the server; None while it is not spoken to."""
        return self.syncing.claiming

    def change(self, work: Callable[[Any, Context], Result], *, draft: Place | None = None) -> Future[Result]:
        """Have something else than commands written in one transaction, whose connection `work` is given.

        The draft it comes from goes with it.
        """
        future = self._submit(lambda writer: writer.change(work, draft=draft))
        if draft:
            self._unwritten.save(draft, future)
        return future

    def record(self, commands: list[Command], *, draft: Place | None = None) -> Future[list[Dossier]]:
        """Apply commands as one; the draft they come from goes with them."""
        future = self._submit(lambda writer: writer.record(commands, draft=draft))
        if draft:
            self._unwritten.save(draft, future)
        return future

    def undo(self) -> Future[list[Command]]:
        """Take the last change back."""
        return self._submit(lambda writer: writer.undo())

    def put_draft(self, place: Place, fields: Mapping[str, str], begun: Begun) -> Future[None]:
        """Keep what is being typed."""
        typed = Typed(dict(fields), clock.now())
        future = self._submit(lambda writer: writer.put_draft(place, typed.fields, begun))
        self._unwritten.keep(place, typed, future)
        self._watch(future, "Le brouillon n’est pas écrit", "Il reste dans ce programme tant qu’il est ouvert.")
        return future

    def save_view(self, name: str, filter_text: str, sort: str, base: str) -> Future[None]:
        """Keep a view."""
        return self._submit(lambda writer: writer.save_view(name, filter_text, sort, base))

    def drop_view(self, name: str) -> Future[None]:
        """Forget a view."""
        return self._submit(lambda writer: writer.drop_view(name))

    def set_person(self, person: Person) -> Future[None]:
        """Say who works here."""
        self.person = person
        self.window.me = person.identifiant
        future = self._submit(lambda writer: writer.set_author(person.author()))
        self._watch(future, "Votre nom n’est pas écrit", "Il vaut tant que ce programme est ouvert.")
        return future

    def context(self) -> Context:
        """What the rules know now."""
        from gca_tui import reference
        from gca_tui.presentation.dossier_text import Shown
        from gca_tui.store.rules import read_settings

        return Shown(self.today, self.calendars, read_settings(self.window), reference.lexicon(), self.refused)

    def dossier(self, key: Key) -> Dossier | None:
        """A dossier, whole."""
        from gca_tui.domain.dossier import Dossier

        document = self.window.document(*key)
        return Dossier.from_json(document) if document else None

    def refused(self, key: DossierKey) -> list[tuple[Command, str]]:
        """What was given on a dossier and then refused: its ground was taken away, or the server said no.

        What this program does not know, the boîte d’envoi alone shows.
        """
        from pydantic import ValidationError

        from gca_tui.domain.commands import ANY_COMMAND

        found: list[tuple[Command, str]] = []
        for command, reason in self.window.refused((key.caisse, key.matricule)):
            with suppress(ValidationError):
                found.append((ANY_COMMAND.validate_json(command), reason))
        return found

    def stamp(self, key: Key) -> dict[str, Any]:
        """What every command says: its id, its dossier, its author, its moment."""
        from gca_tui.ids import new_id

        return {
            "id": new_id(),
            "caisse": key[0],
            "matricule": key[1],
            "author": self.person.author(),
            "at": clock.now(),
        }

    def has_drafts(self, key: Key) -> bool:
        """Whether something typed on a dossier is a draft, written already or not."""
        return bool(self.window.drafts(key)) or self._unwritten.is_kept_for(*key)

    def draft(self, place: Place) -> tuple[dict[str, str], str] | None:
        """What was typed in a form before, and when, as an agent reads it."""
        from datetime import datetime

        if self._unwritten.is_saving(place):
            return None
        if typed := self._unwritten.get(place):
            fields, at = dict(typed.fields), typed.at
        elif found := self.window.draft((place.caisse, place.matricule), place.kind, place.target):
            fields, at = json.loads(found[0]), datetime.fromisoformat(found[1])
        else:
            return None
        return (fields, f"{clock.local(at):%d/%m/%Y à %H h %M}") if any(map(str.strip, fields.values())) else None

    def close(self) -> None:
        """Finish writing, then leave; what was not sent stays in the store."""
        self.syncing.close()
        writer = self._writer
        if writer is not None:
            self._hand.submit(writer.close).result()
        self._hand.shutdown()
        self.window.close()

    def _submit(self, work: Callable[[Writer], Future[Result]]) -> Future[Result]:
        return self._hand.submit(lambda: work(self._ready()).result())

    def _watch(self, future: Future[Any], happened: str, kept: str) -> None:
        """Have a failure of this write told."""

        def ended(done: Future[Any]) -> None:
            if error := done.exception():
                from gca_tui.errors import StoreError

                self.on_failure(StoreError(f"{happened} ({type(error).__name__}).", kept, "Réessayez."))

        future.add_done_callback(ended)

    def _load(self) -> None:
        self._ready()

    def _ready(self) -> Writer:
        if self._writer is None:
            from gca_tui.store.writer import Writer

            self._writer = Writer(self.path)
        return self._writer

    def _read_person(self) -> Person:
        written = self.window.meta("author")
        if not written:
            return Person()
        known = json.loads(written)
        return Person(**{name: str(known.get(name, "")) for name in ("identifiant", "nom", "qualite", "caisse")})
