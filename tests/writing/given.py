"""An explanation and what it is about, with the marks of every language that could read it as its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gca_tui.domain.explanation.subject import Subject, subject
from gca_tui.domain.settings import CaisseSettings, Settings
from gca_tui.domain.trop_percu import Explication
from tests.domain.given import an_extract, an_indu, made
from tests.strategies import AUTHORS, CONTEXT

ON = date(2026, 11, 12)
ADRESSE, TELEPHONE = "12 rue des Tanneurs, 68000 Mulhouse", "03 00 00 00 00"
MARKS = "#panic() *gras* _penché_ $x^2$ @source <repère> \\ \\u{1} [[à compléter : motif]] // `mot` = titre ~ --"
EXPLICATION = Explication(
    raison="Nous avons recalculé votre RSA, pour janvier 2026.\nLe 3 janvier 2026, vous avez repris un travail.",
    calcul=(
        "Votre RSA, pour janvier 2026 :\n"
        "Vous avez reçu 1 500,00 €. Vous aviez droit à 0,00 €. La différence est de 1 500,00 €.\n"
        "- janvier 2026 : reçu 1 500,00 €, droit 0,00 €, différence 1 500,00 €\n"
        "En tout, vous devez rembourser 1 500,00 €."
    ),
    que_faire="Une information est fausse ? Dites-le-nous.\n\nVous contestez la décision ? Écrivez-nous.",
    prochaine_fois="Déclarez votre reprise de travail dès le premier mois.\n\nInès Faure, gestionnaire conseil\nCaf",
)


def about(*, known: bool = True) -> Subject:
    """The trop-perçu of one month, 1 500,00 €; `known`: the caisse said its address and telephone."""
    own = CaisseSettings(adresse=ADRESSE, telephone=TELEPHONE) if known else CaisseSettings()
    dossier = made(an_extract(indus=(an_indu(),)))
    context = replace(CONTEXT, settings=Settings(caisses={"681": own}))
    return subject(dossier, dossier.notifications[0], context, AUTHORS[0])
