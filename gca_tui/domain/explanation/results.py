"""What a check gives: whether it holds, where it does not, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

BLOCKING = range(1, 9)
"""The checks that block at or above the threshold; those after them warn."""


@dataclass(frozen=True)
class Finding:
    """One thing to mend: where in the whole text (`start == end`: something is missing there), and a French sentence.

    `remplacer` is what could stand there instead, "" when only a person can say.
    """

    start: int
    end: int
    dire: str
    remplacer: str = ""


@dataclass(frozen=True)
class Result:
    """What one of the twelve checks found. `bloquant`: it forbids closing while it does not hold."""

    controle: int
    nom: str
    bloquant: bool
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it holds."""
        return not self.findings
