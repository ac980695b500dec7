"""Dossiers whose trop-perçus are known to the cent, laid over the demonstration."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from gca_tui.domain.commands import EstablishFacts
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.store.location import prepare
from gca_tui.store.writer import Writer

ONE, TWO, NONE = "681·9100001", "681·9100002", "681·9100003"
"""One notification of 2 000 €; two, of 300 € and 2 500 €; none."""
COLLEAGUE = Author(identifiant="kmeyer", nom="Katia Meyer", qualite="référente technique", caisse="681")
FACTS = {
    "motif": "50",
    "evenement_le": date(2026, 3, 2),
    "evenement": "vous avez repris un emploi salarié en plus de votre prime d’activité",
    "connu_le": date(2026, 9, 15),
    "connu_par": "votre déclaration trimestrielle",
    "tiers": False,
}


def _line(matricule, **fields):
    known = {"caisse": "681", "matricule": matricule, "nom": "Exemple", "prenom": "Zoé", "prestations": ["PPA"]}
    return {**known, "piece": f"P{matricule}", "nature": "justificatif", "recue_le": "2026-11-02", **fields}


def _indu(matricule, reference, month, paid, notified):
    return _line(
        matricule,
        indu_reference=reference,
        indu_prestation="PPA",
        indu_mois=month,
        indu_verse=paid,
        indu_du="0",
        indu_notifie_le=notified,
    )


def make(demo_store, folder):
    """The demonstration and those dossiers, in a folder of their own."""
    store = Path(shutil.copytree(demo_store, folder / "gca"))
    lines = [_indu("9100001", "IN1 001", f"2026-0{month}", "400,00", "2026-10-07") for month in range(3, 8)]
    lines += [_indu("9100002", "IN1 002", "2026-03", "300,00", "2026-09-01")]
    lines += [_indu("9100002", "IN1 003", f"2026-0{month}", "500,00", "2026-10-07") for month in range(3, 8)]
    lines += [_line("9100003")]
    extract = folder / "extrait.jsonl"
    extract.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    command = [sys.executable, "-m", "gca_tui", "--donnees", str(store), "importer", str(extract)]
    subprocess.run(command, check=True, capture_output=True)
    return store


def letter(document, place=0):
    """A notification of a stored document."""
    return document["notifications"][place]


def stamp(label, document):
    """What every command of the colleague says."""
    caisse, matricule = label.split("·")
    known = {"id": new_id(), "caisse": caisse, "matricule": matricule, "author": COLLEAGUE}
    return {**known, "at": datetime(2026, 11, 12, 9, 30, tzinfo=UTC), "notification": letter(document)["id"]}


def facts(label, document, **said):
    """Facts the colleague establishes; complete unless told."""
    parts = tuple(one["id"] for one in letter(document)["trop_percus"])
    return EstablishFacts(**stamp(label, document), trop_percus=parts, **(FACTS | said))


def given(store, *commands):
    """What the colleague records meanwhile, from another program."""
    writer = Writer(prepare(store))
    try:
        writer.record(list(commands)).result()
    finally:
        writer.close()
