"""The fixed dossiers of every demonstration, the same at each seed but for their ids: what is rare, and must be seen.

Matricules of the showcase begin with 0, those of the crowd do not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from gca_tui.demo.explained import EXPLAINED
from gca_tui.demo.people import ARIEGE, HAUT_RHIN
from gca_tui.demo.scribe import IDS_PER_DOSSIER, REFERENT, Cast, DemoDossier, Diary, Scribe
from gca_tui.demo.sheet import Sheet
from gca_tui.domain.calls import CAMPAGNE
from gca_tui.domain.commands import (
    AddNote,
    AnswerReferent,
    AskReferent,
    CloseDossier,
    CorrectContactDetails,
    FlagUrgence,
    GrantDerogation,
    LinkMutation,
    LogContact,
    OpenDemarche,
    PlanCall,
    RequestPieces,
    ScheduleRendezVous,
    Take,
    TreatPiece,
    Wait,
)
from gca_tui.domain.dossier import DossierKey
from gca_tui.domain.traces import RECLAMATION, RECTIFICATION

SAME_DIGITS = "0123456"
"""Two families of two caisses have this matricule."""
MOVED_FROM = DossierKey(caisse=HAUT_RHIN, matricule="0455120")
MOVED_TO = DossierKey(caisse=ARIEGE, matricule="0733418")
"""The two dossiers of one family that moved from Thann to Foix."""
MARKUP = "[/foo] [@click=app.quit]"
"""What a careless program would take for markup in a note."""


Writer = Callable[[Sheet], DemoDossier]


def _at_the_threshold(sheet: Sheet) -> DemoDossier:
    sheet.family("Schäfer", "Anna", "RSA APL", "1201", "1987-04-12", "12 rue des Vosges, 68100 Mulhouse")
    sheet.piece("dtr", 21)
    sheet.owes("INK 001", "RSA", "50", [(50_000, 0)] * 3, (18, 15))
    sheet.do(LogContact, 6, canal="telephone", resultat="message", le=sheet.worked(6), texte="À rappeler le matin.")
    return sheet.finished()


def _one_cent_under(sheet: Sheet) -> DemoDossier:
    sheet.family("Schaefer", "Jean-Luc", "APL PPA", "2202", "1979-11-30", "4 rue du Castella, 09100 Pamiers")
    sheet.piece("changement", 16, "courrier")
    sheet.owes("APL 001", "APL", "20", [(25_000, 0)] * 3, (17, 14))
    sheet.owes("PPA 001", "PPA", "20", [(24_999, 0), (25_000, 0), (25_000, 0)], (17, 14))
    return sheet.finished()


def _to_be_notified(sheet: Sheet) -> DemoDossier:
    sheet.family("D’Angelo", "Lucia", "APL", "1203", "1991-02-08", "7 rue de Bâle, 68200 Mulhouse")
    sheet.piece("attestation de loyer", 19)
    sheet.owes("APL 001", "APL", "40", [(39_008, 0)] * 5 + [(39_010, 0)])
    return sheet.finished()


def _acknowledged(sheet: Sheet) -> DemoDossier:
    sheet.family("O’Connor", "Siobhán", "AF PPA", "1204", "1984-06-21", "31 rue de l’Ill, 68110 Illzach")
    sheet.piece("certificat de scolarité", 24, "courriel")
    objet = "Ne comprend pas la baisse de sa prime d’activité."
    sheet.do(OpenDemarche, 6, nature=RECLAMATION, recue_le=sheet.diary.day(8), objet=objet, accuse_le=sheet.worked(6))
    return sheet.finished()


def _not_acknowledged(sheet: Sheet) -> DemoDossier:
    sheet.family("Nuñez", "Inés", "AAH APL", "1205", "1973-09-03", "2 allée des Marronniers, 68120 Pfastatt")
    sheet.piece("demande de renouvellement", 26, "courrier")
    objet = "Document envoyé trois fois, sans réponse."
    sheet.do(OpenDemarche, 7, nature=RECLAMATION, recue_le=sheet.diary.day(9), objet=objet)
    return sheet.finished()


def _four_families_of_recourse(sheet: Sheet) -> DemoDossier:
    sheet.family("Müller", "Émile", "RSA PPA APL", "1206", "1969-01-17", "88 faubourg de Colmar, 68200 Mulhouse")
    sheet.piece("changement", 23)
    dates = (18, None)
    sheet.owes("INK 001", "RSA", "AD", [(60_775, 12_050)] * 4, dates)
    sheet.owes("PPA 001", "PPA", "AD", [(18_240, 4_015)] * 4, dates)
    sheet.owes("APL 001", "APL", "AD", [(31_520, 7_318)] * 5, dates)
    sheet.owes("INQ 001", "AEFA", "75", [(15_245, 0)], dates, last_month=sheet.diary.today.month)
    sheet.establish(
        9,
        motif="AD",
        evenement_le=sheet.diary.day(380),
        evenement="vous avez commencé une vie de couple avec une personne qui travaille",
        connu_le=sheet.diary.day(30),
        connu_par="votre déclaration de changement",
        prochaine_fois="Signalez tout changement de situation familiale sans attendre, sur caf.fr",
    )
    texte = "Quatre prestations dans une seule notification\u00a0: une explication par prestation à écrire."
    sheet.do(AddNote, 8, texte=texte)
    sheet.do(Take, 8)
    return sheet.finished()


def _error_of_the_caf(sheet: Sheet) -> DemoDossier:
    sheet.family("Weiß", "Käthe", "ALF AF", "1207", "1990-12-24", "15 rue du Vignoble, 68500 Guebwiller")
    sheet.piece("bail", 20)
    sheet.owes("ALF 001", "ALF", "41", [(28_410, 8_410)] * 8, (17, 14))
    sheet.establish(
        6,
        responsabilite="14",
        evenement_le=sheet.diary.day(320),
        evenement="la Caf a enregistré pour votre logement un loyer plus élevé que celui de votre bail",
        connu_le=sheet.diary.day(25),
        connu_par="la relecture de votre bail",
    )
    sheet.do(AddNote, 5, texte="Loyer mal saisi à l’ouverture du droit\u00a0: l’erreur vient de la Caf, le dire ainsi.")
    sheet.do(ScheduleRendezVous, 5, le=sheet.diary.today, heure="09:30", forme="telephone", objet="Trop-perçu")
    return sheet.finished()


def _oral_rectification(sheet: Sheet) -> DemoDossier:
    nom, prenom = unicodedata.normalize("NFD", "Krüger-Bénazet"), unicodedata.normalize("NFD", "Hélène")
    sheet.family(nom, prenom, "PPA", "1208", "1995-05-05", "9 rue Koechlin, 68100 Mulhouse")
    sheet.piece("bulletin de salaire", 29)
    sheet.owes("PPA 001", "PPA", "50", [(27_330, 9_200)] * 4, (27, 24))
    day = sheet.worked(5)
    texte = "Conteste les salaires retenus\u00a0: deux mois comptés deux fois selon elle."
    sheet.do(LogContact, 5, canal="telephone", resultat="joint", le=day, texte=texte)
    sheet.do(OpenDemarche, 5, nature=RECTIFICATION, recue_le=day, voie="orale", objet="Salaires retenus")
    return sheet.finished()


def _very_long_name(sheet: Sheet) -> DemoDossier:
    nom = "Schoenenberger-Hohlandsbourg de la Petite-Pierre et de Ribeaupierre"
    sheet.family(
        nom, "Marie-Antoinette Élisabeth", "APL", "1209", "1958-08-15", "1 place de la Réunion, 68100 Mulhouse"
    )
    sheet.piece("quittance", 22, "guichet")
    sheet.do(ScheduleRendezVous, 4, le=sheet.diary.today, heure="11:15", forme="accueil", objet="Étude du dossier")
    return sheet.finished()


def _text_is_text(sheet: Sheet) -> DemoDossier:
    sheet.family("Haeberlé", "Rémi", "PPA AF", "1210", "1988-03-29", "40 rue des Tanneurs, 68000 Colmar")
    sheet.piece("dtr", 17, "courriel")
    sheet.do(AddNote, 6, texte=f"Objet du courriel, tel que reçu\u00a0: {MARKUP} fin.")
    lines = (
        "Point fait avec Monsieur par téléphone\u00a0:",
        "- a quitté son emploi à la fin du mois dernier\u00a0;",
        "- n’a pas encore l’attestation de l’employeur\u00a0;",
        "- rappeler la semaine prochaine.",
        "",
        "À vérifier\u00a0: la déclaration compte un salaire de trop.",
    )
    sheet.do(AddNote, 5, sheet.cast.colleague, texte="\n".join(lines))
    return sheet.finished()


def _derogation_ends_tomorrow(sheet: Sheet) -> DemoDossier:
    sheet.family("Traoré", "Awa", "RSA APL", "1211", "1992-10-19", "3 rue du Ballon, 68270 Wittenheim")
    sheet.piece("titre de séjour", 15)
    day = sheet.diary.day
    base = "Récépissé de renouvellement (à valider)"
    sheet.do(GrantDerogation, 10, nature="titre de séjour", debut=day(10), fin=day(-1), base=base)
    sheet.do(AddNote, 4, texte="Nouveau titre annoncé\u00a0: revoir le dossier avant la fin de la dérogation.")
    return sheet.finished()


def _rupture_of_rights(sheet: Sheet) -> DemoDossier:
    sheet.family("Demir", "Zeynep", "RSA ALF AF", "1212", "1996-07-02", "22 rue de la Filature, 68260 Kingersheim")
    sheet.piece("jugement", 15, "guichet")
    motif = "Séparation\u00a0: plus aucun droit versé depuis le mois dernier, trois enfants."
    sheet.do(FlagUrgence, 4, nature="rupture_de_droits", motif=motif)
    sheet.do(ScheduleRendezVous, 4, le=sheet.diary.today, heure="14:00", forme="droits", objet="Séparation")
    return sheet.finished()


def _urgent_and_taken(sheet: Sheet) -> DemoDossier:
    sheet.family("Loubières", "Magali", "AAH", "2213", "1981-01-25", "6 rue de l’Horloge, 09000 Foix")
    sheet.piece("demande de renouvellement", 18, "courrier")
    sheet.urgence = "Droit échu, renouvellement reçu"
    sheet.do(Take, 5, sheet.cast.colleague)
    return sheet.finished()


def _back_today(sheet: Sheet) -> DemoDossier:
    sheet.family("Fofana", "Oumar", "APL PPA", "2214", "1999-04-04", "18 avenue de Foix, 09120 Varilhes")
    sheet.piece("bail", 20, etat="APJ")
    today = sheet.diary.today
    sheet.do(RequestPieces, 9, pieces=("bail signé", "attestation de loyer"), avant_le=today)
    sheet.do(Wait, 9, depuis=sheet.worked(9), jusqu_au=today, motif="Attend\u00a0: bail signé")
    return sheet.finished()


def _answered(sheet: Sheet) -> DemoDossier:
    sheet.family("Wehrlé", "Ingrid", "AEEH AF", "1215", "1986-09-14", "5 impasse du Houblon, 68400 Riedisheim")
    sheet.piece("demande de renouvellement", 16)
    texte = "Renouvellement reçu après l’échéance\u00a0: que garder entre-temps\u00a0?"
    question = sheet.do(AskReferent, 8, texte=texte, pole="handicap")
    reponse = "Attendre la décision\u00a0; prévenir la famille de la date de l’étude."
    sheet.do(AnswerReferent, 6, REFERENT, question=question.id, texte=reponse)
    campagne = "Enfants en apprentissage"
    sheet.do(PlanCall, 5, le=sheet.diary.today, objet=CAMPAGNE, campagne=campagne)
    return sheet.finished()


def _unanswered(sheet: Sheet) -> DemoDossier:
    sheet.family("Izard", "Bastien", "ALS", "2216", "2003-02-11", "27 chemin del Prat, 09700 Saverdun")
    sheet.piece("bail", 19)
    texte = "Colocation avec un seul bail\u00a0: comment répartir le loyer\u00a0?"
    sheet.do(AskReferent, 5, texte=texte, pole="logement")
    return sheet.finished()


def _rac(sheet: Sheet) -> DemoDossier:
    sheet.family("Biehler", "Gilles", "RSA", "1217", "1976-06-06", "64 rue Engel-Dollfus, 68200 Mulhouse")
    sheet.piece("rac_trimestriel", 33, "courrier")
    sheet.piece("rac_annuel", 30)
    return sheet.finished()


def _new_number(sheet: Sheet) -> DemoDossier:
    sheet.family("Müller", "Solène", "CMG PAJE-AB", "1218", "1993-11-11", "10 rue des Cigognes, 68300 Saint-Louis")
    sheet.piece("contrat de garde", 16)
    sheet.do(CorrectContactDetails, 5, telephones=("06 39 98 12 18",))
    sheet.do(ScheduleRendezVous, 5, le=sheet.diary.today, heure="16:30", forme="telephone", objet="Reprise d’emploi")
    later = sheet.diary.coming_weekday(6)
    sheet.do(ScheduleRendezVous, 5, le=later, heure="10:00", forme="accueil", objet="Signature du contrat")
    return sheet.finished()


def _moved_from(sheet: Sheet) -> DemoDossier:
    sheet.family("Thomann", "Nadège", "AF APL", "1219", "1989-03-13", "8 rue du Rhin, 68800 Thann")
    piece = sheet.piece("changement", 20)
    sheet.do(TreatPiece, 8, piece=piece, commentaire="Part à Foix.")
    sheet.do(LinkMutation, 8, lie_a=MOVED_TO)
    sheet.do(CloseDossier, 8, motif="Mutation vers la Caf de l’Ariège.")
    return sheet.finished()


def _moved_to(sheet: Sheet) -> DemoDossier:
    sheet.family("Thomann", "Nadège", "AF APL", "2220", "1989-03-13", "14 rue du Pont-Vieux, 09000 Foix")
    sheet.piece("bail", 15)
    sheet.do(LinkMutation, 7, lie_a=MOVED_FROM)
    return sheet.finished()


SHOWCASE: tuple[tuple[str, str, Writer], ...] = (
    (HAUT_RHIN, SAME_DIGITS, _at_the_threshold),
    (ARIEGE, SAME_DIGITS, _one_cent_under),
    (HAUT_RHIN, "0445121", _to_be_notified),
    (HAUT_RHIN, "0201774", _acknowledged),
    (HAUT_RHIN, "0318090", _not_acknowledged),
    (HAUT_RHIN, "0571820", _four_families_of_recourse),
    (HAUT_RHIN, "0690014", _error_of_the_caf),
    (HAUT_RHIN, "0287331", _oral_rectification),
    (HAUT_RHIN, "0009152", _very_long_name),
    (HAUT_RHIN, "0412667", _text_is_text),
    (HAUT_RHIN, "0508403", _derogation_ends_tomorrow),
    (HAUT_RHIN, "0366915", _rupture_of_rights),
    (ARIEGE, "0158240", _urgent_and_taken),
    (ARIEGE, "0099377", _back_today),
    (HAUT_RHIN, "0624508", _answered),
    (ARIEGE, "0170069", _unanswered),
    (HAUT_RHIN, "0830411", _rac),
    (HAUT_RHIN, "0745902", _new_number),
    (MOVED_FROM.caisse, MOVED_FROM.matricule, _moved_from),
    (MOVED_TO.caisse, MOVED_TO.matricule, _moved_to),
    *EXPLAINED,
)


def showcase_dossier(rank: int, diary: Diary, cast: Cast, first_id: int) -> DemoDossier:
    """The fixed dossier of that rank."""
    caisse, matricule, write = SHOWCASE[rank]
    return write(Sheet(Scribe(caisse, matricule, first_id + rank * IDS_PER_DOSSIER), diary, cast))
