"""Each of the first eight checks on texts written out: prime d'activité, 2 340,50 € over two months."""

import sys
from datetime import date
from pathlib import Path

import pytest

from gca_tui import reference
from gca_tui.domain.explanation import authorities, figures, mentions, obstacles, recourse, roles
from gca_tui.domain.explanation.checking import CHECKS, check_all
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.phrases import Sought, level
from gca_tui.domain.trop_percu import Faits, Mois, Montants, Notification, TropPercu
from tests.domain.explanation.subjects import about, drafted

LEXICON = reference.lexicon()
CORPUS = Path(__file__).parents[3] / "fixtures" / "explications"
FAITS = Faits(
    motif="50",
    evenement_le=date(2025, 11, 12),
    evenement="vous avez repris un travail à temps plein",
    connu_le=date(2026, 6, 3),
    tiers=True,
    tiers_nom="France Travail",
    tiers_contenu="la date de votre reprise",
)


def a_part(code: str = "PPA", **fields: object) -> TropPercu:
    months = (
        Mois(id="2026-03", extrait=Montants(verse=150_050, du=10_000)),
        Mois(id="2026-04", extrait=Montants(verse=114_000, du=20_000)),
    )
    return TropPercu(**{"id": code, "prestation": code, "mois": months, "faits": FAITS, **fields})


ONE = about(Notification(id="N", trop_percus=(a_part(),)))
TWO = about(Notification(id="N", trop_percus=(a_part(), a_part("APL"))))
TEXT = drafted(ONE).whole


def findings(check: int, was: str = "", becomes: str = "") -> tuple[Finding, ...]:
    """What a check says of the draft with one passage changed, sections kept."""
    texte = drafted(ONE)
    assert was in texte.whole
    at = texte.whole.find(was)
    whole = texte.whole.replace(was, becomes, 1) if was else texte.whole
    longer = len(becomes) - len(was)
    ends = [
        (one.start + longer * (was != "" and one.start > at), one.end + longer * (was != "" and one.end > at))
        for one in texte.sections
    ]
    sections = tuple(type(one)(one.name, start, end) for one, (start, end) in zip(texte.sections, ends, strict=True))
    return check_all(Texte(whole, sections), ONE, LEXICON)[check - 1].findings


def test_checks_are_the_twelve_in_order_and_the_first_eight_block_from_the_threshold() -> None:
    results = check_all(Texte.read(""), ONE, LEXICON)
    assert [one.controle for one in results] == [number for number, _, _ in CHECKS] == list(range(1, 13))
    assert [one.bloquant for one in results] == [True] * 8 + [False] * 4
    small = a_part(mois=(Mois(id="2026-03", extrait=Montants(verse=149_999, du=0)),))
    under = check_all(Texte.read(""), about(Notification(id="N", trop_percus=(small,))), LEXICON)
    assert not any(one.bloquant for one in under)


def test_an_empty_text_fails_all_eight() -> None:
    assert [one.controle for one in check_all(Texte.read(""), ONE, LEXICON) if not one.ok][:8] == [
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
    ]


def test_the_draft_without_titles_passes_too() -> None:
    assert [one.controle for one in check_all(Texte.read(TEXT), ONE, LEXICON) if not one.ok and one.bloquant] == []


@pytest.mark.parametrize(
    ("check", "was", "becomes", "right"),
    [
        (1, "prime d’activité", "aide personnalisée au logement", "prime d’activité"),
        (2, "de mars 2026 à avril 2026", "de mars 2026 à mai 2026", "de mars 2026 à avril 2026"),
        (3, "2\u00a0340,50\u00a0€", "2340.51 euros", "2\u00a0340,50\u00a0€"),
        (3, "reçu 1\u00a0500,50\u00a0€", "reçu 1\u00a0500 €", "1\u00a0500,50\u00a0€"),
        (5, "12 novembre 2025", "13 novembre 2025", "12 novembre 2025"),
        (5, "3 juin 2026", "4/6/2026", "3 juin 2026"),
        (8, "20 jours", "15 jours", "20\u00a0jours"),
        (8, "commission de recours amiable", "président du conseil départemental", "commission de recours amiable"),
        (8, "tribunal administratif", "tribunal judiciaire", "tribunal administratif"),
        (8, "deux mois", "trois mois", "deux mois"),
    ],
)
def test_what_is_wrong_is_pointed_at_with_what_is_right(check: int, was: str, becomes: str, right: str) -> None:
    assert findings(check) == ()
    pointed = [one for one in findings(check, was, becomes) if one.start < one.end]
    assert pointed
    assert pointed[0].remplacer == right
    whole = TEXT.replace(was, becomes, 1)
    assert whole[pointed[0].start : pointed[0].end] in becomes


@pytest.mark.parametrize(
    ("check", "was", "said"),
    [
        (6, "Vous aviez droit à 300,00\u00a0€.", "Dites ce à quoi elle avait droit"),
        (7, "France Travail", "Nommez le tiers"),
        (8, "gestionnaire conseil allocataires", "Signez"),
        (8, "03 89 00 00 00", "Donnez le téléphone"),
        (8, "26 avenue Robert Schuman", "Donnez l’adresse"),
    ],
)
def test_what_is_left_out_is_asked_for(check: int, was: str, said: str) -> None:
    assert any(one.dire.startswith(said) for one in findings(check, was))


def test_the_total_of_several_prestations_is_not_their_differences() -> None:
    texte = drafted(TWO)
    assert check_all(texte, TWO, LEXICON)[2].ok
    without = texte.whole[: texte.whole.index("En tout")] + texte.whole[texte.whole.index("Une information") :]
    (said,) = check_all(Texte.read(without), TWO, LEXICON)[2].findings
    assert said.remplacer == "En tout, vous devez rembourser 4\u00a0681,00\u00a0€."


def test_a_month_left_out_of_the_list_and_one_too_many() -> None:
    (missing,) = findings(4, "- avril 2026", "- le mois suivant")
    assert "il manque avril 2026" in missing.dire
    assert missing.remplacer.startswith("- avril 2026")
    (instead,) = findings(4, "- avril 2026", "- mai 2026")
    assert instead.end - instead.start == len("mai 2026")
    assert "avril 2026 y manque" in instead.dire
    assert instead.remplacer == "avril 2026"
    assert findings(3, "- avril 2026", "- mai 2026") == ()


def test_a_missing_year_is_taken_from_the_facts_when_only_one_fits() -> None:
    assert findings(4, "- avril 2026", "- avril") == ()
    assert findings(5, "12 novembre 2025", "12 novembre") == ()
    assert findings(5, "12 novembre 2025", "14 novembre") != ()


@pytest.mark.parametrize(
    "raison",
    [
        "Nous avons examiné votre dossier.",
        "Le 12 novembre 2025, vous avez modifié votre situation professionnelle. Nous l’avons su le 3 juin 2026.",
        "SUITE A UN CHANGEMENT DE SITUATION le 12/11/2025, vos droits ont été recalculés.",
        "Modification de vos ressources annuelles depuis novembre 2025.",
    ],
)
def test_a_formula_is_no_cause(raison: str) -> None:
    texte = Texte.read(f"Pourquoi ?\n{raison}\nLe calcul\nRien.")
    said = check_all(texte, ONE, LEXICON)[4].findings
    assert any("n’explique rien" in one.dire for one in said)


def test_each_family_has_its_own_recourse() -> None:
    texte = drafted(TWO)
    assert check_all(texte, TWO, LEXICON)[7].ok
    lacking = texte.whole.replace("directeur de la Caf", "service du courrier de la Caf", 1)
    said = [one.dire for one in check_all(Texte.read(lacking), TWO, LEXICON)[7].findings]
    assert any("aide personnalisée au logement" in one and "directeur de la Caf" in one for one in said)


def test_remise_and_echeancier_are_two_choices() -> None:
    paragraphs = drafted(ONE).of_section("que_faire").split("\n\n")
    others = [one for one in paragraphs if "remise de dette" not in one and "échéancier" not in one]
    both = "\n\n".join([*others, "Demandez un échéancier ou une remise de dette.", TEXT[TEXT.rindex("Inès") :]])
    said = [one.dire for one in check_all(Texte.read(both), ONE, LEXICON)[7].findings]
    assert said == ["Remise de dette et échéancier sont deux choix\u00a0: dites-les en deux phrases."]


def test_two_problems_never_read_the_same() -> None:
    texte = Texte.read("[[à compléter]] [[à compléter]]\n300 €\n300 €\n300 €")
    for result in check_all(texte, TWO, LEXICON):
        said = [one.dire for one in result.findings]
        assert len(said) == len(set(said))


@pytest.mark.parametrize(
    "piece",
    [
        *("a", "12", "12/11/2026 ", "mars 2026, 12,00 € ", "Vous avez reçu 300 €. ", "[[ ", "de mars à "),
        *(" ", "\n\n", "recours. ", "prime d’activité ", "sept "),
    ],
)
def test_twice_the_text_takes_twice_the_steps(piece: str) -> None:
    """Steps are calls, of Python and of C: a loop inside a loop makes four times as many, on any machine."""

    def steps(length: int) -> int:
        texte, counted = Texte.read(piece * (length // len(piece))), 0

        def count(*_: object) -> None:
            nonlocal counted
            counted += 1

        sys.setprofile(count)
        try:
            check_all(texte, ONE, LEXICON)
        finally:
            sys.setprofile(None)
        return counted

    steps(1_000)  # what is prepared once is prepared
    assert steps(8_000) < 2.3 * steps(4_000) + 500


def test_what_is_sought_at_the_beginnings_of_words_is_all_that_a_plain_search_finds() -> None:
    sought = [
        one for module in (authorities, figures, mentions, obstacles, recourse, roles) for one in vars(module).values()
    ]
    sought = [one for one in sought if isinstance(one, Sought)]
    assert len(sought) > 8
    text = level(" ".join([TEXT, *(path.read_text(encoding="utf-8") for path in CORPUS.glob("*.json"))]))
    for one in sought:
        assert [match.span() for match in one.find(text)] == [match.span() for match in one.pattern.finditer(text)]
