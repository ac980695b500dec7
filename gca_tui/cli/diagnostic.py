"""`gca diagnostic`: the state of the store for whoever helps, without the name of anybody."""

from __future__ import annotations

import platform
import sqlite3
import stat
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from gca_tui import clock
from gca_tui.cli import french, store_path
from gca_tui.cli.output import reading, say, say_json
from gca_tui.store.schema import SCHEMA
from gca_tui.store.views import BY_ID
from gca_tui.store.waiting import sync_state
from gca_tui.store.window import Selection, Window

_PACKAGES = ("gca-tui", "textual", "pydantic", "sqlmodel", "SQLAlchemy", "alembic", "holidays")


@click.command("diagnostic", cls=french.Command)
@click.option("--json", "as_json", is_flag=True, help="Un objet JSON.")
@click.pass_obj
def command(folder: Path | None, as_json: bool) -> None:
    """L’état du poste : versions, taille, intégrité, nombres par vue. Aucun nom de personne."""
    with reading(folder) as window:
        found = _state(window, store_path(folder))
    if as_json:
        say_json(found)
        return
    for name, value in found.items():
        if isinstance(value, dict):
            for inner, number in value.items():
                say(f"{name}.{inner:<20} {number}")
        else:
            say(f"{name:<22} {value}")


def _exchange(window: Window) -> dict[str, Any]:
    """How this store and its server stand: no token, no name, no address of a person."""
    state = sync_state(window.connection)
    if not state.tied:
        return {"relie": False}
    done, total = state.progress or (0, 0)
    return {
        "relie": True,
        "adresse": state.url,
        "sans_corbeille": state.shut_out,
        "a_envoyer": state.pending + state.in_flight,
        "en_conflit": state.conflicts,
        "refuses": state.refused,
        "en_suspens": state.lost,
        "retraits_a_confirmer": len(state.asks),
        "lecture": f"{done}/{total}" if state.progress else "",
        "hors_ligne_depuis": state.offline_since,
        "dernier_changement": state.last_contact,
        "probleme": state.problem,
    }


def _state(window: Window, path: Path) -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in _PACKAGES},
        "format": SCHEMA,
        "donnees": str(path.parent),
        "octets": path.stat().st_size,
        "droits": stat.filemode(path.stat().st_mode),
        "integrite": window.check(),
        "generation": window.generation(),
        "en_attente_d_envoi": window.pending(),
        "demonstration": window.meta("demo"),
        "serveur": _exchange(window),
        "dossiers": {view.id: window.count(Selection(view), clock.today()) for view in BY_ID.values()},
    }
