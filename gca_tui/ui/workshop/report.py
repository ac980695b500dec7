"""All that is to be said of a text, found in a thread a moment after the last key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gca_tui.domain.explanation.checking import is_passed
from gca_tui.domain.explanation.results import Finding, Result
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import count, typeset
from gca_tui.domain.trop_percu import SECTIONS, Passage

HOLDS, BLOCKS, WARNS, PASSED = "✓", "✗", "!", "→"
"""What a check does, said by a sign before it and never by a colour alone."""
_SMALL = 4
"""Lines of a panel that holds what is to mend and nothing of how the text reads."""
_WORDS = {HOLDS: "oui", BLOCKS: "non", WARNS: "conseil", PASSED: "passé outre"}


@dataclass(frozen=True)
class Report:
    """The twelve checks, what must not stand in the text, how it reads, the words no dictionary knows."""

    results: tuple[Result, ...] = ()
    sensitive: tuple[Finding, ...] = ()
    reading: str = ""
    unknown: tuple[str, ...] = ()

    def findings(self) -> list[tuple[str, Finding]]:
        """Everything to mend, in the order of the text, with who says it."""
        said = [(f"{one.controle} {one.nom}", finding) for one in self.results for finding in one.findings]
        said += [("Donnée sensible", finding) for finding in self.sensitive]
        return sorted(said, key=lambda one: (one[1].start, one[1].end))

    def failing(self, passages: tuple[Passage, ...]) -> list[Result]:
        """The blocking checks that fail and that nobody passed over."""
        return [one for one in self.results if sign_of(one, passages) == BLOCKS]


def sign_of(result: Result, passages: tuple[Passage, ...]) -> str:
    """What a check does to the text."""
    if result.ok:
        return HOLDS
    if not result.bloquant:
        return WARNS
    return PASSED if is_passed(result, passages) else BLOCKS


def panel_lines(
    report: Report, texte: Texte, section: str, passages: tuple[Passage, ...], size: tuple[int, int], *, plain: bool
) -> list[str]:
    """The panel: every check, how the text reads when there is room, what is to mend in the section being written."""
    width, height = size
    lines = _wrapped(_heads(report, passages, width, plain=plain), width)
    if (reads := reading_line(report)) and (height > _SMALL or not report.findings()):
        lines[-1:] = _wrapped([lines[-1], reads], width) if lines else [reads]
    private = set(report.sensitive)
    lines += _passed(report, passages)
    here = [one for one in report.findings() if one[1] in private or texte.section_at(one[1].start).name == section]
    order = {sign: rank for rank, sign in enumerate((BLOCKS, WARNS, PASSED, HOLDS))}
    signs = {f"{one.controle} {one.nom}": sign_of(one, passages) for one in report.results}
    here.sort(key=lambda one: order[signs.get(one[0], BLOCKS)])
    told = _WORDS if plain else {sign: sign for sign in order}
    lines += [typeset(f"{told[signs.get(who, WARNS)]} {who} : {_said(finding)}") for who, finding in here]
    elsewhere = len(report.findings()) - len(here)
    if elsewhere and not here:
        others = count(elsewhere, "point")
        lines.append(typeset(f"Rien à revoir dans « {SECTIONS[section]} » ; {others} ailleurs (F7)."))
    return lines


def reading_line(report: Report) -> str:
    """How the text reads, and how many words the dictionary lacks."""
    number = len(report.unknown)
    unknown = f" · {count(number, 'mot inconnu', 'mots inconnus')} (F10 i)" if number else ""
    return f"{report.reading}{unknown}" if report.reading else ""


def _passed(report: Report, passages: tuple[Passage, ...]) -> list[str]:
    over = {one.controle for one in report.results if sign_of(one, passages) == PASSED}
    last = {passage.controle: passage for passage in passages if passage.controle in over}
    return [
        typeset(f"{PASSED} {controle} passé outre par {passage.author.label} : {passage.motif}")
        for controle, passage in sorted(last.items())
    ]


def _heads(report: Report, passages: tuple[Passage, ...], width: int, *, plain: bool) -> list[str]:
    """One word a check when they fit on two lines; else those that hold are numbers."""
    groups = [(sign_of(one, passages), one) for one in report.results]
    full = [
        f"{one.controle} {one.nom} : {_WORDS[sign]}" if plain else f"{sign} {one.controle} {one.nom}"
        for sign, one in groups
    ]
    if len(_wrapped(full, width)) <= 2:
        return full
    held = " ".join(str(one.controle) for sign, one in groups if sign == HOLDS)
    named = [text for text, (sign, _) in zip(full, groups, strict=True) if sign != HOLDS]
    return [*named, *([f"{f'{_WORDS[HOLDS]} :' if plain else HOLDS} {held}"] if held else [])]


def _wrapped(parts: Sequence[str], width: int) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(part) + 3 <= width:
            lines[-1] += f"   {part}"
        else:
            lines.append(part)
    return lines


def _said(finding: Finding) -> str:
    return finding.dire + (f" → « {finding.remplacer} » (F12)" if finding.remplacer else "")


def report_lines(report: Report, texte: Texte, passages: tuple[Passage, ...]) -> list[str]:
    """Everything at length: the twelve checks one under the other, and what was passed over, by whom and why."""
    lines = []
    for result in report.results:
        sign = sign_of(result, passages)
        lines.append(f"{sign} {result.controle} {result.nom} : {_WORDS[sign]}")
        lines += [f"    {_place(finding, texte)}{_said(finding)}" for finding in result.findings]
        for passage in passages:
            if passage.controle == result.controle:
                lines.append(f"    passé outre par {passage.author.label} : {passage.motif}")
                lines += [f"      couvre : {one}" for one in passage.couvre]
    lines += [f"! Donnée sensible : {_said(finding)}" for finding in report.sensitive]
    if reads := reading_line(report):
        lines += ["", reads]
    if report.unknown:
        lines += ["", f"Mots que le dictionnaire ne connaît pas : {', '.join(report.unknown)}"]
    return [typeset(line) for line in lines]


def _place(finding: Finding, texte: Texte) -> str:
    name = texte.section_at(finding.start).name
    return f"[{SECTIONS[name]}] " if name in SECTIONS else ""
