"""What a terminal sends for a paste reaches the program as one text, whatever is in it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from gca_tui.ui.paste import BEGIN, END, PasteParser


def heard(*chunks):
    parser = PasteParser()
    return [event for chunk in chunks for event in parser.feed(chunk)]


def pasted(found):
    return "".join(event.text for event in found if isinstance(event, events.Paste))


@pytest.mark.parametrize("hidden", ["\x1b[31m", "\x1b]52;c;AAAA\x07", "\x1bOQ", "\x1b", "\x1b[A", "\x1b[200~"])
def test_escape_sequences_in_a_paste_press_no_key(hidden):
    found = heard(f"{BEGIN}Alpha {hidden}rouge{END}")
    assert not [event for event in found if isinstance(event, events.Key)]
    assert pasted(found).startswith("Alpha ")
    assert pasted(found).endswith("rouge")
    assert "\x1b" not in pasted(found)


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\x1b\x00")), cuts=st.lists(st.integers(0, 40)))
def test_a_paste_cut_anywhere_is_one_paste_in_order(text, cuts):
    sent = f"{BEGIN}{text}{END}"
    edges = sorted({0, len(sent), *(min(cut, len(sent)) for cut in cuts)})
    chunks = [sent[a:b] for a, b in pairwise(edges)]
    found = heard(*chunks)
    assert pasted(found) == text
    assert not [event for event in found if isinstance(event, events.Key)]


@pytest.mark.parametrize("cut", range(1, len(BEGIN) + 9))
def test_a_mark_cut_between_two_readings_is_still_one(cut):
    sent = f"{BEGIN}a\x1b[Ab{END}c"
    found = heard(sent[:cut], sent[cut:])
    assert pasted(found) == "a[Ab"
    assert [event.key for event in found if isinstance(event, events.Key)] == ["c"]


def test_keys_around_a_paste_are_keys():
    found = heard("a", f"{BEGIN}mot{END}b", "\x1b[A")
    keys = [event.key for event in found if isinstance(event, events.Key)]
    assert keys == ["a", "b", "up"]
    assert pasted(found) == "mot"
