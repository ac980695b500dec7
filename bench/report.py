"""Measured values beside their goals: the table, and bench/last.json."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

NBSP = "\u00a0"
HEADINGS = ("mesure", "valeur", "unité", "par rapport à", "but", "plafond", "verdict")
RIGHT_ALIGNED = (1, 4, 5)


@dataclass(frozen=True, slots=True)
class Row:
    """One measure, lower is better. `against` says what the value is compared with or the conditions it holds in."""

    name: str
    value: float
    unit: str
    against: str
    goal: float
    ceiling: float

    @property
    def exceeded(self) -> bool:
        """Whether the value passes the ceiling."""
        return self.value > self.ceiling

    @property
    def verdict(self) -> str:
        """In one word for the table."""
        if self.exceeded:
            return "DÉPASSE"
        return "ok" if self.value <= self.goal else "au-dessus du but"


def number(value: float) -> str:
    """A number as French writes it, with as many decimals as it deserves."""
    decimals = 0 if value == int(value) or value >= 1000 else 1 if value >= 10 else 2
    return f"{value:,.{decimals}f}".replace(",", NBSP).replace(".", ",")


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text."""
    lines = [HEADINGS] + [
        (row.name, number(row.value), row.unit, row.against, number(row.goal), number(row.ceiling), row.verdict)
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place in RIGHT_ALIGNED else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def write(rows: Sequence[Row], path: Path) -> None:
    """Keep the rows for programs to read: a list of objects, one a row."""
    listed = [asdict(row) | {"value": round(row.value, 3)} for row in rows]
    path.write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
