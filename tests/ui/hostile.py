"""Texts that try to drive the terminal, and what may leave for it."""

import re

from gca_tui.presentation.safe_text import FORBIDDEN

CORPUS = {
    "osc52": "A\x1b]52;c;cm0gLXJm\x07B",
    "osc0": "A\x1b]0;titre\x1b\\B",
    "osc8": "A\x1b]8;;http://exemple.test\x1b\\lien\x1b]8;;\x1b\\B",
    "osc-c1": "A\x9d52;c;cm0gLXJm\x9cB",
    "csi": "A\x1b[2J\x1b[31mB",
    "csi-c1": "A\x9b2JB",
    "dcs": "A\x1bP1$r0m\x1b\\B",
    "apc": "A\x1b_Gf=100;AAAA\x1b\\B",
    "pm": "A\x1b^secret\x1b\\B",
    "reset": "A\x1bcB",
    "controls": "A\x00\x01\x07\x08\x0b\x0c\x0e\x7fB",
    "c1": "A\x80\x84\x85\x88\x90\x9fB",
    "bidi": "A\u202eB\u202c\u2066C\u2069\u200e\u200f\u061cB",
    "zero-width": "A\u200b\u200c\u200d\u2060\ufeff\u180eB",
    "soft-hyphen": "A\xadB",
    "separators": "A\u2028\u2029B",
    "tags": "A\U000e0001\U000e0041\U000e0042\U000e007fB",
    "variation": "A\ufe0f\U000e0100B",
    "annotation": "A\ufff9x\ufffay\ufffbB",
    "fillers": "A\u3164\u115f\u1160\uffa0\u2800\u034fB",
    "closing-markup": "A[/foo]B",
    "action-markup": "[@click=app.quit]x",
    "link-markup": "[link=http://exemple.test]x[/link]",
    "unclosed-markup": "A[bold B [[ ]] \\[",
    "marks": "A" + "\u0301" * 10_000 + "B",
    "mixed-marks": "A" + "\u0301\u0316\u20dd\u034f" * 2_500 + "B",
    "surrogates": "A\ud800\udfff\udc80B",
    "breaks": "A\r\nB\rC\nD",
    "tab": "A\tB",
    "wide": "漢字👍🏽A\u0308",
    "flags": "🇫🇷☎️👨\u200d👩\u200d👧",
}
LONG_LINE = "A" * 500_000 + "\x1b]52;c;AAAA\x07" + "é" * 500_000

_TEXTUAL_OWN = re.compile(r"\x1b\[[0-9;]*[mHABCDJK]")


def leaks(output: str) -> list[str]:
    """What is forbidden in what leaves for the terminal, colours and cursor moves aside; marks floods included."""
    text = _TEXTUAL_OWN.sub("", output)
    found = [f"{ord(char):#x}" for char in FORBIDDEN.findall(text)]
    if re.search("[\u0300-\u036f\u20d0-\u20ff]{9}", text):
        found.append("flood of marks")
    return found


def screen_output(app) -> str:
    """Every byte a full repaint of the app's screen would send, as text."""
    return app.screen._compositor.render_update(full=True).render_segments(app.console)
