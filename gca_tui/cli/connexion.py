"""`gca connexion`: tie this machine's store to a server."""

from __future__ import annotations

import platform
from pathlib import Path

import click

from gca_tui.cli import french, store_path
from gca_tui.cli.output import say, say_json
from gca_tui.domain.french import typeset

EPILOG = (
    "Codes de retour : 0 connecté ; 2 adresse, certificat ou données qui ne vont pas ; 3 données occupées ;"
    " 5 serveur non joint ; 6 code refusé, ou version du programme."
)


@click.command("connexion", cls=french.Command, epilog=EPILOG)
@click.argument("adresse")
@click.option("--code", required=True, metavar="CODE", help="Le code à usage unique que l’administrateur a donné.")
@click.option(
    "--ca",
    metavar="FICHIER",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Certificat de l’autorité de la caisse (PEM), en plus de celles du système.",
)
@click.option("--poste", metavar="NOM", help="Le nom de ce poste pour l’administrateur.")
@click.option("--sans-tls", is_flag=True, help="Accepte une adresse en clair (http) vers une autre machine.")
@click.option("--json", "as_json", is_flag=True, help="Un objet JSON.")
@click.pass_obj
def command(
    folder: Path | None, adresse: str, code: str, ca: Path | None, poste: str | None, sans_tls: bool, as_json: bool
) -> None:
    """Relie ce poste à un serveur, avec un code à usage unique.

    Un poste déjà relié au même serveur reçoit un nouvel accès ; ce qui attendait d’être envoyé est gardé.
    """
    from gca_tui.store.writer import Writer
    from gca_tui.sync.address import checked
    from gca_tui.sync.line import Line
    from gca_tui.sync.tying import tie_to

    url, trusted = checked(adresse, plain=sans_tls), str(ca.absolute()) if ca else ""
    line = Line(url, ca=trusted)
    try:
        writer = Writer(store_path(folder))
        try:
            tie = tie_to(writer, line, code, poste=(poste or platform.node())[:80], ca=trusted)
        finally:
            writer.close()
    finally:
        line.close()
    agent, scopes = tie.agent, ", ".join(tie.scopes)
    if as_json:
        known = {"identifiant": agent.identifiant, "nom": agent.nom, "role": agent.role, "caisse": agent.caisse}
        say_json({"adresse": tie.url, **known, "corbeilles": list(tie.scopes)})
        return
    say(typeset(f"Poste relié à {tie.url}."))
    say(
        typeset(f"Vous êtes {' · '.join(filter(None, (agent.nom or agent.identifiant, agent.qualite, agent.caisse)))}.")
    )
    say(typeset(f"Corbeilles : {scopes}." if scopes else "Aucune corbeille ne vous est encore confiée."))
    say(typeset("Ensuite : gca synchroniser apporte les dossiers, gca ouvre l’écran et le fait de lui-même."))
