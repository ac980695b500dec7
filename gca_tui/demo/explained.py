"""The showcase of explanations: facts established, letters written well or badly, and what surrounds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gca_tui.demo.letters import Letter, contact, told_months, until
from gca_tui.demo.people import ARIEGE, HAUT_RHIN
from gca_tui.demo.rules import settings
from gca_tui.demo.scribe import DemoDossier
from gca_tui.demo.sheet import Sheet
from gca_tui.domain.commands import (
    LogContact,
    OpenDemarche,
    OverrideChecks,
    PlanCall,
    RecordReception,
    ReportSuspicion,
)
from gca_tui.domain.delays import add_months
from gca_tui.domain.months import long_date

_NAMES = {HAUT_RHIN: "Caf du Haut-Rhin", ARIEGE: "Caf de l’Ariège"}


def _letter(sheet: Sheet, caisse: str, **said: Any) -> Letter:
    own, agent = settings().of(caisse), sheet.cast.agent
    return Letter(
        mois=told_months(sheet),
        contact=contact(_NAMES[caisse], own.adresse, own.telephone),
        signature=f"{agent.nom}, {agent.qualite.lower()}\n{_NAMES[caisse]}",
        **said,
    )


def _ready_to_write(sheet: Sheet) -> DemoDossier:
    """All facts are there and no text: the one to practise on."""
    sheet.family("Litzler", "Corinne", "PPA", "1221", "1983-02-17", "5 rue de la Doller, 68170 Rixheim")
    sheet.piece("bulletin de salaire", 20)
    sheet.owes("PPA 001", "PPA", "50", [(31_240, 4_180)] * 6, (18, 16))
    sheet.establish(
        6,
        responsabilite="61",
        evenement_le=sheet.diary.day(260),
        evenement="vous avez repris un emploi à plein temps dans une boulangerie de Rixheim",
        regle="Ces salaires n’étaient pas dans le calcul de votre prime d’activité",
        connu_le=sheet.diary.day(28),
        connu_par="vos bulletins de salaire",
        prochaine_fois="Déclarez une reprise d’emploi dès le premier mois, sur caf.fr",
    )
    return sheet.finished()


def _explained(sheet: Sheet) -> DemoDossier:
    """Written, received, and told by telephone."""
    sheet.family("Stoffel", "Jérôme", "APL", "1222", "1978-10-05", "17 rue du Kastenwald, 68600 Neuf-Brisach")
    sheet.piece("attestation de loyer", 24)
    sheet.owes("APL 001", "APL", "41", [(39_150, 7_950)] * 5, (20, None))
    event, known, received = (sheet.diary.day(age) for age in (260, 27, 18))
    fact = "votre loyer a baissé, car vous partagez maintenant votre logement"
    sheet.establish(9, responsabilite="62", evenement_le=event, evenement=fact, connu_le=known)
    sheet.do(RecordReception, 9, notification=sheet.letter, le=received)
    letter = _letter(
        sheet,
        HAUT_RHIN,
        votre="votre aide personnalisée au logement",
        cause=f"Le {long_date(event)}, {fact}. Nous l’avons su le {long_date(known)}, par votre bailleur. "
        "Ce changement n’était pas connu de la Caf à temps : votre aide était calculée sur l’ancien loyer.",
        autorite="au directeur de la Caf du Haut-Rhin",
        juge="tribunal administratif de Strasbourg",
        rectification=until(sheet.diary.day(18 - 20)),
        recours=until(add_months(received, 2)),
        prochaine_fois="Signalez tout changement de loyer ou de personnes au foyer dans le mois, sur caf.fr.",
    )
    sheet.explain(7, *letter.sections)
    texte = "A compris le calcul, demandera un échéancier."
    sheet.do(LogContact, 6, canal="telephone", resultat="joint", le=sheet.worked(6), texte=texte)
    return sheet.finished()


def _one_digit_wrong(sheet: Sheet) -> DemoDossier:
    """The total that the letter asks for is not the one of the trop-perçu."""
    sheet.family("Caujolle", "Mireille", "PPA", "2223", "1971-05-23", "3 cami de la Serre, 09200 Saint-Girons")
    sheet.piece("dtr", 22, "courrier")
    sheet.owes("PPA 001", "PPA", "40", [(26_300, 5_120)] * 8, (19, 17))
    event, known = sheet.diary.day(330), sheet.diary.day(26)
    fact = "vous avez commencé à recevoir une pension alimentaire pour votre fils"
    sheet.establish(8, responsabilite="60", evenement_le=event, evenement=fact, connu_le=known)
    letter = _letter(
        sheet,
        ARIEGE,
        votre="votre prime d’activité",
        cause=f"Le {long_date(event)}, {fact}. Nous l’avons su le {long_date(known)}, par votre déclaration. "
        "Cette pension n’était pas connue de la Caf au moment du calcul.",
        autorite="à la commission de recours amiable de la Caf de l’Ariège",
        juge="tribunal administratif de Toulouse",
        prochaine_fois="Déclarez chaque trimestre les pensions que vous recevez, même petites.",
        error=900,
    )
    sheet.explain(7, *letter.sections)
    return sheet.finished()


def _passed_over(sheet: Sheet) -> DemoDossier:
    """A check that fails on purpose, with the reason written."""
    sheet.family("Heitz", "Raphaël", "AAH", "1224", "1964-12-02", "20 rue des Potiers, 68360 Soultz-Haut-Rhin")
    sheet.piece("changement", 25, "courrier")
    sheet.owes("AAH 001", "AAH", "40", [(101_600, 40_100)] * 3, (19, 17))
    event, known = sheet.diary.day(170), sheet.diary.day(26)
    fact = "vous avez commencé à recevoir une pension d’invalidité chaque mois"
    sheet.establish(8, responsabilite="60", evenement_le=event, evenement=fact, connu_le=known)
    letter = _letter(
        sheet,
        HAUT_RHIN,
        votre="votre allocation aux adultes handicapés",
        cause=f"Le {long_date(event)}, {fact}. Nous l’avons su le {long_date(known)}, par votre courrier. "
        "Cette pension n’était pas connue de la Caf au moment du calcul.",
        autorite="à la commission de recours amiable de la Caf du Haut-Rhin",
        juge="tribunal judiciaire de Mulhouse",
        prochaine_fois="Signalez une nouvelle pension dès que vous la recevez, par courrier ou sur caf.fr.",
        months_told=False,
    )
    sheet.explain(7, *letter.sections)
    motif = "La famille a demandé un courrier court : le tableau des mois lui est remis à l’accueil."
    sheet.do(OverrideChecks, 7, notification=sheet.letter, controles=(4,), motif=motif)
    return sheet.finished()


def _told_by_a_third_party(sheet: Sheet) -> DemoDossier:
    """Its content and origin are owed to the family (CSS L.114-21)."""
    sheet.family("Novák", "Ludovic", "RSA", "1225", "1985-07-19", "11 rue des Potiers, 68250 Rouffach")
    sheet.piece("changement", 21, "courriel")
    sheet.owes("INK 001", "RSA", "50", [(60_775, 6_400)] * 4, (18, 16))
    sheet.establish(
        5,
        evenement_le=sheet.diary.day(190),
        evenement="vous avez commencé un contrat de travail de six mois dans un entrepôt",
        connu_le=sheet.diary.day(24),
        tiers=True,
        tiers_nom="votre employeur",
        tiers_contenu="les dates de votre contrat et vos salaires de chaque mois",
    )
    sheet.do(PlanCall, 5, le=sheet.diary.today, demi_journee="matin")
    return sheet.finished()


def _older_than_two_years(sheet: Sheet) -> DemoDossier:
    """Some of its months are older than the prescription."""
    sheet.family("Rouaix", "Bernadette", "ALS", "2226", "1959-03-08", "2 hameau de Rieucros, 09500 Mirepoix")
    sheet.piece("bail", 23)
    sheet.owes("ALS 001", "ALS", "20", [(24_610, 0)] * 8, (17, 15), last_month=20)
    sheet.establish(
        5,
        evenement_le=sheet.diary.day(31 * 28),
        evenement="vous avez quitté votre logement de Mirepoix pour vivre chez votre fille",
        connu_le=sheet.diary.day(30),
        connu_par="le nouveau bail de votre ancien logement",
    )
    return sheet.finished()


def _in_mediation(sheet: Sheet) -> DemoDossier:
    """A médiation suspends the delays of recourse."""
    sheet.family("Spieß", "Edith", "ALF", "1227", "1980-09-30", "33 rue du Sauvage, 68100 Mulhouse")
    sheet.piece("quittance", 30, "guichet")
    sheet.owes("ALF 001", "ALF", "30", [(33_900, 6_150)] * 6, (28, 26))
    sheet.establish(
        9,
        evenement_le=sheet.diary.day(240),
        evenement="votre fils aîné a quitté le foyer pour s’installer à Strasbourg",
        connu_le=sheet.diary.day(40),
        connu_par="votre déclaration de changement",
    )
    received, sent = sheet.diary.day(10), sheet.worked(8)
    sheet.do(OpenDemarche, 8, nature="mediation", recue_le=received, accuse_le=sent, objet="Date du départ contestée")
    return sheet.finished()


def _handed_over(sheet: Sheet) -> DemoDossier:
    """Out of the queue: a suspicion of fraud is not the agents' to explain."""
    sheet.family("Marck", "Fabien", "RSA APL", "1228", "1977-01-11", "50 rue de Bâle, 68200 Mulhouse")
    sheet.piece("bail", 24, "courrier")
    sheet.owes("INK 001", "RSA", "52", [(60_775, 0)] * 5, (19, 17))
    motif = "Deux baux différents pour le même mois, dont un au nom d’une autre personne."
    sheet.do(ReportSuspicion, 5, motif=motif)
    return sheet.finished()


EXPLAINED: tuple[tuple[str, str, Callable[[Sheet], DemoDossier]], ...] = (
    (HAUT_RHIN, "0917245", _ready_to_write),
    (HAUT_RHIN, "0532086", _explained),
    (ARIEGE, "0264730", _one_digit_wrong),
    (HAUT_RHIN, "0648291", _passed_over),
    (HAUT_RHIN, "0779013", _told_by_a_third_party),
    (ARIEGE, "0120584", _older_than_two_years),
    (HAUT_RHIN, "0893456", _in_mediation),
    (HAUT_RHIN, "0356817", _handed_over),
)
"""Caisse, matricule, what is told."""
