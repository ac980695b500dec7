from dataclasses import replace
from datetime import date
from itertools import cycle, groupby, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui import reference
from gca_tui.domain.explanation.readability import LONGEST, Reading, measure, sentences, syllables
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.sentences import sentences_of, words_of
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import euros
from gca_tui.domain.settings import CaisseSettings

LEXICON = reference.lexicon()
ABOUT = Subject(
    caisse="681",
    caisse_nom="Caf du Haut-Rhin",
    settings=CaisseSettings(),
    matricule="0123456",
    nom="SCHÄFER Anna",
    parts=(),
    notifiee_le=None,
    recue_le=None,
    threshold=150_000,
    agents=(),
    calendrier=(),
    today=date(2026, 11, 12),
)
words = st.sampled_from(
    ["vous", "avez", "reçu", "une", "aide", "pour", "votre", "logement", "à", "Mulhouse", "l’année"]
)


lists_of_words = st.lists(
    st.lists(words, min_size=1, max_size=20).map(lambda found: " ".join(one for one, _ in groupby(found))),
    min_size=1,
    max_size=12,
)


def found(text: str, about: Subject = ABOUT) -> list[Finding]:
    return list(sentences(Texte.read(text), about, LEXICON))


def written(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oui. Non ! Quand ? Demain… Bien.", ["Oui.", "Non !", "Quand ?", "Demain…", "Bien."]),
        ("M. Martin et Mme. Roux, art. 3, n° 4.", ["M. Martin et Mme. Roux, art. 3, n° 4."]),
        ("Reçu 2 340.50 euros le 12.11.2026 ou le 3.4.26.", ["Reçu 2 340.50 euros le 12.11.2026 ou le 3.4.26."]),
        ("Loyer, charges, etc. sont comptés. Fin.", ["Loyer, charges, etc. sont comptés.", "Fin."]),
        ("Loyer, charges, etc. Nous comptons.", ["Loyer, charges, etc.", "Nous comptons."]),
        (
            "Mois concernés :\n- mars\n- avril ;\n\n1. Écrivez.",
            ["Mois concernés :", "- mars", "- avril ;", "1. Écrivez."],
        ),
        ("Il dit « non. » Puis oui.", ["Il dit « non. »", "Puis oui."]),
        ("  \n --- \n", []),
    ],
)
def test_sentences_end_where_a_reader_stops(text: str, expected: list[str]) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2 340,50 €", 1),
        (euros(234_050), 1),
        ("2340.50 euros", 1),
        ("12 novembre 2026", 1),
        ("1er mars", 1),
        ("12/11/2026", 1),
        ("mars 2026", 1),
        ("l’aide d'urgence", 2),
        ("[[à compléter : date de l’événement]]", 1),
        ("- mars 2026 : reçu 1 200,00 €, droit 0,00 €, différence 1 200,00 €", 7),
        ("votre rendez-vous", 2),
    ],
)
def test_dates_amounts_and_elided_words_are_one_word(text: str, number: int) -> None:
    assert len(words_of(text)) == number


def test_a_sentence_of_25_words_passes_and_one_of_26_is_pointed_at() -> None:
    short, long = " ".join(["oui"] * 25) + ".", " ".join(["non"] * 26) + "."
    assert found(f"{short} Bien. Bien.") == []
    text = f"Bien. {long} Bien."
    (finding,) = found(text)
    assert text[finding.start : finding.end] == long
    assert "26 mots, 25 au plus" in finding.dire


def test_the_mean_is_20_words_at_most_and_points_at_the_longest() -> None:
    lines = [" ".join(islice(cycle(("mot", "court")), number)) for number in (20, 21, 22)]
    (finding,) = found("\n".join(lines))
    assert (finding.end - finding.start, "21,0 mots en moyenne" in finding.dire) == (len(lines[2]), True)
    assert found("\n".join([*lines, "fin"])) == []


def test_the_full_name_of_a_prestation_counts_as_one_word() -> None:
    name = LEXICON.prestations["CMG"].libelle.lower()
    assert found(" ".join([name] * LONGEST) + ".\nFin.\nFin.") == []
    assert len(found(" ".join([name] * (LONGEST + 1)) + ".\nFin.\nFin.")) == 1


@given(lists_of_words, st.sampled_from(".!?\n"))
def test_a_text_of_short_sentences_passes(lines: list[str], mark: str) -> None:
    text = "".join(f"{line[:1].upper()}{line[1:]}{mark} " for line in lines)
    assert found(text) == []
    assert measure(text).sentences == len(lines)


@given(st.lists(words, min_size=LONGEST + 1, max_size=60).map(" ".join), st.lists(words, max_size=9).map(" ".join))
def test_a_long_sentence_is_found_wherever_it_stands(long: str, other: str) -> None:
    text = f"{other}.\n{long}.\n{other}."
    assert any(text[one.start : one.end] == f"{long}." for one in found(text))


@given(st.lists(words, min_size=1, max_size=30), words)
def test_one_word_more_makes_no_measure_smaller(sentence: list[str], more: str) -> None:
    before, after = measure(" ".join(sentence)), measure(" ".join([*sentence, more]))
    assert (after.words, after.longest) == (before.words + 1, before.longest + 1)
    assert after.mean > before.mean
    assert set(before.long_words) <= set(after.long_words)


@given(st.lists(st.lists(words, min_size=1, max_size=9).map(" ".join), min_size=2, max_size=8))
def test_the_same_words_in_more_sentences_read_more_easily(lines: list[str]) -> None:
    joined, apart = measure(" ".join(lines)), measure(". ".join(lines))
    assert joined.words == apart.words
    assert joined.score is not None
    assert apart.score is not None
    assert apart.score > joined.score


@given(st.text(max_size=80))
def test_any_text_is_measured(text: str) -> None:
    reading = measure(text)
    assert reading.longest <= reading.words
    assert reading.sentences >= (reading.words > 0)


def test_a_text_without_words_has_no_score() -> None:
    assert measure("") == measure(" \n- ") == Reading()
    assert measure("12/11/2026 : 4 €").score is None


def test_the_score_is_that_of_the_formula() -> None:
    assert measure("La vie est belle.").score == pytest.approx(207 - 1.015 * 4 - 73.6 * 4 / 4)
    assert measure("Vous déménagez. Dites la date.").score == pytest.approx(207 - 1.015 * 2.5 - 73.6 * 8 / 5)


def test_long_words_are_shown_once_as_first_written() -> None:
    assert measure("Rectification : la rectification du remboursement.").long_words == (
        "Rectification",
        "remboursement",
    )


@pytest.mark.parametrize(
    ("word", "number"),
    [
        *[("prime", 1), ("activité", 4), ("déclaration", 4), ("réaliser", 4), ("journée", 2), ("moyen", 2)],
        *[("que", 1), ("naïf", 2), ("vie", 1), ("œuvre", 1), ("ressources", 2), ("l", 0), ("à", 1), ("NÉE", 1)],
    ],
)
def test_syllables_as_read(word: str, number: int) -> None:
    assert syllables(word) == number


def test_without_a_lexicon_names_are_words() -> None:
    text = " ".join(["prime d’activité"] * 13)
    assert list(sentences(Texte.read(text), replace(ABOUT), LEXICON._replace(prestations={}))) != []
