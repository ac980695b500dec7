"""The columns of an extract and every name under which caisses send them.

Names are compared without accents, case, spaces or punctuation: `N° dossier`, `n_dossier` and `NDOSSIER` are one.
"""

from __future__ import annotations

import re

from gca_tui.domain.folding import plain

REQUIRED = ("caisse", "matricule", "nom")
"""Columns without which a line cannot be filed."""

ALIASES: dict[str, tuple[str, ...]] = {
    "caisse": ("NUMORG", "organisme", "code organisme", "code caisse", "caf", "code caf"),
    "matricule": (
        "numéro allocataire",
        "num allocataire",
        "n° allocataire",
        "numéro de dossier",
        "numéro dossier",
        "num dossier",
        "n° dossier",
        "matricule allocataire",
    ),
    "nom": ("nom allocataire", "nom de famille", "nom de l’allocataire"),
    "prenom": ("prénoms", "prénom allocataire", "prénom de l’allocataire"),
    "date_naissance": ("naissance", "date de naissance", "né le", "née le", "dtnai"),
    "telephone": ("tel", "téléphones", "numéro de téléphone", "num tel", "n° téléphone"),
    "adresse": ("adresse postale", "adr", "rue"),
    "code_postal": ("cp", "codepos", "code post"),
    "commune": ("ville", "localité", "nom commune", "libellé commune"),
    "prestations": ("prestation", "codes prestations", "code prestation", "prest", "droits"),
    "convention": ("code convention", "délégation", "convention de délégation"),
    "piece": (
        "id pièce",
        "pièce id",
        "identifiant pièce",
        "identifiant de la pièce",
        "numéro pièce",
        "num pièce",
        "n° pièce",
        "référence pièce",
    ),
    "nature": ("nature pièce", "nature de la pièce", "type pièce", "type de pièce"),
    "canal": ("canal de réception", "canal d’arrivée", "canal pièce", "média"),
    "recue_le": (
        "reçu le",
        "pièce reçue le",
        "date réception",
        "date de réception",
        "date réception pièce",
        "date arrivée",
        "dtrec",
    ),
    "etat": ("état pièce", "état de la pièce", "état SDP", "statut pièce"),
    "urgence": ("urgent", "dossier urgent", "signalement urgence"),
    "indu_reference": ("référence indu", "réf indu", "numéro indu", "num indu", "n° indu", "référence créance"),
    "indu_prestation": ("prestation indu", "prest indu", "prestation de l’indu", "code prestation indu"),
    "indu_mois": ("mois indu", "mois de l’indu", "période indu"),
    "indu_verse": ("montant versé", "indu montant versé", "versé", "versé indu"),
    "indu_du": ("montant dû", "indu montant dû", "dû", "dû indu"),
    "indu_motif": ("motif indu", "motif de l’indu", "code motif indu"),
    "indu_notifie_le": ("date notification", "date de notification", "notifié le", "date notification indu"),
    "indu_recu_le": ("notification reçue le", "date réception notification", "date réception indu"),
}
"""Name of a column, and its other names."""

_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


def comparable(name: str) -> str:
    """A name of column as it is compared."""
    return _NOT_LETTERS.sub("", plain(name))


_KNOWN = {comparable(alias): name for name, aliases in ALIASES.items() for alias in (name, *aliases)}


def column_of(header: str) -> str | None:
    """The column that a header names; None when it names none of ours."""
    return _KNOWN.get(comparable(header))
