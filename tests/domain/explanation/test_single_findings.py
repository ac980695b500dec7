"""One mistake is told once, in a whole sentence, and what is proposed mends it."""

import pytest

from gca_tui import reference
from gca_tui.domain.explanation.checking import check_all
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import euros
from gca_tui.writing.draft import draft
from gca_tui.writing.models import Models
from tests.writing.test_draft import FACTS, a_trop_percu, about

LEXICON = reference.lexicon()
ABOUT = about(a_trop_percu("PPA", "2026-04", "2026-05", verse=90_000, du=10_000))
ONE_MONTH = about(a_trop_percu("PPA", "2026-04", verse=90_000, du=10_000))


def told(about: Subject, was: str = "", becomes: str = "", section: str = "raison") -> dict[int, list[Finding]]:
    """What each check says of the program's text in which some words were changed once."""
    made = draft(about, Models(), LEXICON).explication
    text = getattr(made, section)
    assert was in text
    texte = Texte.of(made.model_copy(update={section: text.replace(was, becomes, 1)}))
    return {one.controle: list(one.findings) for one in check_all(texte, about, LEXICON) if not one.ok}


@pytest.mark.parametrize("of", [ABOUT, ONE_MONTH])
@pytest.mark.parametrize(("words", "cents"), [("reçu", 90_000), ("droit", 10_000), ("différence", 80_000)])
def test_one_wrong_amount_of_a_month_is_one_finding(of: Subject, words: str, cents: int) -> None:
    line = f"{words} {euros(cents)}"
    made = draft(of, Models(), LEXICON).explication.calcul
    assert made.count(f" {line}") >= 1
    before = f"avril 2026\u00a0: {made.split('- avril 2026' + chr(160) + ': ')[1].partition(line)[0]}"
    found = told(of, before + line, before + f"{words} {euros(cents + 1)}", "calcul")
    assert {check: len(said) for check, said in found.items()} == {3: 1}
    assert found[3][0].remplacer == euros(cents)


def test_a_wrong_total_is_not_a_total_that_lacks_too() -> None:
    found = told(ABOUT, f"rembourser {euros(160_000)}", f"rembourser {euros(160_001)}", "calcul")
    assert [one.remplacer for one in found[3]] == [euros(160_000)]


def test_a_wrong_month_is_one_finding() -> None:
    found = told(ABOUT, "- avril 2026", "- juin 2026", "calcul")
    assert [(check, len(said)) for check, said in found.items()] == [(4, 1)]
    assert found[4][0].remplacer == "avril 2026"


def test_a_wrong_period_is_one_finding() -> None:
    found = told(ABOUT, "d’avril 2026 à mai 2026", "de mars 2026 à mai 2026")
    assert [one.remplacer for one in found[2]] == ["d’avril 2026 à mai 2026"]


def test_a_wrong_day_is_one_finding() -> None:
    found = told(ABOUT, "Le 2 mars 2026", "Le 3 mars 2026")
    assert [one.remplacer for one in found[5]] == ["2 mars 2026"]


def test_an_event_left_unsaid_is_proposed_as_a_sentence() -> None:
    sentence = "Le 2 mars 2026, vous avez repris un travail à temps plein chez un nouvel employeur."
    found = told(
        ABOUT, sentence, "Vos revenus ont changé à cause de ce nouveau travail, que nous ne connaissions pas encore."
    )
    assert [one.remplacer for one in found[5]] == [sentence]


def test_an_event_told_without_its_day_is_not_told_twice() -> None:
    found = told(ABOUT, "Le 2 mars 2026, vous avez", "Vous avez")
    assert [(one.dire, one.remplacer) for one in found[5]] == [("Dites la date de l’événement\u00a0: 2 mars 2026.", "")]


@pytest.mark.parametrize(
    ("lost", "check"), [({"motif": ""}, 5), ({"evenement_le": None}, 5), ({"evenement": ""}, 5), ({"tiers": None}, 7)]
)
def test_a_fact_that_is_missing_is_told_once_with_where_to_say_it(lost: dict[str, object], check: int) -> None:
    found = told(about(a_trop_percu("PPA", faits=FACTS.model_copy(update=lost))))
    (finding,) = found[check]
    assert "Il reste à compléter" in finding.dire
    assert finding.dire.endswith("dans les faits (F3).")


def test_an_empty_reason_counts_no_signs() -> None:
    texte = Texte.read("Le calcul\nVous avez reçu trop.")
    said = [one.dire for one in check_all(texte, ABOUT, LEXICON)[4].findings]
    assert any("n’est pas dite" in one for one in said)
    assert not any("0\u00a0signe" in one or "ni date" in one for one in said)


@pytest.mark.parametrize(
    ("words", "instead"), [("Le le 12 juillet", "Le"), ("de de la Caf", "de"), ("Votre votre prime", "Votre")]
)
def test_a_word_written_twice_is_said_with_one(words: str, instead: str) -> None:
    result = check_all(Texte.read(words), ABOUT, LEXICON)[8]
    assert [one.remplacer for one in result.findings] == [instead]
    assert not result.bloquant


@pytest.mark.parametrize("words", ["Nous nous sommes vus.", "Vous vous séparez.", "Cela a à voir.", "Duran Duran."])
def test_words_that_may_be_written_twice(words: str) -> None:
    assert check_all(Texte.read(words), ABOUT, LEXICON)[8].ok


def test_a_salary_is_sent_to_the_facts_and_never_replaced_by_an_amount() -> None:
    said = told(ABOUT, "Nous l’avons su", "Vous avez reçu un salaire de 1 350,00 €. Nous l’avons su")
    assert all("dans les faits (F3)" in one.dire and not one.remplacer for one in said[3])
    words = "vous avez reçu un salaire de 1 350,00 € en mars 2026, qui manquait dans notre calcul"
    assert told(about(a_trop_percu("PPA", faits=FACTS.model_copy(update={"evenement": words})))) == {}
