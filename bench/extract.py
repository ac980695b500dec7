"""An extract of invented families, shaped like what a caisse sends: the file that the import is measured on."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

FAMILY = (
    "caisse",
    "matricule",
    "nom",
    "prenom",
    "date_naissance",
    "telephone",
    "adresse",
    "code_postal",
    "commune",
    "prestations",
    "convention",
)
PIECE = ("piece", "nature", "canal", "recue_le", "etat", "urgence")
INDU = (
    "indu_reference",
    "indu_prestation",
    "indu_mois",
    "indu_verse",
    "indu_du",
    "indu_motif",
    "indu_notifie_le",
    "indu_recu_le",
)
CAISSE = "671"
NAMES = ("MARTIN", "SCHÄFER", "DIALLO", "D'ANGELO", "LEFÈVRE", "MÜLLER", "BENALI", "DA SILVA", "WEISS", "OBERLÉ")
FIRST_NAMES = ("Zoé", "Amadou", "Anaïs", "Jean-Luc", "Inès", "François", "Chloé", "Mehdi", "Éloïse", "Noël")
STREETS = ("rue des Prés", "allée du Château", "avenue de la Gare", "place de l'Église")
TOWNS = (("67000", "STRASBOURG"), ("67600", "SÉLESTAT"), ("67500", "HAGUENAU"))
PRESTATIONS = ("APL", "RSA", "AAH", "PPA", "AF|ALF", "RSA|APL", "AF|CF", "PAJE")
NATURES = ("changement", "DTR", "RAC", "pièce justificative", "demande", "quittance")
CANALS = ("caf.fr", "courrier", "accueil", "courriel")
Line = dict[str, str]


def write(path: Path, lines: int, seed: int = 1) -> None:
    """Write so many lines, the same for the same seed: mostly a pièce each, some families with two, some indus."""
    invented = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FAMILY + PIECE + INDU, restval="", delimiter=";")
        writer.writeheader()
        written = 0
        for number in range(lines):
            family = _family(invented, number)
            for line in _lines(invented, family):
                if written == lines:
                    return
                writer.writerow(line)
                written += 1


def _family(invented: random.Random, number: int) -> Line:
    code_postal, commune = invented.choice(TOWNS)
    return {
        "caisse": CAISSE,
        "matricule": f"{number:07d}",
        "nom": invented.choice(NAMES),
        "prenom": invented.choice(FIRST_NAMES),
        "date_naissance": _day(invented, 1950, 2005),
        "telephone": f"06 39 98 {invented.randrange(100):02d} {invented.randrange(100):02d}",
        "adresse": f"{invented.randint(1, 120)} {invented.choice(STREETS)}",
        "code_postal": code_postal,
        "commune": commune,
        "prestations": invented.choice(PRESTATIONS),
    }


def _lines(invented: random.Random, family: Line) -> Iterator[Line]:
    for number in range(invented.choices((1, 2, 3), (85, 12, 3))[0]):
        yield family | {
            "piece": f"P{family['matricule']}{number}",
            "nature": invented.choice(NATURES),
            "canal": invented.choice(CANALS),
            "recue_le": _day(invented, 2026, 2026),
            "etat": invented.choice(("", "", "", "INS", "APJ")),
        }
    if invented.random() < 0.05:
        notified = _day(invented, 2026, 2026)
        for month in range(1, 1 + invented.randint(1, 3)):
            yield family | {
                "indu_reference": f"I{family['matricule']}",
                "indu_prestation": family["prestations"].partition("|")[0],
                "indu_mois": f"2026-{month:02d}",
                "indu_verse": f"{invented.randint(1, 2)} {invented.randint(100, 999)},40",
                "indu_du": f"{invented.randint(0, 999)},00",
                "indu_notifie_le": notified,
            }


def _day(invented: random.Random, first: int, last: int) -> str:
    return f"{invented.randint(1, 28):02d}/{invented.randint(1, 12):02d}/{invented.randint(first, last)}"
