"""`gca synchroniser`: one full exchange with the server, then leave."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gca_tui import clock
from gca_tui.cli import french, store_path
from gca_tui.cli.output import say, say_json
from gca_tui.cli.progress import progress_bar
from gca_tui.domain.french import count, typeset
from gca_tui.errors import GcaError, InputError, StoreBusy

if TYPE_CHECKING:
    from gca_tui.store.waiting import Departure, SyncState
    from gca_tui.store.writer import Writer

EPILOG = (
    "Codes de retour : 0 tout est échangé ; 1 il reste quelque chose (refusé, en conflit, en attente, retrait à"
    " confirmer) : gca attente le montre ; 2 poste sans serveur ; 3 données occupées ; 5 serveur non joint, tout est"
    " gardé ; 6 accès perdu, ou version du programme."
)
_NOTHING_OPEN = (
    "Aucune corbeille n’est ouverte à ce poste. L’administrateur peut vous en confier une, ou donner un nouveau code"
    " si le poste a été fermé."
)
_WAIT = 2.0
"""Seconds that another exchange is waited for."""


@click.command("synchroniser", cls=french.Command, epilog=EPILOG)
@click.option(
    "--accepter-retraits",
    is_flag=True,
    help="Laisse le serveur retirer d’un coup un grand nombre de dossiers, ce qu’il faut confirmer.",
)
@click.option("--json", "as_json", is_flag=True, help="Un objet JSON de ce qui reste.")
@click.pass_obj
def command(folder: Path | None, accepter_retraits: bool, as_json: bool) -> int:
    """Envoie ce qui attend, prend ce qui a changé, puis s’arrête."""
    from gca_tui.store.location import exclusive
    from gca_tui.store.remote import read_tie
    from gca_tui.store.writer import Writer

    writer = Writer(store_path(folder))
    try:
        try:
            with exclusive(writer.path.parent, "sync", "Un échange est", wait=_WAIT):
                known = _departures(writer)
                left = _exchange(writer, accept=accepter_retraits)
                gone = len(_departures(writer) - known)
                tie = writer.run(read_tie).result()
        except StoreBusy as error:
            raise StoreBusy(
                "Un autre programme échange déjà avec le serveur pour ce poste.",
                "Ce que vous avez saisi part avec lui.",
                "Dans un écran ouvert : s.",
            ) from error
    finally:
        writer.close()
    if as_json:
        say_json(_told_to_programs(left))
    else:
        for line in _lines(left, gone):
            say(typeset(line))
        if tie and not tie.scopes:
            say(typeset(_NOTHING_OPEN))
    return 1 if _something(left) else 0


def no_server() -> InputError:
    """The error for a store that is tied to no server."""
    return InputError(
        "Ce poste n’est relié à aucun serveur.",
        "Rien n’a changé.",
        "Pour le relier : gca connexion ADRESSE --code CODE.",
    )


def _exchange(writer: Writer, *, accept: bool) -> SyncState:
    """Exchange all there is, and say what is left. Raises SyncError once it is noted."""
    from gca_tui.store import receiving
    from gca_tui.store.remote import read_tie
    from gca_tui.sync.exchange import Exchange
    from gca_tui.sync.leading import line_for
    from gca_tui.sync.status import Noting

    tie = writer.run(read_tie).result()
    if tie is None:
        raise no_server()
    noting = Noting(writer, clock.now)
    for ask in _state(writer).asks if accept else ():
        writer.run(partial(receiving.answer_removal, scope=ask.scope, accept=True)).result()
    with closing(line_for(tie)) as line, progress_bar("Lecture") as advance:
        exchange = Exchange(writer, line)
        exchange.on_progress = _both(advance, noting.reads)
        try:
            exchange.full()
        except GcaError as error:
            noting.failed(error)
            raise
    noting.reads(0, 0)
    noting.went_well(moved=True)
    return _state(writer)


def _both(first: Callable[[int, int], Any], second: Callable[[int, int], Any]) -> Callable[[int, int], None]:
    def told(done: int, total: int) -> None:
        first(done, total)
        second(done, total)

    return told


def _state(writer: Writer) -> SyncState:
    from gca_tui.store.schema import open_reader
    from gca_tui.store.waiting import sync_state

    with closing(open_reader(writer.path)) as connection:
        return sync_state(connection)


def _departures(writer: Writer) -> set[Departure]:
    from gca_tui.store.schema import open_reader
    from gca_tui.store.waiting import departures

    with closing(open_reader(writer.path)) as connection:
        return {one for one in departures(connection) if not one.seen}


def _something(left: SyncState) -> bool:
    return bool(left.pending or left.in_flight or left.conflicts or left.refused or left.asks)


def _told_to_programs(left: SyncState) -> dict[str, Any]:
    return {
        "en_attente": left.pending + left.in_flight,
        "en_conflit": left.conflicts,
        "refuses": left.refused,
        "retraits_a_confirmer": [
            {"corbeille": ask.scope, "retires": ask.removed, "sur": ask.total} for ask in left.asks
        ],
        "partis": left.departures,
    }


def _lines(left: SyncState, gone: int) -> list[str]:
    """What is left; `gone` dossiers left in this exchange: those of an earlier one were told then."""
    found = {
        "en attente du serveur": left.pending + left.in_flight,
        "en conflit": left.conflicts,
        "refusé": left.refused,
    }
    counted = [f"{number} {name}" for name, number in found.items() if number]
    lines = [
        f"Échange terminé ; il reste {', '.join(counted)} : gca attente." if counted else "Échange terminé : à jour."
    ]
    lines += [
        f"{ask.scope} : le serveur retire {ask.removed} dossiers sur {ask.total} d’un coup. Rien n’est retiré sans"
        " votre accord : gca synchroniser --accepter-retraits."
        for ask in left.asks
    ]
    if gone:
        lines.append(f"{count(gone, 'dossier parti', 'dossiers partis')} : gca attente dit pourquoi.")
    return lines
