"""What was said field by field, and taken back: contact details, facts, planned calls; the letter of a démarche."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.apply import apply, based, replay
from gca_tui.domain.calls import calls
from gca_tui.domain.commands import CancelCall, CorrectContactDetails, EstablishFacts, OpenDemarche
from gca_tui.domain.commands.extract import OLDER
from gca_tui.domain.dossier import COORDONNEES, Allocataire, Coordonnees, Dossier
from gca_tui.domain.trop_percu import Faits
from tests.domain.given import INES, PAUL, an_extract, an_indu, command, give, made, refusal
from tests.strategies import CONTEXT, TODAY, Course, courses, extract_fields, newest

LETTER = {"notification": "N-2026-05-04", "trop_percus": ("INK 001",)}
details = {
    "telephones": st.lists(st.sampled_from(["0600000000", "0611111111"]), max_size=2).map(tuple),
    **{name: st.sampled_from(["", "12 rue Haute", "09000", "Foix"]) for name in COORDONNEES[1:]},
}
facts = {
    "evenement_le": st.dates(date(2026, 1, 1), date(2026, 1, 31)),
    "connu_le": st.dates(date(2026, 2, 1), date(2026, 2, 27)),
    "evenement": st.sampled_from(["", "vous avez repris un emploi"]),
    "tiers": st.booleans(),
    "tiers_nom": st.sampled_from(["", "France Travail"]),
}


def said(values: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields given, and some of the others taken back."""
    each = st.fixed_dictionaries({name: st.one_of(st.just("rien"), st.none(), one) for name, one in values.items()})
    return each.map(
        lambda drawn: (
            {name: one for name, one in drawn.items() if one not in ("rien", None)}
            | {"effacer": tuple(name for name, one in drawn.items() if one is None)}
        )
    )


def expected(told: list[dict[str, Any]], blank: Coordonnees | Faits) -> Coordonnees | Faits:
    """Field by field, the last word of all."""
    fields: dict[str, Any] = {}
    for one in told:
        fields |= {name: value for name, value in one.items() if name != "effacer"}
        fields |= {name: getattr(blank, name) for name in one["effacer"]}
    return blank.model_copy(update=fields)


@given(st.lists(said(details), max_size=5))
def test_each_contact_detail_is_as_it_was_last_said(told: list[dict[str, Any]]) -> None:
    dossier = give(made(an_extract()), *(command(CorrectContactDetails, **one) for one in told))
    assert dossier.coordonnees == expected(told, Coordonnees())
    assert Dossier.from_json(dossier.to_json()) == dossier
    known = dossier.contact_details
    for name in COORDONNEES:
        corrected = getattr(dossier.coordonnees, name)
        assert getattr(known, name) == (getattr(dossier.allocataire, name) if corrected is None else corrected)


@given(st.lists(said(facts), max_size=5))
def test_each_fact_is_as_it_was_last_said(told: list[dict[str, Any]]) -> None:
    dossier = give(made(an_extract()), *(command(EstablishFacts, **LETTER, **one) for one in told))
    assert dossier.trop_percus[0].faits == expected(told, Faits())


def test_the_address_does_not_undo_the_phone() -> None:
    dossier = give(
        made(an_extract()),
        command(CorrectContactDetails, telephones=("0611111111",)),
        command(CorrectContactDetails, adresse="12 rue Haute"),
    )
    known = dossier.contact_details
    assert (known.telephones, known.adresse) == (("0611111111",), "12 rue Haute")
    dossier = give(dossier, command(CorrectContactDetails, effacer=("telephones",)))
    assert (dossier.contact_details.telephones, dossier.contact_details.adresse) == ((), "12 rue Haute")
    assert [change.path for change in dossier.history[-1].changes] == ["coordonnees.telephones"]


def test_two_agents_who_correct_different_details_do_not_conflict() -> None:
    dossier = made(an_extract())
    phone = based(command(CorrectContactDetails, author=INES, telephones=("0611111111",)), dossier)
    address = based(command(CorrectContactDetails, author=PAUL, adresse="12 rue Haute"), dossier)
    assert phone.bases.keys().isdisjoint(address.bases)
    one, _ = replay(dossier, [phone, address], CONTEXT)
    other, _ = replay(dossier, [address, phone], CONTEXT)
    assert one.coordonnees == other.coordonnees


def test_what_says_nothing_new_leaves_no_trace() -> None:
    dossier = give(made(an_extract()), command(CorrectContactDetails, commune="Foix"))
    for again in ({"commune": "Foix"}, {"effacer": ("adresse",)}, {}):
        assert give(dossier, command(CorrectContactDetails, **again)) is dossier


def test_contact_details_written_as_a_whole_are_read_as_before() -> None:
    """Documents once said who corrected them all; a document without any says so by silence."""
    old = made(an_extract(allocataire=Allocataire(nom="SCHÄFER", commune="Mulhouse")))
    document = old.model_dump(mode="json", exclude_defaults=True)
    document["coordonnees"] = {
        "telephones": ["0611111111"],
        "author": {"identifiant": "x"},
        "at": "2026-11-02T09:00:00Z",
    }
    dossier = Dossier.model_validate(document)
    assert dossier.contact_details.telephones == ("0611111111",)
    dossier = give(dossier, command(CorrectContactDetails, commune="Foix", effacer=("telephones",)))
    assert (dossier.contact_details.telephones, dossier.contact_details.commune) == ((), "Foix")


WRONG = ({"effacer": ("inconnu",)}, {"effacer": ("author",)}, {"effacer": ("",)})


@pytest.mark.parametrize("told", WRONG)
def test_only_what_can_be_said_is_taken_back(told: dict[str, Any]) -> None:
    dossier = made(an_extract())
    assert refusal(dossier, command(CorrectContactDetails, **told)) == "champ_inconnu"
    assert refusal(dossier, command(EstablishFacts, **LETTER, **told)) == "champ_inconnu"


def test_nothing_is_given_and_taken_back_at_once() -> None:
    dossier = made(an_extract())
    assert refusal(dossier, command(CorrectContactDetails, commune="", effacer=("commune",))) == "donne_et_retire"
    both = command(EstablishFacts, **LETTER, tiers=False, effacer=("tiers",))
    assert refusal(dossier, both) == "donne_et_retire"


def test_a_fact_taken_back_is_not_said_any_more() -> None:
    day = {"evenement_le": date(2026, 3, 2), "connu_le": date(2026, 3, 9)}
    dossier = give(made(an_extract()), command(EstablishFacts, **LETTER, **day, tiers=True, motif="50"))
    taken = command(EstablishFacts, **LETTER, connu_le=date(2026, 3, 1), effacer=("evenement_le", "tiers", "motif"))
    place = "notifications.N-2026-05-04.trop_percus.INK 001.faits."
    assert set(taken.writes()) == {place + name for name in ("evenement_le", "tiers", "motif", "connu_le")}
    dossier = give(dossier, taken)
    assert dossier.trop_percus[0].faits == Faits(connu_le=date(2026, 3, 1))
    assert dossier.trop_percus[0].code("motif") == "10"
    assert ("02/03/2026", "") in {(change.before, change.after) for change in dossier.history[-1].changes}
    assert give(dossier, command(EstablishFacts, **LETTER, effacer=("tiers",))) is dossier


def test_a_call_that_is_cancelled_is_not_made_and_stays_readable() -> None:
    dossier = made(an_extract(indus=()), command("plan_call", id="a", le=TODAY, objet="autre"))
    cancelled = give(dossier, command(CancelCall, appel="a", motif="Venue à l’accueil."))
    assert calls(cancelled, CONTEXT) == ()
    assert cancelled.open_calls == ()
    (appel,) = cancelled.appels_prevus
    assert appel.annulation is not None
    assert (appel.annulation.motif, appel.annulation.author) == ("Venue à l’accueil.", INES)
    assert refusal(cancelled, command(CancelCall, appel="a", motif="Encore.")) == "deja_annule"
    tried = {"canal": "telephone", "resultat": "joint", "le": TODAY, "appels": ("a",)}
    assert refusal(cancelled, command("log_contact", **tried)) == "appel_inconnu"
    assert give(cancelled, command("plan_call", le=TODAY, objet="autre")).open_calls
    made_call = give(dossier, command("log_contact", **tried))
    assert refusal(made_call, command(CancelCall, appel="a", motif="Trop tard.")) == "deja_fait"


@pytest.mark.parametrize(("told", "code"), [({"appel": "b"}, "appel_inconnu"), ({"motif": " "}, "motif_manquant")])
def test_a_call_is_cancelled_for_a_reason(told: dict[str, str], code: str) -> None:
    dossier = made(an_extract(), command("plan_call", id="a", le=TODAY))
    assert refusal(dossier, command(CancelCall, **{"appel": "a", "motif": "Plus utile.", **told})) == code


def test_a_demarche_may_say_which_letter_it_is_about() -> None:
    dossier = made(an_extract(indus=(an_indu(), an_indu("INQ 002", date(2026, 6, 8)))))
    asked = {"nature": "rectification", "recue_le": date(2026, 6, 10)}
    about = command(OpenDemarche, id="d", **asked, notification="N-2026-06-08")
    dossier = give(dossier, about, command(OpenDemarche, id="e", **asked))
    assert [one.notification for one in dossier.demarches] == ["N-2026-06-08", ""]
    assert '"notification":""' not in dossier.to_json()
    unknown = command(OpenDemarche, **asked, notification="N-2026-07-01")
    assert refusal(dossier, unknown) == "notification_inconnue"


@given(courses(), extract_fields())
def test_an_older_extract_never_wins(course: Course, fields: dict[str, Any]) -> None:
    dossier, le = course.end, fields["le"]
    key = {"caisse": dossier.caisse, "matricule": dossier.matricule}
    older = command("receive_extract", **key, **fields)
    known = [day for day in (dossier.extrait.importe_le, dossier.extrait.absente_le) if day]
    if known and le < max(known):
        assert refusal(dossier, older) == OLDER
    else:
        apply(dossier, older, CONTEXT)
    newer = command("receive_extract", **key, **newest(dossier, fields))
    apply(dossier, newer, CONTEXT)


def test_an_older_extract_does_not_hold_a_dossier_any_more_either() -> None:
    dossier = made(an_extract(le=date(2026, 11, 9)))
    older = date(2026, 11, 2)
    assert refusal(dossier, command("mark_absent", le=older)) == OLDER
    gone = give(dossier, command("mark_absent", le=date(2026, 11, 11)))
    assert refusal(gone, an_extract(le=date(2026, 11, 10), urgence="expulsion")) == OLDER
    assert give(gone, an_extract(le=date(2026, 11, 11))).extrait.absente_le is None
