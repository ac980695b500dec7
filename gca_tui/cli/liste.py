"""`gca liste`: the dossiers of a view, in the order of work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import click

from gca_tui import clock
from gca_tui.cli import french
from gca_tui.cli.output import reading, row_json, say, say_json, table
from gca_tui.domain.french import count, short_date
from gca_tui.errors import InputError
from gca_tui.store.filter_terms import Setting, parse
from gca_tui.store.filter_values import known_in
from gca_tui.store.views import BY_ID, EVERYTHING, NEVER
from gca_tui.store.window import SORTS, Row, Selection, Window

_WIDTHS = (11, 26, 9, 18, 10, 10)
_PAGE = 500


@click.command("liste", cls=french.Command)
@click.argument("filtre", nargs=-1)
@click.option("--vue", type=click.Choice([*BY_ID, "tout"]), default="tout", show_default=True, help="Vue de l’écran.")
@click.option("--tri", type=click.Choice(list(SORTS)), default="priorite", show_default=True, help="Ordre.")
@click.option("--limite", metavar="N", type=click.IntRange(1), default=None, help="Au plus tant de dossiers.")
@click.option("--json", "as_json", is_flag=True, help="Une liste JSON.")
@click.pass_obj
def command(
    folder: Path | None, filtre: tuple[str, ...], vue: str, tri: str, limite: int | None, as_json: bool
) -> None:
    """Les dossiers d’une vue, dans l’ordre de traitement.

    FILTRE : des mots, ou des termes comme caisse:681 prest:rsa indu>=1500 age>10 canal:courrier. Avant un terme
    inversé, écrivez -- (gca liste -- -prest:rsa).
    """
    today = clock.today()
    with reading(folder) as window:
        rows = list(islice(_rows(window, " ".join(filtre), vue, tri, today), limite))
    if as_json:
        say_json([row_json(row) for row in rows])
        return
    for line in table((_cells(row, today) for row in rows), _WIDTHS):
        say(line)
    say(f"{count(len(rows), 'dossier')}.")


def _rows(window: Window, text: str, vue: str, tri: str, today: date) -> Iterator[Row]:
    ids = window.ids(Selection(BY_ID.get(vue, EVERYTHING), sort=tri), today)
    if text.strip():
        try:
            condition = parse(text, Setting(today, window.calendars(), known_in(window)))
        except InputError as error:
            raise InputError(f"Filtre refusé. {error}") from None
        found = window.matching(condition, today)
        kept = [number for number in ids if number in found]
    else:
        kept = list(ids)
    for start in range(0, len(kept), _PAGE):
        part = kept[start : start + _PAGE]
        page = window.rows(part)
        yield from (page[number] for number in part if number in page)


def _cells(row: Row, today: date) -> tuple[str, ...]:
    due = "" if row.echeance == NEVER else short_date(date.fromisoformat(row.echeance))
    codes = row.prestations.strip("|").replace("|", " ")
    return (f"{row.caisse}·{row.matricule}", row.nom, codes, row.objet, due, _statut(row, today))


def _statut(row: Row, today: date) -> str:
    """A wait whose day has come is no wait any more: the dossier is open again by itself."""
    if row.statut != "en_attente":
        return row.statut
    return "en attente" if row.attente_jusqu > today.isoformat() else "ouvert"
