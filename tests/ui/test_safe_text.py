import subprocess
import sys
import unicodedata

import pytest
from hostile import CORPUS, LONG_LINE, leaks, screen_output
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.app import App
from textual.color import Color
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static, TextArea

from gca_tui.presentation.safe_text import _NARROW, FORBIDDEN, fit, one_line, pasted, visible
from gca_tui.ui.sanitise import Sanitise

BLACK = Color(0, 0, 0)
ANY_TEXT = st.text(st.characters() | st.sampled_from("e\u0301\u0316\u200b\u202e\x1b\t\n\r漢œ"), max_size=80)


def test_every_character_without_a_shape_of_its_own_is_forbidden():
    shapeless = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    allowed = {"\t", "\n"}
    missed = [
        hex(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in shapeless and chr(code) not in allowed and not FORBIDDEN.match(chr(code))
    ]
    assert missed == []


def test_french_text_is_left_alone():
    text = "L’indu de 1\u202f500,00\xa0€ — «\xa0cœur, Noël, ça, où\xa0» : 100 % [note] #3 @ {x}"
    assert visible(text) == one_line(text) == pasted(text) == text
    assert not FORBIDDEN.search(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A\x1b]52;c;x\x07B", "A␛]52;c;x␇B"),
        ("A\u202eB", "A⟨U+202E⟩B"),
        ("A\x9b2J", "A⟨U+009B⟩2J"),
        ("A\x7f", "A␡"),
        ("A\U000e0041", "A⟨U+E0041⟩"),
        ("A\ud800", "A⟨U+D800⟩"),
        ("A\u200bB", "A⟨U+200B⟩B"),
        ("A\tB", "A    B"),
        ("A\r\nB\rC\nD", "A\nB\nC\nD"),
        ("e\u0301", "é"),
        ("☎\ufe0f", "☎"),
        ("x" + "\u0316" * 100, "x" + "\u0316" * 8),
        ("[/foo]", "[/foo]"),
    ],
)
def test_what_is_forged_is_seen(text, shown):
    assert visible(text) == shown


def test_marks_are_counted_per_base():
    word = "a" + "\u0316" * 7 + "b" + "\u0316" * 7
    assert visible(word) == word
    assert visible("\u0316" * 30 + "x") == "\u0316" * 8 + "x"


def test_line_breaks_on_one_line():
    assert one_line("un\r\ndeux\ntrois") == "un ⏎ deux ⏎ trois"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("un\rdeux\r\ntrois\u2028quatre", "un\ndeux\ntrois\nquatre"),
        ("A\x1b[31mB\u202e\x07", "A[31mB"),
        ("e\u0301te\u0301", "été"),
        ("nom\tprénom", "nom prénom"),
        ("x" + "\u0316" * 10_000, "x" + "\u0316" * 8),
        ("", ""),
    ],
)
def test_a_paste_keeps_what_an_agent_could_have_typed(text, kept):
    assert pasted(text) == kept


@given(ANY_TEXT)
def test_nothing_forbidden_passes(text):
    assert not FORBIDDEN.search(visible(text))
    assert not FORBIDDEN.search(pasted(text))
    assert "\n" not in one_line(text)
    assert visible(visible(text)) == visible(text)
    assert pasted(pasted(text)) == pasted(text)


@given(ANY_TEXT, st.integers(0, 40))
def test_a_cell_is_exactly_as_wide_as_asked(text, width):
    cell = fit(text, width)
    assert cell_len(cell) == sum(map(get_character_cell_size, cell)) == width
    assert not FORBIDDEN.search(cell)
    assert "\n" not in cell


@pytest.mark.parametrize(
    ("text", "width", "cell"),
    [
        ("MARTIN", 8, "MARTIN  "),
        ("MARTIN", 6, "MARTIN"),
        ("MARTIN", 4, "MAR…"),
        ("MARTIN", 1, "…"),
        ("MARTIN", 0, ""),
        ("Zoé", 4, "Zoé "),
        ("Mu\u0308ller", 4, "Mül…"),
        ("x\u0316x\u0316x\u0316", 2, "x\u0316…"),
        ("x\u0316x\u0316", 2, "x\u0316x\u0316"),
        ("cœur", 4, "cœur"),
        ("漢字漢", 4, "漢… "),
        ("漢字漢", 5, "漢字…"),
        ("漢字", 4, "漢字"),
        ("😀x", 2, "… "),
        ("a\tb", 8, "a    b  "),
        ("a\nb", 8, "a ⏎ b   "),
        ("a\x1bb", 4, "a␛b "),
    ],
)
def test_cells_of_a_list(text, width, cell):
    assert fit(text, width) == cell


def test_the_characters_taken_for_narrow_take_one_cell():
    narrow = [chr(code) for code in range(0x3000) if _NARROW.fullmatch(chr(code))]
    assert len(narrow) > 700
    assert {get_character_cell_size(char) for char in narrow} == {1}


@pytest.mark.parametrize("name", CORPUS)
def test_last_resort_removes_and_nothing_shifts(name):
    text = CORPUS[name]
    (cleaned,) = Sanitise().apply([Segment(text, Style(bold=True))], BLACK)
    assert leaks(cleaned.text) == []
    assert "\n" not in cleaned.text
    assert cleaned.style == Style(bold=True)
    assert cleaned.text.startswith(text[0])
    assert sum(map(get_character_cell_size, cleaned.text)) == sum(map(get_character_cell_size, text))


def test_last_resort_keeps_what_is_drawn_and_what_textual_controls():
    drawn = [Segment("│ ▸ Ma corbeille 214 ─ é œ € ▲", Style(bold=True)), Segment(""), Control.move_to(1, 1).segment]
    assert all(after is before for after, before in zip(Sanitise().apply(drawn, BLACK), drawn, strict=True))


def test_last_resort_drops_hyperlinks():
    (cleaned,) = Sanitise().apply([Segment("lien", Style(link="http://exemple.test", bold=True))], BLACK)
    assert cleaned.text == "lien"
    assert cleaned.style.link is None
    assert cleaned.style.bold


class HostileApp(App[None]):
    """Shows one text in each kind of widget, with no other protection than the last resort."""

    def get_line_filters(self):
        return [*super().get_line_filters(), Sanitise()]


class HostileScreen(Screen[None]):
    def __init__(self, text):
        super().__init__()
        self.text = text

    def compose(self):
        yield Static(Content(self.text))
        yield Static(Text(self.text))
        yield Static(Text(visible(self.text)))
        yield Input(self.text, compact=True)
        yield TextArea(self.text, compact=True)


async def test_no_widget_lets_anything_through():
    app = HostileApp()
    async with app.run_test(size=(80, 24)) as pilot:
        for name, text in CORPUS.items():
            await app.push_screen(HostileScreen(text))
            await pilot.pause()
            output = screen_output(app)
            assert (name, leaks(output)) == (name, [])
            assert output.encode()
            await app.pop_screen()
        assert app.is_running


def test_a_line_of_a_megabyte():
    assert "␛]52;c;AAAA␇é" in visible(LONG_LINE)
    assert leaks(pasted(LONG_LINE)) == []
    assert fit(LONG_LINE, 10) == "AAAAAAAAA…"
    (cleaned,) = Sanitise().apply([Segment(LONG_LINE)], BLACK)
    assert leaks(cleaned.text) == []


def test_the_first_paint_may_import_it():
    code = (
        "import sys, textual.app; before = set(sys.modules); import gca_tui.presentation.safe_text, gca_tui.ui.themes;"
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith('gca_tui')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
