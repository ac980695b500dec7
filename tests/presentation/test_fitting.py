"""Paragraphs on a page: nothing too wide, no figure cut, what matters least shortened first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.presentation.fitting import Block, arranged, cells, clean, clip, wrapped

texts = st.text(alphabet=st.sampled_from("abé 漢字 12,€\u0301\n"), max_size=120)


@given(texts, st.integers(1, 40))
def test_what_is_clipped_fits(text, width):
    assert cells(clip(text, width)) <= width


@given(texts, st.integers(2, 40))
def test_what_is_wrapped_fits_and_loses_no_word(text, width):
    lines = wrapped(clean(text), width)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")


@pytest.mark.parametrize(
    ("text", "width", "kept"),
    [
        ("touché 12 345,67 € en mars", 12, "touché…"),
        ("touché 12 345,67 € en mars", 20, "touché 12\xa0345,67\xa0€…"),
        ("le 3 novembre 2026, puis rien", 15, "le…"),
        ("12345678901234567890", 10, "…"),
        ("un mot, et la suite", 8, "un mot…"),
        ("court", 5, "court"),
    ],
)
def test_a_figure_is_kept_whole_or_left_out(text, width, kept):
    assert clip(text, width) == kept


def page(height: int) -> list[str]:
    blocks = [
        Block(0, 0, (("Qui",),)),
        Block(1, 2, (("un", "deux", "trois"), ("un", "et 2 autres"), ("3 choses",))),
        Block(1, 1, (("longue",), ("courte",))),
        Block(2, 9, (("peu importe",), ())),
        Block(2, 20, (("plus",),), extra=True),
    ]
    return [line.text for line in arranged(blocks, 20, height)]


@pytest.mark.parametrize(
    ("height", "lines"),
    [
        (9, ["Qui", "", "un", "deux", "trois", "longue", "", "peu importe", "plus"]),
        (8, ["Qui", "", "un", "deux", "trois", "longue", "", "peu importe"]),
        (6, ["Qui", "un", "deux", "trois", "longue", "peu importe"]),
        (4, ["Qui", "un", "et 2 autres", "longue"]),
        (3, ["Qui", "3 choses", "longue"]),
        (2, ["Qui", "longue"]),
        (1, ["Qui"]),
    ],
)
def test_what_matters_least_goes_first(height, lines):
    assert page(height) == lines
