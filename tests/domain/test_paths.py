import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gca_tui.domain.dossier import Dossier
from gca_tui.domain.paths import appends, path, read, steps, write_all
from gca_tui.domain.pieces import Piece
from gca_tui.domain.traces import Note
from tests.domain.given import an_extract, made
from tests.strategies import AUTHORS, NOW

ids = st.one_of(st.text("a.%25E2e", max_size=8), st.text(max_size=8))


@given(st.lists(ids, min_size=1, max_size=4))
@example(["a.b", "%2E", "%", "%25", "%252E", ".", ""])
def test_steps_come_back(names: list[str]) -> None:
    assert steps(path(*names)) == names


@given(ids, ids)
def test_two_ids_never_share_a_path(one: str, other: str) -> None:
    assert (path("notes", one) == path("notes", other)) == (one == other)


@given(st.lists(ids, unique=True, max_size=4), ids)
def test_items_are_found_appended_and_replaced_by_id(names: list[str], new: str) -> None:
    dossier = Dossier(caisse="681", matricule="0123456", pieces=tuple(Piece(id=name) for name in names))
    for name in names:
        assert read(dossier, path("pieces", name)) == Piece(id=name)
        assert not appends(dossier, path("pieces", name))
    assert appends(dossier, path("pieces", new)) == (new not in names)
    written = write_all(dossier, {path("pieces", new): Piece(id=new, future="x")}, {"rev": 1})
    expected = names if new in names else [*names, new]
    assert [piece.id for piece in written.pieces] == expected
    assert read(written, path("pieces", new)).model_extra == {"future": "x"}
    assert written.rev == 1


def test_fields_and_nested_fields() -> None:
    dossier = made(an_extract())
    month = path("notifications", "N-2026-05-04", "trop_percus", "INK 001", "mois", "2026-01")
    assert read(dossier, f"{month}.extrait.verse") == 150_000
    assert read(dossier, path("pieces", "P9", "traitement")) is None
    assert not appends(dossier, "statut")
    assert not appends(dossier, path("pieces", "P1", "traitement"))
    written = write_all(dossier, {"statut": "clos", f"{month}.extrait.verse": 1, "extrait.urgence": "x"}, {})
    assert (written.statut, read(written, f"{month}.extrait.verse"), written.extrait.urgence) == ("clos", 1, "x")
    assert read(dossier, f"{month}.extrait.verse") == 150_000


def test_several_items_of_one_list_in_one_write() -> None:
    dossier = Dossier(caisse="681", matricule="0123456")
    notes = {path("notes", name): Note(id=name, texte=name, author=AUTHORS[0], at=NOW) for name in ("a.1", "b")}
    assert [note.id for note in write_all(dossier, notes, {}).notes] == ["a.1", "b"]


def test_a_step_that_leads_nowhere_is_an_error_of_the_program() -> None:
    dossier = Dossier(caisse="681", matricule="0123456")
    with pytest.raises(KeyError):
        write_all(dossier, {path("pieces", "P9", "traitement"): None}, {})
