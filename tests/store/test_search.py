"""Search: names are found however they are typed, and what is found follows every change."""

import pytest

from gca_tui.domain.commands import CorrectNote
from gca_tui.store.filter_terms import Setting, parse, parse_everywhere
from tests.store.given import AT, ME, TODAY, extract, imported, note, person, window, writing

NAMES = {
    1: "Schäfer", 2: "Schaefer", 3: "SCHAFER", 4: "D’Angelo", 5: "Dangelo", 6: "D Angelo", 7: "O Connor",
    8: "OConnor", 9: "O'Conor", 10: "Nuñez", 11: "NUNEZ", 12: "Müller-Wurtz", 13: "Le Goff", 14: "Weiß", 15: "Œuvrard",
}  # fmt: skip


@pytest.fixture
def names(tmp_path):
    lines = [person(number, nom) for number, nom in NAMES.items()]
    return imported(tmp_path / "gca", extract(tmp_path / "noms.csv", lines))


def found(opened, text, everywhere=False):
    condition = parse_everywhere(text) if everywhere else parse(text, Setting(TODAY, opened.calendars()))
    rows = opened.rows(sorted(opened.matching(condition, TODAY)))
    return {int(row.matricule) for row in rows.values()}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *((typed, {1, 2, 3}) for typed in ("Schäfer", "Schaefer", "SCHAFER", "schafer", "schaf", "SCHÄF")),
        *((typed, {4, 5, 6}) for typed in ("D'Angelo", "D’Angelo", "dangelo", "d angelo", "DANG")),
        *((typed, {7, 8, 9}) for typed in ("O Connor", "OConnor", "o'connor", "oconor", "O’CON")),
        *((typed, {10, 11}) for typed in ("Nuñez", "nunez", "NUÑ")),
        *((typed, {12}) for typed in ("muller", "Mueller-Wurtz", "wurtz", "mullerwurtz")),
        *((typed, {13}) for typed in ("legoff", "le goff", "goff zoé", "zoe goff")),
        ("weiss", {14}),
        ("oeuvrard", {15}),
        ("œuv", {15}),
        ("0000012", {12}),
        ("000001", {10, 11, 12, 13, 14, 15}),
        ("inconnu", set()),
    ],
)
def test_a_name_is_found_as_anybody_would_type_it(names, typed, expected):
    with window(names) as opened:
        assert found(opened, typed) == expected
        assert found(opened, typed, everywhere=True) == expected


def test_what_is_found_follows_notes_corrections_and_undo(names):
    first = note(("681", "0000001"), "Le bailleur SCHÖPFLIN a rappelé.")
    with writing(names) as writer, window(names) as opened:
        writer.record([first]).result()
        for typed in ("note:bailleur", "note:schopf", "note:Schoepflin"):
            assert found(opened, typed) == {1}
        assert found(opened, "schöpflin") == set()
        assert found(opened, "schöpflin", everywhere=True) == {1}
        corrected = CorrectNote(
            id="corr",
            caisse="681",
            matricule="0000001",
            author=ME,
            at=AT,
            texte="Pas lui : la mairie.",
            corrige=first.id,
        )
        writer.record([corrected]).result()
        assert found(opened, "note:mairie note:bailleur") == {1}
        writer.undo().result()
        assert (found(opened, "note:mairie"), found(opened, "note:bailleur")) == (set(), {1})
        writer.undo().result()
        assert found(opened, "note:bailleur") == set()


def test_a_family_that_changes_its_name_is_found_by_the_new_one(names):
    imported(names, extract(names.parent / "neuf.csv", [person(13, "Kléber"), *(person(n, NAMES[n]) for n in (1, 2))]))
    with window(names) as opened:
        assert found(opened, "kleber") == {13}
        assert found(opened, "goff") == set()
