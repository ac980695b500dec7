"""A pasted text is text: the escape sequences in it must not become key presses.

Textual reads an unknown escape sequence as keys even between the marks of a bracketed paste, so that a text copied from
elsewhere could press keys, and lose its order. The ESC characters are taken out before the parser sees them.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

BEGIN, END = "\x1b[200~", "\x1b[201~"


class PasteParser(XTermParser):
    """Textual's parser, fed with pastes that hold no ESC."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasting = False
        self._tail = ""

    def feed(self, data: str) -> Iterable[Message]:
        """The events of what the terminal sent; "" ends it."""
        cleaned = self._clean(data)
        return super().feed(cleaned) if cleaned or not data else ()

    def _clean(self, data: str) -> str:
        kept = []
        while data:
            part, data = self._paste(data) if self._pasting else self._keys(data)
            kept.append(part)
        return "".join(kept)

    def _keys(self, data: str) -> tuple[str, str]:
        """What comes before a paste, its mark included, and the rest; a mark may be cut between two readings."""
        seen = self._tail + data
        at = seen.find(BEGIN)
        self._pasting = at >= 0
        self._tail = "" if self._pasting else seen[1 - len(BEGIN) :]
        end = at + len(BEGIN) - (len(seen) - len(data)) if self._pasting else len(data)
        return data[:end], data[end:]

    def _paste(self, data: str) -> tuple[str, str]:
        """What is pasted without its ESC, and the rest; what may be the beginning of the end waits for the next."""
        data, self._tail = self._tail + data, ""
        before, found, rest = data.partition(END)
        if not found:
            before, self._tail = _without_start_of(END, before)
        self._pasting = not found
        return before.replace("\x1b", "") + found, rest


def install() -> None:
    """Have Textual's driver use this parser: it offers no setting for it."""
    vars(linux_driver)["XTermParser"] = PasteParser


def _without_start_of(mark: str, text: str) -> tuple[str, str]:
    """The text, and its end apart when that end may be the beginning of the mark."""
    for size in range(len(mark) - 1, 0, -1):
        if text.endswith(mark[:size]):
            return text[:-size], text[-size:]
    return text, ""
