"""The dictionary beside the text: asked in a thread once the typing rests, and never in the way of anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from gca_tui.domain.explanation.subject import Subject
from gca_tui.ui.workshop.messages import Spelled, Suggested

if TYPE_CHECKING:
    from textual.timer import Timer

    from gca_tui.ui.workshop.screen import Workshop
    from gca_tui.writing.spelling import Speller

REST = 0.8
"""Seconds after the checks before the dictionary is asked: loading it takes a processor that long."""


class Spelling:
    """The words of the last text asked about that the dictionary lacks; `trouble` says why they are not known."""

    def __init__(self, screen: Workshop) -> None:
        self._screen = screen
        self._speller: Speller | None = None
        self._timer: Timer | None = None
        self._asked = self._answered = ""
        self._then: Callable[[], None] | None = None
        self.words: tuple[str, ...] = ()
        self.trouble = ""

    def later(self) -> None:
        """Ask once the typing rests."""
        self.stop()
        self._timer = self._screen.set_timer(REST, self.ask)

    @property
    def is_due(self) -> bool:
        """Whether an answer is still to come."""
        return self._timer is not None or self._asked != self._answered

    def stop(self) -> None:
        """The text changed: what was to be asked is not any more."""
        if self._timer:
            self._timer.stop()
            self._timer = None

    def ask(self, then: Callable[[], None] | None = None) -> None:
        """Look the text's words up, and do something once they are."""
        self.stop()
        text = self._screen.checking.texte.whole
        self._then = then or self._then
        if text == self._answered:
            self._go_on()
            return
        self._asked = text
        known = tuple(_names(self._screen.sitting.subject))
        self._screen.run_in_thread(partial(_look_up, self._dictionary(), text, known), group="spelling")

    def take(self, event: Spelled) -> None:
        """Take the answer."""
        if event.text == self._asked:
            self._answered, self.words, self.trouble = event.text, event.words, event.trouble
            self._go_on()

    def suggest(self, word: str) -> None:
        """Ask what could be meant."""
        self._screen.run_in_thread(partial(_suggest, self._dictionary(), word), group="spelling")

    def close(self) -> None:
        """End the dictionary's process."""
        if self._speller:
            self._speller.close()

    def _dictionary(self) -> Speller:
        if self._speller is None:
            from gca_tui.writing.spelling import Speller

            self._speller = Speller()
        return self._speller

    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then:
            then()


def _names(about: Subject) -> Iterable[str]:
    """What the text may name and no dictionary knows."""
    settings = about.settings
    yield from (about.nom, about.caisse_nom, settings.adresse, settings.departement, settings.adresse_departement)
    yield from (settings.tribunal_administratif, settings.tribunal_judiciaire)
    yield from (name for agent in about.agents for name in (agent.nom, agent.qualite))
    yield from (name for part in about.parts for name in (part.faits.tiers_nom, part.libelle))


def _look_up(speller: Speller, text: str, known: tuple[str, ...]) -> Spelled:
    from gca_tui.writing.spelling import Unavailable, spelled_words

    words = list(dict.fromkeys(one.word for one in spelled_words(text, known)))
    found = speller.unknown(words)
    if isinstance(found, Unavailable):
        return Spelled(text, (), found.message)
    return Spelled(text, tuple(word for word in words if word in found))


def _suggest(speller: Speller, word: str) -> Suggested:
    from gca_tui.writing.spelling import Unavailable

    found = speller.suggest(word)
    return Suggested(word, (), found.message) if isinstance(found, Unavailable) else Suggested(word, found)
