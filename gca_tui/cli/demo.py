"""`gca demo`: invented people, alone or with a server and a colleague."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gca_tui import clock
from gca_tui.cli import french, open_screen, store_path
from gca_tui.domain.french import count, typeset
from gca_tui.errors import StoreError

if TYPE_CHECKING:
    from gca_tui.demo.embedded import Embedded
    from gca_tui.store.remote import Tie
    from gca_tui.store.writer import Writer
    from gca_tui.sync.line import Line

MADE, UNFINISHED = "demo", "demo_inachevee"
"""Facts of the store: which demonstration it is; whether one with a server is still being made."""
LARGEST = 20_000
"""Dossiers beyond which a demonstration has no server: reading them all again from it would take minutes."""
_SERVES = ("fastapi", "prometheus_client")
_NOT_INSTALLED = "Sans serveur ni collègue : le serveur n’est pas installé (gca-tui[serveur])."
_TOO_LARGE = "Sans serveur ni collègue : trop de dossiers."
_MADE_ALONE = (
    "Cette démonstration est un poste seul ; dans un autre dossier (--donnees), gca demo en fait une partagée."
)
_SHARED = (
    "Mathieu Roux, un collègue simulé, y travaille aussi, sur le même serveur : ⚠ en haut de l’écran, puis b."
    " gca demo --hors-ligne coupe la ligne."
)


@click.command("demo", cls=french.Command)
@click.option(
    "--dossiers", metavar="N", type=click.IntRange(1, 1_000_000), default=300, show_default=True, help="Combien."
)
@click.option(
    "--graine", metavar="N", type=click.IntRange(0), default=1, show_default=True, help="Même graine, mêmes dossiers."
)
@click.option("--hors-ligne", is_flag=True, help="Coupe la ligne du serveur : ce que vous faites attend.")
@click.option("--sans-serveur", is_flag=True, help="Un poste seul, sans serveur ni collègue.")
@click.option("--sans-ouvrir", is_flag=True, help="Préparer sans ouvrir l’écran.")
@click.option("--garder-auteur", is_flag=True, hidden=True)
@click.pass_context
def command(
    context: click.Context,
    dossiers: int,
    graine: int,
    hors_ligne: bool,
    sans_serveur: bool,
    sans_ouvrir: bool,
    garder_auteur: bool,
) -> None:
    """Fait un poste de dossiers inventés et l’ouvre.

    Un serveur tourne dans le programme, sans port, et un collègue simulé y travaille : on voit l’échange, une
    réservation et un conflit. Au-delà de 20 000 dossiers, c’est un poste seul.

    Sans --donnees ni GCA_DONNEES, la démonstration a son propre dossier de données et ne touche pas au vôtre.
    """
    path = store_path(context.obj or _own_folder())
    wanted = Wanted(dossiers, graine, alone=sans_serveur or garder_auteur, keep_author=garder_auteur)
    is_new = _make(path, wanted)
    if is_new or sans_ouvrir:
        click.echo(f"{count(dossiers, 'dossier inventé', 'dossiers inventés')} dans {path.parent}.")
    if not sans_ouvrir:
        asked = context.find_root().params
        with closing(_Server(path)) as server:
            open_screen(
                path.parent,
                plain=asked["simple"],
                mouse=not asked["sans_souris"],
                make_line=None if hors_ligne or not _can_serve() else server.line_for,
            )


@dataclass(frozen=True)
class Wanted:
    """A demonstration. `alone`: without a server; `keep_author`: of the agent who is known here already."""

    number: int
    seed: int
    alone: bool
    keep_author: bool

    @property
    def name(self) -> str:
        """What tells it from another one."""
        return f"{self.number}/{self.seed}"


class _Server:
    """The server in this process. Nothing of it is loaded before the screen asks for a line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._embedded: Embedded | None = None

    def line_for(self, tie: Tie) -> Line:
        from gca_tui.demo.embedded import URL, Embedded
        from gca_tui.sync.leading import line_for

        if tie.url != URL:
            return line_for(tie)
        self._embedded = self._embedded or Embedded(self._path)
        return self._embedded.line_for(tie)

    def close(self) -> None:
        if self._embedded:
            self._embedded.close()


def _own_folder() -> Path:
    """Where it was said to be, else beside the agent's own data."""
    from gca_tui.store.location import FOLDER_VARIABLE, default_folder

    folder = default_folder()
    return folder if os.environ.get(FOLDER_VARIABLE) else folder.with_name(f"{folder.name}-demo")


def _can_serve() -> bool:
    """Whether what serves is installed; nothing of it is loaded."""
    return all(map(find_spec, _SERVES))


def _make(path: Path, wanted: Wanted) -> bool:
    """Make what is not there yet; False where all of it is. Raises StoreError over anything else than it."""
    found = _found(path, wanted)
    if found == "alone" and not wanted.alone:
        click.echo(typeset(_MADE_ALONE), err=True)
    if found in ("alone", "shared"):
        return False
    missing = _TOO_LARGE if wanted.number > LARGEST else "" if _can_serve() else _NOT_INSTALLED
    if found == "unfinished" or not (wanted.alone or missing):
        _share(path, wanted)
        click.echo(typeset(_SHARED))
    else:
        if missing and not wanted.alone:
            click.echo(typeset(missing), err=True)
        _fill(path, wanted)
    return True


def _found(path: Path, wanted: Wanted) -> str:
    """ "alone", "shared", "unfinished" or "". Raises StoreError when something else is there: it is never replaced."""
    from gca_tui.store.schema import open_reader
    from gca_tui.store.views import EVERYTHING
    from gca_tui.store.waiting import is_tied
    from gca_tui.store.window import Selection, Window

    with closing(Window(open_reader(path), "")) as window:
        is_filled = bool(window.head(Selection(EVERYTHING, sort="matricule"), clock.today(), 1))
        made, unfinished = window.meta(MADE), window.meta(UNFINISHED)
        tied = is_tied(window.connection)
    if not is_filled and not tied:
        return ""
    if made is None:
        raise StoreError(
            "Ce dossier de données contient déjà des dossiers.",
            "Ils n’ont pas été modifiés.",
            "Choisissez un autre dossier avec --donnees.",
        )
    if made != wanted.name:
        raise StoreError(
            f"Une autre démonstration ({made}) est déjà dans {path.parent}.",
            "Elle n’a pas été modifiée.",
            "Supprimez ce dossier, ou choisissez-en un autre avec --donnees.",
        )
    return "unfinished" if unfinished else "shared" if tied else "alone"


def _fill(path: Path, wanted: Wanted) -> None:
    """Fill an empty store that follows no server."""
    from gca_tui import demo
    from gca_tui.cli.progress import progress_bar
    from gca_tui.store.importing import load_all
    from gca_tui.store.loading import Given
    from gca_tui.store.rules import SETTINGS
    from gca_tui.store.writer import Writer

    with closing(Writer(path, bulk=True)) as writer:
        _begin(writer, wanted, unfinished="")
        writer.set_meta(SETTINGS, demo.settings().model_dump_json(exclude_defaults=True)).result()
        if not wanted.keep_author:
            writer.set_author(demo.AGENT).result()
        told = demo.dossiers(wanted.number, wanted.seed, clock.today(), demo.AGENT)
        given = (Given(one.extract, one.commands) for one in told)
        with progress_bar("Démonstration") as advance:
            load_all(writer, given, lambda done: advance(done, wanted.number))


def _share(path: Path, wanted: Wanted) -> None:
    """Make a server beside the store, and have the store follow it; or finish that."""
    from gca_tui.cli.progress import progress_bar
    from gca_tui.demo.sharing import share
    from gca_tui.store.writer import Writer

    with closing(Writer(path, bulk=True)) as writer:
        _begin(writer, wanted, unfinished="oui")
        share(writer, wanted.number, wanted.seed, progress_bar)
        writer.set_meta(UNFINISHED, "").result()


def _begin(writer: Writer, wanted: Wanted, *, unfinished: str) -> None:
    writer.set_meta(MADE, wanted.name).result()
    writer.set_meta(UNFINISHED, unfinished).result()
