"""A text read once for all checks: what it mentions, the prestations it names, what it quotes of the facts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from gca_tui.domain.explanation.identity import remembered
from gca_tui.domain.explanation.labels import Name, labels_of, number_of, shorts_of
from gca_tui.domain.explanation.mentions import Day, Mention, Month, Period, mentioned_in_facts, mentions
from gca_tui.domain.explanation.sentences import sentences_of
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.phrases import Sought, level

_QUOTED = {
    "raison": ("evenement", "regle", "connu_par", "tiers_nom", "tiers_contenu"),
    "prochaine_fois": ("prochaine_fois",),
}
"""The facts in the agent's own words, by the section they are quoted in."""
_SHORTEST_QUOTE = 12
_LEADING = 30
_CAISSE = re.compile(r"caisses? (?:nationale )?(?:d'|des )$")
_LETTERS = re.compile(r"[^\W_]+")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")


class _Found(NamedTuple):
    """The matches of one thing sought, and where each begins."""

    matches: list[re.Match[str]]
    starts: list[int]


class Reading:
    """What one text about one notification holds. Made by `reading`, shared by the checks."""

    def __init__(self, texte: Texte, about: Subject, lexicon: Lexicon) -> None:
        self.texte, self.about, self.lexicon = texte, about, lexicon
        self.whole = texte.whole
        self.level = level(texte.whole)
        self.sentences = sentences_of(texte.whole)
        self._starts = [start for start, _ in self.sentences]
        self._sections = [one.start for one in texte.sections]
        self._found: dict[Sought, _Found] = {}
        self._named: dict[int, tuple[Part, ...]] = {}

    def find(self, sought: Sought, start: int, end: int) -> list[re.Match[str]]:
        """What is found between two places; the whole text is searched the first time."""
        found = self._found.get(sought)
        if found is None:
            matches = list(sought.find(self.level))
            found = self._found[sought] = _Found(matches, [one.start() for one in matches])
        low = bisect_left(found.starts, start)
        return [one for one in found.matches[low : bisect_left(found.starts, end, low)] if one.end() <= end]

    @cached_property
    def quotes(self) -> tuple[tuple[int, int], ...]:
        """Where the text repeats the agent's own words, letter for letter: nothing there is judged again."""
        return tuple(sorted(place for section, fields in _QUOTED.items() for place in self._quoted(section, fields)))

    def _quoted(self, section: str, fields: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        said = {
            " ".join(level(getattr(part.faits, name)).split()).strip(" .!?")
            for part in self.about.parts
            for name in fields
        }
        for words in said:
            if len(words) >= _SHORTEST_QUOTE:
                at = self.level.find(words)
                while at >= 0:
                    if not self.texte.is_divided or self.section(at) == section:
                        yield at, at + len(words)
                    at = self.level.find(words, at + 1)

    @cached_property
    def _quotes_at(self) -> list[int]:
        return [start for start, _ in self.quotes]

    @cached_property
    def _quotes_until(self) -> list[int]:
        """The furthest that the quotes begun so far go."""
        return list(accumulate((end for _, end in self.quotes), max))

    def is_quoted(self, one: Mention | Name) -> bool:
        """Whether it lies in words of the facts."""
        return self.is_quoted_place(one.start, one.end)

    def is_quoted_place(self, start: int, end: int) -> bool:
        """Whether a place lies in words of the facts."""
        at = bisect_right(self._quotes_at, start)
        return bool(at) and end <= self._quotes_until[at - 1]

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """All that is to be judged: those quoted from the facts are left out."""
        return tuple(one for one in self.dated if not self.is_quoted(one))

    @cached_property
    def dated(self) -> tuple[Mention, ...]:
        """All of them, those quoted too."""
        return mentions(self.whole)

    @cached_property
    def flat(self) -> str:
        """Its words alone, levelled, one space between them and around."""
        return f" {' '.join(_LETTERS.findall(self.level))} "

    @cached_property
    def cited(self) -> tuple[Mention, ...]:
        """What the facts mention in the agent's own words."""
        return tuple(one for words in self._said for one in mentioned_in_facts(words))

    @cached_property
    def cited_after(self) -> tuple[tuple[str, Mention], ...]:
        """The same, each with the words of the fact that lead to it, where there are enough to know them again."""
        found = (
            (level(words)[max(0, one.start - _LEADING) : one.start], one)
            for words in self._said
            for one in mentioned_in_facts(words)
        )
        return tuple((before, one) for before, one in found if len(before) >= _SHORTEST_QUOTE)

    @cached_property
    def _said(self) -> list[str]:
        fields = [name for names in _QUOTED.values() for name in names]
        return sorted({getattr(part.faits, name) for part in self.about.parts for name in fields} - {""})

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Prestations named, those quoted left out, from beginning to end."""
        unknown = {part.libelle for part in self.about.parts if not part.prestation and part.libelle}
        labels = labels_of(self.lexicon, frozenset(unknown))
        found = [
            Name(*match.span(), labels.codes[number_of(match)], True)
            for match in labels.sought.find(self.level)
            if not _CAISSE.search(self.level, max(0, match.start() - 24), match.start())
        ]
        known = {part.prestation.code: part.prestation.court for part in self.about.parts if part.prestation}
        taken = list(found)
        for match in shorts_of(tuple(known.items())).find(self.level):
            at = bisect_right(taken, match.start(), key=lambda one: one.end)
            if at == len(taken) or taken[at].start >= match.end():
                found.append(Name(*match.span(), list(known)[number_of(match)], False))
        return tuple(sorted((one for one in found if not self.is_quoted(one)), key=lambda one: one.start))

    def section(self, offset: int) -> str:
        """Name of the section of a place."""
        return self.texte.sections[max(0, bisect_right(self._sections, offset) - 1)].name

    @cached_property
    def dates(self) -> tuple[Month | Period, ...]:
        """The months and periods to be judged."""
        return tuple(one for one in self.mentions if isinstance(one, (Month, Period)))

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """The days to be judged."""
        return tuple(one for one in self.mentions if isinstance(one, Day))

    def days_in(self, start: int, end: int) -> tuple[Day, ...]:
        """The days that begin between two places."""
        low = bisect_left(self.days, start, key=lambda one: one.start)
        return self.days[low : bisect_left(self.days, end, low, key=lambda one: one.start)]

    @cached_property
    def _dates_at(self) -> list[int]:
        return [one.start for one in self.dates]

    def dates_in(self, start: int, end: int) -> tuple[Month | Period, ...]:
        """The months and periods that begin between two places."""
        return self.dates[bisect_left(self._dates_at, start) : bisect_left(self._dates_at, end)]

    def is_in(self, one: Mention | Name, *sections: str) -> bool:
        """Whether it stands in one of these sections; always when sections are not known."""
        return not self.texte.is_divided or self.section(one.start) in sections

    def is_recourse_place(self, offset: int) -> bool:
        """Whether what a family can do may be said there."""
        return not self.texte.is_divided or self.section(offset) == "que_faire"

    def end_of(self, section: str) -> int:
        """Where something missing of a section goes: its end, that of the text without it."""
        ends = [one.end for one in self.texte.sections if one.name == section]
        return ends[-1] if ends else len(self.whole)

    def sentence(self, offset: int) -> tuple[int, int]:
        """The sentence of a place."""
        at = bisect_right(self._starts, offset) - 1
        return self.sentences[at] if at >= 0 else (0, len(self.whole))

    def sentences_in(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """The sentences that begin between two places."""
        return self.sentences[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    @cached_property
    def paragraphs(self) -> tuple[tuple[int, int], ...]:
        """Pieces between blank lines."""
        edges = [(0, 0), *(match.span() for match in _PARAGRAPH.finditer(self.whole)), (len(self.whole),) * 2]
        return tuple((before[1], after[0]) for before, after in pairwise(edges))

    def paragraph(self, offset: int) -> tuple[int, int]:
        """The paragraph of a place."""
        at = bisect_right(self._paragraphs_at, offset) - 1
        return self.paragraphs[max(0, at)]

    @cached_property
    def _paragraphs_at(self) -> list[int]:
        return [start for start, _ in self.paragraphs]

    @cached_property
    def _names_at(self) -> list[int]:
        return [one.start for one in self.names]

    def within(self, start: int, end: int) -> tuple[Name, ...]:
        """Prestations named from one place on and before another."""
        return self.names[bisect_left(self._names_at, start) : bisect_left(self._names_at, end)]

    def name_for(self, offset: int) -> Name | None:
        """The prestation a place is about: named before it in its sentence, else after it there, else before it."""
        start, end = self.sentence(offset)
        at = bisect_right(self._names_at, offset)
        before = self.names[at - 1] if at else None
        if before and before.start >= start:
            return before
        if at < len(self.names) and self.names[at].start < end:
            return self.names[at]
        section = self._sections[max(0, bisect_right(self._sections, offset) - 1)]
        return before if before and before.start >= section else None

    def parts_for(self, offset: int) -> tuple[Part, ...]:
        """The trop-perçus a place may be about; none when there are several and no prestation is named."""
        if len(self.about.parts) == 1:
            return self.about.parts
        name = self.name_for(offset)
        return self.parts_named(name) if name else ()

    def parts_named(self, name: Name) -> tuple[Part, ...]:
        """The trop-perçus a name may stand for; of several of one prestation, that of the period said, or in order."""
        found = self._named.get(name.start)
        if found is None:
            found = self._named[name.start] = self._parts_of(name)
        return found

    def _parts_of(self, name: Name) -> tuple[Part, ...]:
        parts = tuple(part for part in self.about.parts if part.trop_percu.prestation == name.code)
        if len(parts) < 2:
            return parts
        said = self.period_after(name)
        of_period = tuple(part for part in parts if said and period_of(part) == said)
        rank, alike = self._ranks[name.start][bool(of_period)]
        fitting = of_period or parts
        return (fitting[rank],) if len(alike) == len(fitting) else fitting

    @cached_property
    def _ranks(self) -> dict[int, tuple[tuple[int, list[int]], tuple[int, list[int]]]]:
        """Of each name, which it is of those of its prestation in its section, and of those with its period too."""
        groups: dict[object, list[int]] = {}
        found = {}
        for one in self.names:
            where = (self.section(one.start), one.code)
            alike, twins = groups.setdefault(where, []), groups.setdefault((*where, self.period_after(one)), [])
            found[one.start] = ((len(alike), alike), (len(twins), twins))
            alike.append(one.start)
            twins.append(one.start)
        return found

    def period_after(self, name: Name) -> tuple[str, str] | None:
        """The period said after a name in its sentence, of one month perhaps."""
        _, end = self.sentence(name.start)
        one = next(iter(self.dates_in(name.end, end)), None)
        if one is None:
            return None
        return (one.first.id, one.last.id) if isinstance(one, Period) else (one.id, one.id)

    def said(self, part: Part) -> str:
        """How a finding names a trop-perçu: `prime d’activité`, with its reference when there are two of it."""
        alike = sum(one.libelle == part.libelle for one in self.about.parts)
        return part.libelle if alike == 1 else f"{part.libelle} ({part.trop_percu.reference or part.trop_percu.id})"


def period_of(part: Part) -> tuple[str, str]:
    """First and last month of a trop-perçu."""
    months = part.mois
    return (months[0].id, months[-1].id) if months else ("", "")


@remembered(2)
def reading(texte: Texte, about: Subject, lexicon: Lexicon) -> Reading:
    """The text read; the last ones are remembered, since twelve checks ask in turn."""
    return Reading(texte, about, lexicon)
