from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.explanation.tone import BY_A_THIRD_PARTY, BY_NOBODY, BY_THE_CAF, tone
from gca_tui.domain.trop_percu import Explication, Faits, TropPercu
from tests.domain.explanation.test_readability import ABOUT, LEXICON

UNSAID = "Cette information n’était pas connue de la Caf à temps."


def on(*sides: str, tiers: str = "") -> Subject:
    """What a text is about when these are the sides of its trop-perçus."""
    faits = Faits(tiers_nom=tiers)
    parts = (Part(TropPercu(id=side or "x", faits=faits), None, None, "", side) for side in sides)
    return replace(ABOUT, parts=tuple(parts))


def found(text: str, about: Subject = ABOUT) -> list[Finding]:
    return list(tone(Texte.read(text), about, LEXICON))


def mended(text: str, finding: Finding) -> str:
    return text[: finding.start] + finding.remplacer + text[finding.end :]


@pytest.mark.parametrize("words", LEXICON.accusations, ids=lambda words: words.terme)
def test_every_accusation_is_found_and_mended(words: object) -> None:
    assert isinstance(words, tuple)
    for dressed in (words[0], words[0].upper(), words[0].replace("’", "'")):
        text = f"Bonjour. Voici : {dressed} votre emploi. Merci."
        (finding,) = found(text)
        assert dressed in text[finding.start : finding.end]
        assert finding.remplacer
        assert found(mended(text, finding)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vous n’avez pas déclaré votre emploi.", "Nous ne connaissions pas votre emploi."),
        ("Le 3 mai, vous avez omis de déclarer un loyer.", "Le 3 mai, nous ne connaissions pas un loyer."),
        ("Bonjour. Vous avez commis une faute en mai. Merci.", f"Bonjour. {UNSAID} Merci."),
        ("Vous avez dissimulé des revenus.", UNSAID),
        ("De fausses déclarations ont été faites.", "L’information reçue et la situation ne correspondent pas."),
    ],
)
def test_what_is_written_instead(text: str, expected: str) -> None:
    (finding,) = found(text)
    assert mended(text, finding) == expected


@pytest.mark.parametrize(
    "text",
    [
        "C’est arrivé sans faute de votre part.",
        "Vous n’êtes pas en faute.",
        "Ce n’est pas votre faute. Il ne s’agit pas d’une fraude.",
        "Nous ne vous reprochons aucune fraude, ni mensonge.",
        "Vous n’êtes pas accusé de fraude, sans que ce soit une négligence.",
        "Ce n’est en rien votre faute. Personne ne vous accuse de fraude.",
        "Vous auriez du mal à rembourser ?",
        "Faute de réponse, nous avons arrêté le calcul.",
        "Vous avez signalé ce changement. Par défaut, rien ne change.",
        "",
    ],
)
def test_what_denies_or_accuses_nobody_passes(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ce n’est pas une erreur, c’est une fraude.",
        "Vous n’avez pas répondu ; il y a fraude.",
        "Sans réponse de votre part. Fraude constatée.",
        "Vous n’avez pas agi vite et la faute est établie.",
    ],
)
def test_a_denial_of_something_else_excuses_nothing(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "La Caf a fait une erreur dans le calcul.",
        "La Caf a fait une erreur, vous n’en êtes pas responsable.",
        "Nous nous sommes trompés de mois.",
        "Nous avons mal enregistré votre loyer.",
        "C’est une erreur de la Caf.",
        "L’erreur a été faite par la Caf.",
        "Notre caisse a traité votre courrier avec retard.",
    ],
)
def test_sentences_that_say_the_caf_erred(text: str) -> None:
    assert found(text, on("caf")) == []
    (finding,) = found(text, on("allocataire"))
    assert finding.remplacer == BY_NOBODY
    assert found(mended(text, finding), on("allocataire")) == []


@pytest.mark.parametrize(
    "text",
    [
        "La Caf n’a fait aucune erreur.",
        "Ce trop-perçu est arrivé sans erreur de la Caf.",
        "Si vous voyez une erreur de la Caf, écrivez-nous.",
        "Une erreur de la Caf ?",
        "Un autre organisme a fait une erreur.",
        "Nous l’avons su le 3 juin 2026, trop tard.",
        "",
    ],
)
def test_sentences_that_do_not(text: str) -> None:
    (finding,) = found(text, on("caf"))
    assert (finding.start, finding.end, finding.remplacer) == (len(text), len(text), BY_THE_CAF)
    assert found(f"{text}\n{BY_THE_CAF}", on("caf")) == []
    assert found(text, on("allocataire")) == []


def test_a_missing_sentence_belongs_at_the_end_of_the_reasons() -> None:
    texte = Texte.of(Explication(raison="Nous avons recalculé.", calcul="Vous avez reçu 3 €."))
    (finding,) = tone(texte, on("caf"), LEXICON)
    assert texte.local(finding.start, finding.end) == ("raison", 21, 21)


@pytest.mark.parametrize(
    ("text", "tiers"),
    [
        ("L’information d’un autre organisme nous est arrivée après les versements.", ""),
        ("L’information de Banque Zed nous est arrivée après les versements.", "la Banque Zed"),
        ("France Travail a corrigé votre dossier.", ""),
        ("Votre employeur a transmis des salaires inexacts.", ""),
        ("L’information nous est arrivée en retard. Elle vient de France Travail.", ""),
        (BY_A_THIRD_PARTY, ""),
    ],
)
def test_a_third_party_must_be_said(text: str, tiers: str) -> None:
    assert found(text, on("tiers", tiers=tiers)) == []


@pytest.mark.parametrize("text", ["Votre situation a changé.", "Votre employeur est une mairie.", ""])
def test_a_third_party_not_said_is_asked_for(text: str) -> None:
    (finding,) = found(text, on("tiers"))
    assert (finding.start, finding.remplacer) == (len(text), BY_A_THIRD_PARTY)


@given(st.lists(st.sampled_from(["", "fraude", "allocataire"]), max_size=4))
def test_nothing_is_asked_when_neither_the_caf_nor_a_third_party_erred(sides: list[str]) -> None:
    assert found("Votre situation a changé en mars 2026.", on(*sides)) == []


def test_each_side_of_a_mix_is_asked_for_once() -> None:
    text = "Votre situation a changé."
    assert [one.remplacer for one in found(text, on("caf", "caf", "tiers", ""))] == [BY_THE_CAF, BY_A_THIRD_PARTY]
    assert found(f"{BY_THE_CAF} {BY_A_THIRD_PARTY}", on("caf", "tiers", "allocataire")) == []


@given(st.text(max_size=120), st.sampled_from(["", "caf", "tiers", "allocataire", "fraude"]))
def test_places_are_in_the_text(text: str, side: str) -> None:
    assert all(0 <= one.start <= one.end <= len(text) and one.remplacer for one in found(text, on(side)))
