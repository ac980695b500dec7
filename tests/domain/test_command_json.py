"""A command that was written down and read again does the same to any dossier."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gca_tui.domain.apply import apply, based
from gca_tui.domain.command import Command, CommandRefused
from gca_tui.domain.commands import ANY_COMMAND, AddNote, AnyCommand, MarkAbsent, ReceiveExtract
from gca_tui.domain.dossier import Allocataire, Dossier
from gca_tui.domain.values import Value
from tests.domain.given import KATIA, an_extract, command, made
from tests.domain.test_apply import sent, with_unknown_fields
from tests.strategies import CONTEXT, NOW, Course, commands, courses, extract_fields, newest

NAIVE = NOW.replace(tzinfo=None)
NIGHT = datetime(2026, 11, 12, 0, 30, tzinfo=timezone(timedelta(hours=1)))


def extract(fields: dict[str, Any]) -> ReceiveExtract:
    said = {"id": "x", "caisse": "681", "matricule": "0000001", "author": KATIA, "at": NOW}
    return ReceiveExtract.model_validate({**said, **fields})


def told(value: object) -> object:
    """A value and all below it, with the fields that each of them sets."""
    if isinstance(value, Value):
        return type(value), {name: told(getattr(value, name)) for name in {*value.model_fields_set} - {"kind"}}
    if isinstance(value, dict):
        return {name: told(inner) for name, inner in value.items()}
    return [told(inner) for inner in value] if isinstance(value, tuple) else value


def outcome(dossier: Dossier | None, given_now: Command) -> tuple[Dossier | None, str]:
    try:
        return apply(dossier, given_now, CONTEXT), ""
    except CommandRefused as refused:
        return dossier, refused.code


@given(extract_fields())
def test_an_extract_still_says_which_columns_it_lacked(fields: dict[str, Any]) -> None:
    given_now = extract(fields)
    again = sent(given_now)
    assert again == given_now
    assert told(again) == told(given_now)
    assert again.model_dump_json() == given_now.model_dump_json()


@given(courses(), extract_fields(), st.booleans())
def test_an_extract_read_again_does_the_same(course: Course, fields: dict[str, Any], is_newer: bool) -> None:
    fields = newest(course.end, fields) if is_newer else fields
    given_now = extract({**fields, "caisse": course.end.caisse, "matricule": course.end.matricule})
    for dossier in (None, course.start, course.end):
        for one in (given_now, based(given_now, course.end)):
            after = outcome(dossier, one)
            assert outcome(dossier, sent(one)) == after
            assert outcome(dossier, sent(sent(one))) == after


@given(courses(max_size=6), st.data())
def test_any_command_read_again_does_the_same(course: Course, data: st.DataObject) -> None:
    given_now = based(data.draw(commands(course.end)), course.end)
    assert sent(given_now) == given_now
    assert outcome(course.end, sent(given_now)) == outcome(course.end, given_now)


@given(courses(max_size=3), st.data())
def test_what_a_newer_program_says_in_a_command_survives(course: Course, data: st.DataObject) -> None:
    given_now: AnyCommand = data.draw(commands(course.end))
    document = with_unknown_fields(json.loads(given_now.model_dump_json()))
    read = ANY_COMMAND.validate_python(document)
    again = json.loads(read.model_dump_json())
    assert isinstance(document, dict)
    assert again.items() >= {name: said for name, said in document.items() if name not in ("at", "bases")}.items()
    assert sent(read) == read


def test_an_empty_cell_and_a_missing_column_are_told_apart() -> None:
    dossier = made(
        an_extract(allocataire=Allocataire(nom="SCHÄFER", commune="Foix"), convention="CONV-1", urgence="expulsion")
    )
    missing = sent(extract({"le": NOW.date(), "matricule": "0123456", "allocataire": Allocataire(nom="SCHÄFER")}))
    assert apply(dossier, missing, CONTEXT) is dossier
    fields = {"convention": None, "urgence": "", "allocataire": Allocataire(nom="SCHÄFER", commune="")}
    empty = sent(extract({"le": NOW.date(), "matricule": "0123456", **fields}))
    after = apply(dossier, empty, CONTEXT)
    assert (after.convention, after.extrait.urgence, after.allocataire.commune) == (None, "", "")


def test_the_json_of_an_extract_says_its_kind_and_what_it_sets() -> None:
    said = json.loads(extract({"le": NOW.date(), "pieces": ()}).model_dump_json())
    assert said.keys() == {"kind", "id", "caisse", "matricule", "author", "at", "le", "pieces"}


@pytest.mark.parametrize("at", ["2026-11-12T09:30:00", NAIVE, "0001-01-01T00:00:00+10:00"])
@pytest.mark.parametrize("kind", [AddNote, MarkAbsent, ReceiveExtract])
def test_a_time_that_nobody_can_place_is_refused(kind: type[Command], at: object) -> None:
    fields = {"id": "n", "caisse": "681", "matricule": "0000001", "author": KATIA, "texte": "x", "le": NOW.date()}
    with pytest.raises(ValidationError, match=r"en temps universel") as refused:
        kind.model_validate({**fields, "at": at})
    assert [error["loc"] for error in refused.value.errors()] == [("at",)]


def test_an_instant_is_kept_in_universal_time() -> None:
    """Rules look at the day of a command: it must not depend on where its clock stood."""
    note = command("add_note", texte="x", at=NIGHT)
    assert (note.at, note.at.tzinfo) == (NIGHT, UTC)
    assert note.at.date() == datetime(2026, 11, 11, tzinfo=UTC).date()
    assert sent(note).at.isoformat() == "2026-11-11T23:30:00+00:00"
