"""The text checked in a thread after each pause; the answer to an older question is not listened to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import count
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.trop_percu import SECTIONS, Explication
from gca_tui.ui.workshop.messages import Checked
from gca_tui.ui.workshop.report import Report

if TYPE_CHECKING:
    from gca_tui.ui.workshop.screen import Workshop

Spans = dict[str, list[tuple[int, int]]]


class Checking:
    """The last answer (`report` about `texte`), and what waits for the next one."""

    def __init__(self, screen: Workshop) -> None:
        self._screen = screen
        self._asked = self._answered = 0
        self._then: Callable[[], None] | None = None
        self.report = Report()
        self.texte = Texte.of(Explication())

    def ask(self, then: Callable[[], None] | None = None) -> None:
        """Have the text on screen checked, and something done once it is."""
        self._asked += 1
        self._then = then or self._then
        sitting = self._screen.sitting
        work = partial(_answer, self._asked, self._screen.explication(), sitting.subject, sitting.context.lexicon)
        self._screen.run_in_thread(work, group="checks")

    def when_fresh(self, act: Callable[[], None]) -> None:
        """Do something that needs to know what is to be said of the text as it is now."""
        if self._asked == self._answered and self.texte.whole == Texte.of(self._screen.explication()).whole:
            act()
        else:
            self.ask(act)

    def take(self, event: Checked) -> bool:
        """Take an answer; False for that of an older question."""
        if event.asked != self._asked:
            return False
        self._answered, self.texte, self.report = event.asked, event.texte, event.report
        return True

    def go_on(self) -> None:
        """Do what waited for the answer."""
        then, self._then = self._then, None
        if then:
            then()

    def spans(self) -> Spans:
        """What is to mend, section by section."""
        found: Spans = {name: [] for name in SECTIONS}
        for _, finding in self.report.findings():
            name, start, end = self.texte.local(finding.start, finding.end)
            found[name].append((start, end))
        return found

    def what_is_left(self) -> str:
        """The blocking checks that still fail, as a sentence; "" when none does."""
        failing = self.report.failing(self._screen.sitting.notification.passages)
        names = ", ".join(f"{one.controle} {one.nom}" for one in failing)
        return f" Pour clôturer, il reste {count(len(failing), 'contrôle')} : {names}." if failing else ""


def _answer(asked: int, explication: Explication, about: Subject, lexicon: Lexicon) -> Checked:
    from gca_tui.ui.workshop.judging import judge

    texte = Texte.of(explication)
    return Checked(asked, texte, judge(texte, about, lexicon))
