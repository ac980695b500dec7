"""Each reason why a command is refused, once, and what each command does."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from gca_tui.domain.apply import apply
from gca_tui.domain.command import CommandRefused
from gca_tui.domain.dossier import CLOS, EN_ATTENTE, OUVERT, DossierKey
from tests.domain.given import INES, PAUL, a_piece, an_extract, an_indu, command, give, made, refusal
from tests.strategies import CONTEXT

LETTER = "N-2026-05-04"
NOTE = command("add_note", id="n1", texte="Ressources de 2025 reçues.")
CORRECTION = command("correct_note", id="n2", texte="Ressources de 2024 reçues.", corrige="n1")
TREATED = command("treat_piece", piece="P1")
CLOSED = (TREATED, command("close", motif="Droits recalculés."))
WAITING = command("wait", id="w1", depuis=date(2026, 11, 2), jusqu_au=date(2026, 11, 20), motif="Avis d’imposition.")
URGENT = command("flag_urgence", motif="Expulsion le 20 novembre.")
QUESTION = command("ask_referent", id="q1", texte="Quel quotient pour un rattachement en cours d’année ?")
ANSWER = command("answer_referent", question="q1", texte="Celui du mois de l’événement.")
RENDEZ_VOUS = command("schedule_rendez_vous", id="r1", le=date(2026, 11, 12), heure="09:30", forme="telephone")
HELD = command("hold_rendez_vous", rendez_vous="r1", resultat="tenu")
CLAIM = command("open_demarche", id="d1", nature="reclamation", recue_le=date(2026, 11, 2))
ANSWERED = command("close_demarche", demarche="d1", le=date(2026, 11, 9), issue="Réponse par courriel.")
DEROGATION = command(
    "grant_derogation", id="g1", nature="titre de séjour", debut=date(2026, 9, 1), fin=date(2026, 11, 13)
)
ENDED = command("end_derogation", derogation="g1", le=date(2026, 11, 3), motif="Titre renouvelé.")
START = an_extract(indus=(an_indu(verse=90_000),))
"""Under the threshold: nothing has to be explained."""

REFUSALS: list[tuple[str, tuple[Any, ...], Any]] = [
    ("note_vide", (), command("add_note", texte=" \n\t ")),
    ("note_vide", (NOTE,), command("correct_note", texte=" ", corrige="n1")),
    ("note_inconnue", (), command("correct_note", texte="x", corrige="n1")),
    ("note_deja_corrigee", (NOTE, CORRECTION), command("correct_note", texte="x", corrige="n1")),
    ("canal_inconnu", (), command("log_contact", canal="pigeon", resultat="joint", le=date(2026, 11, 2))),
    ("resultat_inconnu", (), command("log_contact", canal="telephone", resultat="ravi", le=date(2026, 11, 2))),
    ("motif_manquant", (), command("log_contact", canal="courrier", resultat="impossible", le=date(2026, 11, 2))),
    ("piece_inconnue", (), command("treat_piece", piece="P9")),
    ("etat_inconnu", (), command("treat_piece", piece="P1", etat="PERDUE")),
    ("deja_fait", (TREATED,), command("treat_piece", piece="P1")),
    ("liste_vide", (), command("request_pieces", pieces=(" ", ""), avant_le=date(2026, 12, 2))),
    ("motif_manquant", (), command("wait", depuis=date(2026, 11, 2), jusqu_au=date(2026, 11, 3), motif=" ")),
    ("date_passee", (), command("wait", depuis=date(2026, 11, 2), jusqu_au=date(2026, 11, 2), motif="x")),
    ("clos", CLOSED, command("wait", depuis=date(2026, 11, 2), jusqu_au=date(2026, 11, 3), motif="x")),
    ("deja_en_attente", (WAITING,), command("wait", depuis=date(2026, 11, 19), jusqu_au=date(2026, 11, 30), motif="x")),
    ("pas_en_attente", (), command("resume", attente="w1", le=date(2026, 11, 3))),
    ("pas_en_attente", (WAITING,), command("resume", attente="w9", le=date(2026, 11, 3))),
    ("pas_en_attente", (WAITING, *CLOSED), command("resume", attente="w1", le=date(2026, 11, 3))),
    ("clos", CLOSED, command("take")),
    ("deja_a_vous", (command("take"),), command("take")),
    ("deja_pris", (command("take", author=PAUL),), command("take")),
    ("pas_a_vous", (command("take", author=PAUL),), command("hand_back", motif="x")),
    ("motif_manquant", (command("take"),), command("hand_back", motif=" ")),
    ("reste_a_faire", (), command("close")),
    ("reste_a_faire", (TREATED, CLAIM), command("close")),
    ("deja_clos", CLOSED, command("close")),
    ("pas_clos", (), command("reopen", motif="x")),
    ("motif_manquant", CLOSED, command("reopen", motif=" ")),
    ("forme_inconnue", (), command("schedule_rendez_vous", le=date(2026, 11, 12), heure="09:30", forme="visite")),
    ("heure", (), command("schedule_rendez_vous", le=date(2026, 11, 12), heure="9h30", forme="accueil")),
    ("heure", (), command("schedule_rendez_vous", le=date(2026, 11, 12), heure="24:00", forme="accueil")),
    ("rendez_vous_inconnu", (), HELD),
    ("resultat_inconnu", (RENDEZ_VOUS,), command("hold_rendez_vous", rendez_vous="r1", resultat="oublié")),
    ("deja_fait", (RENDEZ_VOUS, HELD), command("hold_rendez_vous", rendez_vous="r1", resultat="absent")),
    ("question_vide", (), command("ask_referent", texte=" ")),
    ("pole_inconnu", (), command("ask_referent", texte="x", pole="ouest")),
    ("question_inconnue", (), ANSWER),
    ("reponse_vide", (QUESTION,), command("answer_referent", question="q1", texte=" ")),
    ("deja_fait", (QUESTION, ANSWER), command("answer_referent", question="q1", texte="x")),
    ("nature_inconnue", (), command("flag_urgence", nature="caprice", motif="x")),
    ("motif_manquant", (), command("flag_urgence", motif=" ")),
    ("deja_fait", (URGENT,), command("flag_urgence", motif="x")),
    ("pas_urgent", (), command("lift_urgence", motif="x")),
    ("motif_manquant", (URGENT,), command("lift_urgence", motif=" ")),
    ("nature_inconnue", (), command("open_demarche", nature="grève", recue_le=date(2026, 11, 2))),
    ("voie_inconnue", (), command("open_demarche", nature="remise", recue_le=date(2026, 11, 2), voie="gestuelle")),
    (
        "dates",
        (),
        command("open_demarche", nature="remise", recue_le=date(2026, 11, 2), accuse_le=date(2026, 11, 1)),
    ),
    ("demarche_inconnue", (), ANSWERED),
    ("issue_manquante", (CLAIM,), command("close_demarche", demarche="d1", le=date(2026, 11, 9), issue=" ")),
    ("dates", (CLAIM,), command("close_demarche", demarche="d1", le=date(2026, 11, 1), issue="x")),
    ("deja_fait", (CLAIM, ANSWERED), command("close_demarche", demarche="d1", le=date(2026, 11, 9), issue="x")),
    ("notification_inconnue", (), command("record_reception", notification="N-2020-01-01", le=date(2026, 5, 6))),
    ("dates", (), command("record_reception", notification=LETTER, le=date(2026, 5, 3))),
    ("nature_manquante", (), command("grant_derogation", nature=" ", debut=date(2026, 1, 1), fin=date(2026, 12, 31))),
    ("demarche_inconnue", (), command("acknowledge_demarche", demarche="d1", le=date(2026, 11, 4))),
    (
        "deja_fait",
        (CLAIM, command("acknowledge_demarche", demarche="d1", le=date(2026, 11, 4))),
        command("acknowledge_demarche", demarche="d1", le=date(2026, 11, 5)),
    ),
    ("dates", (CLAIM,), command("acknowledge_demarche", demarche="d1", le=date(2026, 11, 1))),
    ("derogation_inconnue", (), ENDED),
    ("deja_fait", (DEROGATION, ENDED), ENDED),
    ("motif_manquant", (DEROGATION,), command("end_derogation", derogation="g1", le=date(2026, 11, 3), motif=" ")),
    ("dates", (DEROGATION,), command("end_derogation", derogation="g1", le=date(2026, 8, 3), motif="x")),
    ("dates", (), command("grant_derogation", nature="x", debut=date(2026, 1, 2), fin=date(2026, 1, 1))),
    ("lien", (), command("link_mutation", lie_a=DossierKey(caisse="681", matricule="0123456"))),
]


@pytest.mark.parametrize(("code", "before", "refused"), REFUSALS, ids=[f"{r[2].kind}-{r[0]}" for r in REFUSALS])
def test_refused(code: str, before: tuple[Any, ...], refused: Any) -> None:
    assert refusal(made(START, *before), refused) == code


def test_note_and_its_correction() -> None:
    dossier = made(an_extract(), NOTE, CORRECTION)
    assert [(note.id, note.corrige) for note in dossier.notes] == [("n1", None), ("n2", "n1")]
    assert dossier.notes[0].texte == "Ressources de 2025 reçues."
    assert dossier.notes[0].author == INES
    again = command("correct_note", id="n3", texte="Ressources de 2023 reçues.", corrige="n2")
    assert give(dossier, again).notes[-1].corrige == "n2"


def test_contact_without_a_reached_person() -> None:
    contact = command("log_contact", id="c1", canal="caf.fr", resultat="message", le=date(2026, 11, 3))
    (logged,) = made(an_extract(), contact).contacts
    assert (logged.canal, logged.resultat, logged.le) == ("caf.fr", "message", date(2026, 11, 3))


def test_a_treated_piece_can_be_put_back() -> None:
    dossier = made(an_extract(), TREATED)
    assert dossier.open_pieces == ()
    assert give(dossier, command("treat_piece", piece="P1", etat="INC")).pieces[0].is_open


def test_a_returned_piece_is_no_longer_to_treat() -> None:
    assert made(an_extract(), command("treat_piece", piece="P1", etat="RET")).open_pieces == ()


def test_requested_documents_are_listed_without_blanks() -> None:
    request = command("request_pieces", pieces=(" Bail ", "", "RIB"), avant_le=date(2026, 12, 2))
    (appel,) = made(an_extract(), request).appels
    assert (appel.pieces, appel.avant_le) == (("Bail", "RIB"), date(2026, 12, 2))


@pytest.mark.parametrize(
    ("resumed", "end"),
    [
        (date(2026, 11, 10), date(2026, 11, 10)),
        (date(2026, 10, 1), date(2026, 11, 2)),
        (date(2026, 12, 1), date(2026, 11, 20)),
    ],
)
def test_a_pause_ends_within_its_bounds(resumed: date, end: date) -> None:
    dossier = made(an_extract(), WAITING)
    assert (dossier.statut, dossier.etat) == (EN_ATTENTE, EN_ATTENTE)
    dossier = give(dossier, command("resume", attente="w1", le=resumed))
    assert (dossier.statut, dossier.attentes[0].fin) == (OUVERT, end)
    assert dossier.current_attente is None


def test_a_pause_that_ran_out_may_be_followed_by_another() -> None:
    second = command("wait", id="w2", depuis=date(2026, 11, 20), jusqu_au=date(2026, 12, 1), motif="Bail.")
    dossier = made(an_extract(), WAITING, second)
    assert dossier.current_attente == dossier.attentes[1]
    dossier = give(dossier, command("resume", attente="w2", le=date(2026, 11, 25)))
    assert dossier.current_attente is None


def test_closing_ends_the_pause_so_that_it_does_not_put_off_what_comes_later() -> None:
    closed = command("close", at=datetime(2026, 11, 9, 8, 0, tzinfo=UTC))
    dossier = made(START, WAITING, TREATED, closed)
    assert dossier.attentes[0].fin == date(2026, 11, 9)
    again = command("wait", depuis=date(2026, 11, 10), jusqu_au=date(2026, 11, 30), motif="Bail.")
    assert give(dossier, command("reopen", motif="Nouvelle pièce."), again).etat == EN_ATTENTE


def test_closing_says_all_that_is_missing_and_what_does_it() -> None:
    first, later = (a_piece("P1"), a_piece("P2"), a_piece("P3", etat="RET")), (a_piece("P1"), a_piece("P3", etat="RET"))
    extract = an_extract(pieces=first, indus=START.indus)
    dossier = made(extract, CLAIM, an_extract(le=date(2026, 11, 5), pieces=later, indus=START.indus))
    with pytest.raises(CommandRefused) as met:
        apply(dossier, command("close"), CONTEXT)
    assert [(missing.text, missing.action) for missing in met.value.missing] == [
        ("pièce P1 à traiter", "treat_piece"),
        ("pièce P2 à traiter (absente de l’extrait du 05/11/2026)", "treat_piece"),
        ("réclamation sans réponse", "close_demarche"),
    ]
    assert all(missing.text in met.value.reason for missing in met.value.missing)


@pytest.mark.parametrize("nature", ["recours", "remise", "echeancier", "mediation"])
def test_other_demarches_outlive_the_dossier_s_treatment(nature: str) -> None:
    opened = command("open_demarche", nature=nature, recue_le=date(2026, 11, 2))
    assert made(START, opened, *CLOSED).etat == CLOS


@pytest.mark.parametrize("nature", ["reclamation", "rectification"])
def test_a_claim_on_a_closed_dossier_brings_it_back(nature: str) -> None:
    opened = command("open_demarche", id="d1", nature=nature, recue_le=date(2026, 11, 2), voie="orale")
    dossier = made(START, *CLOSED, opened)
    assert (dossier.statut, dossier.etat) == (CLOS, OUVERT)
    assert give(dossier, ANSWERED).etat == CLOS


def test_close_and_reopen() -> None:
    dossier = made(START, command("take"), *CLOSED)
    assert (dossier.etat, dossier.holder) == (CLOS, None)
    assert dossier.cloture is not None
    assert dossier.cloture.connus == ("INK 001",)
    dossier = give(dossier, command("reopen", motif="Erreur de mois."))
    assert (dossier.etat, dossier.cloture) == (OUVERT, None)
    assert "close" in {entry.kind for entry in dossier.history}


def test_take_and_hand_back() -> None:
    dossier = made(an_extract(), command("take"))
    assert dossier.holder == INES.identifiant
    assert give(dossier, command("hand_back", motif="Congé.")).holder is None


def test_rendez_vous_and_its_outcome() -> None:
    (held,) = made(an_extract(), RENDEZ_VOUS, HELD).rendez_vous
    assert (held.le, held.heure, held.forme, held.resultat) == (date(2026, 11, 12), "09:30", "telephone", "tenu")


def test_question_and_answer() -> None:
    dossier = made(an_extract(), command("take"), QUESTION, command(**ANSWER.model_dump() | {"author": PAUL}))
    (asked,) = dossier.questions
    assert asked.reponse is not None
    assert asked.reponse.author == PAUL
    assert dossier.holder == INES.identifiant


def test_urgence_is_lifted_with_a_reason_and_can_come_back() -> None:
    dossier = made(an_extract(), URGENT, command("lift_urgence", motif="Relogée."))
    assert dossier.urgence_active is None
    assert dossier.urgence is not None
    assert dossier.urgence.motif == "Expulsion le 20 novembre."
    assert dossier.urgence.levee is not None
    again = command("flag_urgence", nature="rupture_de_droits", motif="Versement suspendu.")
    active = give(dossier, again).urgence_active
    assert active is not None
    assert active.nature == "rupture_de_droits"


def test_the_extract_s_urgence_can_be_lifted_and_a_newer_one_counts_again() -> None:
    lifted = command("lift_urgence", motif="Dossier régularisé.")
    dossier = made(an_extract(urgence="expulsion"), lifted)
    assert dossier.urgence_active is None
    assert give(dossier, an_extract(urgence="expulsion", le=date(2026, 11, 5))).urgence_active is None
    dossier = give(dossier, an_extract(urgence="", le=date(2026, 11, 6)))
    assert dossier.urgence_active is None
    active = give(dossier, an_extract(urgence="expulsion", le=date(2026, 11, 9))).urgence_active
    assert active is not None
    assert active.motif == "expulsion"


def test_an_oral_rectification_counts_with_its_day() -> None:
    oral = command("open_demarche", nature="rectification", recue_le=date(2026, 11, 2), voie="orale")
    (opened,) = made(an_extract(), oral).demarches
    assert (opened.voie, opened.recue_le, opened.is_open) == ("orale", date(2026, 11, 2), True)


def test_contact_details_given_to_an_agent_lie_over_the_extract_s() -> None:
    told = command("correct_contact_details", adresse="3 rue du Puits", telephones=("0600000000",))
    dossier = made(an_extract(), told)
    assert dossier.allocataire.adresse == ""
    assert dossier.contact_details.adresse == "3 rue du Puits"
    assert dossier.contact_details.nom == "SCHÄFER"


def test_the_recorded_reception_prevails_over_the_extract_s() -> None:
    dossier = made(an_extract(indus=(an_indu(recue_le=date(2026, 5, 7)),)))
    assert dossier.notifications[0].reception == date(2026, 5, 7)
    dossier = give(dossier, command("record_reception", notification=LETTER, le=date(2026, 5, 9)))
    assert dossier.notifications[0].reception == date(2026, 5, 9)


def test_an_acknowledgement_sent_afterwards() -> None:
    dossier = give(made(an_extract()), CLAIM, command("acknowledge_demarche", demarche="d1", le=date(2026, 11, 4)))
    assert dossier.demarches[0].accuse_le == date(2026, 11, 4)
    assert dossier.demarches[0].is_open


def test_the_end_of_a_derogation_keeps_what_was_planned() -> None:
    ended = give(made(an_extract()), DEROGATION, ENDED).derogations[0]
    assert (ended.is_open, ended.levee_motif, ended.fin) == (False, "Titre renouvelé.", date(2026, 11, 13))


def test_a_wait_that_ran_out_is_open() -> None:
    dossier = give(made(an_extract()), WAITING)
    assert [dossier.etat_on(date(2026, 11, day)) for day in (19, 20)] == [EN_ATTENTE, OUVERT]
    assert [dossier.waits_on(date(2026, 11, day)) for day in (19, 20)] == [True, False]


def test_derogation_and_mutation() -> None:
    kept = command("grant_derogation", nature="titre de séjour", debut=date(2026, 9, 1), fin=date(2026, 11, 13))
    moved = command("link_mutation", lie_a=DossierKey(caisse="091", matricule="0123456"))
    dossier = made(an_extract(), kept, moved)
    assert dossier.derogations[0].fin == date(2026, 11, 13)
    assert dossier.lie_a == DossierKey(caisse="091", matricule="0123456")
