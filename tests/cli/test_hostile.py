"""Data that would act on a terminal or a spreadsheet, places that cannot be written, errors nobody foresaw."""

import csv
import json
from pathlib import Path

import pytest

from gca_tui import crash
from gca_tui.presentation.safe_text import FORBIDDEN
from tests.conftest import Gca
from tests.store.given import window


def test_a_spreadsheet_runs_nothing_of_an_export(gca: Gca, hostile, tmp_path):
    target = tmp_path / "liste.csv"
    ran = gca("exporter", "--vers", str(target), folder=hostile)
    assert ran.code == 0
    with target.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file, delimiter=";"))
    assert len(table) == 6
    cells = [cell for line in table for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=1+1 Zoé" in cells


@pytest.mark.parametrize(
    "command",
    [
        ["liste"], ["liste", "--json"], ["fiche", "681", "1"], ["fiche", "681", "1", "--json"], ["exporter", "--json"],
        ["diagnostic"], ["liste", "caisse:\x1b[31m\u202e"], ["liste", "zut\u202e:\x1b[31m"], ["fiche", "\x1b[31m", "1"],
    ],
    ids=ascii,
)  # fmt: skip
def test_no_text_of_the_data_acts_on_a_terminal(gca: Gca, hostile, command):
    ran = gca(*command, folder=hostile)
    assert FORBIDDEN.findall(ran.out + ran.err) == []
    assert ran.out + ran.err


def test_json_gives_hidden_characters_back_unchanged(gca: Gca, hostile):
    document = json.loads(gca("fiche", "681", "1", "--json", folder=hostile).out)
    with window(hostile) as opened:
        assert document == json.loads(opened.document("681", "0000001"))
    assert "\x1b[31m" in document["notes"][0]["texte"]
    assert "\U000e0041" in document["notes"][0]["texte"]


@pytest.mark.parametrize("target", ["/proc/nulle-part/x", "{file}/x"])
@pytest.mark.parametrize("options", [["--json"], []])
def test_a_file_that_cannot_be_written_is_said(gca: Gca, store, tmp_path, options, target):
    (tmp_path / "un").write_text("")
    ran = gca("exporter", *options, "--vers", target.format(file=tmp_path / "un"), folder=store)
    assert (ran.code, ran.out) == (2, "")
    assert "ne peut pas être écrit" in ran.err


@pytest.mark.parametrize("place", ["/proc/gca", "{file}/gca"])
@pytest.mark.parametrize("command", [["liste"], ["demo", "--sans-ouvrir"], ["importer", "x.csv"]], ids=" ".join)
def test_a_folder_that_cannot_be_made_is_said(gca: Gca, tmp_path, command, place):
    (tmp_path / "un").write_text("")
    ran = gca(*command, folder=Path(place.format(file=tmp_path / "un")))
    assert (ran.code, ran.out) == (3, "")
    assert "--donnees" in ran.err


def test_what_nobody_foresaw_is_noted_without_anybody_s_name(gca: Gca, hostile, monkeypatch):
    def failing(*_):
        raise RuntimeError("le dossier de SCHÄFER Anna 0045121")

    monkeypatch.setattr("gca_tui.store.window.Window.ids", failing)
    ran = gca("liste", "schäfer", folder=hostile)
    log = (hostile / crash.LOG).read_text("utf-8")
    assert ran.code == 70
    assert "Traceback" not in ran.err
    assert "RuntimeError" in log
    assert "window" not in log
    assert "test_hostile.py" in log
    for text in ("SCH", "Anna", "0045121", "schäfer"):
        assert text not in log
        assert text not in ran.err
    assert (hostile / crash.LOG).stat().st_mode & 0o777 == 0o600
