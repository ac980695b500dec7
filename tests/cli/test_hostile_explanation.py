"""The line commands of explanations: accents kept apart, outputs that are full or closed, rules that are damaged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from gca_tui import clock
from gca_tui.domain.trop_percu import SECTIONS
from tests.conftest import NOW, Gca
from tests.store.given import ME, extract, imported, person, raw, writing

ROOT = Path(__file__).parents[2]
MATRICULE = "0000001"
COMMANDS = [
    ["explication", "681", MATRICULE], ["explication", "681", MATRICULE, "--json"], ["regles"], ["regles", "--modele"],
    ["fiche", "681", MATRICULE], ["fiche", "681", MATRICULE, "--complet"],
]  # fmt: skip
DAMAGED = ["{", "[]", "null", '{"threshold": "x"}', '{"caisses": [1]}']


def indu(number: int, **more: str) -> dict[str, str]:
    owed = {"indu_reference": "INK 1", "indu_prestation": "RSA", "indu_mois": "2026-02", "indu_verse": "2340,50"}
    return person(number, **{**owed, "indu_du": "0,00", "indu_notifie_le": "04/05/2026", **more})


@pytest.fixture(scope="session")
def owing_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One notification to explain; and one of twenty trop-perçus of sixty months."""
    months = [f"{2021 + n // 12}-{n % 12 + 1:02d}" for n in range(60)]
    many = [indu(2, indu_reference=f"INK {n}", indu_mois=month) for n in range(20) for month in months]
    folder = tmp_path_factory.mktemp("hostiles") / "gca"
    imported(folder, extract(folder.parent / "indus.csv", [indu(1), *many]))
    with writing(folder) as writer:
        writer.set_author(ME).result()
    return folder


def alone(folder: Path, *command: str, redirect: str = "") -> subprocess.CompletedProcess[str]:
    """A line command as a program of its own, its output sent elsewhere by a shell."""
    line = [sys.executable, "-m", "gca_tui", "--donnees", str(folder), *command]
    env = {**os.environ, clock.FROZEN: NOW, "PYTHONIOENCODING": "utf-8"}
    shell = ["sh", "-c", f'"$@" {redirect}', "sh", *line]
    return subprocess.run(shell, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def checked(gca: Gca, folder: Path, text: str, path: Path) -> list[dict[str, object]]:
    path.write_text(text, encoding="utf-8")
    return list(json.loads(gca("controler", "681", MATRICULE, "--texte", str(path), "--json", folder=folder).out))


@pytest.mark.parametrize("change", [lambda text: text, lambda text: text.replace("2\xa0340,50", "2\xa0340,51")])
def test_accents_kept_apart_are_read_and_places_are_those_of_the_file(gca: Gca, owing, tmp_path, change):
    composed = change(gca("explication", "681", MATRICULE, folder=owing).out)
    apart = unicodedata.normalize("NFD", composed)
    assert apart != composed
    expected = checked(gca, owing, composed, tmp_path / "nfc.txt")
    found = checked(gca, owing, apart, tmp_path / "nfd.txt")
    strip = [{**one, "ou": None} for one in found]
    assert strip == [{**one, "ou": None} for one in expected]
    places = [(one["ou"], other["ou"]) for one, other in zip(expected, found, strict=True) if one["ou"]]
    assert places
    for (start, end), (first, last) in places:
        assert unicodedata.normalize("NFC", apart[first:last]) == composed[start:end]
        assert len(unicodedata.normalize("NFC", apart[:first])) == start


def test_marks_without_end_are_a_text_like_another(gca: Gca, owing, tmp_path):
    found = checked(gca, owing, "e" + "\u0301" * 30_000 + " \u0301", tmp_path / "marks.txt")
    assert {one["controle"] for one in found} == set(range(1, 13))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_output_that_is_full_is_said(owing, command):
    ran = alone(owing, *command, redirect="> /dev/full")
    assert ran.returncode == 3
    assert "Le disque est plein" in ran.stderr
    assert "imprévue" not in ran.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_closed_output_is_no_error(owing, command):
    ran = alone(owing, *command, redirect=">&-")
    assert ran.returncode == 0
    assert "imprévue" not in ran.stderr


def test_a_full_error_output_leaves_a_code_and_no_traceback(owing, tmp_path):
    ran = alone(owing, "explication", "681", "9999999", redirect="2> /dev/full")
    assert (ran.returncode, ran.stdout) == (4, "")


@pytest.mark.parametrize("written", DAMAGED)
def test_rules_that_cannot_be_read_are_said_and_can_be_given_again(gca: Gca, owing, tmp_path, written):
    with raw(owing) as connection:
        connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('settings', ?)", (written,))
    for command in COMMANDS:
        ran = gca(*command, folder=owing)
        assert (ran.code, ran.out) == (3, "")
        assert "gca regles --depuis" in ran.err
    rules = tmp_path / "regles.toml"
    rules.write_text("seuil = 3000.00\n", encoding="utf-8")
    ran = gca("regles", "--depuis", str(rules), folder=owing)
    assert ran.code == 0
    assert "Règles enregistrées" in ran.out
    told = json.loads(gca("regles", "--json", folder=owing).out)
    assert told["communes"]["seuil_centimes"] == 300_000
    queue = json.loads(gca("liste", "--vue", "trop_percus", "--json", folder=owing).out)
    assert [row["matricule"] for row in queue] == ["0000002"]
    assert "déjà en vigueur" in gca("regles", "--depuis", str(rules), folder=owing).out


def test_rules_that_are_wrong_do_not_take_the_place_of_damaged_ones(gca: Gca, owing, tmp_path):
    with raw(owing) as connection:
        connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('settings', '{')")
    rules = tmp_path / "regles.toml"
    rules.write_text("seuil = -1\n", encoding="utf-8")
    assert gca("regles", "--depuis", str(rules), folder=owing).code == 2
    assert gca("regles", folder=owing).code == 3


@pytest.mark.parametrize("option", ["--vers", "--pdf"])
@pytest.mark.parametrize("target", ["a" * 300, "/dev/full", "/proc/gca/x"])
def test_a_place_that_cannot_be_written_is_said(gca: Gca, owing, option, target):
    ran = gca("explication", "681", MATRICULE, option, target, folder=owing)
    assert (ran.code, ran.out) == (2, "")
    assert "Rien n’a été écrit." in ran.err


def test_more_months_than_a_text_holds_are_left_to_be_completed(gca: Gca, owing, tmp_path):
    ran = gca("explication", "681", "0000002", folder=owing)
    assert ran.code == 0
    assert "[[à compléter\xa0: Le calcul]]" in ran.out
    assert "Le programme n’a pas pu faire" in ran.err
    assert all(title.split("?")[0].strip() in ran.out for title in SECTIONS.values())
    path = tmp_path / "texte.txt"
    path.write_text(ran.out, encoding="utf-8")
    assert gca("controler", "681", "0000002", "--texte", str(path), folder=owing).code == 1
