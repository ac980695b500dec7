"""The calls to make, with dates written out: what opens one, what ends it, when the next try is."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gca_tui.domain.calendar import Calendar
from gca_tui.domain.calls import APRES_MIDI, MATIN, Call, calls, half_day, next_try, settled_by
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.settings import CaisseSettings, Settings
from gca_tui.domain.trop_percu import Montants
from tests.domain.given import an_extract, an_indu, command, give, made, refusal
from tests.strategies import CONTEXT

SENT = date(2026, 11, 2)
AT = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)


def owing(cents: int = 150_000, sent: date | None = SENT) -> Dossier:
    """A dossier with one letter of that amount and nothing else."""
    indu = an_indu("PPA 001", sent, prestation="PPA", mois={"2026-03": Montants(verse=cents, du=0)})
    return made(an_extract(pieces=(), indus=(indu,)))


def tried(resultat: str, le: date = date(2026, 11, 12), **said: object) -> object:
    texte = "sans numéro" if resultat == "impossible" else ""
    return command("log_contact", canal="telephone", resultat=resultat, le=le, texte=texte, **said)


def planned(le: date = date(2026, 11, 17), **said: object) -> object:
    return command("plan_call", **{"le": le, "at": AT, **said})


@pytest.mark.parametrize(
    ("cents", "sent", "expected"),
    [
        (150_000, SENT, (Call(SENT, "explication"),)),
        (149_999, SENT, ()),
        (150_000, None, ()),
    ],
)
def test_a_letter_at_the_threshold_is_announced_once_it_is_sent(cents, sent, expected):
    assert calls(owing(cents, sent), CONTEXT) == expected


def test_the_threshold_is_that_of_the_caisse():
    lower = replace(CONTEXT, settings=Settings(caisses={"681": CaisseSettings(threshold=100_000)}))
    assert calls(owing(100_000), CONTEXT) == ()
    assert calls(owing(100_000), lower) == (Call(SENT, "explication"),)


@pytest.mark.parametrize("resultat", ["non_joint", "message"])
def test_an_attempt_puts_the_call_off_to_the_next_working_day(resultat):
    friday = give(owing(), tried(resultat, date(2026, 11, 13)))
    assert calls(friday, CONTEXT) == (Call(date(2026, 11, 16), "explication", 1),)


@pytest.mark.parametrize("resultat", ["joint", "impossible", "refus"])
def test_a_family_that_was_reached_or_cannot_be_is_not_called_again(resultat):
    assert calls(give(owing(), tried(resultat)), CONTEXT) == ()


def test_a_contact_from_before_the_letter_says_nothing_of_it():
    before = give(owing(), tried("joint", date(2026, 11, 1)))
    assert calls(before, CONTEXT) == (Call(SENT, "explication"),)


def test_a_planned_try_stands_for_the_announcement():
    plan = planned(demi_journee=APRES_MIDI)
    dossier = give(owing(), tried("non_joint"), plan)
    assert calls(dossier, CONTEXT) == (Call(date(2026, 11, 17), "explication", 1, APRES_MIDI, "", plan.id),)


def test_a_campaign_and_a_rendez_vous_by_telephone_are_calls_and_one_at_the_desk_is_not():
    campaign = planned(date(2026, 11, 18), objet="campagne", campagne="Prime d’activité")
    rendez_vous = [
        command("schedule_rendez_vous", le=date(2026, 11, day), heure="09:30", forme=forme)
        for day, forme in ((16, "telephone"), (13, "accueil"))
    ]
    dossier = give(made(an_extract(pieces=(), indus=())), campaign, *rendez_vous)
    assert calls(dossier, CONTEXT) == (
        Call(date(2026, 11, 16), "rendez_vous", 0, "09:30", "", rendez_vous[0].id),
        Call(date(2026, 11, 18), "campagne", 0, "", "Prime d’activité", campaign.id),
    )
    held = give(dossier, command("hold_rendez_vous", rendez_vous=rendez_vous[0].id, resultat="tenu"))
    assert [one.objet for one in calls(held, CONTEXT)] == ["campagne"]


def test_a_contact_settles_what_was_due_and_the_tries_that_are_of_no_use_any_more():
    today, later = planned(date(2026, 11, 12), objet="autre"), planned(date(2026, 11, 17))
    dossier = give(owing(), today, later)
    assert settled_by(dossier, "non_joint", date(2026, 11, 12)) == (today.id,)
    assert settled_by(dossier, "joint", date(2026, 11, 12)) == (today.id, later.id)
    contact = tried("joint", appels=(today.id, later.id))
    after = give(dossier, contact)
    assert [one.fait for one in after.appels_prevus] == [contact.id, contact.id]
    assert after.open_calls == ()
    assert refusal(after, tried("joint", appels=(today.id,))) == "appel_inconnu"
    assert refusal(after, tried("joint", appels=("inconnu",))) == "appel_inconnu"


def test_nobody_calls_for_a_dossier_that_is_closed_or_has_left_the_queue():
    assert calls(give(owing(), command("report_suspicion", motif="Deux baux")), CONTEXT) == ()
    under = give(owing(149_999), planned())
    assert len(calls(under, CONTEXT)) == 1
    assert calls(give(under, command("close")), CONTEXT) == ()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"le": date(2026, 11, 11)}, "date_passee"),
        ({"objet": "plaisir"}, "objet_inconnu"),
        ({"demi_journee": "nuit"}, "demi_journee"),
        ({"objet": "campagne"}, "campagne"),
        ({"objet": "autre", "campagne": "RAC 2026"}, "campagne"),
    ],
)
def test_a_call_that_cannot_be_planned_is_refused(said, code):
    assert refusal(owing(), planned(**said)) == code


def test_the_same_call_is_not_planned_twice():
    dossier = give(owing(), planned(), planned(objet="campagne", campagne="RAC 2026"))
    assert refusal(dossier, planned(date(2026, 11, 19))) == "deja_prevu"
    assert refusal(dossier, planned(objet="campagne", campagne="RAC 2026")) == "deja_prevu"
    assert len(give(dossier, planned(objet="campagne", campagne="RAC 2027")).open_calls) == 3
    assert refusal(give(owing(), command("report_suspicion", motif="Deux baux")), planned()) == "transmis"
    assert refusal(give(owing(149_999), command("close")), planned()) == "clos"


@pytest.mark.parametrize(
    ("le", "half", "expected"),
    [
        (date(2026, 11, 12), MATIN, (date(2026, 11, 13), APRES_MIDI)),
        (date(2026, 11, 13), APRES_MIDI, (date(2026, 11, 16), MATIN)),
        (date(2026, 12, 24), MATIN, (date(2026, 12, 28), APRES_MIDI)),
        (date(2026, 11, 14), "", (date(2026, 11, 16), APRES_MIDI)),
    ],
)
def test_the_next_try_is_another_working_day_on_the_other_half(le, half, expected):
    assert next_try(le, half, Calendar([date(2026, 12, 25)])) == expected


def test_noon_begins_the_afternoon():
    assert [half_day(hour) for hour in (8, 11, 12, 18)] == [MATIN, MATIN, APRES_MIDI, APRES_MIDI]
