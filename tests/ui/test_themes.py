import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.app import App
from textual.color import Color
from textual.widgets import Static

from gca_tui.ui.themes import DEFAULT_THEME, LABELS, PAIRS, RULES, THEMES, VARIABLE_DEFAULTS, VARIABLES

RGB = [theme for theme in THEMES if not theme.ansi]
# What Textual's own widgets put together, beside the pairs of our stylesheet.
TEXTUAL_PAIRS = (
    *((text, paper) for paper in ("background", "surface", "panel") for text in ("foreground", "text", "text-muted")),
    ("text-disabled", "surface"),
    ("error", "background"),
    ("accent", "background"),
    ("block-cursor-foreground", "block-cursor-background"),
    ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
    ("input-cursor-foreground", "input-cursor-background"),
    ("input-selection-foreground", "input-selection-background"),
    ("screen-selection-foreground", "screen-selection-background"),
    ("footer-foreground", "footer-background"),
    ("footer-key-foreground", "footer-background"),
    ("footer-description-foreground", "footer-background"),
    ("foreground", "block-hover-background"),
)


def luminance(color):
    def linear(value):
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)


def contrast(one, other):
    """WCAG 2.1, 1.4.3."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def in_256_colours(color):
    triplet = RichColor.from_rgb(color.r, color.g, color.b).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
    return Color(*triplet)


DEPTHS = {"rgb": lambda color: color, "256": in_256_colours, "NO_COLOR": lambda color: color.monochrome}


def variables(theme):
    return {**theme.to_color_system().generate(), **theme.variables}


def shortfalls(theme, pairs, goal, depth):
    colours = variables(theme)
    ratios = {pair: contrast(*(DEPTHS[depth](Color.parse(colours[name])) for name in pair)) for pair in pairs}
    return {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < goal}


def test_contrast_is_computed_as_wcag_does():
    assert contrast(Color(0, 0, 0), Color(255, 255, 255)) == pytest.approx(21)
    assert contrast(Color.parse("#767676"), Color(255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("theme", RGB, ids=lambda theme: theme.name)
def test_every_pair_is_readable(theme, depth):
    goal = 7 if theme.name == "gca-contraste" else 4.5
    assert shortfalls(theme, (*PAIRS, *TEXTUAL_PAIRS), goal, depth) == {}
    assert shortfalls(theme, RULES, 3, depth) == {}


@pytest.mark.parametrize("theme", RGB, ids=lambda theme: theme.name)
def test_colours_are_opaque(theme):
    colours = variables(theme)
    assert [name for name in VARIABLES if Color.parse(colours[name]).a != 1] == []


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_theme_defines_every_variable(theme):
    assert set(VARIABLES) <= set(theme.variables)
    assert {name for pair in (*PAIRS, *RULES) for name in pair} <= set(VARIABLES)


def test_every_theme_has_a_french_label():
    assert [theme.name for theme in THEMES] == list(LABELS)
    assert DEFAULT_THEME in LABELS


class Coloured(App[None]):
    CSS = "\n".join(
        f".pair-{number} {{ color: ${ink}; background: ${paper}; }}" for number, (ink, paper) in enumerate(PAIRS)
    )

    def __init__(self):
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)

    def get_theme_variable_defaults(self):
        return VARIABLE_DEFAULTS

    def compose(self):
        for number, (ink, _) in enumerate(PAIRS):
            yield Static(ink, classes=f"pair-{number}", markup=False)


async def test_themes_change_while_the_program_runs():
    app = Coloured()
    async with app.run_test(size=(80, 40)) as pilot:
        for theme in THEMES:
            app.theme = theme.name
            await pilot.pause()
            styles = app.query(Static).first().styles
            expected = variables(theme)[PAIRS[0][1]]
            assert styles.background == Color.parse(expected)
            assert app.native_ansi_color == theme.ansi
