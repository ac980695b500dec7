"""Two layers: what the information system says is replaced by each extract, what agents say is not."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.apply import apply
from gca_tui.domain.commands import AnyCommand, ReceiveExtract
from gca_tui.domain.commands.extract import A_NOTIFIER, ReadIndu, ReadPiece
from gca_tui.domain.dossier import CLOS, OUVERT, Allocataire, Dossier
from gca_tui.domain.pieces import ExtraitPiece
from gca_tui.domain.trop_percu import Faits, Montants
from tests.domain.given import KATIA, a_piece, an_extract, an_indu, command, give, made
from tests.strategies import AGENT_KINDS, CONTEXT, NOW, Course, courses, extract_fields, newest

LATER = date(2026, 11, 9)
AGENTS_OWN = (
    *("coordonnees", "situation", "lie_a", "statut", "holder", "urgence", "cloture", "notes", "contacts"),
    *(
        "rendez_vous",
        "questions",
        "appels",
        "attentes",
        "derogations",
        "demarches",
        "points_controle",
        "signalement",
        "appels_prevus",
    ),
)


def extract(dossier: Dossier, name: str, fields: dict[str, object]) -> ReceiveExtract:
    """An extract that is not older than the dossier's."""
    fields = newest(dossier, fields)
    return ReceiveExtract.model_validate(
        {"id": name, "caisse": dossier.caisse, "matricule": dossier.matricule, "author": KATIA, "at": NOW, **fields}
    )


def agents_side(dossier: Dossier) -> dict[str, object]:
    """What agents said of pièces and trop-perçus, by the information system's ids."""
    months = {
        (tp.id, mois.id): mois.corrige for tp in dossier.trop_percus for mois in tp.mois if mois.corrige is not None
    }
    return {
        "pieces": {piece.id: piece.traitement for piece in dossier.pieces if piece.traitement},
        "months": months,
        "facts": {tp.id: tp.faits for tp in dossier.trop_percus if tp.faits != Faits()},
        "letters": {n.id: (n.recue_le, n.explication, n.versions, n.passages) for n in dossier.notifications},
    } | {name: getattr(dossier, name) for name in AGENTS_OWN}


@given(courses(AGENT_KINDS), extract_fields())
def test_a_newer_extract_never_touches_what_agents_said(course: Course, fields: dict[str, object]) -> None:
    before, after = agents_side(course.end), agents_side(apply(course.end, extract(course.end, "x", fields), CONTEXT))
    letters, letters_after = before.pop("letters"), after.pop("letters")
    assert isinstance(letters, dict)
    assert isinstance(letters_after, dict)
    assert before == after
    assert letters.items() <= letters_after.items()


@given(courses(), extract_fields())
def test_the_same_extract_twice_changes_nothing(course: Course, fields: dict[str, object]) -> None:
    once = apply(course.end, extract(course.end, "x", fields), CONTEXT)
    assert apply(once, extract(once, "y", fields), CONTEXT) is once


@given(courses(), extract_fields(), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(course: Course, fields: dict[str, object], random: object) -> None:
    shuffled = dict(fields)
    for name in ("pieces", "indus"):
        lines = list(shuffled.get(name) or ())  # type: ignore[call-overload]  # a tuple or nothing
        random.shuffle(lines)  # type: ignore[attr-defined]  # random.Random
        if name in fields:
            shuffled[name] = tuple(lines)
    one = apply(course.end, extract(course.end, "x", fields), CONTEXT)
    other = apply(course.end, extract(course.end, "x", shuffled), CONTEXT)
    assert one.notifications == other.notifications
    assert {piece.id: piece for piece in one.pieces} == {piece.id: piece for piece in other.pieces}


@given(courses())
def test_every_trop_percu_is_in_one_letter(course: Course) -> None:
    ids = [trop_percu.id for trop_percu in course.end.trop_percus]
    assert len(ids) == len(set(ids))
    assert len({letter.id for letter in course.end.notifications}) == len(course.end.notifications)


@given(courses(), extract_fields())
def test_after_a_whole_extract_one_day_is_one_letter(course: Course, fields: dict[str, object]) -> None:
    days = [date(2026, 5, 4), date(2026, 5, 4), None]
    indus = tuple(an_indu(f"I{n}", day) for n, day in enumerate(days))
    after = apply(course.end, extract(course.end, "x", fields | {"indus": indus}), CONTEXT)
    held = {tp.id: letter for letter in after.notifications for tp in letter.trop_percus if tp.absente_le is None}
    assert held["I0"] is held["I1"]
    assert held["I0"].extrait.notifiee_le == date(2026, 5, 4)
    assert held["I2"] is not held["I0"]
    assert held["I2"].extrait.notifiee_le is None


def test_missing_columns_erase_nothing() -> None:
    whole = an_extract(
        allocataire=Allocataire(nom="SCHÄFER", prenom="Anna", commune="Mulhouse"),
        urgence="expulsion",
        convention="CONV-1",
        indus=(an_indu(recue_le=date(2026, 5, 7)),),
    )
    dossier = made(whole)
    bare = extract(
        dossier,
        "bare",
        {
            "le": LATER,
            "allocataire": Allocataire(nom="SCHÄFER"),
            "pieces": (ReadPiece(id="P1", extrait=ExtraitPiece(nature="ressources")),),
            "indus": (ReadIndu(id="INK 001"),),
        },
    )
    assert apply(dossier, bare, CONTEXT) is dossier
    nothing = extract(dossier, "nothing", {"le": LATER})
    assert apply(dossier, nothing, CONTEXT) is dossier


def test_a_missing_column_of_amounts_erases_no_amount() -> None:
    dossier = made(an_extract(indus=(an_indu(mois={"2026-01": Montants(verse=150_000, du=40_000)}),)))
    paid = ReadIndu(id="INK 001", mois={"2026-01": Montants(verse=160_000)})
    dossier = give(dossier, an_extract(le=LATER, indus=(paid,)))
    assert dossier.notifications[0].montant == 120_000


def test_empty_cells_of_a_present_column_do_erase() -> None:
    dossier = made(an_extract(urgence="expulsion", convention="CONV-1"))
    dossier = give(dossier, an_extract(le=LATER, urgence="", convention=None, prestations=()))
    assert (dossier.extrait.urgence, dossier.convention, dossier.prestations) == ("", None, ())


def test_a_piece_that_is_gone_is_marked_and_comes_back() -> None:
    dossier = made(an_extract(pieces=(a_piece("P1"), a_piece("P2"))), command("treat_piece", piece="P2"))
    dossier = give(dossier, an_extract(le=LATER, pieces=(a_piece("P1"),)))
    gone = dossier.pieces[1]
    assert (gone.id, gone.absente_le, gone.etat) == ("P2", LATER, "TRAITEE")
    assert give(dossier, an_extract(le=date(2026, 11, 10), pieces=(a_piece("P1"),))) is dossier
    dossier = give(dossier, an_extract(le=date(2026, 11, 11), pieces=(a_piece("P1"), a_piece("P2"))))
    assert dossier.pieces[1].absente_le is None
    assert dossier.pieces[1].etat == "TRAITEE"


def test_a_piece_read_on_two_lines_keeps_what_agents_said() -> None:
    dossier = made(an_extract(), command("treat_piece", piece="P1"))
    twice = an_extract(le=LATER, pieces=(a_piece("P1", canal="guichet"), a_piece("P1", canal="courriel")))
    (piece,) = give(dossier, twice).pieces
    assert (piece.etat, piece.extrait.canal) == ("TRAITEE", "courriel")


def test_a_dossier_that_is_gone_is_marked_once_and_comes_back() -> None:
    dossier = made(an_extract(), command("mark_absent", le=LATER))
    assert give(dossier, command("mark_absent", le=date(2026, 11, 10))) is dossier
    assert dossier.extrait.absente_le == LATER
    assert dossier.etat == OUVERT
    assert give(dossier, an_extract(le=date(2026, 11, 11))).extrait.absente_le is None


def test_indus_of_one_day_are_one_notification_and_the_threshold_is_on_its_total() -> None:
    indus = (an_indu("INK 001", verse=100_000), an_indu("IM3 002", verse=50_000, prestation="APL"))
    dossier = made(an_extract(indus=(*indus, an_indu("INQ 003", day=None, verse=1))))
    sent, waiting = dossier.notifications
    assert (sent.id, sent.extrait.notifiee_le, sent.montant) == ("N-2026-05-04", date(2026, 5, 4), 150_000)
    assert (waiting.id, waiting.extrait.notifiee_le, waiting.montant) == (A_NOTIFIER, None, 1)


def corrected(letter: str, trop_percu: str = "INK 001") -> AnyCommand:
    """January read anew: 100,00 € were due."""
    january = {"mois": "2026-01", "verse": 150_000, "du": 10_000}
    return command("correct_months", notification=letter, trop_percu=trop_percu, mois=(january,), montant=140_000)


def explained(dossier: Dossier, letter: str) -> Dossier:
    """The dossier with an explanation on the letter, as the editor will leave it."""
    document = json.loads(dossier.to_json())
    (found,) = [one for one in document["notifications"] if one["id"] == letter]
    found["explication"] = {"raison": "Le 3 janvier, vous avez repris un emploi."}
    return Dossier.from_json(json.dumps(document))


def test_a_date_that_arrives_later_keeps_id_explanation_and_corrections() -> None:
    dossier = explained(made(an_extract(indus=(an_indu(day=None),))), A_NOTIFIER)
    dossier = give(dossier, corrected(A_NOTIFIER), an_extract(le=LATER, indus=(an_indu(),)))
    (letter,) = dossier.notifications
    assert (letter.id, letter.extrait.notifiee_le, letter.montant) == (A_NOTIFIER, date(2026, 5, 4), 140_000)
    assert letter.explication.raison == "Le 3 janvier, vous avez repris un emploi."
    dossier = give(dossier, an_extract(le=date(2026, 11, 10), indus=(an_indu(), an_indu("INQ 002", day=None))))
    assert [letter.id for letter in dossier.notifications] == [A_NOTIFIER, f"{A_NOTIFIER}-2"]


def test_a_trop_percu_that_moves_takes_its_corrections_but_not_the_explanation() -> None:
    first = an_extract(indus=(an_indu("A"), an_indu("B"), an_indu("C", day=date(2026, 6, 8))))
    dossier = explained(made(first, corrected("N-2026-05-04", "B")), "N-2026-05-04")
    moved = (an_indu("B", day=date(2026, 6, 8)), an_indu("C", day=date(2026, 6, 8)), an_indu("A"))
    may, june = give(dossier, an_extract(le=LATER, indus=moved)).notifications
    assert ([tp.id for tp in may.trop_percus], may.explication.is_empty) == (["A"], False)
    assert ([tp.id for tp in june.trop_percus], june.explication.is_empty) == (["B", "C"], True)
    assert june.trop_percus[0].montant == 140_000


@pytest.mark.parametrize("order", [1, -1])
def test_a_letter_sent_in_part_keeps_its_explanation_whatever_the_order_of_lines(order: int) -> None:
    dossier = explained(made(an_extract(indus=(an_indu("A", day=None), an_indu("B", day=None)))), A_NOTIFIER)
    lines = (an_indu("A"), an_indu("B", day=None))[::order]
    held = {
        tp.id: letter
        for letter in give(dossier, an_extract(le=LATER, indus=lines)).notifications
        for tp in letter.trop_percus
    }
    assert (held["A"].id, held["A"].explication.is_empty) == (A_NOTIFIER, False)
    assert (held["B"].id, held["B"].explication.is_empty) == (f"{A_NOTIFIER}-2", True)


def test_an_explanation_is_never_read_under_other_trop_percus() -> None:
    """The letter « à notifier » is joined to one already sent; what comes next à notifier is another letter."""
    dossier = explained(made(an_extract(indus=(an_indu("A"), an_indu("B", day=None)))), A_NOTIFIER)
    dossier = give(dossier, an_extract(le=LATER, indus=(an_indu("A"), an_indu("B"))))
    dossier = give(dossier, an_extract(le=LATER, indus=(an_indu("A"), an_indu("B"), an_indu("C", day=None))))
    held = {tp.id: letter for letter in dossier.notifications for tp in letter.trop_percus}
    assert held["A"] is held["B"]
    assert held["C"].explication.is_empty


def test_a_trop_percu_that_is_gone_is_marked_and_comes_back() -> None:
    dossier = give(made(an_extract()), an_extract(le=LATER, indus=()))
    assert [tp.absente_le for tp in dossier.trop_percus] == [LATER]
    dossier = give(dossier, an_extract(le=date(2026, 11, 10)))
    assert [tp.absente_le for tp in dossier.trop_percus] == [None]
    assert [letter.id for letter in dossier.notifications] == ["N-2026-05-04"]


def test_months_follow_the_extract_save_those_an_agent_corrected() -> None:
    months = {"2026-01": Montants(verse=50_000, du=0), "2026-02": Montants(verse=60_000, du=0)}
    dossier = made(an_extract(indus=(an_indu(mois=months),)))
    january = {"mois": "2026-01", "verse": 50_000, "du": 20_000}
    read = {"notification": "N-2026-05-04", "trop_percu": "INK 001", "mois": (january,), "montant": 90_000}
    march = {"2026-03": Montants(verse=70_000, du=0)}
    dossier = give(dossier, command("correct_months", **read), an_extract(le=LATER, indus=(an_indu(mois=march),)))
    (trop_percu,) = dossier.trop_percus
    assert {mois.id: mois.montant for mois in trop_percu.mois} == {"2026-01": 30_000, "2026-03": 70_000}


@pytest.mark.parametrize(
    "seen",
    [
        {"pieces": (a_piece("P1"), a_piece("P2"))},
        {"indus": (an_indu(verse=90_000), an_indu("INQ 002", verse=1))},
        {"indus": (an_indu(verse=90_000), an_indu("INQ 002", day=None, verse=1))},
    ],
)
def test_a_closed_dossier_with_new_work_is_open_again(seen: dict[str, object]) -> None:
    under = an_extract(indus=(an_indu(verse=90_000),))
    dossier = made(under, command("treat_piece", piece="P1"), command("close"))
    assert dossier.etat == CLOS
    dossier = give(dossier, an_extract(le=LATER, **seen))
    assert (dossier.statut, dossier.etat) == (CLOS, OUVERT)


def test_mass_pieces_follow_nature_and_day() -> None:
    pieces = (
        a_piece("P1", date(2026, 3, 2), nature="rac_annuel"),
        a_piece("P2", date(2026, 8, 31), nature="quittance"),
        a_piece("P3", date(2026, 9, 1), nature="quittance"),
        a_piece("P4", None, nature="rac_annuel"),
    )
    assert [piece.extrait.masse for piece in made(an_extract(pieces=pieces)).pieces] == [True, False, True, False]


def test_what_a_newer_program_added_under_the_extract_survives_an_extract() -> None:
    document = json.loads(made(an_extract()).to_json())
    letter = document["notifications"][0]
    places = [document["allocataire"], document["extrait"], document["pieces"][0]["extrait"], letter]
    places += [letter["extrait"], letter["trop_percus"][0], letter["trop_percus"][0]["mois"][0]]
    places += [letter["trop_percus"][0]["mois"][0]["extrait"]]
    for place in places:
        place["futur"] = "gardé"
    every = an_extract(
        le=LATER,
        allocataire=Allocataire.model_validate(
            {name: field.get_default(call_default_factory=True) for name, field in Allocataire.model_fields.items()}
        ),
        pieces=(a_piece(canal="guichet", masse=False),),
        indus=(an_indu(verse=160_000, recue_le=date(2026, 5, 8)),),
    )
    after = give(Dossier.from_json(json.dumps(document)), every)
    assert after.to_json().count('"futur":"gardé"') == len(places)
    assert after.trop_percus[0].montant == 160_000
