"""Imports: the same twice, newer ones, absences, rejected lines, dry runs, two at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gca_tui.domain.dossier import Dossier
from gca_tui.store import loading
from gca_tui.store.location import DATABASE, exclusive
from tests.store.given import (
    AT,
    FIXTURES,
    ME,
    TODAY,
    Key,
    exported,
    extract,
    imported,
    note,
    person,
    raw,
    run,
    window,
    writing,
)
from tests.store.ledger import check, settled

MULHOUSE = [FIXTURES / f"mulhouse-2026-11-{day}.csv" for day in (12, 19)]
EVERY = sorted(path for path in FIXTURES.iterdir() if path.is_file())


def numbers(capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    """The last line that an import with --json printed."""
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def one(folder: Path, key: Key) -> Dossier:
    with window(folder) as opened:
        document = opened.document(*key)
    assert document
    return Dossier.from_json(document)


def consistent(folder: Path) -> None:
    with writing(folder) as writer:
        check(folder, writer.context())
    settled(folder)


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.name)
def test_the_same_file_twice_changes_nothing(tmp_path, path, capsys):
    folder = imported(tmp_path / "gca", path)
    before = exported(folder)
    capsys.readouterr()
    assert run(folder, "importer", "--json", str(path)) == 0
    told = numbers(capsys)
    assert told["prises"] == told["inchangees"] == told["lignes"] > 0
    assert exported(folder) == before
    consistent(folder)


def test_two_files_given_together_are_one_extract(tmp_path, capsys):
    files = [extract(tmp_path / f"{n}.csv", [person(n)]) for n in (1, 2)]
    folder = imported(tmp_path / "gca", *files)
    assert [document["extrait"].get("absente_le") for document in exported(folder)] == [None, None]


def test_a_newer_extract_replaces_its_own_and_nothing_else(tmp_path, capsys):
    folder = imported(tmp_path / "gca", MULHOUSE[0])
    key = ("681", "0045121")
    with writing(folder) as writer:
        writer.record([note(key, "Elle rappelle lundi.")]).result()
    before = one(folder, key)
    assert run(folder, "importer", str(MULHOUSE[1])) == 0
    after = one(folder, key)
    assert after.notes == before.notes
    assert {piece.id: (piece.etat, piece.absente_le is None) for piece in after.pieces} == {
        "P-2026-1001": ("", False),
        "P-2026-1002": ("RET", True),
    }
    assert after.notifications[0].reception is not None
    consistent(folder)


def test_who_is_absent_is_marked_in_its_own_corbeille_and_comes_back(tmp_path, capsys):
    folder = imported(
        tmp_path / "gca", extract(tmp_path / "a.csv", [person(n) for n in (1, 2)] + [person(3, "", "091")])
    )
    imported(folder, extract(tmp_path / "b.csv", [person(1)]))
    assert "1 dossier absent" in capsys.readouterr().out.replace("\xa0", " ")
    absent = {
        n: one(folder, (caisse, f"{n:07d}")).extrait.absente_le for n, caisse in ((1, "681"), (2, "681"), (3, "091"))
    }
    assert [n for n, day in absent.items() if day] == [2]
    marked = exported(folder)
    imported(folder, tmp_path / "b.csv")
    assert exported(folder) == marked
    imported(folder, tmp_path / "a.csv")
    assert one(folder, ("681", "0000002")).extrait.absente_le is None
    consistent(folder)


def test_a_rejected_line_never_makes_anything_absent(tmp_path, capsys):
    whole = [person(n, piece=f"P{n}", recue_le="01/10/2026") for n in (1, 2)] + [person(2, piece="P3")]
    folder = imported(tmp_path / "gca", extract(tmp_path / "a.csv", whole))
    broken = [whole[0], {**whole[1], "recue_le": "31/02/2026"}, whole[2]]
    rejects = tmp_path / "rejets.csv"
    assert run(folder, "importer", "--json", "--rejets", str(rejects), str(extract(tmp_path / "b.csv", broken))) == 1
    assert numbers(capsys) == {"lignes": 3, "prises": 2, "rejetees": 1, "inchangees": 2}
    assert [piece.absente_le for piece in one(folder, ("681", "0000002")).pieces] == [None, None]
    unknown = [whole[0], {**whole[1], "matricule": "illisible"}]
    assert run(folder, "importer", "--rejets", str(rejects), str(extract(tmp_path / "c.csv", unknown))) == 1
    assert one(folder, ("681", "0000002")).extrait.absente_le is None
    assert "illisible" in rejects.read_text("utf-8-sig")


def test_rejects_that_cannot_be_written_stop_the_import_before_it_begins(tmp_path, capsys):
    folder = imported(tmp_path / "gca", extract(tmp_path / "a.csv", [person(1)]))
    before = exported(folder)
    broken = extract(tmp_path / "b.csv", [person(2), {**person(3), "recue_le": "jamais"}])
    assert run(folder, "importer", "--rejets", str(tmp_path / "nulle" / "part.csv"), str(broken)) == 2
    assert "Rien n’a été importé" in capsys.readouterr().err
    assert exported(folder) == before


@pytest.mark.parametrize("start", [[], [MULHOUSE[0]]], ids=["empty", "full"])
def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path, capsys, start):
    folder = tmp_path / "gca"
    for path in start:
        imported(folder, path)
    before: list[Any] = exported(folder)
    capsys.readouterr()
    assert run(folder, "importer", "--a-blanc", "--json", str(MULHOUSE[1])) == 0
    dry = numbers(capsys)
    assert exported(folder) == before
    with writing(folder):
        pass
    with window(folder) as opened:
        assert opened.generation() == len(start)
    assert run(folder, "importer", "--json", str(MULHOUSE[1])) == 0
    assert numbers(capsys) == dry
    assert exported(folder) != before


def test_a_second_import_at_once_is_refused_in_words(people, capsys):
    path = extract(people.parent / "b.csv", [person(1, "AUTRE")])
    before = exported(people)
    capsys.readouterr()
    with exclusive(people, "import", "Un import est"):
        assert run(people, "importer", str(path)) == 3
    assert "Un import est en cours dans un autre programme." in capsys.readouterr().err
    assert exported(people) == before
    assert run(people, "importer", str(path)) == 0


def test_commands_pending_through_an_import_stay_pending(people):
    with writing(people) as writer:
        writer.record([note(("681", "0000001"), "en attente")]).result()
        newer = extract(people.parent / "b.csv", [person(n, "AUTRE") for n in range(1, 31)])
        assert run(people, "importer", str(newer)) == 0
        check(people, writer.context())
        assert one(people, ("681", "0000001")).allocataire.nom == "AUTRE"
        assert [command.kind for command in writer.undo().result()] == ["add_note"]
        assert one(people, ("681", "0000001")).notes == ()
        check(people, writer.context())


@pytest.mark.parametrize("name", ["absent.csv", "."])
def test_a_file_that_cannot_be_read_is_said_and_nothing_changes(people, capsys, name):
    before = (people / DATABASE).read_bytes()
    assert run(people, "importer", str(people.parent / name)) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert (people / DATABASE).read_bytes() == before


def test_reading_the_whole_store_leaves_the_writers_lock(people, monkeypatch):
    rows, asked = loading.Loader._rows, []

    def while_another_writes(self, sql, params):
        with raw(people) as other:
            other.execute("PRAGMA busy_timeout = 0")
            other.execute("BEGIN IMMEDIATE")
            found = list(rows(self, sql, params))  # read here, while another has the lock
            other.execute("ROLLBACK")
        asked.append(sql)
        return found

    monkeypatch.setattr(loading.Loader, "_rows", while_another_writes)
    with writing(people) as writer:
        loader = writer.loader()
        assert loader.mark_absent({("681", "")}, set(), TODAY, ME, AT) > 0
    assert len(asked) == 2
