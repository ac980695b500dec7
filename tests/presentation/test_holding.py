"""What is read in one breath is held together, and only what is shown."""

import pytest

from gca_tui.domain.french import NBSP
from gca_tui.presentation.fitting import wrapped
from gca_tui.presentation.holding import held, hour, town


@pytest.mark.parametrize("text", ["03 89 00 12 34", "+33 6 39 98 00 12", "1 523,40 €", "12 mars 2026", "14 h 30"])
def test_a_figure_is_never_broken_over_two_lines(text):
    assert held(text) == text.replace(" ", NBSP)
    for width in range(len(text), 40):
        lines = wrapped(f"voici bien {held(text)} pour vous", width)
        assert any(held(text) in line for line in lines)


def test_a_postcode_keeps_its_town():
    assert town("68200", "Mulhouse") == f"68200{NBSP}Mulhouse"
    assert town("76600", "Le Havre") == f"76600{NBSP}Le Havre"
    assert (town("", "Mulhouse"), town("68200", ""), town("", "")) == ("Mulhouse", "68200", "")


def test_hours_are_shown_in_full():
    assert hour("14:00") == f"14{NBSP}h{NBSP}00"
    assert hour("09:30") == f"9{NBSP}h{NBSP}30"
    assert (hour("matin"), hour("")) == ("matin", "")
