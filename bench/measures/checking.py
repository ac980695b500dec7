"""The twelve checks on a long explanation, as they run while an agent types."""

from __future__ import annotations

import time
from datetime import date

from bench.goals import row
from bench.meter import MeasureError, p50
from bench.report import Row, number
from bench.site import Site
from gca_tui import reference
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Allocataire, Dossier
from gca_tui.domain.explanation.checking import check_all
from gca_tui.domain.explanation.subject import Subject, subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.settings import CaisseSettings, Settings
from gca_tui.domain.trop_percu import Faits, Mois, Montants, Notification, TropPercu
from gca_tui.domain.values import Author
from gca_tui.writing.draft import draft
from gca_tui.writing.models import Models

TIMES = 60
LENGTH = 4_000
SPLITS = 100
AUTHOR = Author(identifiant="banc", nom="Banc de mesure", qualite="gestionnaire conseil allocataires", caisse="091")
FAITS = Faits(
    motif="50",
    evenement_le=date(2025, 11, 12),
    evenement="vous avez repris un travail à temps plein dans une entreprise",
    connu_le=date(2026, 6, 3),
    tiers=True,
    tiers_nom="France Travail",
    tiers_contenu="un salaire de 1 200,00 € en novembre 2025",
)


def checks(site: Site) -> list[Row]:
    """The checks of the draft of four prestations, one character longer each time, beside plain splits into words."""
    about, lexicon = _about(), reference.lexicon()
    drafted = Texte.of(draft(about, Models(), lexicon).explication)
    if len(drafted.whole) < LENGTH:
        raise MeasureError(f"le texte n’a que {len(drafted.whole)} caractères")
    took, floors = [], []
    for more in range(TIMES):
        texte = Texte(drafted.whole + " " * more, drafted.sections)
        begun = time.perf_counter()
        results = check_all(texte, about, lexicon)
        took.append(1000 * (time.perf_counter() - begun))
        floors.append(_splits(texte.whole))
    if len(results) != 12 or not all(one.ok for one in results):
        raise MeasureError("le texte mesuré devait passer les douze contrôles")
    against = f"{len(drafted.whole)} caractères, {SPLITS} str.split\u00a0: {number(p50(floors))} ms"
    return [row("checks", p50(took), against)]


def _splits(text: str) -> float:
    begun = time.perf_counter()
    for _ in range(SPLITS):
        text.split()
    return 1000 * (time.perf_counter() - begun)


def _about() -> Subject:
    months = tuple(Mois(id=f"2026-{month:02d}", extrait=Montants(verse=30_000, du=10_000)) for month in range(1, 5))
    parts = tuple(
        TropPercu(id=code, prestation=code, mois=months, faits=FAITS) for code in ("RSA", "PPA", "APL", "AEFA")
    )
    dossier = Dossier(caisse="681", matricule="0123456", allocataire=Allocataire(nom="MARTIN", prenom="Zoé"))
    caisse = CaisseSettings(adresse="26 rue des Fleurs, 68100 Mulhouse", telephone="03 53 01 68 10")
    context = Context(date(2026, 11, 12), {}, Settings(caisses={"681": caisse}), reference.lexicon())
    return subject(dossier, Notification(id="N1", trop_percus=parts), context, AUTHOR)
