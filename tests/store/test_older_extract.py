"""An extract of a day before what a dossier has is not laid under it, and the import says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gca_tui import cli, clock
from gca_tui.store import batching
from tests.store.given import exported, extract, imported, note, person, writing

EARLIER = "2026-11-02T09:30:00+00:00"
TOLD = "2\u00a0dossiers ont déjà un extrait plus récent\u00a0: rien n’y change. Vérifiez la date de ce poste."


def on_an_earlier_day(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setenv(clock.FROZEN, EARLIER)
    return cli.run(["--donnees", str(folder), "importer", *arguments])


@pytest.mark.parametrize("helped", [False, True])
@pytest.mark.parametrize("dry", [False, True])
def test_an_older_extract_changes_nothing_and_is_told(tmp_path, monkeypatch, capsys, dry, helped):
    folder = imported(tmp_path / "gca", extract(tmp_path / "a.csv", [person(1), person(2, commune="Foix"), person(3)]))
    with writing(folder) as writer:
        writer.record([note(("681", "0000001"), "Appelée.")]).result()
    before = exported(folder)
    if helped:
        monkeypatch.setattr(batching, "HELPED_FROM", 1)
    older = extract(tmp_path / "b.csv", [person(1, commune="Thann"), person(2, commune=""), person(4)])
    capsys.readouterr()
    assert on_an_earlier_day(folder, monkeypatch, "--json", *(["--a-blanc"] if dry else []), str(older)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert TOLD in lines
    assert not any("absent" in line for line in lines)
    assert json.loads(lines[-1]) == {"lignes": 3, "prises": 3, "rejetees": 0, "inchangees": 2}
    after = exported(folder)
    assert [one for one in after if one["matricule"] != "0000004"] == before
    assert len(after) == (3 if dry else 4)


def test_an_extract_of_the_same_day_is_not_older(tmp_path, capsys):
    folder = imported(tmp_path / "gca", extract(tmp_path / "a.csv", [person(1)]))
    capsys.readouterr()
    imported(folder, extract(tmp_path / "b.csv", [person(1, commune="Thann")]))
    assert "plus récent" not in capsys.readouterr().out
    assert exported(folder)[0]["allocataire"]["commune"] == "Thann"
