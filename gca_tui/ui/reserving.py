"""Who has which dossier, and what is asked of the remote store about it: in a thread, for a second or so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gca_tui import clock
from gca_tui.errors import SyncError
from gca_tui.presentation.claim_words import claim_mark, claim_refusal
from gca_tui.store.claimed import Held, claims
from gca_tui.ui.messages import Answered

if TYPE_CHECKING:
    from gca_tui.sync.claims import Claiming
    from gca_tui.ui.desk import Desk, Key
    from gca_tui.ui.screens.queue import QueueScreen
    from gca_tui.wire import Claims

PATIENCE = 1.5
"""Seconds after which an answer is not waited for any more."""
SOON = 0.3
"""Seconds without an answer after which it is said that one is waited for."""
LOT_PATIENCE = 4.0
"""The same for a lot."""

Question = Callable[["Claiming"], "Claims"]
Then = Callable[["Claims | None"], None]


def forget(_: Claims | None) -> None:
    """What to do with an answer that came too late: nothing."""


class Reserving:
    """The claims that the screen knows, and one question at a time. In a store tied to no server it knows none."""

    def __init__(self, screen: QueueScreen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self.known: Mapping[Key, Held] = {}
        self.is_tied = False
        self._number = 0
        self._then: Then | None = None
        self._late: dict[int, Then] = {}

    @property
    def is_asking(self) -> bool:
        """Whether an answer is waited for."""
        return self._then is not None

    @property
    def why_not(self) -> str:
        """Why there is no answer, before what is done without one."""
        is_elsewhere = self._desk.claiming() is None and not self._screen.upkeep.sync.offline_since
        return "Un autre gca ouvert ici échange :" if is_elsewhere else "Le serveur ne répond pas :"

    def read(self) -> None:
        """What the store says now; the list shows it where it is drawn next."""
        self.is_tied = self._desk.is_tied
        self.known = claims(self._desk.window.connection, clock.now()) if self.is_tied else {}
        shown, is_plain = self._screen.list, self._screen.app.has_class("-plain")
        shown.facts = replace(shown.facts, is_tied=self.is_tied, is_plain=is_plain, claims=self.known)
        self._screen.columns.tie(self.is_tied)

    def others(self, key: Key) -> Held | None:
        """The claim of somebody else on a dossier."""
        held = self.known.get(key)
        return held if held and not held.mine else None

    def mine(self, mode: str) -> list[Key]:
        """What this agent has, of one kind."""
        return [key for key, held in self.known.items() if held.mine and held.token and held.mode == mode]

    def refusal(self, key: Key) -> str:
        """Why a dossier cannot be taken, as far as is known here; "" when nothing is against it."""
        held = self.others(key)
        return claim_refusal(held.nom, datetime.fromisoformat(held.until)) if held else ""

    def mark(self, key: Key, width: int) -> str:
        """Who has a dossier, to be shown over it."""
        held = self.known.get(key)
        return claim_mark(held, width, plain=self._screen.list.facts.is_plain) if held else ""

    def ask(self, question: Question, then: Then, *, late: Then = forget, patience: float = 0) -> None:
        """Put a question; `then` is given the answer, or None when the server did not give one in time.

        What comes after that is given to `late`. `patience` in seconds, the usual one unless told.
        """
        claiming = self._desk.claiming()
        if claiming is None:
            then(None)
            return
        self._number += 1
        number = self._number
        self._then, self._late[number] = then, late

        def run() -> None:
            try:
                answer = question(claiming)
            except SyncError:
                answer = None
            except Exception as error:
                self._screen.post_message(Answered(number, None, error))
                return
            self._screen.post_message(Answered(number, answer))

        self._screen.run_worker(run, thread=True, group="claims", exit_on_error=False)
        self._screen.set_timer(SOON, lambda: self._say_waiting(number))
        self._screen.set_timer(patience or PATIENCE, lambda: self._give_up(number))

    def answered(self, event: Answered) -> None:
        """An answer is there, in time or not."""
        late = self._late.pop(event.number, forget)
        self.read()
        if event.number != self._number or self._then is None:
            late(event.answer)
            return
        then, self._then = self._then, None
        then(event.answer)

    def give_back(self, keys: Iterable[Key]) -> None:
        """Have dossiers given back at the next contact."""
        if given := list(keys):
            from gca_tui.store.claims import give_back

            self._desk.change(lambda connection, _: give_back(connection, given))

    def intend(self, keys: Iterable[Key], mode: str = "work") -> None:
        """Have dossiers asked for at the next contact, where nobody is known to have them."""
        wanted = [key for key in keys if key not in self.known]
        if self.is_tied and wanted:
            from gca_tui.store.claims import intend

            nom, at = self._desk.person.nom, clock.now()
            self._desk.change(lambda connection, _: intend(connection, wanted, nom, at, mode))

    def _say_waiting(self, number: int) -> None:
        if number == self._number and self._then is not None:
            self._screen.announce("Demandé au serveur…")

    def _give_up(self, number: int) -> None:
        if number == self._number and self._then is not None:
            then, self._then = self._then, None
            then(None)


def denial(answer: Claims, key: Key) -> str:
    """Why a dossier was not taken, as the server says; "" when it was."""
    for one in answer.denied:
        if (one.caisse, one.matricule) == key:
            if one.nom:
                return claim_refusal(one.nom, clock.now() + timedelta(seconds=one.lease))
            return "Ce dossier n’est plus dans vos corbeilles. Rien n’a changé."
    return ""
