"""What is done in a quicker way gives what the plain way gives."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gca_tui.domain.apply import apply
from gca_tui.domain.commands import ReceiveExtract
from gca_tui.domain.dossier import Allocataire, Coordonnees, Dossier
from gca_tui.domain.folding import plain
from gca_tui.domain.paths import changed
from gca_tui.domain.settings import DEFAULT_TARGETS, Settings
from gca_tui.domain.values import Item, trusted
from tests.domain.given import KATIA
from tests.strategies import CONTEXT, NOW, extract_fields


@given(extract_fields(), st.booleans())
def test_a_first_extract_is_an_extract_on_a_blank_dossier(fields: dict[str, Any], partial: bool) -> None:
    said = {"id": "x", "caisse": "681", "matricule": "0000001", "author": KATIA, "at": NOW, "partial": partial}
    command = ReceiveExtract.model_validate({**said, **fields})
    blank = Dossier(caisse="681", matricule="0000001")
    first, plainly = apply(None, command, CONTEXT), apply(blank, command, CONTEXT)
    assert first == plainly
    assert first.to_json() == plainly.to_json()
    assert list(first.__dict__) == list(plainly.__dict__)
    assert first.model_fields_set == plainly.model_fields_set
    assert Dossier.from_json(first.to_json()) == first


@given(st.text())
def test_plain_letters_are_casefolded_without_their_marks(text: str) -> None:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    ligatures = {"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    kept = [ligatures.get(char, char) for char in decomposed if not unicodedata.combining(char)]
    assert plain(text) == plain(text) == "".join(kept)


def test_values_are_equal_when_class_and_fields_are() -> None:
    known = Allocataire(nom="SCHÄFER")
    assert known == trusted(Allocataire, {"nom": "SCHÄFER"}, {"nom"})
    assert hash(known) == hash(trusted(Allocataire, {"nom": "SCHÄFER"}, {"nom"}))
    assert known != Allocataire(nom="SCHAEFER")
    assert known != Coordonnees(author=KATIA, at=NOW)
    assert known != "SCHÄFER"
    newer = Allocataire.model_validate({"nom": "SCHÄFER", "surnom": "Zoé"})
    assert newer != known
    assert newer == Allocataire.model_validate({"nom": "SCHÄFER", "surnom": "Zoé"})
    assert Item(id="a") != trusted(type("Other", (Item,), {}), {"id": "a"}, {"id"})


def test_changing_a_field_leaves_the_value_as_it_was() -> None:
    before = Allocataire(nom="DIALLO")
    after = changed(before, {"commune": "Foix"})
    assert (before.commune, after.nom, after.commune) == ("", "DIALLO", "Foix")
    assert after == before.model_copy(update={"commune": "Foix"})
    assert after.model_fields_set == {"nom", "commune"}


@pytest.mark.parametrize("targets", [DEFAULT_TARGETS, DEFAULT_TARGETS[-1:]])
def test_settings_of_one_version_are_told_apart_by_their_content(targets: Any) -> None:
    one, other = Settings(targets=targets), Settings(threshold=1, targets=targets)
    assert hash(one) == hash(other)
    assert one != other
    assert {one: "one", other: "other"}[Settings(targets=targets)] == "one"
