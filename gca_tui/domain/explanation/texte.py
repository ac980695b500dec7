"""An explanation as one text, with the places of its sections: what checks point into."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from gca_tui.domain.folding import plain
from gca_tui.domain.trop_percu import SECTIONS, Explication

_BREAK = "\n\n"
_HEADING = re.compile(r"^[ \t#*]*([^\n]{3,40}?)[ \t*:]*$", re.MULTILINE)
_NAMES = {
    "raison": "raison",
    "la raison": "raison",
    "pourquoi": "raison",
    "calcul": "calcul",
    "le calcul": "calcul",
    "que faire": "que_faire",
    "que pouvez-vous faire": "que_faire",
    "ce que vous pouvez faire": "que_faire",
    "la prochaine fois": "prochaine_fois",
    "prochaine fois": "prochaine_fois",
}


@dataclass(frozen=True)
class Section:
    """A section by name (a key of SECTIONS, or "" for text under no title) and where it stands in the whole text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Texte:
    """The whole text. Offsets are counted in characters of `whole`; a section's text excludes its title."""

    whole: str
    sections: tuple[Section, ...]

    @classmethod
    def of(cls, explication: Explication) -> Texte:
        """The sections one after another, as they were written, without titles."""
        parts, sections, at = [], [], 0
        for name in SECTIONS:
            text = getattr(explication, name)
            parts.append(text)
            sections.append(Section(name, at, at + len(text)))
            at += len(text) + len(_BREAK)
        return cls(_BREAK.join(parts), tuple(sections))

    @classmethod
    def read(cls, text: str) -> Texte:
        """A text from anywhere: lines that are the title of a section open it; without any, it is all one piece."""
        titles = [
            (match, name) for match in _HEADING.finditer(text) if (name := _NAMES.get(plain(match[1]).rstrip(" ?:")))
        ]
        if not titles:
            return cls(text, (Section("", 0, len(text)),))
        ends = [match.start() for match, _ in titles[1:]] + [len(text)]
        head = [Section("", 0, titles[0][0].start())] if text[: titles[0][0].start()].strip() else []
        found = [Section(name, match.end(), end) for (match, name), end in zip(titles, ends, strict=True)]
        return cls(text, (*head, *found))

    @cached_property
    def is_divided(self) -> bool:
        """Whether sections are known, so that a role may be told by its section."""
        return any(section.name for section in self.sections)

    def section_at(self, offset: int) -> Section:
        """The section an offset lies in, or the last one before it."""
        before = [section for section in self.sections if section.start <= offset]
        return before[-1] if before else self.sections[0]

    def local(self, start: int, end: int) -> tuple[str, int, int]:
        """Name of the section of a place, and the place counted from the section's beginning."""
        section = self.section_at(start)
        return section.name, start - section.start, max(start, min(end, section.end)) - section.start

    def of_section(self, name: str) -> str:
        """The text of a section; all of it when sections are not known."""
        if not self.is_divided:
            return self.whole
        return _BREAK.join(self.whole[one.start : one.end] for one in self.sections if one.name == name)
