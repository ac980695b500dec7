"""`gca serveur`: the store that agents share, served and administered. Each command is imported when it is called."""

from __future__ import annotations

from importlib.util import find_spec

import click

from gca_tui.cli.lazy import LazyGroup
from gca_tui.errors import InputError

COMMANDS = {
    "lancer": "servir les dossiers aux postes",
    "agent": "les agents, leur rôle, leurs corbeilles, leurs codes",
    "poste": "les postes des agents, en fermer un",
    "corbeille": "les corbeilles, affecter des dossiers",
    "convention": "les conventions entre caisses",
    "importer": "prendre les extraits d’une caisse (CSV, JSON Lines)",
    "regles": "les règles des caisses : seuil, contact, adresses",
    "quarantaine": "le travail d’agents qui n’avaient plus le droit",
    "sauvegarder": "copier tout dans un fichier, pendant le travail",
    "restaurer": "reprendre une sauvegarde",
    "verifier": "le journal, les empreintes, les règles",
}
NEEDED = ("fastapi", "uvicorn", "prometheus_client", "psycopg")
"""What the extra `serveur` brings."""


@click.group("serveur", cls=LazyGroup, package=__name__, told=COMMANDS)
def command() -> None:
    """Le serveur que les postes partagent : le lancer, l’administrer.

    Les données sont dans serveur.db, du dossier des données, ou là où --base (GCA_BASE) le dit.
    """
    if lacking := [name for name in NEEDED if find_spec(name) is None]:
        raise InputError(
            f"Le serveur demande des bibliothèques qui ne sont pas installées ({', '.join(lacking)}).",
            "Rien n’a été fait.",
            "Installez-les : pip install 'gca-tui[serveur]'",
        )
