"""The commands of an explanation: facts, months, sections, checks passed over, a suspicion that leaves the queue."""

from datetime import UTC, date, datetime

import pytest

from gca_tui.domain.apply import apply, replay
from gca_tui.domain.command import CommandRefused
from gca_tui.domain.commands import AnyCommand
from gca_tui.domain.dossier import OUVERT, TRANSMIS, Dossier
from gca_tui.domain.explanation.checking import check_notification, standing_in_the_way
from gca_tui.domain.french import NBSP
from gca_tui.domain.trop_percu import Faits, Montants
from tests.domain.given import INES, PAUL, an_extract, an_indu, command, give, made, refusal
from tests.strategies import CONTEXT, TODAY

LETTER = "N-2026-05-04"
ONE = {"notification": LETTER, "trop_percus": ("INK 001",)}
MONTHS = {"2026-01": Montants(verse=100_000, du=0), "2026-02": Montants(verse=50_000, du=0)}
START = made(an_extract(indus=(an_indu(mois=MONTHS), an_indu("INM 002", prestation="APL", verse=40_000))))
WRITTEN = command("edit_explanation", id="v1", notification=LETTER, raison="Le 3 janvier, un emploi.", calcul="…")


def facts(**said: object) -> AnyCommand:
    return command("establish_facts", **ONE, **said)


def month(name: str, verse: int, du: int = 0) -> dict[str, object]:
    return {"mois": name, "verse": verse, "du": du}


def months(*read: dict[str, object], montant: int, trop_percu: str = "INK 001") -> AnyCommand:
    return command("correct_months", notification=LETTER, trop_percu=trop_percu, mois=read, montant=montant)


def edited(**sections: str) -> AnyCommand:
    return command("edit_explanation", notification=LETTER, **sections)


def passed(*controles: int, motif: str = "Vu avec la référente.", **more: object) -> AnyCommand:
    return command("override_checks", notification=LETTER, controles=controles, motif=motif, **more)


SUSPECTED = command("report_suspicion", motif="Deux baux pour un même mois.")
REFUSALS = [
    ("notification_inconnue", command("establish_facts", notification="N-1", trop_percus=("INK 001",), motif="50")),
    ("trop_percu_inconnu", command("establish_facts", notification=LETTER, trop_percus=(), motif="50")),
    ("trop_percu_inconnu", command("establish_facts", notification=LETTER, trop_percus=("INK 001", "X"), motif="50")),
    ("code_inconnu", facts(motif="??")),
    ("code_inconnu", facts(origine="??")),
    ("code_inconnu", facts(responsabilite="??")),
    ("fraude", facts(responsabilite="64")),
    ("date_a_venir", facts(evenement_le=date(2026, 11, 13))),
    ("date_a_venir", facts(connu_le=date(2026, 11, 13))),
    ("dates", facts(evenement_le=date(2026, 3, 2), connu_le=date(2026, 3, 1))),
    ("trop_percu_inconnu", months(month("2026-01", 1), montant=1, trop_percu="X")),
    ("mois_inconnu", months(month("2026-03", 1), montant=150_001)),
    ("montant_negatif", months(month("2026-01", -1), montant=49_999)),
    ("montant_negatif", months(month("2026-01", 1, -1), montant=50_002)),
    ("du_superieur", months(month("2026-01", 100, 101), montant=49_999)),
    ("total", months(month("2026-01", 100_000, 1), montant=150_000)),
    ("total", months(month("2026-01", 100_001), montant=150_000)),
    ("explication_vide", edited()),
    ("trop_long", edited(raison="x" * 20_001)),
    ("motif_manquant", passed(3, motif=" ")),
    ("controle", passed()),
    ("controle", passed(0)),
    ("controle", passed(9)),
    ("motif_manquant", command("report_suspicion", motif=" ")),
    ("pas_transmis", command("withdraw_suspicion", motif="Bail expliqué.")),
]


@pytest.mark.parametrize(("code", "refused"), REFUSALS, ids=[f"{one.kind}-{code}" for code, one in REFUSALS])
def test_refused_and_nothing_changes(code: str, refused: AnyCommand) -> None:
    before = START.to_json()
    assert refusal(START, refused) == code
    assert replay(START, [refused], CONTEXT)[0] is START
    assert START.to_json() == before


def test_facts_are_said_one_after_another_and_none_erases_the_others() -> None:
    first = facts(motif="50", evenement_le=date(2026, 1, 3), tiers=True, tiers_nom="l’employeur")
    dossier = give(START, first, facts(connu_le=date(2026, 4, 1), tiers=False, tiers_nom=""))
    (told, other) = (trop_percu.faits for trop_percu in dossier.trop_percus)
    assert told == Faits(motif="50", evenement_le=date(2026, 1, 3), connu_le=date(2026, 4, 1), tiers=False)
    assert other == Faits()


def test_one_command_tells_several_trop_percus() -> None:
    both = command("establish_facts", notification=LETTER, trop_percus=("INK 001", "INM 002"), evenement="Un emploi.")
    dossier = give(START, both)
    assert [trop_percu.faits.evenement for trop_percu in dossier.trop_percus] == ["Un emploi."] * 2
    assert set(both.writes()) == set(both.changes(START, CONTEXT))


def test_the_agent_s_code_prevails_over_the_extract_s() -> None:
    dossier = give(START, facts(motif="50"))
    assert (dossier.trop_percus[0].motif, dossier.trop_percus[0].code("motif")) == ("10", "50")
    assert give(dossier, facts(motif="")).trop_percus[0].code("motif") == "10"


def test_dates_are_compared_with_those_said_before() -> None:
    dossier = give(START, facts(evenement_le=date(2026, 3, 2)))
    assert refusal(dossier, facts(connu_le=date(2026, 3, 1))) == "dates"
    assert give(dossier, facts(connu_le=date(2026, 3, 2))).trop_percus[0].faits.connu_le == date(2026, 3, 2)


def test_facts_said_again_change_nothing() -> None:
    dossier = give(START, facts(motif="50", tiers=False))
    assert give(dossier, facts(motif="50", tiers=False)) is dossier
    partly = facts(motif="50", tiers=True)
    assert list(partly.changes(dossier, CONTEXT)) == [partly.writes()[1]]


def test_months_that_do_not_add_up_are_refused_with_the_difference() -> None:
    with pytest.raises(CommandRefused) as met:
        apply(START, months(month("2026-01", 100_000, 12_345), montant=150_000), CONTEXT)
    assert f"1{NBSP}376,55{NBSP}€" in met.value.reason
    assert f"123,45{NBSP}€ de moins" in met.value.reason
    with pytest.raises(CommandRefused) as met:
        apply(START, months(month("2026-02", 50_001), montant=150_000), CONTEXT)
    assert f"0,01{NBSP}€ de trop" in met.value.reason


def test_several_months_read_at_once_and_taken_back() -> None:
    read = months(month("2026-01", 100_000, 20_000), month("2026-02", 50_000, 10_000), montant=120_000)
    dossier = give(START, read)
    assert dossier.notifications[0].montant == 160_000
    assert dossier.trop_percus[0].mois[0].extrait == Montants(verse=100_000, du=0)
    dossier = give(dossier, months(month("2026-02", 50_000), montant=130_000))
    assert [mois.corrige is None for mois in dossier.trop_percus[0].mois] == [False, True]
    dossier = give(dossier, months(month("2026-01", 100_000), montant=150_000))
    assert dossier.trop_percus[0].mois == START.trop_percus[0].mois


def test_a_month_given_twice_is_read_as_it_was_summed() -> None:
    dossier = give(START, months(month("2026-01", 90_000), month("2026-01", 100_000), montant=150_000))
    assert dossier.trop_percus[0].montant == 150_000


def test_versions_are_kept_and_none_leaves_a_section() -> None:
    later = datetime(2026, 11, 12, 11, 0, tzinfo=UTC)
    second = command("edit_explanation", id="v2", author=PAUL, at=later, notification=LETTER, calcul="1 500 euros.")
    dossier = give(START, WRITTEN, second)
    letter = dossier.notifications[0]
    assert (letter.explication.raison, letter.explication.calcul) == ("Le 3 janvier, un emploi.", "1 500 euros.")
    assert [(version.id, version.author, version.calcul) for version in letter.versions] == [
        ("v1", INES, "…"),
        ("v2", PAUL, "1 500 euros."),
    ]
    assert letter.versions[1].raison == "Le 3 janvier, un emploi."
    assert letter.versions[1].at == later


def test_the_same_text_again_is_no_version() -> None:
    dossier = give(START, WRITTEN)
    assert give(dossier, edited(raison="Le 3 janvier, un emploi.")) is dossier


def test_a_section_can_be_emptied() -> None:
    letter = give(START, WRITTEN, edited(raison="", calcul="")).notifications[0]
    assert letter.explication.is_empty
    assert len(letter.versions) == 2


def test_a_suspicion_leaves_the_queue_and_comes_back() -> None:
    dossier = give(START, command("take"), SUSPECTED)
    assert (dossier.etat, dossier.holder) == (TRANSMIS, None)
    assert dossier.signalement is not None
    assert dossier.signalement.motif == "Deux baux pour un même mois."
    for forbidden in (facts(motif="50"), WRITTEN, passed(3), months(month("2026-01", 100_000), montant=150_000)):
        assert refusal(dossier, forbidden) == "transmis"
    for forbidden in (command("take"), command("close")):
        assert refusal(dossier, forbidden) == "transmis"
    assert refusal(dossier, SUSPECTED) == "deja_fait"
    assert refusal(dossier, command("withdraw_suspicion", motif=" ")) == "motif_manquant"
    back = give(dossier, command("withdraw_suspicion", motif="Les deux baux se suivent."))
    assert (back.etat, back.signalement) == (OUVERT, None)
    assert "report_suspicion" in {entry.kind for entry in back.history}
    assert give(back, WRITTEN).notifications[0].explication.raison


def test_a_newer_extract_does_not_bring_it_back() -> None:
    dossier = give(START, SUSPECTED)
    assert give(dossier, an_extract(le=TODAY, pieces=())).etat == TRANSMIS


def test_a_pause_does_not_outlive_the_queue() -> None:
    wait = {"depuis": date(2026, 11, 2), "jusqu_au": date(2026, 12, 20), "motif": "Bail."}
    dossier = give(START, command("wait", **wait), SUSPECTED, command("withdraw_suspicion", motif="Expliqué."))
    assert (dossier.etat, dossier.current_attente) == (OUVERT, None)
    assert dossier.attentes[0].fin == date(2026, 11, 12)
    again = command("wait", depuis=TODAY, jusqu_au=date(2026, 12, 20), motif="Bail.")
    assert give(dossier, again).waits_on(TODAY)


def failing(dossier: Dossier) -> dict[int, tuple[str, ...]]:
    """What the checks of the saved text say, by number."""
    results = check_notification(dossier, dossier.notifications[0], CONTEXT)
    return {one.controle: tuple(finding.dire for finding in one.findings) for one in results if not one.ok}


def in_the_way(dossier: Dossier) -> list[int]:
    letter = dossier.notifications[0]
    return [one.controle for one in standing_in_the_way(check_notification(dossier, letter, CONTEXT), letter.passages)]


def test_a_check_passed_over_covers_what_it_says_and_no_more() -> None:
    dossier = give(START, edited(raison="Vous devez 12,34 €."))
    said = failing(dossier)[3]
    assert 3 in in_the_way(dossier)
    covered = give(dossier, passed(3))
    (passage,) = covered.notifications[0].passages
    assert (passage.controle, passage.couvre, passage.motif, passage.author) == (3, said, "Vu avec la référente.", INES)
    assert in_the_way(covered) == [one for one in in_the_way(dossier) if one != 3]
    changed = give(covered, edited(raison="Vous devez 12,34 €. Vous devez aussi 56,78 €."))
    assert 3 in in_the_way(changed)
    assert 3 not in in_the_way(give(changed, edited(raison="Vous devez 12,34 €.")))


def test_what_was_not_read_is_not_passed_over() -> None:
    """The text changed on the other side before the command came."""
    read = failing(give(START, edited(raison="Vous devez 12,34 €.")))[3]
    elsewhere = give(START, edited(raison="Vous devez 12,34 €. Vous devez aussi 56,78 €."))
    covered = give(elsewhere, passed(3, vu=read))
    assert set(covered.notifications[0].passages[0].couvre) == set(read) & set(failing(elsewhere)[3])
    assert 3 in in_the_way(covered)
    assert refusal(elsewhere, passed(3, vu=("Autre chose.",))) == "texte_change"


def test_a_check_that_holds_is_not_passed_over() -> None:
    dossier = give(
        START, facts(tiers=False), command("establish_facts", **ONE | {"trop_percus": ("INM 002",)}, tiers=False)
    )
    assert 7 not in failing(dossier)
    assert refusal(dossier, passed(7)) == "controle"
