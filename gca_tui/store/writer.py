"""The one thread that writes. Whoever asks gets a future: the screen waits neither for the disk nor for others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, text

from gca_tui import clock, reference
from gca_tui.domain.command import Command, Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.values import Author
from gca_tui.errors import StoreBusy
from gca_tui.ids import new_id
from gca_tui.store import drafts, facts, journal, loading, ruling, undoing
from gca_tui.store.driver import connect
from gca_tui.store.engine import engine_for
from gca_tui.store.location import Presence, exclusive
from gca_tui.store.rules import read_settings
from gca_tui.store.schema import ensure
from gca_tui.store.window import Window

Result = TypeVar("Result")


class Writer:
    """Everything that changes the store, in the order it was asked, each in a transaction begun as a writer."""

    def __init__(self, path: Path, *, bulk: bool = False) -> None:
        ensure(path)
        self.path = path
        self.session = new_id()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gca-writer")
        self.engine: Engine = engine_for(path, bulk=bulk)
        self._context = self._load_context()
        self._presence = Presence(path.parent)
        if self._presence.alone():
            self._recover()
            self.run(journal.fold).result()
        self._presence.share()

    def context(self) -> Context:
        """What the rules know now."""
        return replace(self._context, today=clock.today())

    def run(self, work: Callable[[Connection], Result]) -> Future[Result]:
        """Do something in a transaction of the writing thread."""

        def transaction() -> Result:
            with self.engine.begin() as connection:
                return work(connection)

        return self._executor.submit(transaction)

    def change(
        self, work: Callable[[Connection, Context], Result], *, draft: drafts.Place | None = None
    ) -> Future[Result]:
        """Do something that is told the rules in force, and forget the draft it comes from."""
        context = self.context()

        def changed(connection: Connection) -> Result:
            done = work(connection, ruling.in_force(connection, context))
            if draft:
                drafts.drop(connection, draft)
            return done

        return self.run(changed)

    def record(self, commands: Sequence[Command], *, draft: drafts.Place | None = None) -> Future[list[Dossier]]:
        """Apply commands as one and forget the draft they were typed in.

        The future raises CommandRefused when one of them is refused, and nothing changed.
        """
        tx = new_id()
        return self.change(
            lambda c, context: journal.record(c, commands, tx=tx, session=self.session, context=context, draft=draft)
        )

    def undo(self) -> Future[list[Command]]:
        """Take back the last thing done here; the future gives the commands dropped."""
        at = clock.now().isoformat()
        return self.change(lambda c, context: undoing.undo(c, session=self.session, context=context, at=at))

    def put_draft(
        self, place: drafts.Place, fields: Mapping[str, str], begun: drafts.Begun | None = None
    ) -> Future[None]:
        """Keep what is being typed."""
        at = clock.now().isoformat()
        return self.run(lambda c: drafts.put(c, place, fields, at, begun or drafts.Begun()))

    def set_meta(self, name: str, value: str) -> Future[None]:
        """Note a single fact of the store."""
        return self.run(lambda c: facts.set_meta(c, name, value))

    def set_author(self, author: Author) -> Future[None]:
        """Say who works here."""
        return self.set_meta("author", author.model_dump_json())

    def save_view(self, name: str, filter_text: str, sort: str, base: str) -> Future[None]:
        """Keep a view under a name; the same name again replaces it."""
        statement = text(
            "INSERT INTO saved_view (name, filter, sort, base) VALUES (:name, :filter, :sort, :base)"
            " ON CONFLICT (name) DO UPDATE SET filter = :filter, sort = :sort, base = :base"
        )
        values = {"name": name, "filter": filter_text, "sort": sort, "base": base}
        return self.run(lambda c: _forget(c.execute(statement, values)))

    def drop_view(self, name: str) -> Future[None]:
        """Forget a view."""
        return self.run(lambda c: _forget(c.execute(text("DELETE FROM saved_view WHERE name = :n"), {"n": name})))

    def loader(self) -> loading.Loader:
        """An import, in the caller's thread; see `importing`."""
        return loading.Loader(self.engine, self.context())

    def close(self) -> None:
        """Finish what was asked; the last to leave folds the sitting's commands in."""
        self._executor.submit(lambda: None).result()
        self._presence.leave()
        last = Presence(self.path.parent)
        if last.alone():
            self.run(journal.fold).result()
        last.leave()
        self._executor.shutdown()
        self.engine.dispose()

    def _recover(self) -> None:
        with suppress(StoreBusy), exclusive(self.path.parent, "import", "Un import est"):
            loading.recover(self.engine, self.context())
            ruling.follow(self.engine, self.context())

    def _load_context(self) -> Context:
        window = Window(connect(self.path, readonly=True), "")
        context = Context(clock.today(), window.calendars(), read_settings(window), reference.lexicon())
        window.close()
        return context


def _forget(_: object) -> None:
    return None
