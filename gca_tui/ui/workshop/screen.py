"""The workshop: facts on the left, the text in four sections on the right, live checks below.

Nothing is read, written or checked on the way of a key: a pause brings the draft, then the checks in a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.screen import Screen
from textual.widgets import TextArea
from textual.worker import get_current_worker

from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.trop_percu import SECTIONS, Explication
from gca_tui.ui.beneath import WATCH
from gca_tui.ui.header import say_beside
from gca_tui.ui.messages import Settled
from gca_tui.ui.screens.pane import NARROW, SHORT
from gca_tui.ui.screens.words import refusals, unforeseen
from gca_tui.ui.widgets.bars import Bar, Footer
from gca_tui.ui.workshop.changes import Changes
from gca_tui.ui.workshop.checking import Checking
from gca_tui.ui.workshop.facts import facts_lines
from gca_tui.ui.workshop.messages import Checked, Exported, Proposed, Recorded, Spelled, Stumbled, Suggested
from gca_tui.ui.workshop.panels import ChecksPanel, FactsPanel
from gca_tui.ui.workshop.pauses import Pauses
from gca_tui.ui.workshop.report import panel_lines
from gca_tui.ui.workshop.sections import Section, SectionArea
from gca_tui.ui.workshop.sitting import Sitting, Texts
from gca_tui.ui.workshop.spelling import Spelling
from gca_tui.ui.workshop.texts import DEEDS, footer_keys

WIDE, TALL = 160, 45
"""Columns and rows from which facts and checks have more room than elsewhere."""


class Workshop(Screen[str]):
    """One explanation being written; gives what to say once it is closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(deed.key, f"deed('{deed.id}')", deed.label, show=False, priority=True, id=f"atelier.{deed.id}")
            for deed in DEEDS
            if deed.key
        ),
        Binding("tab", "section(1)", "Section suivante", show=False, priority=True),
        Binding("shift+tab", "section(-1)", "Section précédente", show=False, priority=True),
        Binding("semicolon", "deed('blocks')", "Blocs", show=False),
    ]

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self.sitting = sitting
        self.desk = sitting.desk
        self.checking = Checking(self)
        self.spelling = Spelling(self)
        self.resumed = sitting.draft()
        texts = self.resumed[0] if self.resumed else sitting.saved
        self._sections = {name: Section(name, texts[name]) for name in SECTIONS}
        self.pauses = Pauses(self)
        self._facts = FactsPanel()
        self._checks = ChecksPanel()
        self._head = Bar(id="workshop-header")
        self._footer = Footer(footer_keys())
        self.changes = Changes(self)
        self.section = next(iter(SECTIONS))

    def compose(self) -> ComposeResult:
        """Header, facts beside sections, checks, keys."""
        yield self._head
        with Horizontal(id="workshop-main"):
            yield self._facts
            with Vertical(id="sections"):
                yield from self._sections.values()
        yield self._checks
        yield self._footer

    def on_mount(self) -> None:
        """The text is there at once; what is to be said of it comes a moment later."""
        self.show_facts()
        self.area().focus()
        self.checking.ask()
        self.set_interval(WATCH, self.changes.watch)
        if self.resumed:
            self.announce(f"Brouillon du {self.resumed[1]} repris. F2 l’enregistre, F10 v le compare.")
        elif not any(map(str.strip, self.texts().values())):
            self.deed("first_draft")

    def on_resize(self, event: events.Resize) -> None:
        """What fits is shown."""
        self.set_class(event.size.width < NARROW, "-narrow")
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(event.size.height < SHORT, "-short")
        self.set_class(event.size.height >= TALL, "-tall")

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Workshop:
        """Nothing for regions: only a screen beneath, which is not seen, asks for them, and they cost their bytes."""
        if not regions:
            super().refresh(repaint=repaint, layout=layout, recompose=recompose)
        return self

    def area(self, name: str = "") -> SectionArea:
        """The editor of a section, the one being written unless told."""
        return self._sections[name or self.section].area

    def texts(self) -> Texts:
        """The sections as they are on screen."""
        return {name: section.area.text for name, section in self._sections.items()}

    def explication(self) -> Explication:
        """The explanation as it is on screen."""
        return Explication(**self.texts())

    def write(self, texts: Texts) -> None:
        """Put other texts in the sections; what was typed is put aside and Ctrl+Z takes each back."""
        before = self.texts()
        if before != texts and self.sitting.is_typed(before) and not self.sitting.is_made(before):
            self.sitting.put_aside(before)
        for name, text in texts.items():
            self._sections[name].area.put_all(text)
        for section in self._sections.values():
            section.area.move_cursor((0, 0))
        self.pauses.typed()

    def go_to(self, start: int, end: int) -> None:
        """Select a place of the whole text as it is on screen."""
        name, first, last = Texte.of(self.explication()).local(start, end)
        self.section = name
        self.area().focus()
        self.area().select_span(first, last)

    def place(self) -> tuple[int, int]:
        """The selection, counted in the whole text on screen."""
        found = next(one for one in Texte.of(self.explication()).sections if one.name == self.section)
        first, last = self.area().span()
        return found.start + first, found.start + last

    def announce(self, text: str) -> None:
        """Say what happened."""
        self._footer.announce(text)

    def refuse(self, text: str) -> None:
        """Say why something cannot be done."""
        self._footer.announce(text, refused=True)

    def deed(self, name: str) -> None:
        """Do one of the things that can be done here, or say why not."""
        from gca_tui.ui.workshop.deeds import RUN

        self._footer.clear()
        with refusals(self, self.sitting.desk.path.parent):
            RUN[name](self)

    def action_deed(self, name: str) -> None:
        """A key of one of the deeds."""
        self.deed(name)

    def action_section(self, step: int) -> None:
        """The next or the previous section; the facts come after the last one, when they are in sight."""
        order: list[Any] = [section.area for section in self._sections.values()]
        if self._facts.display and self._facts.region.area:
            order.append(self._facts)
        here = order.index(self.focused) if self.focused in order else -1
        order[(here + step) % len(order)].focus()

    def run_in_thread(self, work: Callable[[], Any], *, group: str = "workshop") -> None:
        """Do something slow; what it posts comes back as a message, an error as Stumbled."""

        def guarded() -> None:
            worker = get_current_worker()
            try:
                message = work()
            except Exception as error:
                message = Stumbled(error)
            if not worker.is_cancelled:
                self.post_message(message)

        self.run_worker(guarded, thread=True, group=group, exclusive=True, exit_on_error=False)

    def replace(self, start: int, end: int, text: str) -> None:
        """Write in the place of a span of the whole text."""
        self.go_to(start, end)
        first, last = self.area().span()
        self.area().put(text, first, last)
        self.pauses.typed()

    def leave(self) -> None:
        """Close; the draft is kept."""
        self.pauses.keep()
        unsaved = self.sitting.is_typed(self.texts()) and not self.changes.writing
        self.dismiss("Brouillon gardé." if unsaved else "Explication enregistrée." if self.changes.has_saved else "")

    def leave_with(self, said: str) -> None:
        """Close over a dossier that is no more here, once nothing lies over this; what was typed goes with it."""
        if self.is_current:
            self.pauses.keep()
            self.dismiss(said)

    def on_unmount(self) -> None:
        """The program ends under the workshop: what was typed is handed over all the same."""
        self.pauses.keep()
        self.spelling.close()

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self._footer.clear()
        self.pauses.typed()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """What the checks say is about the section being written."""
        if isinstance(event.widget, SectionArea):
            self.section = event.widget.section
            self._show_checks()

    @on(SectionArea.BlocksAsked)
    def _blocks_asked(self) -> None:
        self.deed("blocks")

    @on(Checked)
    def _checked(self, event: Checked) -> None:
        if not self.checking.take(event):
            return
        for name, spans in self.checking.spans().items():
            self._sections[name].show_problems(len(spans), spans)
        self._show_checks()
        self.spelling.later()
        self.checking.go_on()

    @on(Spelled)
    def _spelled(self, event: Spelled) -> None:
        self.spelling.take(event)
        self._show_checks()

    @on(Proposed)
    def _proposed(self, event: Proposed) -> None:
        from gca_tui.ui.workshop.deeds.writing import take_proposal

        take_proposal(self, event)

    @on(Suggested)
    def _suggested(self, event: Suggested) -> None:
        from gca_tui.ui.workshop.deeds.writing import offer_words

        offer_words(self, event)

    @on(Exported)
    def _exported(self, event: Exported) -> None:
        self.announce(f"Lettre écrite : {event.path.name}, dans {event.path.parent}.")

    @on(Stumbled)
    def _stumbled(self, event: Stumbled) -> None:
        self.refuse(unforeseen(event.error, self.sitting.desk.path.parent))

    @on(Recorded)
    def _recorded(self, event: Recorded) -> None:
        self.changes.recorded(event)

    @on(Settled)
    def _settled(self, event: Settled) -> None:
        self.changes.settled(event)

    def say_what_is_left(self, said: str) -> None:
        """Say what happened, and which checks still forbid closing."""
        self.announce(said + self.checking.what_is_left())

    def show_facts(self) -> None:
        """The facts as they are now."""
        sitting = self.sitting
        self.say_head()
        self._facts.show(facts_lines(sitting.dossier, sitting.subject))

    def say_head(self) -> None:
        """What is written here, and how the exchange is going."""
        say_beside(self._head, self.sitting.title, self.desk.sync_state())

    def _show_checks(self) -> None:
        passages, plain = self.sitting.notification.passages, self.app.has_class("-plain")
        report = replace(self.checking.report, unknown=self.spelling.words)
        texte, name = self.checking.texte, self.section
        self._checks.show(
            lambda width, height: panel_lines(report, texte, name, passages, (width, height), plain=plain)
        )
