"""The looks an agent can choose, as data.

Every RGB colour is one of the 256 that any terminal has, since SSH does not carry the promise of more. PAIRS lists the
only combinations of text and background a stylesheet may use; a test computes the contrast of each in each theme.
"""

from __future__ import annotations

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

DEFAULT_THEME = "gca-sombre"

LABELS = {
    "gca-clair": "Clair",
    "gca-sombre": "Sombre",
    "gca-contraste": "Contraste renforcé",
    "ansi-dark": "Couleurs du terminal, fond sombre",
    "ansi-light": "Couleurs du terminal, fond clair",
}
"""Theme name -> what the agent reads."""

_TEXTS = ("ink", "ink-muted", "accent", "urgent", "late", "ok", "warn", "error")
PAIRS: tuple[tuple[str, str], ...] = (
    *((text, paper) for paper in ("paper", "paper-alt", "marked-paper") for text in _TEXTS),
    ("marked-ink", "marked-paper"),
    ("cursor-ink", "cursor-paper"),
    ("cursor-blurred-ink", "cursor-blurred-paper"),
    ("field-ink", "field-paper"),
    ("field-muted", "field-paper"),
    ("banner-ink", "banner-paper"),
    ("error-ink", "error-paper"),
)
"""(foreground, background) variables that may be used together, the first on the second."""

RULES: tuple[tuple[str, str], ...] = (("rule", "paper"), ("rule", "paper-alt"))
"""Lines and frames, which carry no text: 3:1 is enough (WCAG 1.4.11)."""

# What Textual's own widgets read, in our words.
_TEXTUAL = {
    "foreground": "ink",
    "text": "ink",
    "text-muted": "ink-muted",
    "text-disabled": "ink-muted",
    "background": "paper",
    "surface": "field-paper",
    "panel": "paper-alt",
    "primary": "accent",
    "border": "accent",
    "border-blurred": "rule",
    "warning": "warn",
    "success": "ok",
    "block-cursor-foreground": "cursor-ink",
    "block-cursor-background": "cursor-paper",
    "block-cursor-blurred-foreground": "cursor-blurred-ink",
    "block-cursor-blurred-background": "cursor-blurred-paper",
    "block-hover-background": "marked-paper",
    "input-cursor-foreground": "paper",
    "input-cursor-background": "ink",
    "input-selection-foreground": "cursor-ink",
    "input-selection-background": "cursor-paper",
    "screen-selection-foreground": "cursor-ink",
    "screen-selection-background": "cursor-paper",
    "footer-foreground": "ink",
    "footer-background": "paper-alt",
    "footer-key-foreground": "accent",
    "footer-description-foreground": "ink",
    "scrollbar": "rule",
    "scrollbar-hover": "accent",
    "scrollbar-active": "accent",
    "scrollbar-background": "paper-alt",
    "scrollbar-background-hover": "paper-alt",
    "scrollbar-background-active": "paper-alt",
    "scrollbar-corner-color": "paper-alt",
    "button-foreground": "ink",
    "link-color": "accent",
    "link-color-hover": "cursor-ink",
    "link-background-hover": "cursor-paper",
}


def _theme(name: str, colours: dict[str, str], *, dark: bool) -> Theme:
    variables = colours | {theirs: colours[ours] for theirs, ours in _TEXTUAL.items()}
    return Theme(
        name=name,
        primary=colours["accent"],
        secondary=colours["accent"],
        accent=colours["accent"],
        warning=colours["warn"],
        error=colours["error"],
        success=colours["ok"],
        foreground=colours["ink"],
        background=colours["paper"],
        surface=colours["field-paper"],
        panel=colours["paper-alt"],
        dark=dark,
        variables=variables,
    )


_CLAIR = {
    "paper": "#ffffff",
    "paper-alt": "#eeeeee",
    "ink": "#1c1c1c",
    "ink-muted": "#4e4e4e",
    "accent": "#000087",
    "rule": "#767676",
    "cursor-ink": "#ffffff",
    "cursor-paper": "#000087",
    "cursor-blurred-ink": "#1c1c1c",
    "cursor-blurred-paper": "#d7d7ff",
    "marked-ink": "#5f005f",
    "marked-paper": "#ffffd7",
    "field-ink": "#1c1c1c",
    "field-muted": "#4e4e4e",
    "field-paper": "#e4e4e4",
    "urgent": "#af0000",
    "late": "#870000",
    "ok": "#005f00",
    "warn": "#5f5f00",
    "error": "#af0000",
    "error-ink": "#ffffff",
    "error-paper": "#af0000",
    "banner-ink": "#1c1c1c",
    "banner-paper": "#ffd75f",
}

_SOMBRE = {
    "paper": "#121212",
    "paper-alt": "#262626",
    "ink": "#e4e4e4",
    "ink-muted": "#b2b2b2",
    "accent": "#87afff",
    "rule": "#767676",
    "cursor-ink": "#121212",
    "cursor-paper": "#afd7ff",
    "cursor-blurred-ink": "#e4e4e4",
    "cursor-blurred-paper": "#3a3a3a",
    "marked-ink": "#ffd787",
    "marked-paper": "#303030",
    "field-ink": "#e4e4e4",
    "field-muted": "#b2b2b2",
    "field-paper": "#303030",
    "urgent": "#ff8787",
    "late": "#ffaf5f",
    "ok": "#87d787",
    "warn": "#ffd75f",
    "error": "#ff8787",
    "error-ink": "#121212",
    "error-paper": "#ff8787",
    "banner-ink": "#121212",
    "banner-paper": "#d7af5f",
}

_CONTRASTE = {
    "paper": "#000000",
    "paper-alt": "#1c1c1c",
    "ink": "#ffffff",
    "ink-muted": "#d7d7d7",
    "accent": "#87ffff",
    "rule": "#bcbcbc",
    "cursor-ink": "#000000",
    "cursor-paper": "#ffff00",
    "cursor-blurred-ink": "#ffffff",
    "cursor-blurred-paper": "#00005f",
    "marked-ink": "#ffff87",
    "marked-paper": "#262626",
    "field-ink": "#ffffff",
    "field-muted": "#d7d7d7",
    "field-paper": "#262626",
    "urgent": "#ffafaf",
    "late": "#ffd787",
    "ok": "#87ff87",
    "warn": "#ffff87",
    "error": "#ffafaf",
    "error-ink": "#000000",
    "error-paper": "#ffafaf",
    "banner-ink": "#000000",
    "banner-paper": "#ffff87",
}


def _terminal(name: str, cursor: tuple[str, str], field: tuple[str, str], urgent: str) -> Theme:
    # The palette is the agent's own: text stays in its default colour, a sign or a word carries every meaning.
    default = "ansi_default"
    inks = ("ink", "ink-muted", "marked-ink", "accent", "late", "ok", "warn", "error", "rule")
    papers = ("paper", "paper-alt", "marked-paper")
    variables = dict.fromkeys((*inks, *papers), default)
    variables |= {"urgent": urgent, "error": urgent}
    variables |= {"field-ink": field[0], "field-muted": field[0], "field-paper": field[1]}
    for pair in ("cursor", "cursor-blurred", "banner", "error"):
        variables |= {f"{pair}-ink": cursor[0], f"{pair}-paper": cursor[1]}
    theme = BUILTIN_THEMES[name]
    return replace(theme, variables=theme.variables | variables)


THEMES: tuple[Theme, ...] = (
    _theme("gca-clair", _CLAIR, dark=False),
    _theme("gca-sombre", _SOMBRE, dark=True),
    _theme("gca-contraste", _CONTRASTE, dark=True),
    _terminal("ansi-dark", ("ansi_black", "ansi_white"), ("ansi_default", "ansi_default"), "ansi_bright_red"),
    _terminal("ansi-light", ("ansi_bright_white", "ansi_blue"), ("ansi_default", "ansi_default"), "ansi_red"),
)
"""To be given to `App.register_theme`, in the order of a menu. The last two replace Textual's of the same name."""

VARIABLES: tuple[str, ...] = tuple(_CLAIR)
"""The names a stylesheet may use, beside Textual's own: all themes define each of them."""

VARIABLE_DEFAULTS: dict[str, str] = dict(_SOMBRE)
"""For `App.get_theme_variable_defaults`: Textual reads a stylesheet once before any theme of ours is registered."""
