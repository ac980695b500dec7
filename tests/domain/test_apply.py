"""What holds for any commands in any order: the promises that store, sync and undo are built on."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.apply import SHOWN, apply, based, replay
from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.commands import (
    ANY_COMMAND,
    AddNote,
    AnyCommand,
    CloseDemarche,
    LogContact,
    MarkAbsent,
    OpenDemarche,
    RecordReception,
    TreatPiece,
)
from gca_tui.domain.commands.explanation import MoisCorrige
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.french import typeset
from gca_tui.domain.paths import appends, read
from gca_tui.domain.settings import Settings
from tests.domain.given import an_extract, command, give, made
from tests.strategies import AGENT_KINDS, CALENDARS, CONTEXT, MAKERS, TODAY, Course, commands, courses, dossiers

GROWING = (
    *("notes", "contacts", "questions", "appels", "appels_prevus", "attentes", "rendez_vous", "demarches"),
    *("derogations", "pieces"),
)
BOOKS = {"rev", "revisions", "history"}


def sent(given_now: Command) -> AnyCommand:
    """The command as it comes out of an outbox."""
    return ANY_COMMAND.validate_json(given_now.model_dump_json())


def test_the_strategies_know_every_kind_of_command() -> None:
    union = json.loads(json.dumps(ANY_COMMAND.json_schema()))["discriminator"]["mapping"]
    assert set(union) == {kind.model_fields["kind"].default for kind in MAKERS}


@given(st.data())
def test_a_command_is_applied_or_refused_with_words(data: st.DataObject) -> None:
    dossier = data.draw(dossiers)
    given_now = data.draw(commands(dossier))
    before = dossier.to_json()
    after, refused = replay(dossier, [given_now], CONTEXT)
    if refused:
        ((_, refusal),) = refused
        assert refusal.code
        assert refusal.reason.endswith(".")
        assert typeset(refusal.reason) == refusal.reason
        assert after is dossier
    else:
        assert after is dossier or after.rev == dossier.rev + 1
    assert dossier.to_json() == before


@given(courses())
def test_lists_only_grow(course: Course) -> None:
    for step in course.steps:
        for name in GROWING:
            before, after = getattr(step.before, name), getattr(step.after, name)
            assert [item.id for item in after[: len(before)]] == [item.id for item in before]
        assert step.after.notes[: len(step.before.notes)] == step.before.notes
        assert step.after.contacts[: len(step.before.contacts)] == step.before.contacts


@given(courses(AGENT_KINDS, min_size=6))
def test_versions_and_passages_are_kept_as_they_were(course: Course) -> None:
    for step in course.steps:
        for before, after in zip(step.before.notifications, step.after.notifications, strict=True):
            assert after.versions[: len(before.versions)] == before.versions
            assert after.passages[: len(before.passages)] == before.passages
            if after.versions:
                written = after.explication.model_dump().items()
                assert written <= after.versions[-1].model_dump().items()


@given(courses())
def test_replaying_what_was_accepted_gives_the_same_dossier(course: Course) -> None:
    again, refused = replay(course.start, course.accepted, CONTEXT)
    assert (again, refused) == (course.end, ())


@given(courses())
def test_a_refusal_does_not_stop_the_later_commands(course: Course) -> None:
    again, refused = replay(course.start, [step.command for step in course.steps], CONTEXT)
    assert again == course.end
    assert [one.id for one, _ in refused] == [step.command.id for step in course.steps if step.refusal]


@given(courses(max_size=8))
def test_a_store_in_between_changes_nothing(course: Course) -> None:
    """The dossier and the commands come back from JSON between any two steps, on any later day."""
    later = replace(CONTEXT, today=TODAY + timedelta(days=40))
    dossier = course.start
    for given_now in course.accepted:
        dossier = apply(Dossier.from_json(dossier.to_json()), sent(based(given_now, dossier)), later)
    assert dossier == course.end


@given(courses(AGENT_KINDS, min_size=2, max_size=8), st.data())
def test_undo_is_exact(course: Course, data: st.DataObject) -> None:
    """Undone, a command leaves nothing behind; the others keep all they did elsewhere than where it wrote."""
    accepted = course.accepted
    if not accepted:
        return
    dropped = data.draw(st.sampled_from(accepted))
    others = [sent(one) for one in accepted if one is not dropped]
    undone, refused = replay(Dossier.from_json(course.start.to_json()), others, CONTEXT)
    if refused:
        return
    never_given = course.start
    for other in accepted:
        if other is not dropped:
            never_given = apply(never_given, other, CONTEXT)
    assert undone == never_given
    assert undone.rev < course.end.rev
    assert json.dumps(dropped.id) not in undone.to_json()
    assert elsewhere(undone, dropped) == elsewhere(course.end, dropped)


def elsewhere(dossier: Dossier, given_once: AnyCommand) -> dict[str, object]:
    """The dossier without what the command may have set, nor the accounts of it."""
    places = given_once.writes()
    left: dict[str, object] = {}
    for name in Dossier.model_fields.keys() - BOOKS - set(places):
        value = getattr(dossier, name)
        touched = [place for place in places if place.startswith(f"{name}.")]
        items = {id(read(dossier, ".".join(place.split(".")[:2]))) for place in touched}
        left[name] = [item for item in value if id(item) not in items] if touched else value
    return left


def unannounced(dossier: Dossier, given_now: AnyCommand) -> set[str]:
    announced = given_now.writes()
    changes = given_now.changes(dossier, CONTEXT)
    return {name for name in changes if not any(name == place or name.startswith(f"{place}.") for place in announced)}


def test_what_a_command_does_on_the_side_is_announced() -> None:
    pause = {"depuis": date(2026, 11, 2), "jusqu_au": date(2026, 11, 20), "motif": "Bail."}
    dossier = made(an_extract(), command("wait", **pause), command(TreatPiece, piece="P1"))
    assert unannounced(dossier, command("close")) == set()
    assert unannounced(dossier, an_extract(pieces=(), indus=())) == set()


@given(courses())
def test_every_change_is_announced(course: Course) -> None:
    for step in course.steps:
        if step.after is step.before:
            continue
        announced = step.command.writes()
        assert unannounced(step.before, step.command) == set()
        for name in Dossier.model_fields.keys() - BOOKS:
            if getattr(step.before, name) != getattr(step.after, name):
                assert any(name == place.split(".")[0] for place in announced)


@given(courses())
def test_the_revision_of_a_field_is_that_of_the_command_that_set_it(course: Course) -> None:
    expected = dict(course.start.revisions)
    for step in course.steps:
        if step.after is not step.before:
            changes = step.command.changes(step.before, CONTEXT)
            expected |= {name: step.after.rev for name in changes if not appends(step.before, name)}
            assert step.after.history[-1].id == step.command.id
            assert step.after.history[-1].at == step.command.at
        assert step.after.revisions == expected


@given(courses(AGENT_KINDS))
def test_bases_hold_what_the_author_saw(course: Course) -> None:
    for step in course.steps:
        for name, base in based(step.command, step.before).bases.items():
            assert name in step.command.writes()
            assert base.rev == step.before.revisions.get(name, 0)
            seen = read(step.before, name)
            assert (base.value is None) == (seen is None)


@given(courses())
def test_a_document_comes_back_from_json_as_it_was(course: Course) -> None:
    document = course.end.to_json()
    assert Dossier.from_json(document) == course.end
    assert Dossier.from_json(document).to_json() == document


@given(courses(AGENT_KINDS), st.data())
def test_a_command_already_applied_is_never_applied_again(course: Course, data: st.DataObject) -> None:
    if not course.accepted:
        return
    again = data.draw(st.sampled_from(course.accepted))
    after, _ = replay(course.end, [again], CONTEXT)
    assert after is course.end


@given(courses(min_size=6, context=Context(TODAY, CALENDARS, Settings(history_limit=3))))
def test_the_history_is_bounded(course: Course) -> None:
    assert len(course.end.history) == min(3, course.end.rev)
    assert [entry.id for entry in course.end.history] == [
        step.command.id for step in course.steps if step.after is not step.before
    ][-3:] or course.end.rev <= 3
    for entry in course.end.history:
        assert all(len(change.before) <= SHOWN and len(change.after) <= SHOWN for change in entry.changes)


def test_long_texts_are_kept_once() -> None:
    texts = [f"{word} " * 40 for word in ("note", "corrigée", "contact", "pièce", "objet", "issue", "question")]
    note, corrected, contact, comment, objet, issue, question = texts
    dossier = give(
        made(an_extract()),
        command("add_note", id="n", texte=note),
        command("correct_note", texte=corrected, corrige="n"),
        command(LogContact, canal="courriel", resultat="joint", le=TODAY, texte=contact),
        command(TreatPiece, piece="P1", commentaire=comment),
        command(OpenDemarche, id="d", nature="remise", recue_le=TODAY, objet=objet),
        command(CloseDemarche, demarche="d", le=TODAY, issue=issue),
        command("ask_referent", texte=question),
    )
    assert [dossier.to_json().count(text) for text in texts] == [1] * len(texts)


def test_history_says_before_and_after_in_french() -> None:
    dossier = give(made(an_extract()), command(RecordReception, notification="N-2026-05-04", le=TODAY))
    (change,) = dossier.history[-1].changes
    assert (change.path, change.before, change.after) == ("notifications.N-2026-05-04.recue_le", "", "12/11/2026")


def test_history_says_what_was_established_and_read() -> None:
    letter = {"notification": "N-2026-05-04"}
    month = MoisCorrige(mois="2026-01", verse=150_000, du=25_000)
    dossier = give(
        made(an_extract()),
        command("establish_facts", **letter, trop_percus=("INK 001",), tiers=False, connu_le=date(2026, 6, 3)),
        command("correct_months", **letter, trop_percu="INK 001", mois=(month,), montant=125_000),
    )
    facts, months = ([(change.before, change.after) for change in entry.changes] for entry in dossier.history[-2:])
    assert facts == [("", "03/06/2026"), ("", "non")]
    assert months == [("", "reçu 1\u00a0500,00\u00a0€, droit 250,00\u00a0€")]


def test_another_dossier_s_command_is_refused() -> None:
    dossier = made(an_extract())
    with pytest.raises(CommandRefused) as refused:
        apply(dossier, command(AddNote, texte="x", matricule="7654321"), CONTEXT)
    assert refused.value.code == "autre_dossier"
    assert "681·7654321" in refused.value.reason


@pytest.mark.parametrize("given_first", [command(AddNote, texte="x"), command(MarkAbsent, le=TODAY)])
def test_only_an_extract_makes_a_dossier(given_first: AnyCommand) -> None:
    with pytest.raises(CommandRefused) as refused:
        apply(None, given_first, CONTEXT)
    assert refused.value.code == "dossier_inconnu"


def test_the_same_note_sent_twice_is_one_note() -> None:
    note = command(AddNote, texte="Reçu l’avis d’imposition.")
    dossier, refused = replay(made(an_extract()), [note, note], CONTEXT)
    assert len(dossier.notes) == 1
    assert [why.code for _, why in refused] == ["deja_applique"]


FUTURE = {"champ_futur": {"liste": [1, "deux", None], "texte": "é"}}


def with_unknown_fields(value: object) -> object:
    """The document as a newer program would send it: something more in every object."""
    if isinstance(value, dict):
        return {name: with_unknown_fields(inner) for name, inner in value.items()} | FUTURE
    if isinstance(value, list):
        return [with_unknown_fields(inner) for inner in value]
    return value


def paths_of_unknown(value: object, where: str = "") -> set[str]:
    if isinstance(value, list):
        return {found for n, inner in enumerate(value) for found in paths_of_unknown(inner, f"{where}/{n}")}
    if not isinstance(value, dict):
        return set()
    mine = {where} if "champ_futur" in value else set()
    return mine.union(
        *(paths_of_unknown(inner, f"{where}/{name}") for name, inner in value.items() if name != "champ_futur")
    )


REPLACED = (
    "/lie_a",
    "/traitement",
    "/corrige",
    "/cloture",
    "/urgence",
    "/revisions",
    "/history",
    "/levee",
    "/signalement",
)
"""Values an agent says anew as a whole, and the program's own accounts."""


@given(courses(max_size=6), st.data())
def test_what_a_newer_program_wrote_survives(course: Course, data: st.DataObject) -> None:
    document = json.loads(course.end.to_json())
    document.pop("revisions", None)
    document = with_unknown_fields(document)
    assert isinstance(document, dict)
    document["signalements"] = [{"id": "S1", "kind": "inconnu"}]
    document.setdefault("history", []).append(  # a kind of command of tomorrow
        {"id": "h", "kind": "kind_futur", "author": {"identifiant": "x"}, "at": "2026-11-12T09:00:00Z"}
    )
    dossier = Dossier.from_json(json.dumps(document))
    assert paths_of_unknown(json.loads(dossier.to_json())) == paths_of_unknown(document)
    for n in range(4):
        dossier, _ = replay(dossier, [data.draw(commands(dossier, f"apres{n}"))], CONTEXT)
    after = json.loads(dossier.to_json())
    kept = {place for place in paths_of_unknown(document) if not any(step in place for step in REPLACED)}
    unmoved = {place for place in kept if not place.startswith("/notifications")}
    assert unmoved <= paths_of_unknown(after)
    assert after["signalements"] == document["signalements"]
    assert any(entry["kind"] == "kind_futur" for entry in after["history"])
