import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.phrases import Phrases, level


def found(text: str, *terms: tuple[str, str]) -> list[str]:
    return [text[match.start() : match.end()] for _, match in Phrases(terms).find(level(text))]


@given(st.text())
def test_a_levelled_text_is_as_long_as_it_was(text: str) -> None:
    assert len(level(text)) == len(text)


@given(st.text("aàâéèêëîïôöûüçAÀÉÇ’'\u00a0\u202f "))
def test_levelling_forgets_case_accents_and_sorts_of_spaces(text: str) -> None:
    assert level(level(text)) == level(text) == level(text.upper())
    assert set(level(text)) <= set("aceiou' ")


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("pièce", "Pièces, PIECE, pièc, piécette", ["Pièces", "PIECE"]),
        ("susvisé", "susvisée susvisées susviser", ["susvisée", "susvisées"]),
        ("diligenter", "diligentée, diligentons, diligence", ["diligentée", "diligentons"]),
        (
            "suite à",
            "suite aux, suite\u00a0à, suite au-delà, suite a",
            ["suite aux", "suite\u00a0à", "suite au", "suite a"],
        ),
        ("en raison du fait que", "en raison du fait qu’il", ["en raison du fait qu’"]),
        ("au cas où", "au cas ou, au\ncas où", ["au cas ou", "au\ncas où"]),
        ("à échoir", "à échoir, a échoirs", ["à échoir", "a échoirs"]),
    ],
)
def test_terms_in_their_several_forms(term: str, text: str, expected: list[str]) -> None:
    assert found(text, (term, "")) == expected


def test_the_longest_of_two_terms_prevails_and_the_next_is_found_after_it() -> None:
    terms = [("pièce", ""), ("pièce de rechange", ""), ("rechange", "")]
    assert found("pièce de rechange, pièce, rechange", *terms) == ["pièce de rechange", "pièce", "rechange"]


def test_exceptions_hold_where_they_stand_and_for_their_term_only() -> None:
    terms = [("pièce", "pièce de théâtre|deux pièces"), ("théâtre", "")]
    assert found("Deux pièces, une pièce de théâtre, une pièce.", *terms) == ["théâtre", "pièce"]


def test_nothing_to_look_for_finds_nothing() -> None:
    assert found("pièce") == []
