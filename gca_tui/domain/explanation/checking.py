"""The twelve checks together, and which of them still block a notification."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.explanation.cause import cause
from gca_tui.domain.explanation.figures import amounts, balance
from gca_tui.domain.explanation.naming import names
from gca_tui.domain.explanation.payments import payments
from gca_tui.domain.explanation.period import period
from gca_tui.domain.explanation.placeholders import Placeholder, placeholders
from gca_tui.domain.explanation.prevention import prevention
from gca_tui.domain.explanation.readability import sentences
from gca_tui.domain.explanation.recourse import recourse
from gca_tui.domain.explanation.results import BLOCKING, Finding, Result
from gca_tui.domain.explanation.subject import Subject, subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.explanation.third_party import third_party
from gca_tui.domain.explanation.tone import tone
from gca_tui.domain.explanation.wording import words
from gca_tui.domain.french import typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.paths import changed
from gca_tui.domain.trop_percu import Notification, Passage

_CONTEXT = 50
_COMPLETED_IN = {
    **dict.fromkeys(
        (
            *("motif", "date de l’événement", "ce qui s’est passé", "date à laquelle la Caf l’a su", "nom du tiers"),
            *("données obtenues d’un tiers, oui ou non", "ce que le tiers a indiqué"),
        ),
        " À établir dans les faits (F3).",
    ),
    **dict.fromkeys(("montant versé", "montant dû"), " Complétez les mois."),
    **dict.fromkeys(("adresse de la Caf", "téléphone de la Caf"), " C’est un réglage de la caisse."),
    **dict.fromkeys(("nom de l’agent", "qualité de l’agent"), " C’est dans votre profil."),
}
"""Where what is missing is said once and for all."""
Check = Callable[[Texte, Subject, Lexicon], Iterable[Finding]]
CHECKS: tuple[tuple[int, str, Check], ...] = (
    (1, "prestation", names),
    (2, "période", period),
    (3, "montants", amounts),
    (4, "mois des paiements", payments),
    (5, "cause", cause),
    (6, "reçu et dû", balance),
    (7, "données d’un tiers", third_party),
    (8, "que faire et recours", recourse),
    (9, "phrases", sentences),
    (10, "mots", words),
    (11, "ton", tone),
    (12, "prévention", prevention),
)
"""Number, name and function of each check, in their order."""


def check_all(texte: Texte, about: Subject, lexicon: Lexicon) -> tuple[Result, ...]:
    """What each of the twelve checks says of a text, in their order."""
    left = [(one.controle, _to_complete(texte, one)) for one in placeholders(texte)]
    return tuple(
        Result(
            number,
            name,
            number in BLOCKING and about.must_explain,
            _distinct([*(one for of, one in left if of == number), *check(texte, about, lexicon)]),
        )
        for number, name, check in CHECKS
    )


def _to_complete(texte: Texte, one: Placeholder) -> Finding:
    line = texte.whole[texte.whole.rfind("\n", 0, one.start) + 1 : one.start].strip()
    after = f", après « {line[-_CONTEXT:].lstrip()} »" if line else ""
    label = one.label or "un passage"
    where = _COMPLETED_IN.get(one.label, "")
    return Finding(one.start, one.end, typeset(f"Il reste à compléter : {label}{after}.{where}"))


def _distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Two problems never read the same: to pass over one is not to pass over the other."""
    told: Counter[str] = Counter()
    found = []
    for one in findings:
        told[one.dire] += 1
        again = told[one.dire]
        found.append(replace(one, dire=f"{one.dire.rstrip('.')} ({again}e fois).") if again > 1 else one)
    return tuple(found)


def check_notification(dossier: Dossier, notification: Notification, context: Context) -> tuple[Result, ...]:
    """What the checks say of the explanation as it is saved, on the day it was.

    A delay that has passed since, or a démarche recorded since, does not make a letter wrong; figures do.
    """
    if notification.versions:
        written = notification.versions[-1].at
        context = replace(context, today=min(context.today, written.date()))
        known = tuple(one for one in dossier.demarches if one.at <= written)
        dossier = changed(dossier, {"demarches": known})
    about = subject(dossier, notification, context)
    return check_all(Texte.of(notification.explication), about, context.lexicon)


def standing_in_the_way(results: tuple[Result, ...], passages: tuple[Passage, ...]) -> tuple[Result, ...]:
    """The blocking checks that fail and that nobody passed over, knowing all they say now."""
    return tuple(result for result in results if result.bloquant and not result.ok and not is_passed(result, passages))


def is_passed(result: Result, passages: tuple[Passage, ...]) -> bool:
    """Whether somebody passed over all that this check says."""
    said = {finding.dire for finding in result.findings}
    covered = {one for passage in passages if passage.controle == result.controle for one in passage.couvre}
    return said <= covered
