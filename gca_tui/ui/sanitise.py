"""The last resort before the terminal: whatever reaches a line of the screen passes through here."""

from __future__ import annotations

import re

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from gca_tui.presentation.safe_text import FORBIDDEN, cut_floods

# What Textual draws besides: nothing to look for in such a segment.
_DRAWN = re.compile(r"[ -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u202f\u2030-\u205e\u20ac\u2190-\u25ff]*")


class Sanitise(LineFilter):
    """Last resort for every line of the screen: forbidden characters and hyperlinks never reach the terminal.

    A character that takes no cell is dropped, another gives way to spaces, so nothing shifts.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments without what is forbidden; control segments, which are Textual's own, are kept."""
        return [segment if segment.control else _clean(segment) for segment in segments]


def _clean(segment: Segment) -> Segment:
    text, style, _ = segment
    if style is not None and style.link is not None:
        style = style.update_link(None)
        segment = Segment(text, style)
    if _DRAWN.fullmatch(text):
        return segment
    cleaned = cut_floods(FORBIDDEN.sub(_blank, text.replace("\t", "").replace("\n", "")))
    return segment if cleaned == text else Segment(cleaned, style)


def _blank(match: re.Match[str]) -> str:
    return " " * get_character_cell_size(match[0])
