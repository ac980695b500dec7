"""One command saved: dossier, outbox and search index in one transaction on disk."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from bench.goals import row
from bench.meter import MeasureError, p95
from bench.report import Row
from bench.site import Site
from gca_tui import clock
from gca_tui.domain.commands import AddNote
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.store.location import DATABASE
from gca_tui.store.schema import open_reader
from gca_tui.store.writer import Writer

SAVES = 100
AUTHOR = Author(identifiant="banc", nom="Banc de mesure", caisse="091")
TEXT = "Appelé à 10 h 30, attend le justificatif de loyer, rappellera demain."


def saving(site: Site) -> list[Row]:
    """Notes on as many dossiers, spread over the store."""
    return [row("save", save_p95(site.large.path), f"{SAVES} notes, {site.large}")]


def save_p95(store: Path) -> float:
    """Milliseconds from handing a note to the writer until it is safe, which 95 % do not exceed."""
    path = store / DATABASE
    dossiers = _spread(path)
    latencies = []
    with closing(Writer(path)) as writer:
        for caisse, matricule in dossiers:
            note = AddNote(id=new_id(), caisse=caisse, matricule=matricule, author=AUTHOR, at=clock.now(), texte=TEXT)
            begun = time.perf_counter()
            writer.record([note]).result()
            latencies.append(1000 * (time.perf_counter() - begun))
    return p95(latencies)


def _spread(path: Path) -> list[tuple[str, str]]:
    """The keys of SAVES open dossiers, from the first to the last. MeasureError if there are not so many."""
    with closing(open_reader(path)) as connection:
        keys = connection.execute("SELECT caisse, matricule FROM dossier WHERE statut <> 'clos' ORDER BY id").fetchall()
    if len(keys) < SAVES:
        raise MeasureError(f"moins de {SAVES} dossiers ouverts dans {path}")
    return [(key[0], key[1]) for key in keys[:: len(keys) // SAVES]][:SAVES]
