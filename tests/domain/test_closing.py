"""What closing demands of a notification at or above the threshold: an explanation, and a contact or why not."""

from dataclasses import replace
from datetime import date

import pytest

from gca_tui.domain.apply import apply
from gca_tui.domain.closing import missing_to_close
from gca_tui.domain.command import CommandRefused, Context, Missing
from gca_tui.domain.commands import AnyCommand
from gca_tui.domain.dossier import CLOS, OUVERT, Dossier
from gca_tui.domain.settings import CaisseSettings, Settings
from gca_tui.domain.trop_percu import Montants
from tests.domain.given import an_extract, an_indu, command, give, made, refusal
from tests.strategies import CONTEXT

LETTER = "N-2026-05-04"
CLOSE = command("close")


def rules(**settings: object) -> Context:
    """The context with these settings for the Haut-Rhin."""
    return replace(CONTEXT, settings=Settings(caisses={"681": CaisseSettings.model_validate(settings)}))


def owing(*cents: int, caisse: str = "681") -> Dossier:
    """A dossier where nothing is left but one letter with these trop-perçus, each of another prestation."""
    codes = ("APL", "PPA", "RSA", "AEFA")
    indus = tuple(
        an_indu(f"{code} 001", prestation=code, mois={"2026-01": Montants(verse=amount, du=0)})
        for code, amount in zip(codes, cents, strict=False)
    )
    return made(an_extract(caisse=caisse, pieces=(), indus=indus))


def contact(resultat: str, le: date = date(2026, 5, 12), texte: str = "") -> AnyCommand:
    return command("log_contact", canal="telephone", resultat=resultat, le=le, texte=texte)


def about(dossier: Dossier, action: str, context: Context = CONTEXT) -> list[Missing]:
    """What is missing that this action mends."""
    return [missing for missing in missing_to_close(dossier, context) if missing.action == action]


@pytest.mark.parametrize(
    ("cents", "explained"),
    [
        ((149_999,), False),
        ((150_000,), True),
        ((74_999, 75_000), False),
        ((75_000, 75_000), True),
        ((1, 149_998), False),
        ((50_000, 50_000, 49_999), False),
        ((50_000, 50_000, 49_999, 1), True),
    ],
)
def test_the_threshold_is_on_the_total_of_the_letter_and_inclusive(cents: tuple[int, ...], explained: bool) -> None:
    dossier = owing(*cents)
    assert bool(about(dossier, "explanation")) is explained
    if explained:
        assert refusal(dossier, CLOSE) == "reste_a_faire"
    else:
        assert give(dossier, CLOSE).etat == CLOS
        assert missing_to_close(dossier, CONTEXT) == ()


def test_two_letters_are_not_added_up() -> None:
    indus = (an_indu("A", verse=149_999), an_indu("B", day=date(2026, 6, 8), verse=149_999))
    assert missing_to_close(made(an_extract(pieces=(), indus=indus)), CONTEXT) == ()


def test_what_an_agent_corrected_counts_for_the_threshold() -> None:
    january = {"mois": "2026-01", "verse": 150_000, "du": 1}
    read = command("correct_months", notification=LETTER, trop_percu="APL 001", mois=(january,), montant=149_999)
    assert give(owing(150_000), read, CLOSE).etat == CLOS


def test_each_caisse_has_its_threshold() -> None:
    context = rules(threshold=80_000)
    assert about(owing(80_000), "explanation", context)
    assert not about(owing(79_999), "explanation", context)
    assert not about(owing(80_000, caisse="091"), "explanation", context)
    assert not about(owing(150_000), "explanation", rules(threshold=150_001))
    assert about(owing(150_000, caisse="091"), "explanation", rules(threshold=150_001))


def test_closing_lists_all_that_is_missing_before_anything_changes() -> None:
    dossier = made(an_extract())
    with pytest.raises(CommandRefused) as met:
        apply(dossier, CLOSE, rules(contact_blocks=True))
    assert [(missing.action, missing.blocks) for missing in met.value.missing] == [
        ("treat_piece", True),
        ("explanation", True),
        ("contact", True),
    ]
    amount = "1\u00a0500,00\u00a0€"
    assert f"explication à écrire\u00a0: trop-perçu de {amount}, notification du 04/05/2026" in met.value.reason


def test_a_letter_still_to_be_notified_is_named_so() -> None:
    dossier = made(an_extract(pieces=(), indus=(an_indu(day=None),)))
    assert [missing.text.endswith(", à notifier") for missing in about(dossier, "explanation")] == [True]


def test_a_contact_lacking_warns_and_does_not_forbid() -> None:
    (missing,) = about(owing(150_000), "contact")
    assert not missing.blocks
    assert "1\u00a0essai attendu, 0\u00a0noté" in missing.text
    assert about(owing(149_999), "contact") == []


@pytest.mark.parametrize("resultat", ["joint", "non_joint", "message", "refus"])
def test_one_attempt_is_enough_unless_the_caisse_wants_more(resultat: str) -> None:
    dossier = give(owing(150_000), contact(resultat))
    assert about(dossier, "contact") == []


@pytest.mark.parametrize(
    ("tried", "settled"),
    [
        ((), False),
        (("non_joint",), False),
        (("message", "non_joint"), False),
        (("message", "non_joint", "refus"), True),
        (("joint",), True),
        (("non_joint", "joint"), True),
        (("impossible",), True),
    ],
)
def test_a_caisse_may_want_attempts_and_forbid_closing_without_them(tried: tuple[str, ...], settled: bool) -> None:
    context = rules(contact_blocks=True, contact_attempts=3)
    dossier = give(owing(150_000), *(contact(one, texte="Aucun numéro connu.") for one in tried))
    missing = about(dossier, "contact", context)
    assert [one.blocks for one in missing] == ([] if settled else [True])


def test_an_impossible_contact_needs_its_reason() -> None:
    assert refusal(owing(150_000), contact("impossible")) == "motif_manquant"


def test_attempts_count_from_the_day_the_letter_left() -> None:
    before, on_the_day = contact("joint", date(2026, 5, 3)), contact("joint", date(2026, 5, 4))
    assert about(give(owing(150_000), before), "contact")
    assert about(give(owing(150_000), on_the_day), "contact") == []


def test_no_attempt_is_wanted_where_the_caisse_wants_none() -> None:
    assert about(owing(150_000), "contact", rules(contact_attempts=0)) == []


def test_a_month_whose_payment_is_unknown_does_not_lower_the_total() -> None:
    months = {"2026-01": Montants(verse=150_000, du=0), "2026-02": Montants(du=30_000)}
    dossier = made(an_extract(pieces=(), indus=(an_indu("APL 001", prestation="APL", mois=months),)))
    assert about(dossier, "explanation")


def test_a_trop_percu_that_grew_since_the_closing_brings_the_dossier_back() -> None:
    closed = give(owing(149_999), CLOSE)
    same, less, more = (
        an_indu("APL 001", prestation="APL", mois={"2026-01": Montants(verse=cents, du=0)})
        for cents in (149_999, 140_000, 150_000)
    )
    assert give(closed, an_extract(pieces=(), indus=(same,))).etat == CLOS
    assert give(closed, an_extract(pieces=(), indus=(less,))).etat == CLOS
    back = give(closed, an_extract(pieces=(), indus=(more,)))
    assert back.etat == OUVERT
    assert refusal(back, CLOSE) == "reste_a_faire"


def test_a_closing_written_before_amounts_were_kept_still_reads() -> None:
    closed = give(owing(100_000), CLOSE)
    assert closed.cloture
    older = closed.model_copy(update={"cloture": closed.cloture.model_copy(update={"montants": ()})})
    assert Dossier.from_json(older.to_json()).etat == CLOS
    assert Dossier.from_json(closed.to_json()) == closed


@pytest.mark.parametrize(
    "asked",
    [
        command("edit_explanation", notification=LETTER, raison=""),
        command("establish_facts", notification=LETTER, trop_percus=("APL 001",), evenement="Un emploi."),
        command("override_checks", notification=LETTER, controles=(1,), motif="Vu."),
    ],
)
def test_what_closing_demanded_is_not_undone_behind_it(asked: AnyCommand) -> None:
    closed = give(owing(100_000), CLOSE)
    assert refusal(closed, asked) == "clos"


def test_a_question_a_rendez_vous_and_a_planned_call_are_said_and_forbid_nothing() -> None:
    dossier = give(
        made(an_extract(pieces=(), indus=())),
        command("ask_referent", texte="Droit au séjour ?", pole="referent"),
        command("schedule_rendez_vous", le=CONTEXT.today, heure="14:00", forme="telephone"),
        command("plan_call", le=date(2027, 1, 4)),
    )
    notices = missing_to_close(dossier, CONTEXT)
    assert [(one.action, one.blocks) for one in notices] == [
        ("ask_referent", False),
        ("rendez_vous", False),
        ("contact", False),
    ]
    assert "sans réponse" in notices[0].text
    assert "rendez-vous aujourd’hui" in notices[1].text
    assert "appel prévu le 04/01/2027" in notices[2].text
    assert apply(dossier, CLOSE, CONTEXT).statut == CLOS


def test_what_was_answered_held_or_cancelled_is_not_said_at_closing() -> None:
    dossier = give(
        made(an_extract(pieces=(), indus=())),
        command("ask_referent", texte="Droit au séjour ?", pole="referent"),
        command("schedule_rendez_vous", le=CONTEXT.today, heure="14:00", forme="telephone"),
        command("plan_call", le=date(2027, 1, 4)),
    )
    question, rdv, call = dossier.questions[0], dossier.rendez_vous[0], dossier.appels_prevus[0]
    settled = give(
        dossier,
        command("answer_referent", question=question.id, texte="Oui"),
        command("hold_rendez_vous", rendez_vous=rdv.id, resultat="tenu"),
        command("cancel_call", appel=call.id, motif="Sans objet"),
    )
    assert missing_to_close(settled, CONTEXT) == ()
