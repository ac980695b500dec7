"""The lines that tell a dossier, and the words all of them use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from gca_tui import clock, reference
from gca_tui.domain.french import NBSP, short_date

HEAD, BODY, FAINT = "head", "body", "faint"
TO_CONFIRM = "à valider"
"""Said of whatever rests on a text that nobody read in its present version."""


@dataclass(frozen=True)
class Line:
    """One line of a tab and how it is drawn. `typed`: somebody wrote it, so our typeset leaves it alone."""

    text: str
    style: str = BODY
    typed: bool = False


Lines = Iterator[Line]


def labelled(label: str, text: str, style: str = BODY) -> Line:
    """A line that says what the text is that somebody typed."""
    return Line(f"{label}{NBSP}: {text}", style, typed=True)


def day(value: date | None) -> str:
    """A day, or a dash."""
    return short_date(value) if value else "—"


def moment(value: datetime) -> str:
    """An instant on the agents' clock."""
    return f"{clock.local(value):%d/%m/%Y %H h %M}"


def prestation_label(code: str) -> str:
    """`RSA (Revenu de solidarité active)`; the code itself when nobody knows it."""
    known = reference.prestations().get(code)
    return f"{code} ({known.libelle})" if known else code


def month_label(month: str) -> str:
    """`03/2026` for the month `2026-03`."""
    return f"{month[5:]}/{month[:4]}"
