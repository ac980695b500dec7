"""What is read without writing: the letter, the checks at length, versions, help."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from gca_tui.domain.trop_percu import SECTIONS
from gca_tui.presentation.lines import moment
from gca_tui.ui.screens.chooser import Choice, Chooser, Reader
from gca_tui.ui.workshop.compare import Compare, Written
from gca_tui.ui.workshop.report import report_lines
from gca_tui.ui.workshop.sitting import shown
from gca_tui.ui.workshop.texts import DEEDS, help_lines

if TYPE_CHECKING:
    from gca_tui.ui.workshop.screen import Workshop


def preview(screen: Workshop) -> None:
    """The letter of today, as the family will read it."""
    from gca_tui.writing.letter import letter

    sitting = screen.sitting
    text = letter(screen.explication(), sitting.subject, on=sitting.desk.today)
    screen.app.push_screen(Reader("Aperçu : ce que lira la famille", text.splitlines()))


def findings(screen: Workshop) -> None:
    """Every check and all it says."""
    screen.checking.when_fresh(lambda: _findings(screen))


def _findings(screen: Workshop) -> None:
    checking, passages = screen.checking, screen.sitting.notification.passages
    screen.app.push_screen(Reader("Contrôles", report_lines(checking.report, checking.texte, passages)))


def show_help(screen: Workshop) -> None:
    """Every key."""
    screen.app.push_screen(Reader("Atelier d’explication", help_lines()))


def menu(screen: Workshop) -> None:
    """All that can be done here, by a letter."""
    choices = [Choice(deed.id, deed.label, deed.letter) for deed in DEEDS if deed.letter]

    def chosen(name: str | None) -> None:
        if name is not None:
            screen.deed(name)

    screen.app.push_screen(Chooser("Atelier d’explication", choices), chosen)


def versions(screen: Workshop) -> None:
    """Compare the text on screen with a version, or two versions; one of them may be taken back."""
    known = _written(screen)
    if len(known) == 1:
        screen.announce("Une seule version : celle de l’écran.")
        return

    _choose(screen, "Quelle version ?", known[1:], lambda first: _second(screen, first, known))


def _second(screen: Workshop, first: Written, known: list[Written]) -> None:
    others = [one for one in known if one is not first]
    if len(others) == 1:
        _compare(screen, first, others[0])
    else:
        _choose(screen, f"Comparer « {first.title} » à", others, lambda second: _compare(screen, first, second))


def _choose(screen: Workshop, title: str, among: list[Written], act: Callable[[Written], None]) -> None:
    choices = [Choice(str(number), one.title) for number, one in enumerate(among)]

    def chosen(value: str | None) -> None:
        if value is not None:
            act(among[int(value)])

    screen.app.push_screen(Chooser(title, choices), chosen)


def _written(screen: Workshop) -> list[Written]:
    """What is on screen, then the versions and the texts put aside, the newest first."""
    sitting = screen.sitting
    dated = [
        (one.at, f"version {number} · {moment(one.at)} · {one.author.label}", shown(one))
        for number, one in enumerate(sitting.notification.versions, start=1)
    ][::-1]
    for at, texts in sitting.put_asides():
        when = datetime.fromisoformat(at)
        dated.append((when, f"{moment(when)} · remplacé, jamais enregistré", texts))
    dated.sort(key=lambda one: one[0], reverse=True)
    return [Written("à l’écran", screen.texts()), *(Written(title, texts) for _, title, texts in dated)]


def _compare(screen: Workshop, old: Written, new: Written) -> None:
    def taken(back: bool | None) -> None:
        if back:
            screen.write({name: old.texts.get(name, "") for name in SECTIONS})
            screen.announce("Version reprise à l’écran. Ctrl+Z revient en arrière ; F2 l’enregistre.")

    screen.app.push_screen(Compare(old, new), taken)
