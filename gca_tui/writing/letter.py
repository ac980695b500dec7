"""An explanation as the family reads it: the caisse's header, the dossier, the sections under their titles."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import NBSP, euros, typeset
from gca_tui.domain.months import long_date
from gca_tui.domain.trop_percu import SECTIONS, Explication

WIDTH = 72
"""Columns of the letter as text."""
_OBJECT = f"Objet{NBSP}: "
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_ITEM = re.compile(r"[-–•*][ \u00a0]+")
_ENDED = (".", "!", "?", ":", ";", "…")


@dataclass(frozen=True)
class Block:
    """Lines that stand together: sentences, or the items of a list, their dashes left out."""

    lines: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True)
class Section:
    """A title and what stands under it, nothing of it empty."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Letter:
    """What every form of the letter says, in reading order: the caisse's `header`, the `family` it is written to."""

    header: tuple[str, ...]
    family: tuple[str, ...]
    dated: str
    objet: str
    sections: tuple[Section, ...]


def letter(explication: Explication, about: Subject, *, on: date) -> str:
    """The letter of that day as plain text, its lines at most 72 columns unless one word is longer."""
    whole = compose(explication, about, on=on)
    head = ["\n".join(_wrapped(lines)) for lines in (whole.header, whole.family, (whole.dated,), (whole.objet,))]
    parts = [part for section in whole.sections for part in (section.title, *map(_printed, section.blocks))]
    return "\n\n".join([*head, *parts]) + "\n"


def compose(explication: Explication, about: Subject, *, on: date) -> Letter:
    """The parts of the letter of that day; what is not known is left out, and so is a section with nothing in it."""
    settings = about.settings
    return Letter(
        header=_told(about.caisse_nom, *settings.adresse.splitlines(), _labelled("Téléphone", settings.telephone)),
        family=_told(about.nom, f"Dossier n°{NBSP}{about.matricule}"),
        dated=f"Le {long_date(on)}",
        objet=f"{_OBJECT}votre trop-perçu de {euros(about.total)}{_notified(about)}",
        sections=tuple(
            Section(typeset(title), blocks)
            for name, title in SECTIONS.items()
            if (blocks := tuple(_blocks(typeset(getattr(explication, name)))))
        ),
    )


def sections_text(explication: Explication) -> str:
    """The sections under their titles and nothing else, each line as it was written."""
    written = [(title, getattr(explication, name).strip()) for name, title in SECTIONS.items()]
    return "\n\n".join(typeset(f"{title}\n\n{text}") for title, text in written if text)


def read_letter(text: str) -> Texte:
    """A text from anywhere, read as what is checked. Every place in it is a place in the file.

    The head of a letter is not explanation: its day and its total are left out. A line that was only broken to be
    short goes on: what ends a line ends a sentence.
    """
    read = Texte.read(text.replace("\ufeff", " ").replace("\r\n", " \n").replace("\r", "\n"))
    whole = read.whole
    if len(read.sections) > 1 and not read.sections[0].name and _is_head(read.of_section("")):
        end = read.sections[1].start
        whole = re.sub(r"[^\n]", " ", whole[:end]) + whole[end:]
        return Texte(_joined(whole), read.sections[1:])
    return Texte(_joined(whole), read.sections)


def _notified(about: Subject) -> str:
    return f", notifié le {long_date(about.notifiee_le)}" if about.notifiee_le else ""


def _labelled(label: str, value: str) -> str:
    return f"{label}{NBSP}: {value.strip()}" if value.strip() else ""


def _told(*lines: str) -> tuple[str, ...]:
    return tuple(typeset(line.strip()) for line in lines if line.strip())


def _blocks(text: str) -> Iterator[Block]:
    """Paragraphs; a run of lines that begin with a dash is a list of its own."""
    for paragraph in _PARAGRAPHS.split(text.strip()):
        run: list[str] = []
        listed = False
        for line in filter(None, map(str.strip, paragraph.splitlines())):
            is_item = _ITEM.match(line) is not None
            if run and is_item is not listed:
                yield Block(tuple(run), listed)
                run = []
            run.append(_ITEM.sub("", line, count=1) if is_item else line)
            listed = is_item
        if run:
            yield Block(tuple(run), listed)


def _printed(block: Block) -> str:
    return "\n".join(_wrapped(f"- {line}" for line in block.lines) if block.is_list else _wrapped(block.lines))


def _wrapped(lines: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    for line in lines:
        yield from textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)


def _is_head(text: str) -> bool:
    return any(line.replace(NBSP, " ").startswith(_OBJECT.replace(NBSP, " ")) for line in text.splitlines())


def _joined(text: str) -> str:
    """The text with a space where a line was broken because its next word did not fit."""
    lines = text.split("\n")
    pieces = lines[:1]
    for line, following in pairwise(lines):
        pieces += [" " if _goes_on(line.rstrip(" "), following) else "\n", following]
    return "".join(pieces)


def _goes_on(line: str, following: str) -> bool:
    words = following.split(" ", 1)
    if not line.strip() or not words[0] or line.endswith(_ENDED) or _ITEM.match(following):
        return False
    return len(line) <= 2 * WIDTH and len(line) + 1 + len(words[0]) > WIDTH
