from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.explanation.prevention import ADVICE, prevention
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import euros
from gca_tui.domain.settings import CaisseSettings
from gca_tui.domain.trop_percu import Explication, TropPercu
from tests.domain.explanation.test_readability import ABOUT, LEXICON

OWN = CaisseSettings(adresse="12 rue des Tanneurs, 68000 Mulhouse, contact@caf.example", telephone="03 00 00 00 01")
AT_HOME = replace(ABOUT, settings=OWN, parts=(Part(TropPercu(id="T", reference="7654321"), None, None, "", ""),))
LAST = "\nLa prochaine fois, déclarez-le."


def found(text: str | Texte, about: Subject = AT_HOME) -> list[Finding]:
    return list(prevention(text if isinstance(text, Texte) else Texte.read(text), about, LEXICON))


def others(text: str) -> list[tuple[str, str]]:
    """What is told of others in a text that has its sentence on next time."""
    whole = text + LAST
    return [(whole[one.start : one.end], one.remplacer) for one in found(whole)]


@pytest.mark.parametrize(
    "advice",
    [
        "Déclarez votre emploi dès le premier mois.",
        "Vous déménagez ? Signalez-le à la Caf.",
        "Dites-le-nous tout de suite.",
        "Pensez à nous prévenir.",
        "Indiquez aussi les revenus de votre conjoint.",
        "Appelez-nous dès que la pension est payée.",
        "Votre adresse est à mettre à jour.",
    ],
)
def test_in_its_section_a_sentence_on_what_to_declare_is_enough(advice: str) -> None:
    assert found(Texte.of(Explication(raison="Vous travaillez.", prochaine_fois=advice))) == []
    assert found(Texte.read(f"Pourquoi ?\nVous travaillez.\nLa prochaine fois\n{advice}")) == []


@pytest.mark.parametrize(
    "advice", ["", "Bonne journée. Une question ? Appelez-nous.", "Inès Faure, gestionnaire\nCaf du Haut-Rhin"]
)
def test_a_section_that_says_nothing_of_it_does_not_hold(advice: str) -> None:
    texte = Texte.of(
        Explication(raison="Déclarez votre emploi.", que_faire="La prochaine fois, écrivez.", prochaine_fois=advice)
    )
    (finding,) = found(texte)
    assert finding.start == finding.end == len(texte.whole)
    assert finding.remplacer == ADVICE


@pytest.mark.parametrize(
    "text",
    [
        "La prochaine fois, dites-le-nous.",
        "À l’avenir, prévenez la Caf.",
        "Désormais, indiquez vos salaires.",
        "Pensez à nous dire vos changements.",
        "Déclarez vos salaires.",
        ADVICE,
    ],
)
def test_in_a_text_of_one_piece_the_sentence_is_told_by_its_words(text: str) -> None:
    assert found(f"Vous travaillez.\n{text}") == []


@pytest.mark.parametrize(
    "text", ["Dites-le-nous dans les 20 jours.", "La prochaine fois, bonne chance.", "À l’avenir. Écrivez-nous.", ""]
)
def test_and_a_sentence_on_anything_else_is_not_taken_for_it(text: str) -> None:
    assert [one.remplacer for one in found(text)] == [ADVICE]


@pytest.mark.parametrize(
    ("text", "shown", "instead"),
    [
        ("Son numéro : 1 80 01 75 999 991 17.", "1 80 01 75 999 991 17", "[numéro de sécurité sociale retiré]"),
        ("FR76 3000 6000 0112 3456 7890 189", "FR76 3000 6000 0112 3456 7890 189", "[numéro de compte retiré]"),
        ("le dossier 681·0445121", "0445121", "[matricule retiré]"),
        ("matricule 445121", "445121", "[matricule retiré]"),
        ("écrivez à zoe.martin@mail.example.", "zoe.martin@mail.example", "[adresse retirée]"),
        ("au 06 00 00 00 02", "06 00 00 00 02", "[téléphone retiré]"),
        ("au 06.00.00.00.02.", "06.00.00.00.02", "[téléphone retiré]"),
        ("au +33 6 00 00 00 02", "+33 6 00 00 00 02", "[téléphone retiré]"),
    ],
)
def test_data_of_somebody_else_is_found(text: str, shown: str, instead: str) -> None:
    assert others(text) == [(shown, instead)]


@pytest.mark.parametrize(
    "text",
    [
        "Votre dossier 0123456, matricule 123456, 681·0123456.",
        "Votre trop-perçu 7654321.",
        "Appelez le 03 00 00 00 01 ou le +33 3 00 00 00 01, écrivez à contact@caf.example.",
        "Vous avez reçu 1234567 €, 1234567,00 € et 1 234 567,00 €.",
        "Le 12/11/2026, 12.11.2026, 2026-11-12, de 2026-01 à 2026-12.",
    ],
)
def test_data_of_the_dossier_and_of_the_caisse_passes(text: str) -> None:
    assert others(text) == []


def test_zeros_are_no_matricule_and_do_not_stop_the_check() -> None:
    assert others("0000000") == [("0000000", "[matricule retiré]")]


@given(st.integers(0, 999_999_999), st.dates(), st.dates())
def test_no_amount_and_no_date_is_taken_for_somebody_else(cents: int, one: object, other: object) -> None:
    written = f"{cents // 100},{cents % 100:02d} €"
    assert others(f"Reçu {euros(cents)} ou {written} du {one} au {other}.") == []


@given(st.integers(1, 9_999_999).filter(lambda number: number not in (123_456, 7_654_321)))
def test_any_other_matricule_is_found(number: int) -> None:
    assert others(f"Dossier {number:07d}.") == [(f"{number:07d}", "[matricule retiré]")]
