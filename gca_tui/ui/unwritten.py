"""What was typed and is not yet in the store: a form opened again at once finds it here."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gca_tui.store.drafts import Place


@dataclass(frozen=True, eq=False)
class Typed:
    """The fields of a form and the instant they were handed over."""

    fields: Mapping[str, str]
    at: datetime


class Unwritten:
    """The drafts that a write is to come for. One whose write failed stays: it is the only copy."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._typed: dict[Place, Typed] = {}
        self._saving: dict[Place, Future[Any]] = {}

    def get(self, place: Place) -> Typed | None:
        """What was typed there last, unless the store has it."""
        return self._typed.get(place)

    def is_kept_for(self, caisse: str, matricule: str) -> bool:
        """Whether something typed on that dossier waits to be written."""
        with self._lock:
            return any((place.caisse, place.matricule) == (caisse, matricule) for place in self._typed)

    def is_saving(self, place: Place) -> bool:
        """Whether what was typed there is becoming a command."""
        return place in self._saving

    def keep(self, place: Place, typed: Typed, write: Future[Any]) -> None:
        """Keep it until this write has ended well."""
        with self._lock:
            self._typed[place] = typed
            self._saving.pop(place, None)
        write.add_done_callback(lambda done: self._forget(place, typed, done))

    def save(self, place: Place, write: Future[Any]) -> None:
        """It becomes a command: hide it while that is written, bring it back if that fails."""
        with self._lock:
            self._saving[place] = write
            typed = self._typed.get(place)
        write.add_done_callback(lambda done: self._saved(place, typed, done))

    def _saved(self, place: Place, typed: Typed | None, done: Future[Any]) -> None:
        self._forget(place, typed, done)
        with self._lock:
            if self._saving.get(place) is done:
                del self._saving[place]

    def _forget(self, place: Place, typed: Typed | None, done: Future[Any]) -> None:
        with self._lock:
            if not done.cancelled() and not done.exception() and self._typed.get(place) is typed:
                self._typed.pop(place, None)
