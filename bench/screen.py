"""The person's side of the terminal: what is displayed, what it answers to queries, what its keys send."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

import pyte

# pyte numbers private modes five bits up; this one makes the cursor keys send ESC O instead of ESC [.
APPLICATION_CURSOR_KEYS = 1 << 5

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "insert": "\x1b[2~",
    "delete": "\x1b[3~",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    **{f"f{number}": f"\x1bO{letter}" for number, letter in enumerate("PQRS", 1)},
    **{f"f{number}": f"\x1b[{code}~" for number, code in enumerate((15, 17, 18, 19, 20, 21, 23, 24), 5)},
}
CURSOR_KEYS = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}

# A sequence whose end has not come yet, at the end of what has.
UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[P\]X^_][^\x07\x1b]*\x1b?|[ -/]*)?\Z")
# Sequences that change nothing on the display and that pyte would print or mistake for others.
INVISIBLE = re.compile(
    r"\x1b[P\]X^_][^\x07\x1b]*(?:\x1b\\|\x07)|\x1b\[[<=>][0-?]*[ -/]*[@-~]|\x1b\[[0-?]*(?:[ -/]+[@-~]|u)"
)
COLON_COLOURS = re.compile(r"\x1b\[[\d;]*:[\d:;]*m")
QUERY = re.compile(
    r"\x1b\[(?:(?P<attributes>0?c)|(?P<status>5n)|(?P<cursor>6n)|(?P<kitty>\?u)|\?(?P<mode>\d+)\$p)"
    r"|\x1b\]11;(?P<background>\?)"
)
SYNCHRONISED_UPDATES = "2026"


def _mode_report(mode: str) -> str:
    """Known and off for synchronised updates, which any recent terminal offers; unknown for the others."""
    return f"\x1b[?{mode};{2 if mode == SYNCHRONISED_UPDATES else 0}$y"


class Screen:
    """A black xterm with 256 colours. Drawing is slow, so it is put off until somebody looks."""

    def __init__(self, columns: int, rows: int) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._unread = ""
        self._undrawn: list[str] = []
        self._answers: dict[str, Callable[[str], str]] = {
            "attributes": lambda _: "\x1b[?62;22c",
            "status": lambda _: "\x1b[0n",
            "cursor": lambda _: "\x1b[{};{}R".format(*(place + 1 for place in self.cursor)),
            "kitty": lambda _: "\x1b[?0u",
            "mode": _mode_report,
            "background": lambda _: "\x1b]11;rgb:0000/0000/0000\x1b\\",
        }

    def feed(self, data: bytes) -> bytes:
        """Take what the program wrote; return what the terminal answers to the queries in it."""
        text = self._unread + self._decoder.decode(data)
        cut = unfinished.start() if (unfinished := UNFINISHED.search(text)) else len(text)
        text, self._unread = text[:cut], text[cut:]
        answers, drawn = [], 0
        for query in QUERY.finditer(text):
            self._undrawn.append(text[drawn : query.end()])
            drawn = query.end()
            kind = str(query.lastgroup)
            answers.append(self._answers[kind](query[kind]))
        self._undrawn.append(text[drawn:])
        return "".join(answers).encode()

    def _draw(self) -> None:
        text, self._undrawn = "".join(self._undrawn), []
        text = COLON_COLOURS.sub(lambda colour: re.sub(r":[\d:]*", "", colour[0]), INVISIBLE.sub("", text))
        self._stream.feed(text)

    @property
    def text(self) -> str:
        """What is displayed, one line a row, without the blanks at its end."""
        self._draw()
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column of the cursor, counted from 0."""
        self._draw()
        return self._screen.cursor.y, self._screen.cursor.x

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window."""
        self._draw()
        self._screen.resize(rows, columns)

    def key(self, name: str) -> bytes:
        """What the keyboard sends for a key: `down`, `f2`, `ctrl+q`, or a character. KeyError for an unknown name."""
        if name in CURSOR_KEYS:
            self._draw()
            introducer = "O" if APPLICATION_CURSOR_KEYS in self._screen.mode else "["
            return f"\x1b{introducer}{CURSOR_KEYS[name]}".encode()
        if name.startswith("ctrl+") and len(name) == len("ctrl+x"):
            return bytes([ord(name[-1].upper()) & 0x1F])
        return (name if len(name) == 1 else KEYS[name]).encode()
