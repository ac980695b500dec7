"""A delay that is over is said to be: the program's text does, and a text that still invites to use it fails."""

from dataclasses import replace
from datetime import date

import pytest

from gca_tui import reference
from gca_tui.domain.explanation.checking import check_all
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.subject import Subject, subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.months import MONTHS
from gca_tui.domain.settings import Settings
from gca_tui.domain.trop_percu import ExtraitNotification, Faits, Mois, Montants, Notification, TropPercu
from gca_tui.writing.draft import draft
from gca_tui.writing.models import Models
from tests.domain.explanation.subjects import MULHOUSE, a_dossier
from tests.domain.given import INES
from tests.strategies import CONTEXT
from tools.mutations import changes, is_caught

LEXICON = reference.lexicon()
RECEIVED = date(2026, 11, 12)
OPEN, RECTIFICATION_OVER, ALL_OVER = date(2026, 12, 2), date(2026, 12, 3), date(2027, 1, 13)
FACTS = Faits(
    motif="50",
    evenement_le=date(2026, 3, 2),
    evenement="vous avez repris un travail à temps plein chez un nouvel employeur",
    connu_le=date(2026, 9, 3),
    tiers=False,
)


def on(day: date, *codes: str) -> Subject:
    """A notification of these prestations, received on 12 November 2026 and explained on a day."""
    months = (Mois(id="2026-04", extrait=Montants(verse=90_000, du=0)),)
    parts = tuple(TropPercu(id=code, prestation=code, mois=months, faits=FACTS) for code in codes)
    letter = Notification(id="N1", extrait=ExtraitNotification(recue_le=RECEIVED), trop_percus=parts)
    context = replace(CONTEXT, today=day, settings=Settings(caisses={"681": MULHOUSE}))
    return subject(a_dossier(), letter, context, INES)


def drafted(about: Subject) -> Texte:
    return Texte.of(draft(about, Models(None), LEXICON).explication)


def found(texte: Texte, about: Subject) -> list[Finding]:
    return [one for result in check_all(texte, about, LEXICON) for one in result.findings]


def changed(about: Subject, was: str, becomes: str) -> list[Finding]:
    """What the checks say of the program's text with one thing changed under « Que faire »."""
    made = draft(about, Models(None), LEXICON).explication
    assert was in made.que_faire
    texte = Texte.of(made.model_copy(update={"que_faire": made.que_faire.replace(was, becomes)}))
    assert all(result.ok for result in check_all(texte, about, LEXICON) if result.controle not in (8, 9))
    return found(texte, about)


def what_to_do(about: Subject) -> list[str]:
    return drafted(about).of_section("que_faire").split("\n\n")


@pytest.mark.parametrize("day", [OPEN, RECTIFICATION_OVER, ALL_OVER])
@pytest.mark.parametrize("codes", [("PPA",), ("RSA",), ("AF",), ("APL",), ("AEFA",), ("RSA", "PPA", "APL", "AEFA")])
def test_the_text_of_any_day_passes_and_no_change_of_a_day_passes_unseen(day: date, codes: tuple[str, ...]) -> None:
    about = on(day, *codes)
    texte = drafted(about)
    assert found(texte, about) == []
    section = next(one for one in texte.sections if one.name == "que_faire")
    made = [one for one in changes(texte, about, LEXICON) if section.start <= one.start < section.end]
    assert [one for one in made if one.kind in ("mois", "recours") and not is_caught(one, texte, about, LEXICON)] == []


def test_on_its_last_day_a_delay_is_open() -> None:
    first, *_ = what_to_do(on(OPEN, "PPA"))
    assert "Dites-le-nous jusqu’au 2 décembre 2026, par téléphone ou par écrit." in first


def test_the_day_after_it_is_said_over_and_what_is_still_possible() -> None:
    first, recourse, *_ = what_to_do(on(RECTIFICATION_OVER, "PPA"))
    assert first.startswith("Vous aviez jusqu’au 2 décembre 2026 pour demander une rectification. Ce délai est passé.")
    assert "Vous pouvez encore contester la décision" in first
    assert "Dites-le-nous" not in first
    assert "jusqu’au 12 janvier 2027." in recourse
    assert "Une demande de rectification écrite, faite dans ce délai, compte aussi comme un recours." in recourse
    assert "par téléphone vous donne 20 jours" in recourse


@pytest.mark.parametrize("code", ["RSA", "APL"])
def test_a_late_request_is_not_promised_where_no_text_was_read(code: str) -> None:
    first, recourse, *_ = what_to_do(on(RECTIFICATION_OVER, code))
    assert "Ce délai est passé." in first
    assert "Vous pouvez encore contester la décision" in first
    assert "rectification" not in recourse


@pytest.mark.parametrize("code", ["PPA", "RSA", "AF", "APL", "AEFA"])
def test_a_recourse_that_is_over_invites_nobody(code: str) -> None:
    about = on(ALL_OVER, code)
    whole = drafted(about).of_section("que_faire")
    assert "jusqu’au 12 janvier 2027.\nCe délai est passé." in whole
    assert "Vous pouvez encore demander un échéancier" in whole
    assert "Vous pouvez encore demander une remise de dette" in whole
    assert not any(words in whole for words in ("Écrivez", "Vous contestez", "ci-dessous", "20 jours"))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (
            "Vous aviez jusqu’au 2 décembre 2026 pour demander une rectification. Ce délai est passé.",
            "Une information est fausse ? Dites-le-nous jusqu’au 2 décembre 2026. C’est une demande de rectification.",
        ),
        (
            "Vous aviez jusqu’au 2 décembre 2026 pour demander une rectification. Ce délai est passé.",
            "Demandez une rectification dans les 20 jours qui suivent la réception de ce courrier.",
        ),
        ("Vous aviez jusqu’au 2 décembre 2026 pour demander une rectification. Ce délai est passé.", ""),
    ],
)
def test_a_rectification_that_is_over_is_said_over(was: str, becomes: str) -> None:
    about = on(RECTIFICATION_OVER, "RSA")
    (finding,) = changed(about, was, becomes)
    assert "passé depuis le 2 décembre 2026" in finding.dire


@pytest.mark.parametrize(
    "becomes",
    [
        "Vous contestez la décision sur votre prime d’activité ? Écrivez à la commission de recours amiable"
        " jusqu’au 12 janvier 2027.",
        "Contestez la décision sur votre prime d’activité dans les deux mois qui suivent la réception de ce courrier.",
        "Vous pouvez contester la décision sur votre prime d’activité jusqu’au 12 janvier 2027.",
    ],
)
def test_a_recourse_that_is_over_offered_as_open_fails(becomes: str) -> None:
    about = on(ALL_OVER, "PPA")
    was = "Vous pouviez contester la décision sur votre prime d’activité jusqu’au 12 janvier 2027.\nCe délai est passé."
    said = changed(about, was, becomes)
    assert said
    assert all("passé depuis le 12 janvier 2027" in one.dire for one in said)


@pytest.mark.parametrize("month", [one for one in MONTHS if one != "janvier"])
def test_another_day_is_not_the_one_that_passed(month: str) -> None:
    (finding,) = changed(on(ALL_OVER, "PPA"), "12 janvier 2027", f"12 {month} 2027")
    assert finding.remplacer == "12 janvier 2027"


def test_what_is_proposed_mends_the_text() -> None:
    about = on(ALL_OVER, "AF")
    was = (
        "Vous pouviez contester la décision sur vos allocations familiales jusqu’au 12 janvier 2027.\n"
        "Ce délai est passé."
    )
    (finding,) = changed(about, f"{was}\n", "")
    assert finding.remplacer == was.replace("\n", " ")
