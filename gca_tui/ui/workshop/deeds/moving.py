"""From one thing to mend to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gca_tui.domain.explanation.placeholders import placeholders
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.texte import Texte

if TYPE_CHECKING:
    from gca_tui.ui.workshop.screen import Workshop

_ENDS = (".", "!", "?", ":")
FACTS = (
    "motif",
    "date de l’événement",
    "ce qui s’est passé",
    "date à laquelle la Caf l’a su",
    "données obtenues d’un tiers, oui ou non",
    "nom du tiers",
    "ce que le tiers a indiqué",
)
"""What the draft leaves to complete and the form of the facts asks: said there, it is written everywhere."""


def problem(screen: Workshop) -> None:
    """The next thing to mend after the cursor, the first one after the last, once the text has been checked."""
    screen.checking.when_fresh(lambda: _problem(screen))


def _problem(screen: Workshop) -> None:
    report = screen.checking.report
    found = [(finding.start, finding.end, f"{who} : {finding.dire}") for who, finding in report.findings()]
    if not found:
        screen.announce("Rien à revoir.")
        return
    start, end, said = _after(found, screen.place())
    screen.go_to(start, end)
    screen.announce(said)


def complete(screen: Workshop) -> None:
    """The next « à compléter », selected whole so that typing replaces it."""
    found = [(one.start, one.end, one.label) for one in placeholders(Texte.of(screen.explication()))]
    if not found:
        screen.announce("Plus rien à compléter.")
        return
    start, end, label = _after(found, screen.place())
    screen.go_to(start, end)
    fact = " F3 l’établit." if label in FACTS and screen.sitting.is_made(screen.texts()) else ""
    screen.announce(f"À compléter : {label}.{fact} Ce que vous tapez le remplace.")


def mend(screen: Workshop) -> None:
    """Write what a check proposes in the place under the cursor."""
    screen.checking.when_fresh(lambda: _mend(screen))


def _mend(screen: Workshop) -> None:
    first, last = screen.place()
    mendable = [one for _, one in screen.checking.report.findings() if one.remplacer]
    here = [one for one in mendable if one.start <= last and first <= one.end]
    if not here:
        screen.refuse("Aucune correction proposée ici : F7 va au problème suivant.")
        return
    finding = _nearest(here, first)
    if finding.start < finding.end:
        screen.replace(finding.start, finding.end, finding.remplacer)
        screen.announce(f"Remplacé par « {finding.remplacer} ». Ctrl+Z revient en arrière.")
        return
    around = screen.checking.texte.whole
    before, after = around[: finding.start][-1:], around[finding.start :][:1]
    screen.replace(finding.start, finding.end, apart(before, finding.remplacer, after))
    whole = " Faites-en une phrase." if not finding.remplacer.endswith(_ENDS) else ""
    screen.announce(f"Ajouté : « {finding.remplacer} ».{whole} Ctrl+Z revient en arrière.")


def apart(before: str, text: str, after: str) -> str:
    """What is added, with the spaces that keep it apart from the characters around it."""
    return (" " if before.strip() else "") + text + (" " if after.strip() else "")


def _nearest(findings: list[Finding], at: int) -> Finding:
    return min(findings, key=lambda one: (abs(one.start - at), one.end - one.start))


def _after(found: Sequence[tuple[int, int, str]], place: tuple[int, int]) -> tuple[int, int, str]:
    """The first after the selection, in the order of the text; two at one place follow each other.

    The one in which the cursor stands comes before those after it.
    """
    ordered = list(dict.fromkeys(found))
    spans = [(start, end) for start, end, _ in ordered]
    if place in spans and place[0] != place[1]:
        return ordered[(len(spans) - spans[::-1].index(place)) % len(ordered)]
    if place[0] == place[1] and place not in spans:
        here = next((one for one in ordered if one[0] <= place[0] <= one[1]), None)
        if here:
            return here
    return next((one for one in ordered if (one[0], one[1]) > place), ordered[0])
