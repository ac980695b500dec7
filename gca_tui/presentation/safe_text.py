"""Text that came from elsewhere, made safe to show.

`visible`, `one_line` and `fit` make a forged text readable, so that it is seen. FORBIDDEN are controls (C0, C1),
direction overrides, zero-width and tag characters, variation selectors, invisible fillers, surrogates; the screen's
last resort (`ui.sanitise`) knows the same ones.
"""

from __future__ import annotations

import re
import unicodedata

from rich.cells import get_character_cell_size

MARKS_PER_BASE = 8
TAB = "    "
ELLIPSIS = "…"
LINE_BREAK = " ⏎ "

_INVISIBLE = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
FORBIDDEN = re.compile(f"[{_INVISIBLE}]")
# Marks are never word characters: only such a run can hold a flood. Box drawing is common and holds none.
_MAYBE_FLOOD = re.compile(rf"[^\w\x00-\x7f\u2500-\u259f]{{{MARKS_PER_BASE + 1},}}")
# One cell each, whatever the terminal: most names and labels are made of these alone.
_NARROW = re.compile(r"[ -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u202f\u20ac]*")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_GLYPH_CHOICE = re.compile("[\ufe0e\ufe0f]")


def visible(text: str) -> str:
    """The text with every forbidden character shown (`␛`, `⟨U+202E⟩`), line breaks kept, tabs as spaces.

    Accents are composed (NFC), and marks beyond eight on one base are cut.
    """
    if text.isascii():
        if text.isprintable():
            return text
    else:
        text = unicodedata.normalize("NFC", cut_floods(_GLYPH_CHOICE.sub("", text)))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", TAB)
    return FORBIDDEN.sub(_shown, text)


def one_line(text: str) -> str:
    """`visible`, with line breaks as ` ⏎ `."""
    if text.isascii() and text.isprintable():
        return text
    return visible(text).replace("\n", LINE_BREAK)


def pasted(text: str) -> str:
    """What is kept of a pasted text: no forbidden character, every kind of line break as a line feed, NFC.

    Unlike `visible` it drops rather than shows: what an agent pastes becomes what an agent wrote.
    """
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", cut_floods(FORBIDDEN.sub("", text)))


def fit(text: str, width: int) -> str:
    """The text as exactly `width` cells of one line: made visible, cut with `…`, padded with spaces."""
    if not _NARROW.fullmatch(text):
        text = one_line(text)
        if not _NARROW.fullmatch(text):
            return _fit_wide(text, width)
    if len(text) <= width:
        return text.ljust(width)
    return text[: width - 1] + ELLIPSIS if width > 0 else ""


def _fit_wide(text: str, width: int) -> str:
    used = cut = cut_used = 0
    for index, char in enumerate(text, 1):
        used += get_character_cell_size(char)
        if used > width:
            return text[:cut] + ELLIPSIS + " " * (width - 1 - cut_used) if width > 0 else ""
        if used < width:
            cut, cut_used = index, used
    return text + " " * (width - used)


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"


def cut_floods(text: str) -> str:
    """The text with no more than eight marks on one base."""
    return _MAYBE_FLOOD.sub(_cut_flood, text)


def _cut_flood(match: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in match[0]:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= MARKS_PER_BASE:
            kept.append(char)
    return "".join(kept)
