"""One field of a conflict as lines to read: before, mine, the server's. Signs tell what differs, not colours."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest

from gca_tui.domain.french import count, typeset
from gca_tui.domain.merging import pieces
from gca_tui.presentation.fitting import wrapped
from gca_tui.presentation.given import instant_words
from gca_tui.presentation.safe_text import fit, one_line
from gca_tui.ui.waiting.settling import MINE, THEIRS, WRITTEN, Choice

SIDE_BY_SIDE = 110
"""Columns from which the three texts stand beside each other."""
_GONE, _NEW, _SAME = "−", "+", " "
_EMPTY, _AS_EXTRACTED = "(rien)", "(ce que dit l’extrait)"
_CHOSEN = {MINE: "le vôtre", THEIRS: "celui du serveur", WRITTEN: "le texte écrit ici"}


def field_lines(choice: Choice, when: str, width: int) -> list[str]:
    """All there is to read of a field: what is chosen, the three versions, the proposal."""
    lines = [_chosen(choice), ""]
    lines += _columns(choice, when, width) if width >= SIDE_BY_SIDE else _stacked(choice, when, width)
    if choice.is_text:
        lines += ["", *_proposed(choice, width)]
    if choice.written is not None:
        lines += ["", typeset("Écrit ici :"), *_plain(choice.written, width)]
    return lines


def _chosen(choice: Choice) -> str:
    return typeset(f"Choisi : {_CHOSEN.get(choice.chosen, 'rien encore')}.")


def _titles(choice: Choice, when: str) -> tuple[tuple[str, str], ...]:
    """What each version is called, and of when it is."""
    server = typeset(f"Serveur : {choice.field.by or 'un collègue'}")
    return ("Avant (Base)", ""), ("Moi", when), (server, instant_words(choice.field.at))


def _sides(choice: Choice, width: int) -> tuple[list[str], list[str], list[str]]:
    """The three versions. Where no text stood before, the server's shows how it differs from the agent's."""
    if choice.base or not choice.is_text:
        mine, theirs = (_compared(choice.base, text, width) for text in (choice.mine, choice.server))
    else:
        mine, theirs = _plain(choice.mine, width), _compared(choice.mine, choice.server, width)
    base = choice.base or (_AS_EXTRACTED if choice.field.path.startswith("coordonnees.") else "")
    return _plain(base, width), mine, theirs


def _stacked(choice: Choice, when: str, width: int) -> list[str]:
    """One version under the other; what each changed of the one before stands after − and +."""
    lines: list[str] = []
    for title, side in zip(_titles(choice, when), _sides(choice, width), strict=True):
        lines += [", ".join(filter(None, title)), *side, ""]
    return lines[:-1]


def _columns(choice: Choice, when: str, width: int) -> list[str]:
    """The three beside each other."""
    room = (width - 6) // 3
    titles = zip(*_titles(choice, when), strict=True)
    rows = zip_longest(*_sides(choice, room), fillvalue="")
    return [" │ ".join(fit(cell, room) for cell in row).rstrip() for row in (*titles, *rows)]


def _proposed(choice: Choice, width: int) -> list[str]:
    merged = choice.merged
    if merged.text in (choice.mine, choice.server):
        return [typeset("Proposition : aucune, les deux textes ne se complètent pas.")]
    told = ""
    if merged.clashes:
        told = f" ({count(merged.clashes, 'endroit')} où il faut choisir : les deux y sont, l’une après l’autre)"
    return [typeset(f"Proposition, les deux ensemble{told} :"), *_compared(choice.mine, merged.text, width)]


def _plain(text: str, width: int) -> list[str]:
    return _signed(_SAME, text or _EMPTY, width)


def _compared(old: str, new: str, width: int) -> list[str]:
    """The new text, sentence by sentence; what it lost of the old one stands where it stood."""
    if not new:
        return [f"{_NEW} {_EMPTY}"] if old else [f"{_SAME} {_EMPTY}"]
    return [line for sign, text in _changes(old, new) for line in _signed(sign, text, width)]


def _changes(old: str, new: str) -> Iterator[tuple[str, str]]:
    left, right = pieces(old), pieces(new)
    for tag, a, b, c, d in SequenceMatcher(None, left, right).get_opcodes():
        if tag == "equal":
            yield _SAME, "".join(right[c:d])
            continue
        if gone := "".join(left[a:b]).strip():
            yield _GONE, gone
        if new_text := "".join(right[c:d]).strip():
            yield _NEW, new_text


def _signed(sign: str, text: str, width: int) -> list[str]:
    """Each line of the screen has its sign."""
    lines = text.strip("\n").split("\n")
    return [f"{sign} {part}" for line in lines for part in (wrapped(one_line(line).strip(), width - 2) or [""])]
