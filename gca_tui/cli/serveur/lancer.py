"""`gca serveur lancer`: serve the shared store."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from gca_tui import clock
from gca_tui.cli import french
from gca_tui.cli.output import say, say_json
from gca_tui.cli.serveur.opening import common_options, opened
from gca_tui.domain.french import typeset
from gca_tui.errors import InputError

HOST, PORT = "127.0.0.1", 8681
_pem = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("lancer", cls=french.Command)
@click.option(
    "--port", metavar="N", type=click.IntRange(0, 65_535), default=PORT, show_default=True, help="0 : un port libre."
)
@click.option("--hote", metavar="ADRESSE", default=HOST, show_default=True, help="Où écouter ; 0.0.0.0 : partout.")
@click.option("--certificat", metavar="FICHIER", type=_pem, help="Certificat TLS (PEM), avec ceux qui le signent.")
@click.option("--cle", metavar="FICHIER", type=_pem, help="Clé du certificat (PEM).")
@common_options
@click.pass_obj
def command(
    folder: Path | None,
    port: int,
    hote: str,
    certificat: Path | None,
    cle: Path | None,
    base: str | None,
    as_json: bool,
) -> None:
    """Sert les dossiers aux postes, jusqu’à SIGTERM ou Ctrl-C.

    Écrit une ligne avec son adresse dès qu’il écoute ; son journal, en JSON, va sur la sortie d’erreur.
    """
    if bool(certificat) != bool(cle):
        raise InputError("--certificat et --cle vont ensemble.", "Rien n’est servi.")
    clock.now()  # a clock stopped at no instant is said here, not at each request
    from gca_tui.server.service import Service
    from gca_tui.server.serving import Address, serve

    address = Address(hote, port, certificat, cle)

    def announce(url: str) -> None:
        if as_json:
            say_json({"url": url})
        else:
            say(typeset(f"Serveur gca : {url}"))

    if not certificat and not address.is_local:
        warning = "Sans certificat, les échanges passent en clair : ne servez ainsi que derrière un relais TLS."
        click.echo(typeset(f"gca : {warning}"), err=True)
    gc.enable()
    with opened(folder, base) as store:
        serve(Service(store), address, announce)
