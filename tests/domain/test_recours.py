"""The calendar of a notification, with its dates written out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.dossier import Dossier
from gca_tui.domain.recours import OBJETS, Delai, calendrier
from gca_tui.domain.traces import DEMARCHES, Demarche
from gca_tui.domain.trop_percu import ExtraitNotification, Mois, Montants, Notification, TropPercu
from tests.strategies import AUTHORS, CONTEXT, NOW

MARCH_1 = date(2026, 3, 1)
ALL = ("AF", "PPA", "RSA", "APL", "AEFA")


def a_demarche(nature: str, received: date, **fields: object) -> Demarche:
    return Demarche(
        id=f"{nature} {received}",
        nature=nature,
        recue_le=received,
        author=AUTHORS[0],
        at=NOW,
        **{"voie": "ecrite", **fields},
    )


def calendar_of(
    *demarches: Demarche,
    received: date | None = MARCH_1,
    sent: date | None = None,
    today: date = date(2026, 3, 25),
    prestations: tuple[str, ...] = ALL,
    others: tuple[Notification, ...] = (),
) -> tuple[Delai, ...]:
    months = (Mois(id="2026-01", extrait=Montants(verse=150_000, du=0)),)
    notification = Notification(
        id="N1",
        extrait=ExtraitNotification(notifiee_le=sent or received, recue_le=received),
        trop_percus=tuple(TropPercu(id=code, prestation=code, mois=months) for code in prestations),
    )
    dossier = Dossier(caisse="681", matricule="0123456", notifications=(notification, *others), demarches=demarches)
    return calendrier(dossier, notification, replace(CONTEXT, today=today))


def one(calendar: tuple[Delai, ...], objet: str, famille: str) -> Delai:
    (found,) = [delai for delai in calendar if delai.objet == objet and famille in delai.familles]
    return found


def day(calendar: tuple[Delai, ...], objet: str, famille: str) -> date | None:
    return one(calendar, objet, famille).le


class TestNothingAsked:
    def test_a_letter_received_on_1_march(self) -> None:
        calendar = calendar_of()
        for famille in ("CSS", "PPA", "RSA", "AL"):
            assert day(calendar, "rectification", famille) == date(2026, 3, 21)
            assert day(calendar, "recours", famille) == date(2026, 5, 1)
        assert day(calendar, "retenues", "CSS") == date(2026, 3, 21)
        assert day(calendar, "retenues", "PPA") == day(calendar, "retenues", "RSA") == date(2026, 5, 1)

    def test_the_letter_says_the_day(self) -> None:
        calendar = calendar_of()
        assert one(calendar, "rectification", "CSS").dire == "jusqu’au 21 mars 2026"
        assert one(calendar, "recours", "RSA").dire == "jusqu’au 1er mai 2026"

    def test_prime_de_noel_goes_to_the_judge_and_has_no_rectification(self) -> None:
        calendar = calendar_of(prestations=("AEFA",))
        assert day(calendar, "recours", "AEFA") == date(2026, 5, 1)
        assert [delai.objet for delai in calendar] == ["recours", "retenues"]

    def test_a_short_month_ends_a_delay_on_its_last_day(self) -> None:
        assert day(calendar_of(received=date(2025, 12, 31)), "recours", "CSS") == date(2026, 2, 28)

    def test_the_nearest_comes_first_and_those_without_a_day_last(self) -> None:
        days = [delai.le for delai in calendar_of()]
        known = [one for one in days if one]
        assert known == sorted(known)
        assert days == [*known, *[None] * (len(days) - len(known))]

    def test_what_was_not_read_is_not_certain(self) -> None:
        calendar = calendar_of()
        assert one(calendar, "rectification", "AL").a_valider
        assert one(calendar, "recours", "AL").a_valider
        assert one(calendar, "retenues", "AL").le is None
        assert one(calendar, "retenues", "AL").a_valider
        assert one(calendar, "juge", "RSA").a_valider
        assert one(calendar, "recours", "AEFA").a_valider
        assert not one(calendar, "recours", "CSS").a_valider
        assert not one(calendar, "juge", "PPA").a_valider

    def test_every_delay_names_its_source(self) -> None:
        assert all(delai.source and delai.objet in OBJETS for delai in calendar_of())
        assert one(calendar_of(), "rectification", "PPA").source.count("CSS R.847-1-1") == 1

    def test_an_unknown_prestation_has_no_calendar(self) -> None:
        assert calendar_of(prestations=("XYZ",)) == ()


class TestReceptionUnknown:
    def test_delays_are_words_without_days(self) -> None:
        calendar = calendar_of(a_demarche("rectification", date(2026, 3, 20)), received=None)
        assert {delai.le for delai in calendar} == {None}
        assert one(calendar, "recours", "CSS").dire == "dans les deux mois qui suivent la réception de ce courrier"
        assert one(calendar, "rectification", "CSS").dire == "dans les 20 jours qui suivent la réception de ce courrier"

    def test_housing_aids_and_prime_de_noel_give_no_start_of_retenues(self) -> None:
        calendar = calendar_of(received=None)
        assert one(calendar, "retenues", "AL").relatif == "début des retenues à valider"
        assert "deux mois" in one(calendar, "retenues", "RSA").relatif


class TestRecours:
    def test_silence_rejects_after_two_months_then_two_months_for_the_judge(self) -> None:
        calendar = calendar_of(a_demarche("recours", date(2026, 5, 1)), today=date(2026, 5, 2))
        for famille in ("CSS", "PPA", "RSA", "AL"):
            assert day(calendar, "reponse_recours", famille) == date(2026, 7, 1)
            assert day(calendar, "juge", famille) == date(2026, 9, 1)

    def test_an_answer_opens_the_judge_at_once(self) -> None:
        answered = a_demarche("recours", date(2026, 5, 1), close_le=date(2026, 5, 20), issue="rejet")
        calendar = calendar_of(answered, today=date(2026, 5, 21))
        assert day(calendar, "juge", "PPA") == date(2026, 7, 20)
        assert all(delai.objet != "reponse_recours" for delai in calendar)

    def test_an_answer_after_the_silence_is_to_be_validated(self) -> None:
        answered = a_demarche("recours", date(2026, 5, 1), close_le=date(2026, 7, 20), issue="rejet")
        judge = one(calendar_of(answered, today=date(2026, 8, 1)), "juge", "PPA")
        assert judge.le == date(2026, 9, 1)
        assert judge.a_valider

    @pytest.mark.parametrize(
        ("nature", "said"),
        [
            ("recours", "le recours"),
            ("remise", "la demande de remise de dette"),
            ("reclamation", "la réclamation"),
        ],
    )
    def test_rsa_and_prime_d_activite_are_not_withheld_while_something_is_open(self, nature: str, said: str) -> None:
        calendar = calendar_of(a_demarche(nature, date(2026, 3, 10)))
        for famille in ("RSA", "PPA"):
            assert day(calendar, "retenues", famille) is None
            assert one(calendar, "retenues", famille).relatif == f"pas de retenue pendant {said}"
        assert day(calendar, "retenues", "CSS") == date(2026, 3, 21)

    def test_a_reclamation_does_not_move_the_recours(self) -> None:
        assert day(calendar_of(a_demarche("reclamation", date(2026, 3, 10))), "recours", "CSS") == date(2026, 5, 1)

    def test_housing_aids_answer_a_remise_in_two_months_and_acknowledge_it_in_fifteen_days(self) -> None:
        calendar = calendar_of(a_demarche("remise", date(2026, 3, 10)))
        assert day(calendar, "accuse_remise", "AL") == date(2026, 3, 25)
        assert day(calendar, "reponse_remise", "AL") == date(2026, 5, 10)
        assert {delai.familles for delai in calendar if "remise" in delai.objet} == {("AL",)}

    def test_an_echeancier_is_concluded_within_a_month(self) -> None:
        calendar = calendar_of(a_demarche("echeancier", date(2026, 3, 15)))
        assert day(calendar, "echeancier", "CSS") == date(2026, 4, 15)
        assert day(calendar, "retenues", "CSS") == date(2026, 4, 15)


class TestOralRectification:
    def test_at_nineteen_days_it_interrupts_the_recours(self) -> None:
        calendar = calendar_of(a_demarche("rectification", date(2026, 3, 20), voie="orale"))
        assert day(calendar, "reponse_rectification", "CSS") == date(2026, 4, 20)
        assert day(calendar, "recours", "CSS") == day(calendar, "recours", "RSA") == date(2026, 6, 20)
        assert day(calendar, "retenues", "CSS") == day(calendar, "retenues", "PPA") == date(2026, 6, 20)
        assert one(calendar, "recours", "CSS").dire == "dans les deux mois qui suivent notre réponse à votre demande"
        assert all(delai.objet != "documents" for delai in calendar)

    def test_its_effect_is_to_be_validated_for_rsa_and_housing_aids(self) -> None:
        calendar = calendar_of(a_demarche("rectification", date(2026, 3, 20), voie="orale"))
        assert one(calendar, "recours", "RSA").a_valider
        assert one(calendar, "recours", "AL").a_valider
        assert not one(calendar, "recours", "PPA").a_valider

    def test_answered_the_two_months_run_anew_and_retenues_wait_seven_days(self) -> None:
        answered = a_demarche(
            "rectification", date(2026, 3, 20), voie="orale", close_le=date(2026, 4, 2), issue="rejet"
        )
        calendar = calendar_of(answered, today=date(2026, 4, 3))
        assert one(calendar, "recours", "CSS").dire == "jusqu’au 2 juin 2026"
        assert day(calendar, "retenues", "CSS") == date(2026, 4, 9)
        assert day(calendar, "retenues", "PPA") == date(2026, 6, 2)
        assert all(delai.objet != "reponse_rectification" for delai in calendar)

    def test_unanswered_after_a_month_the_date_is_known(self) -> None:
        asked = a_demarche("rectification", date(2026, 3, 20), voie="orale")
        calendar = calendar_of(asked, today=date(2026, 4, 21))
        assert one(calendar, "recours", "CSS").dire == "jusqu’au 20 juin 2026"

    def test_on_the_twentieth_day_it_is_in_time(self) -> None:
        calendar = calendar_of(a_demarche("rectification", date(2026, 3, 21), voie="orale"))
        assert day(calendar, "recours", "CSS") == date(2026, 6, 21)

    def test_at_twenty_one_days_documents_are_asked(self) -> None:
        calendar = calendar_of(a_demarche("rectification", date(2026, 3, 22), voie="orale"))
        assert day(calendar, "documents", "CSS") == date(2026, 4, 11)
        assert one(calendar, "documents", "CSS").a_valider
        assert day(calendar, "recours", "CSS") == date(2026, 5, 1)
        assert day(calendar, "retenues", "CSS") == date(2026, 3, 21)

    def test_written_at_twenty_one_days_it_is_the_recours(self) -> None:
        calendar = calendar_of(a_demarche("rectification", date(2026, 3, 22)))
        assert day(calendar, "reponse_recours", "CSS") == date(2026, 5, 22)
        assert day(calendar, "juge", "CSS") == date(2026, 7, 22)
        assert day(calendar, "retenues", "PPA") is None

    def test_after_the_two_months_it_changes_nothing(self) -> None:
        late = a_demarche("rectification", date(2026, 5, 2))
        assert calendar_of(late, today=date(2026, 5, 3)) == calendar_of(today=date(2026, 5, 3))

    def test_one_made_before_this_letter_is_about_another(self) -> None:
        assert calendar_of(a_demarche("rectification", date(2026, 2, 28))) == calendar_of()

    def test_with_two_letters_it_is_to_be_validated(self) -> None:
        other = Notification(id="N2", trop_percus=(TropPercu(id="T2", prestation="AF"),))
        calendar = calendar_of(a_demarche("rectification", date(2026, 3, 20)), others=(other,))
        assert one(calendar, "recours", "PPA").a_valider


class TestMediation:
    def test_under_way_it_suspends_the_recours_and_no_day_is_said(self) -> None:
        calendar = calendar_of(a_demarche("mediation", date(2026, 3, 28), accuse_le=date(2026, 4, 1)))
        recours = one(calendar, "recours", "CSS")
        assert recours.suspendu
        assert (recours.le, recours.dire) == (None, "")
        assert recours.relatif == "suspendu par la médiation en cours ; il restera 30 jours"
        assert day(calendar, "rectification", "CSS") == date(2026, 3, 21)
        assert one(calendar, "retenues", "RSA").suspendu

    def test_over_the_days_left_run_again(self) -> None:
        over = a_demarche("mediation", date(2026, 3, 28), accuse_le=date(2026, 4, 1), close_le=date(2026, 6, 10))
        recours = one(calendar_of(over), "recours", "CSS")
        assert recours.le == date(2026, 7, 10)
        assert recours.dire == "jusqu’au 10 juillet 2026"
        assert recours.a_valider
        assert "CSS L.217-7-1" in recours.source

    def test_without_an_acknowledgement_it_counts_from_its_receipt(self) -> None:
        over = a_demarche("mediation", date(2026, 4, 1), close_le=date(2026, 6, 10))
        assert day(calendar_of(over), "recours", "CSS") == date(2026, 7, 10)

    def test_begun_after_the_end_of_the_delay_it_changes_nothing(self) -> None:
        assert day(calendar_of(a_demarche("mediation", date(2026, 5, 2))), "recours", "CSS") == date(2026, 5, 1)

    def test_begun_before_the_letter_it_suspends_from_the_first_day(self) -> None:
        over = a_demarche("mediation", date(2026, 2, 1), close_le=date(2026, 4, 1))
        assert day(calendar_of(over), "recours", "CSS") == date(2026, 4, 1) + timedelta(days=61)

    def test_two_that_overlap_suspend_once(self) -> None:
        first = a_demarche("mediation", date(2026, 4, 1), close_le=date(2026, 4, 30))
        second = a_demarche("mediation", date(2026, 4, 15), close_le=date(2026, 5, 15))
        assert day(calendar_of(first, second), "recours", "CSS") == date(2026, 5, 15) + timedelta(days=30)

    def test_of_a_letter_whose_reception_is_unknown_it_suspends_the_recours(self) -> None:
        calendar = calendar_of(a_demarche("mediation", date(2026, 3, 28)), received=None, sent=MARCH_1)
        recours = one(calendar, "recours", "CSS")
        assert (recours.suspendu, recours.dire) == (True, "")
        assert recours.relatif == "suspendu par la médiation en cours"
        assert not one(calendar, "rectification", "CSS").suspendu


class TestWhatIsSupposed:
    """A date that rests on a day nobody recorded is never shown as certain."""

    def test_a_delay_that_runs_from_an_answer(self) -> None:
        answered = a_demarche("rectification", date(2026, 3, 20), close_le=date(2026, 4, 2), issue="rejet")
        calendar = calendar_of(answered, today=date(2026, 4, 3), prestations=("AF", "PPA"))
        assert one(calendar, "recours", "PPA").a_valider
        assert one(calendar, "retenues", "CSS").a_valider

    def test_the_judge_after_an_answer(self) -> None:
        answered = a_demarche("recours", date(2026, 5, 1), close_le=date(2026, 5, 20), issue="rejet")
        assert one(calendar_of(answered, prestations=("PPA",)), "juge", "PPA").a_valider

    def test_which_family_of_recourse_a_recours_is_about(self) -> None:
        lodged = a_demarche("recours", date(2026, 3, 10))
        assert not one(calendar_of(lodged, prestations=("PPA",)), "reponse_recours", "PPA").a_valider
        mixed = calendar_of(lodged, prestations=("PPA", "RSA"))
        assert one(mixed, "reponse_recours", "PPA").a_valider
        assert one(mixed, "retenues", "PPA").a_valider

    def test_a_recours_made_too_late(self) -> None:
        late = a_demarche("recours", date(2026, 5, 2))
        assert one(calendar_of(late, prestations=("PPA",)), "reponse_recours", "PPA").a_valider

    @pytest.mark.parametrize(("prestation", "famille", "supposed"), [("PPA", "PPA", False), ("RSA", "RSA", True)])
    def test_a_late_rectification_read_as_a_recours(self, prestation: str, famille: str, supposed: bool) -> None:
        calendar = calendar_of(a_demarche("rectification", date(2026, 3, 22)), prestations=(prestation,))
        assert one(calendar, "reponse_recours", famille).a_valider is supposed

    def test_retenues_once_an_echeancier_is_answered(self) -> None:
        over = a_demarche("echeancier", date(2026, 3, 15), close_le=date(2026, 3, 20), issue="conclu sur dix mois")
        withheld = one(calendar_of(over, prestations=("AF",)), "retenues", "CSS")
        assert (withheld.le, withheld.a_valider) == (None, True)

    def test_a_rectification_asked_before_the_letter_was_handed_over(self) -> None:
        early = a_demarche("rectification", date(2026, 2, 26))
        calendar = calendar_of(early, sent=date(2026, 2, 25), prestations=("PPA",))
        assert day(calendar, "reponse_rectification", "PPA") == date(2026, 3, 26)
        assert one(calendar, "recours", "PPA").a_valider


def test_rsa_is_not_withheld_during_a_recours_even_if_the_reception_is_unknown() -> None:
    calendar = calendar_of(a_demarche("recours", date(2026, 3, 10)), received=None, sent=MARCH_1)
    assert one(calendar, "retenues", "RSA").relatif == "pas de retenue pendant le recours"
    assert "20 jours" in one(calendar, "retenues", "CSS").relatif


def test_a_reception_older_than_the_sending_is_that_of_another_sending() -> None:
    extrait = ExtraitNotification(notifiee_le=date(2026, 4, 1))
    assert Notification(id="N1", extrait=extrait, recue_le=MARCH_1).reception is None
    assert Notification(id="N1", extrait=extrait, recue_le=date(2026, 4, 1)).reception == date(2026, 4, 1)


steps = st.builds(
    lambda nature, received, way, after: a_demarche(
        nature, received, voie=way, close_le=None if after is None else received + timedelta(days=after)
    ),
    st.sampled_from(sorted(DEMARCHES)),
    st.dates(date(2026, 2, 1), date(2026, 6, 30)),
    st.sampled_from(["ecrite", "orale"]),
    st.none() | st.integers(0, 90),
)
todays = st.dates(MARCH_1, date(2026, 12, 31))


@given(st.lists(steps, max_size=5), todays)
def test_no_delay_ends_before_it_begins(demarches: list[Demarche], today: date) -> None:
    for delai in calendar_of(*demarches, today=today):
        assert delai.le is None or delai.le >= MARCH_1
        assert not (delai.suspendu and delai.le)
        assert delai.relatif


@given(st.lists(steps, max_size=5), todays)
def test_what_interrupts_or_suspends_never_shortens(demarches: list[Demarche], today: date) -> None:
    bare, busy = calendar_of(today=today), calendar_of(*demarches, today=today)
    for famille in ("CSS", "PPA", "RSA", "AL", "AEFA"):
        recours = one(busy, "recours", famille)
        first = day(bare, "recours", famille)
        assert first
        assert recours.suspendu or (recours.le and recours.le >= first)


@given(st.lists(steps, max_size=5), todays)
def test_an_unknown_reception_gives_no_date(demarches: list[Demarche], today: date) -> None:
    assert all(delai.le is None for delai in calendar_of(*demarches, today=today, received=None))


@given(st.dates(max_value=date(9999, 12, 31)), st.lists(st.sampled_from(ALL), unique=True, max_size=5))
def test_any_reception_has_a_calendar(received: date, prestations: list[str]) -> None:
    for delai in calendar_of(received=received, prestations=tuple(prestations)):
        assert delai.le is None or delai.le >= received


class TestWhichLetter:
    ANOTHER = Notification(id="N2", trop_percus=(TropPercu(id="AF", prestation="AF"),))

    def test_a_demarche_about_another_letter_changes_nothing(self) -> None:
        asked = a_demarche("rectification", date(2026, 3, 10), notification="N2")
        assert calendar_of(asked, others=(self.ANOTHER,)) == calendar_of(others=(self.ANOTHER,))

    def test_one_that_names_this_letter_is_sure_and_one_that_names_none_is_not(self) -> None:
        day_asked = date(2026, 3, 10)
        named = calendar_of(a_demarche("rectification", day_asked, notification="N1"), others=(self.ANOTHER,))
        unnamed = calendar_of(a_demarche("rectification", day_asked), others=(self.ANOTHER,))
        assert day(named, "reponse_rectification", "PPA") == day(unnamed, "reponse_rectification", "PPA")
        assert not one(named, "reponse_rectification", "PPA").a_valider
        assert one(unnamed, "reponse_rectification", "PPA").a_valider
