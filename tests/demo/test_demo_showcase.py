import unicodedata
from dataclasses import replace
from datetime import date, timedelta

import pytest
from demo_telling import CONTEXT, TODAY, told

from gca_tui import reference
from gca_tui.demo import AGENT, dossiers, settings
from gca_tui.demo.people import FICTION_PREFIXES, RUES
from gca_tui.demo.showcase import MARKUP, MOVED_FROM, MOVED_TO, SAME_DIGITS, SHOWCASE
from gca_tui.domain.closing import explanations
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import CLOS, EN_ATTENTE, TRANSMIS, Dossier
from gca_tui.domain.explanation.checking import check_notification
from gca_tui.domain.folding import fold_name
from gca_tui.domain.settings import Settings
from gca_tui.domain.traces import RECLAMATION, RECTIFICATION
from gca_tui.domain.trop_percu import Faits


@pytest.fixture(scope="module")
def showcase() -> list[Dossier]:
    return [told(demo) for demo in dossiers(len(SHOWCASE), 42, TODAY, AGENT)]


@pytest.fixture(scope="module")
def explained(showcase) -> dict[str, Dossier]:
    """The dossiers of the explanation, by name."""
    return {dossier.allocataire.nom: dossier for dossier in showcase[20:]}


def demarches(showcase, nature):
    return [demarche for dossier in showcase for demarche in dossier.demarches if demarche.nature == nature]


def test_each_has_its_own_key():
    assert len({(caisse, matricule) for caisse, matricule, _ in SHOWCASE}) == len(SHOWCASE)


def test_it_never_meets_the_crowd(showcase):
    assert all(dossier.matricule.startswith("0") for dossier in showcase)
    drawn = list(dossiers(2_000, 42, TODAY, AGENT))[len(SHOWCASE) :]
    assert not any(demo.extract.matricule.startswith("0") for demo in drawn)


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


def test_calls_of_today(showcase):
    planned = {appel.objet: appel for dossier in showcase for appel in dossier.open_calls}
    assert {objet: appel.le for objet, appel in planned.items()} == {"explication": TODAY, "campagne": TODAY}
    assert planned["campagne"].campagne == "Enfants en apprentissage"


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


def failing(dossier: Dossier, context: Context = CONTEXT) -> list[int]:
    """The checks that the saved explanation fails."""
    (letter,) = dossier.notifications
    return [result.controle for result in check_notification(dossier, letter, context) if not result.ok]


def complete(faits: Faits) -> bool:
    """Whether nothing is left to ask before a draft is made."""
    said = faits.evenement_le and faits.connu_le and len(faits.evenement) >= 40 and faits.tiers is not None
    return bool(said and (not faits.tiers or (faits.tiers_nom and faits.tiers_contenu)))


def test_facts_are_established_and_the_text_is_still_to_be_written(showcase, explained):
    four = next(dossier for dossier in showcase if len(dossier.trop_percus) == 4)
    ours = next(dossier for dossier in showcase if dossier.allocataire.nom == "Weiß")
    for dossier in (explained["Litzler"], explained["Novák"], explained["Rouaix"], four, ours):
        (letter,) = dossier.notifications
        assert letter.explication.is_empty
        assert letter.montant >= 150_000
        assert all(complete(trop_percu.faits) for trop_percu in letter.trop_percus)
    assert reference.responsabilites()[ours.trop_percus[0].code("responsabilite")].cote == "caf"


def test_a_third_party_s_data_are_named(explained):
    (trop_percu,) = explained["Novák"].trop_percus
    assert (trop_percu.faits.tiers, trop_percu.faits.tiers_nom) == (True, "votre employeur")


def test_payments_older_than_two_years(explained):
    months = [mois.id for mois in explained["Rouaix"].trop_percus[0].mois]
    assert min(months) < f"{TODAY.year - 2}-{TODAY.month:02d}" < max(months)


def test_a_letter_that_holds_received_and_told(explained):
    dossier = explained["Stoffel"]
    (letter,) = dossier.notifications
    assert failing(dossier) == []
    assert letter.recue_le == TODAY - timedelta(days=18)
    assert [contact.resultat for contact in dossier.contacts] == ["joint"]
    assert not explanations(dossier, CONTEXT)


def test_a_letter_with_a_wrong_total(explained):
    assert 3 in failing(explained["Caujolle"])
    assert explanations(explained["Caujolle"], CONTEXT)


def test_a_check_passed_over_with_its_reason(explained):
    dossier = explained["Heitz"]
    (letter,) = dossier.notifications
    assert failing(dossier) == [4]
    assert [passage.controle for passage in letter.passages] == [4]
    assert "tableau des mois" in letter.passages[0].motif
    assert not explanations(dossier, CONTEXT)


@pytest.mark.parametrize("month", range(1, 13))
def test_letters_say_the_same_in_every_month(month):
    today = date(2027, month, 1)
    context = replace(CONTEXT, today=today)
    names = {"Stoffel": [], "Caujolle": [3], "Heitz": [4]}
    dossiers_then = [told(demo, today) for demo in dossiers(len(SHOWCASE), 42, today, AGENT)]
    letters = {dossier.allocataire.nom: dossier for dossier in dossiers_then if dossier.allocataire.nom in names}
    assert {name: failing(dossier, context) for name, dossier in letters.items()} == names


def test_a_mediation_is_under_way(explained):
    (mediation,) = explained["Spieß"].demarches
    assert (mediation.nature, mediation.is_open) == ("mediation", True)


def test_one_left_the_queue(explained):
    dossier = explained["Marck"]
    assert dossier.etat == TRANSMIS
    assert dossier.signalement is not None
    assert "fraude" not in dossier.signalement.motif


def test_addresses_and_numbers_of_the_caisses_are_invented():
    caisses = settings().caisses
    assert set(caisses) == {"681", "091"}
    for own in caisses.values():
        assert own.telephone[:8] in FICTION_PREFIXES
        street = own.adresse.partition(" ")[2].partition(",")[0]
        assert street not in {rue for rues in RUES.values() for rue in rues}
