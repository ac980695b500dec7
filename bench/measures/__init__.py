"""The measures, by the name under which `--only` finds them."""

from __future__ import annotations

from collections.abc import Callable

from bench.measures import (
    checking,
    country,
    importing,
    moving,
    polling,
    pushing,
    reading,
    save,
    sharing,
    start,
    working,
)
from bench.report import Row
from bench.site import Site

MEASURES: dict[str, Callable[[Site], list[Row]]] = {
    "demarrage": start.starts,
    "memoire": start.memory_loaded,
    "bas": moving.down,
    "bas-tenu": moving.held,
    "detail": moving.detail_at_rest,
    "page": moving.page_down,
    "filtre": working.filter_letters,
    "ouvrir": working.open_dossier,
    "redimensionner": working.resizing,
    "repos": working.idle,
    "enregistrer": save.saving,
    "controles": checking.checks,
    "import": importing.importing,
    "serveur-releve": polling.empty_pulls,
    "serveur-attentes": polling.held_polls,
    "serveur-pointe": polling.peak,
    "serveur-envoi": pushing.single_pushes,
    "serveur-lecture": reading.reading,
    "serveur-ecran": sharing.seen_elsewhere,
    "serveur-pays": country.growth,
}
