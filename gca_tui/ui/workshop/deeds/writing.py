"""What the program writes in the text when asked: the draft made from the facts, blocks, words."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from gca_tui.domain.explanation.placeholders import placeholders
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Section, Texte
from gca_tui.domain.french import count
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.trop_percu import SECTIONS
from gca_tui.ui.screens.chooser import Choice, Chooser, Reader
from gca_tui.ui.workshop.messages import Proposed, Suggested
from gca_tui.ui.workshop.sitting import shown

if TYPE_CHECKING:
    from pathlib import Path

    from gca_tui.ui.workshop.screen import Workshop

_LETTERS = "abcdefghilmnoprstuvwxyz"
"""Without those that move or close a list."""


def first_draft(screen: Workshop) -> None:
    """Fill an explanation nobody wrote yet."""
    _propose(screen, replacing=False)


def propose(screen: Workshop) -> None:
    """Make the text from the facts again; asks before it takes the place of what was typed."""
    if not any(map(str.strip, screen.texts().values())) or screen.sitting.is_made(screen.texts()):
        _propose(screen, replacing=False)
        return
    lines = [
        "Le texte fait d’après les faits va remplacer les quatre sections.",
        "Ce qui est à l’écran reste lisible dans les versions (F10 v).",
    ]

    def confirmed(yes: bool | None) -> None:
        if yes:
            _propose(screen, replacing=True)

    screen.app.push_screen(Reader("Refaire le texte ?", lines, confirm="remplacer"), confirmed)


def follow_facts(screen: Workshop, said: str) -> bool:
    """Make the text again after the facts when nobody typed in it; `said` is what happened to them."""
    if not screen.sitting.is_made(screen.texts()):
        return False
    _propose(screen, replacing=False, said=said)
    return True


def _propose(screen: Workshop, *, replacing: bool, said: str = "") -> None:
    sitting = screen.sitting
    folder = sitting.desk.path.parent
    work = partial(_drafted, sitting.subject, sitting.context.lexicon, folder, replacing=replacing, said=said)
    screen.run_in_thread(work)


def _drafted(about: Subject, lexicon: Lexicon, folder: Path, *, replacing: bool, said: str) -> Proposed:
    from gca_tui.writing.draft import draft
    from gca_tui.writing.models import Models

    made = draft(about, Models(folder), lexicon)
    return Proposed(made.explication, replacing, made.problems, said)


def take_proposal(screen: Workshop, event: Proposed) -> None:
    """Put the draft in the sections, unless the agent began to write meanwhile."""
    sitting, before = screen.sitting, screen.texts()
    is_first = not any(map(str.strip, before.values()))
    if not event.replacing and not is_first and not sitting.is_made(before):
        screen.announce(f"{event.said}Le texte proposé est prêt : F5 le met à la place du vôtre.")
        return
    made = shown(event.explication)
    if is_first or before == sitting.proposed:
        sitting.proposed = made
    screen.write(made)
    sitting.made = made
    if event.problems:
        screen.refuse(event.problems[0])
    else:
        screen.announce(_proposed(event, is_first=is_first))


def _proposed(event: Proposed, *, is_first: bool) -> str:
    """What was done and what is left, on a line of 80 columns."""
    left = sum(1 for _ in placeholders(Texte.of(event.explication)))
    if event.said:
        return f"{event.said}Texte refait. " + (f"F9 : {count(left, 'point')} à compléter." if left else "Relisez-le.")
    said = f"Texte {'proposé' if is_first else 'refait'} d’après les faits."
    return said + (f" F9 mène {_to_the(left)} à compléter." if left else " Relisez-le avant d’enregistrer (F2).")


def _to_the(left: int) -> str:
    return "au point" if left == 1 else f"aux {count(left, 'point')}"


def redact(screen: Workshop) -> None:
    """Put words in the place of all that should not be in the text, once they were read."""
    screen.checking.when_fresh(lambda: _redact(screen))


def _redact(screen: Workshop) -> None:
    found = screen.checking.report.sensitive
    if not found:
        screen.announce("Rien à masquer dans ce texte.")
        return
    lines = [f"{one.dire} → {one.remplacer}" for one in found]

    def confirmed(yes: bool | None) -> None:
        if yes:
            for one in reversed(found):
                screen.replace(one.start, one.end, one.remplacer)
            screen.announce(f"{count(len(found), 'passage')} remplacé. Ctrl+Z revient en arrière.")

    screen.app.push_screen(Reader("À retirer du texte ?", lines, confirm="masquer"), confirmed)


def blocks(screen: Workshop) -> None:
    """Choose a ready passage for the section being written, and put it where the cursor is."""
    from gca_tui.writing.blocs import blocs
    from gca_tui.writing.models import Models

    sitting = screen.sitting
    models = Models(sitting.desk.path.parent)
    found = blocs(sitting.subject, models, screen.section)
    letters = _LETTERS.ljust(len(found))
    choices = [Choice(str(number), one.label, letters[number].strip()) for number, one in enumerate(found)]

    def chosen(value: str | None) -> None:
        if value is not None:
            _insert(screen, found[int(value)].text)

    if models.problems:
        screen.refuse(models.problems[0])
    screen.app.push_screen(Chooser(f"Blocs · {SECTIONS[screen.section]}", choices), chosen)


def _insert(screen: Workshop, text: str) -> None:
    """On lines of its own; what it leaves to complete is selected, so that typing replaces it."""
    area = screen.area()
    area.focus()
    start, end = area.span()
    before, after = area.text[:start], area.text[end:]
    text = ("\n" if before and not before.endswith("\n") else "") + text
    text += "\n" if after and not after.startswith("\n") else ""
    area.put(text, start, end)
    screen.pauses.typed()
    left = next(placeholders(Texte(text, (Section("", 0, len(text)),))), None)
    if left:
        area.select_span(start + left.start, start + left.end)
        screen.announce(f"À compléter : {left.label}. Ce que vous tapez le remplace ; F9 mène au suivant.")


def spelling(screen: Workshop) -> None:
    """The words that the dictionary lacks; what could be meant is asked of it for the one chosen."""
    screen.checking.when_fresh(lambda: screen.spelling.ask(lambda: _spelling(screen)))


def _spelling(screen: Workshop) -> None:
    words = screen.spelling.words
    if screen.spelling.trouble:
        screen.refuse(screen.spelling.trouble)
        return
    if not words:
        screen.announce("Le dictionnaire connaît tous les mots.")
        return

    def chosen(word: str | None) -> None:
        if word is not None and _select_word(screen, word):
            screen.announce(f"« {word} » : recherche de mots proches…")
            screen.spelling.suggest(word)

    screen.app.push_screen(Chooser("Mots inconnus du dictionnaire", [Choice(word, word) for word in words]), chosen)


def _select_word(screen: Workshop, word: str) -> bool:
    """Select the first place of a word; False when it was changed meanwhile."""
    text = Texte.of(screen.explication()).whole.replace("’", "'")
    match = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    if match:
        screen.go_to(*match.span())
    return match is not None


def offer_words(screen: Workshop, event: Suggested) -> None:
    """Choose what to write in the place of the word, which is selected."""
    if not event.words:
        screen.announce(event.trouble or f"« {event.word} » : rien de proche dans le dictionnaire.")
        return

    def chosen(word: str | None) -> None:
        start, end = screen.place()
        if word is not None and screen.area().selected_text.replace("’", "'") == event.word:
            screen.replace(start, end, word)
            screen.announce(f"Remplacé par « {word} ». Ctrl+Z revient en arrière.")

    screen.app.push_screen(
        Chooser(f"À la place de « {event.word} »", [Choice(one, one) for one in event.words]), chosen
    )
