"""An open program that writes a note now and then until its input is closed; prints how many, and the longest wait."""

from __future__ import annotations

import json
import select
import sys
import time
from pathlib import Path

from gca_tui import clock
from gca_tui.domain.commands import AddNote
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.store.writer import Writer

BETWEEN_NOTES = 0.5
"""Seconds: far more often than an agent writes notes."""


def main(path: Path, caisse: str, matricule: str) -> None:
    """Write until nobody wants any more."""
    writer = Writer(path)
    author = Author(identifiant="mesure")
    waits: list[float] = []
    print("ouvert", flush=True)
    while not select.select([sys.stdin], [], [], BETWEEN_NOTES)[0]:
        note = AddNote(
            id=new_id(), caisse=caisse, matricule=matricule, author=author, at=clock.now(), texte=f"Note {len(waits)}"
        )
        begun = time.perf_counter()
        writer.record([note]).result()
        waits.append(time.perf_counter() - begun)
    writer.close()
    print(json.dumps({"notes": len(waits), "longest": max(waits, default=0.0)}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
