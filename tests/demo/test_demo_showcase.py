import unicodedata
from datetime import timedelta

import pytest
from demo_telling import TODAY, told

from gca_tui.demo import AGENT, dossiers
from gca_tui.demo.showcase import MARKUP, MOVED_FROM, MOVED_TO, SAME_DIGITS, SHOWCASE
from gca_tui.domain.dossier import CLOS, EN_ATTENTE, Dossier
from gca_tui.domain.folding import fold_name
from gca_tui.domain.settings import Settings
from gca_tui.domain.traces import RECLAMATION, RECTIFICATION


@pytest.fixture(scope="module")
def showcase() -> list[Dossier]:
    return [told(demo) for demo in dossiers(20, 42, TODAY, AGENT)]


def demarches(showcase, nature):
    return [demarche for dossier in showcase for demarche in dossier.demarches if demarche.nature == nature]


def test_it_fits_in_the_smallest_demonstration():
    assert len(SHOWCASE) == 20
    assert len({(caisse, matricule) for caisse, matricule, _ in SHOWCASE}) == 20


def test_it_never_meets_the_crowd(showcase):
    assert all(dossier.matricule.startswith("0") for dossier in showcase)
    assert not any(demo.extract.matricule.startswith("0") for demo in list(dossiers(2_000, 42, TODAY, AGENT))[20:])


def test_the_same_seven_digits_at_two_caisses(showcase):
    same = [dossier for dossier in showcase if dossier.matricule == SAME_DIGITS]
    assert {(dossier.caisse, dossier.convention) for dossier in same} == {("681", "CONV-681-091"), ("091", None)}


def test_amounts_around_the_threshold(showcase):
    amounts = {notification.montant for dossier in showcase for notification in dossier.notifications}
    threshold = Settings().threshold
    assert {threshold, threshold - 1, 234_050} <= amounts
    assert any(amount > 2 * threshold for amount in amounts)


def test_one_notification_mixes_four_prestations(showcase):
    mixed = [
        (dossier.caisse, [trop_percu.prestation for trop_percu in notification.trop_percus])
        for dossier in showcase
        for notification in dossier.notifications
        if len(notification.trop_percus) == 4
    ]
    assert [(caisse, set(prestations)) for caisse, prestations in mixed] == [("681", {"RSA", "PPA", "APL", "AEFA"})]


def test_one_is_still_to_be_notified_and_one_is_the_error_of_the_caf(showcase):
    dates = [n.extrait.notifiee_le for dossier in showcase for n in dossier.notifications]
    assert dates.count(None) == 1
    owning = [
        dossier for dossier in showcase if any("l’erreur vient de la Caf" in note.texte for note in dossier.notes)
    ]
    assert [dossier.notifications[0].montant >= Settings().threshold for dossier in owning] == [True]


def test_demarches(showcase):
    accuses = [demarche.accuse_le for demarche in demarches(showcase, RECLAMATION)]
    assert len(accuses) == 2
    assert accuses.count(None) == 1
    (rectification,) = demarches(showcase, RECTIFICATION)
    assert rectification.voie == "orale"


def test_an_oral_rectification_comes_within_its_twenty_days(showcase):
    (dossier,) = [dossier for dossier in showcase if demarches([dossier], RECTIFICATION)]
    elapsed = dossier.demarches[0].recue_le - dossier.notifications[0].reception
    assert timedelta() < elapsed < timedelta(days=20)


def test_rendez_vous_today_at_different_hours(showcase):
    hours = [r.heure for dossier in showcase for r in dossier.rendez_vous if r.le == TODAY]
    assert sorted(hours) == ["09:30", "11:15", "14:00", "16:30"]
    assert any(r.le > TODAY for dossier in showcase for r in dossier.rendez_vous)


def test_a_derogation_ends_tomorrow(showcase):
    ends = {(item.nature, item.fin) for dossier in showcase for item in dossier.derogations}
    assert ends == {("titre de séjour", TODAY + timedelta(days=1))}


def test_urgences_waiting_and_holders(showcase):
    assert {dossier.urgence_active.nature for dossier in showcase if dossier.urgence_active} == {
        "urgence",
        "rupture_de_droits",
    }
    assert [d.current_attente.jusqu_au for d in showcase if d.statut == EN_ATTENTE] == [TODAY]
    assert {dossier.holder for dossier in showcase} == {None, "ifaure", "mroux"}
    answers = [question.reponse is not None for dossier in showcase for question in dossier.questions]
    assert sorted(answers) == [False, True]


def test_one_family_moved_and_its_two_dossiers_know_each_other(showcase):
    links = {dossier.key.label: (dossier.lie_a.label, dossier.etat) for dossier in showcase if dossier.lie_a}
    assert links == {MOVED_FROM.label: (MOVED_TO.label, CLOS), MOVED_TO.label: (MOVED_FROM.label, "ouvert")}


@pytest.mark.parametrize("name", ["Schäfer", "Schaefer", "D’Angelo", "O’Connor", "Nuñez", "Müller", "Weiß"])
def test_names_worth_searching(showcase, name):
    assert name in {dossier.allocataire.nom for dossier in showcase}
    assert fold_name(name)


def test_awkward_names(showcase):
    names = [dossier.allocataire.nom for dossier in showcase]
    assert sum(not unicodedata.is_normalized("NFC", name) for name in names) == 1
    assert max(map(len, names)) > 60


def test_notes_hold_markup_and_lines_as_plain_text(showcase):
    notes = [note.texte for dossier in showcase for note in dossier.notes]
    assert MARKUP == "[/foo] [@click=app.quit]"
    assert sum(MARKUP in note for note in notes) == 1
    assert any(note.count("\n") > 3 for note in notes)
