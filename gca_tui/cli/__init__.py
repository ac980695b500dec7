"""`gca` and its line commands. Each is imported when it is called: the screen must not wait for the others."""

from __future__ import annotations

import errno
import gc
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gca_tui import clock
from gca_tui.cli import french
from gca_tui.cli.lazy import LazyGroup
from gca_tui.domain.french import typeset
from gca_tui.errors import GcaError

if TYPE_CHECKING:
    from gca_tui.ui.syncing import MakeLine

COMMANDS = {
    "liste": "les dossiers d’une vue, filtrés",
    "fiche": "un dossier",
    "explication": "le brouillon de l’explication d’un trop-perçu, en texte ou en PDF",
    "controler": "les douze contrôles d’un texte d’explication",
    "note": "écrire une note sur un dossier",
    "importer": "prendre les extraits d’une caisse (CSV, JSON Lines)",
    "exporter": "tous les dossiers, en JSON Lines ou en CSV",
    "regles": "les règles des caisses : seuil, contact, adresses",
    "connexion": "relier ce poste à un serveur, avec un code",
    "synchroniser": "un échange complet avec le serveur",
    "attente": "ce qui attend d’être envoyé, est refusé ou en conflit",
    "serveur": "le serveur partagé : le lancer, l’administrer",
    "demo": "faire un poste de démonstration et l’ouvrir",
    "diagnostic": "l’état du poste, sans nom de personne",
}


_EPILOG = (
    "Codes de retour : 0 tout va bien ; 1 une partie a été refusée ; 2 demande ou fichier illisible ;"
    " 3 données inutilisables ou occupées ; 4 dossier inconnu ; 5 serveur non joint, tout est gardé ;"
    " 6 accès au serveur perdu, ou version du programme."
)


@click.group(
    cls=LazyGroup,
    package="gca_tui.cli",
    told=COMMANDS,
    invoke_without_command=True,
    subcommand_metavar="[COMMANDE] [ARGUMENTS]...",
    epilog=_EPILOG,
)
@click.option(
    "--donnees",
    metavar="DOSSIER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier des données (GCA_DONNEES).",
)
@click.option("--simple", is_flag=True, help="Sans cadre ; le curseur du terminal suit la ligne (plages braille).")
@click.option("--sans-souris", is_flag=True, help="La souris reste au terminal, pour sélectionner.")
@click.version_option(package_name="gca-tui", message="gca %(version)s", help="Version.")
@click.pass_context
def cli(context: click.Context, donnees: Path | None, simple: bool, sans_souris: bool) -> None:
    """La file de travail du gestionnaire conseil allocataires.

    Sans commande : ouvre l’écran.
    """
    context.obj = donnees
    if context.invoked_subcommand is None:
        open_screen(donnees, plain=simple, mouse=not sans_souris)


def open_screen(
    folder: Path | None, *, plain: bool = False, mouse: bool = True, make_line: MakeLine | None = None
) -> None:
    """Open the screen on the store of a folder. `make_line`: how it reaches its server, if not by the network."""
    path = store_path(folder)
    from gca_tui.ui.settings import load

    settings = load(path.parent)
    # Terminals lose accents under the kitty protocol on French keyboards, and one resize report breaks the mouse.
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "0" if settings.extended_keyboard else "1")
    os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "1" if settings.smooth_scroll else "0")
    clock.now()  # a clock stopped at no instant is said here, not behind the screen
    from gca_tui.ui.app import Options, run_app

    gc.freeze()
    gc.enable()
    run_app(path, settings, Options(plain, mouse, make_line))


def store_path(folder: Path | None) -> Path:
    """The store's file, its folder made and checked."""
    from gca_tui.store.location import FOLDER_VARIABLE, default_folder, prepare

    chosen = folder or default_folder()
    os.environ[FOLDER_VARIABLE] = str(chosen)
    return prepare(chosen)


def run(arguments: list[str]) -> int:
    """Run a command line; what goes wrong is said in French on the error output. Returns the exit code."""
    try:
        result = cli.main(arguments, prog_name="gca", standalone_mode=False)
        if sys.stdout:
            sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        _complain(french.sentence(error))
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrompu. Rien de plus n’a été enregistré.", err=True)
        return 130
    except (BrokenPipeError, SystemExit):  # nobody reads any more; Click leaves by itself when it is told first
        _let_go_of_output()
        return 0
    except GcaError as error:
        _complain(str(error))
        return error.exit_code
    except OSError as error:
        return _unwritten(error)
    except Exception as error:  # the last resort: no traceback ever reaches an agent
        return _unforeseen(error)


def _unwritten(error: OSError) -> int:
    """Tell a result that could not be printed from what nobody foresaw."""
    if error.errno != errno.ENOSPC or error.filename is not None:
        return _unforeseen(error)
    _let_go_of_output()
    _complain("Le disque est plein : le résultat n’est pas écrit en entier. Libérez de la place, puis réessayez.")
    return 3


def _let_go_of_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _unforeseen(error: Exception) -> int:
    from gca_tui.crash import told
    from gca_tui.store.driver import in_words
    from gca_tui.store.location import DATABASE

    known = in_words(error, DATABASE)
    _complain(str(known) if known else told(error))
    return known.exit_code if known else 70


def _complain(text: str) -> None:
    """Say what went wrong on the error output: it may quote what a file holds."""
    from gca_tui.presentation.safe_text import visible

    with suppress(OSError):  # there is nowhere left to say it; the exit code does
        click.echo(visible(typeset(f"gca : {text}")), err=True)
