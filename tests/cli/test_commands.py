"""Every line command, with and without --json: what it prints, how it leaves, in which language."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing

import pytest

from gca_tui.cli import COMMANDS
from gca_tui.domain.commands import CloseDossier, FlagUrgence
from gca_tui.presentation.fitting import cells
from gca_tui.store.views import BY_ID
from tests.conftest import Gca
from tests.store.given import AT, FIXTURES, ME, demo, exported, extract, imported, person, window, writing

ENGLISH = re.compile(
    r"\b(Usage|Show|message|exit|default|required|Commands|Arguments|INTEGER|RANGE|FILE|DIRECTORY|PATH|TEXT|COMMAND"
    r"|ARGS|Error|Try|missing|invalid|argument is|not|valid|unexpected|requires|takes?|such|No)\b"
)


def rows(text: str) -> list[dict[str, object]]:
    return json.loads(text)


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)], ids=" ".join)
def test_help_is_french(gca: Gca, command):
    ran = gca(*command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Emploi : gca {' '.join(command)}".rstrip())
    assert not ENGLISH.search(ran.out)
    assert "Cette aide." in ran.out
    if not command:
        assert all(name in ran.out for name in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ["inconnu"], ["liste", "--inconnue"], ["liste", "--vue", "rien"], ["liste", "--limite"],
        ["liste", "--limite", "0"], ["liste", "--json=oui"], ["fiche"], ["fiche", "681"], ["fiche", "681", "1", "2"],
        ["demo", "--dossiers", "dix"], ["demo", "--dossiers", "9999999"], ["demo", "--graine", "-1"],
        ["importer"], ["exporter", "--vers", "/"], ["--donnees", __file__, "liste"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_command_line_is_told_in_french(gca: Gca, arguments):
    ran = gca(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("gca\xa0: ")
    assert not ENGLISH.search(ran.err.replace(__file__, ""))


def test_version(gca: Gca):
    assert re.fullmatch(r"gca \d+\.\d+\.\d+\S*\n", gca("--version").out)


@pytest.mark.parametrize("view", [*BY_ID, "tout"])
def test_liste_gives_the_dossiers_of_a_view_in_order(gca: Gca, store, view):
    told, printed = gca("liste", "--vue", view, "--json", folder=store), gca("liste", "--vue", view, folder=store)
    assert (told.code, printed.code, told.err) == (0, 0, "")
    found = rows(told.out)
    lines = printed.out.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [f"{row['caisse']}·{row['matricule']}" for row in found]
    assert lines[-1] == f"{len(found)}\xa0dossier" + ("s." if len(found) > 1 else ".")


def test_liste_filters_sorts_and_stops(gca: Gca, store):
    every = rows(gca("liste", "--json", folder=store).out)
    some = rows(gca("liste", "caisse:681", "prest:rsa", "--json", folder=store).out)
    assert some == [row for row in every if row["caisse"] == "681" and "RSA" in row["prestations"]]
    assert some
    sorted_by = rows(gca("liste", "--tri", "matricule", "--json", folder=store).out)
    assert [row["matricule"] for row in sorted_by] == sorted(row["matricule"] for row in every)
    assert rows(gca("liste", "--limite", "3", "--json", folder=store).out) == every[:3]
    turned = rows(gca("liste", "--json", "--", "-caisse:681", folder=store).out)
    assert turned == [row for row in every if row["caisse"] != "681"]


def test_liste_says_which_term_is_wrong(gca: Gca, store):
    ran = gca("liste", "caisse:681", "zut:3", folder=store)
    assert (ran.code, ran.out) == (2, "")
    assert "zut:3" in ran.err


def test_fiche_complet_gives_the_document_and_every_tab(gca: Gca, store):
    row = rows(gca("liste", "est:note", "--json", folder=store).out)[0]
    told = gca("fiche", row["caisse"], row["matricule"], "--json", folder=store)
    document = json.loads(told.out)
    assert (document["caisse"], document["matricule"]) == (row["caisse"], row["matricule"])
    spaced = f"{row['matricule'][:3]} {row['matricule'][3:]}"
    printed = gca("fiche", row["caisse"], spaced, "--complet", folder=store)
    assert printed.code == 0
    for one in document["notes"]:
        assert told.out.count(json.dumps(one["texte"], ensure_ascii=False)) == 1
        assert one["texte"].split()[0] in printed.out


def test_fiche_is_a_page_to_read_aloud(gca: Gca, store):
    for row in rows(gca("liste", "--json", folder=store).out):
        printed = gca("fiche", row["caisse"], row["matricule"], folder=store)
        lines = printed.out.splitlines()
        assert (printed.code, printed.err) == (0, "")
        assert len(lines) <= 24
        assert max(map(cells, lines)) <= 80
        assert f"dossier numéro {row['matricule']}" in " ".join(lines)


def test_fiche_complet_lists_what_was_refused(gca: Gca, tmp_path):
    folder = imported(tmp_path / "gca", extract(tmp_path / "a.csv", [person(1)]))
    flagged = FlagUrgence(id="f", caisse="681", matricule="0000001", author=ME, at=AT, motif="expulsion")
    with writing(folder) as writer:
        writer.record([flagged]).result()
        imported(folder, extract(tmp_path / "b.csv", [person(1, urgence="coupure")]))
        printed = gca("fiche", "681", "1", "--complet", folder=folder).out
    assert "Refusé : urgence signalée" in printed.replace("\xa0", " ")
    assert "expulsion" in printed


@pytest.mark.parametrize(("key", "code"), [(["681", "9999999"], 4), (["681", "pas-un"], 2), (["999", "1"], 4)])
@pytest.mark.parametrize("command", ["fiche", "note"])
def test_a_dossier_that_is_not_here(gca: Gca, store, command, key, code):
    ran = gca(command, *key, *(["un mot"] if command == "note" else []), folder=store)
    assert (ran.code, ran.out) == (code, "")
    assert key[1] in ran.err


def test_note_is_written_by_who_works_here(gca: Gca, store, monkeypatch):
    row = rows(gca("liste", "--json", folder=store).out)[0]
    key = (row["caisse"], row["matricule"])
    printed = gca("note", *key, "Première, dictée.", folder=store)
    monkeypatch.setattr("sys.stdin", io.StringIO("Seconde,\r\nlue.\n"))
    told = gca("note", *key, "-", "--json", folder=store)
    assert (printed.code, told.code) == (0, 0)
    notes = json.loads(gca("fiche", *key, "--json", folder=store).out)["notes"][-2:]
    assert [one["texte"] for one in notes] == ["Première, dictée.", "Seconde,\nlue."]
    assert json.loads(told.out) == {"id": notes[1]["id"], "caisse": key[0], "matricule": key[1]}
    with window(store) as opened:
        assert notes[0]["author"] == json.loads(opened.meta("author"))
    empty = gca("note", *key, "  ", folder=store)
    assert (empty.code, empty.out) == (2, "")


def test_without_an_author_a_note_is_refused_and_an_import_is_not(gca: Gca, tmp_path):
    folder = imported(tmp_path / "gca", extract(tmp_path / "a.csv", [person(1)]))
    ran = gca("note", "681", "1", "un mot", folder=folder)
    assert ran.code == 2
    assert "qui vous êtes" in ran.err
    assert json.loads(gca("fiche", "681", "1", "--json", folder=folder).out).get("notes") is None


def test_importer_tells_its_numbers_last(gca: Gca, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = FIXTURES / "casses" / "valeurs.csv"
    ran = gca("importer", "--json", str(path), folder=tmp_path / "gca")
    told = json.loads(ran.out.splitlines()[-1])
    assert ran.code == 1
    assert told["prises"] + told["rejetees"] == told["lignes"]
    with (tmp_path / "valeurs.csv.rejets.csv").open(encoding="utf-8-sig") as file:
        refused = list(csv.DictReader(file, delimiter=";"))
    assert len({line["enregistrement"] for line in refused}) == told["rejetees"] > 0
    assert all(line["raison"] for line in refused)


def test_diagnostic_counts_and_names_nobody(gca: Gca, store):
    told = json.loads(gca("diagnostic", "--json", folder=store).out)
    assert (told["integrite"], told["droits"], told["generation"]) == ("ok", "-rw-------", 1)
    for view, number in told["dossiers"].items():
        assert number == len(rows(gca("liste", "--vue", view, "--json", folder=store).out))
    printed = gca("diagnostic", folder=store).out
    assert f"{told['sqlite']}" in printed
    for row in rows(gca("liste", "--json", folder=store).out):
        assert row["nom"].split()[0] not in printed
        assert row["matricule"] not in printed


def test_the_same_seed_and_day_export_the_same_lines(tmp_path, demo_store):
    assert exported(demo(tmp_path / "gca", 60)) == exported(demo_store)
    assert exported(demo(tmp_path / "autre", 60, seed=2)) != exported(demo_store)


def test_demo_leaves_itself_and_anything_else_alone(gca: Gca, store, tmp_path):
    before = exported(store)
    assert gca("demo", "--dossiers", "60", "--sans-serveur", "--sans-ouvrir", folder=store).code == 0
    other = gca("demo", "--dossiers", "61", "--sans-ouvrir", folder=store)
    assert (other.code, "Une autre démonstration" in other.err) == (3, True)
    assert exported(store) == before
    real = imported(tmp_path / "vrai", extract(tmp_path / "a.csv", [person(1)]))
    refused = gca("demo", "--dossiers", "60", "--sans-ouvrir", folder=real)
    assert (refused.code, "contient déjà des dossiers" in refused.err) == (3, True)
    assert len(exported(real)) == 1


def test_demo_does_not_fill_a_store_whose_dossiers_are_all_closed(gca: Gca, tmp_path):
    folder = imported(tmp_path / "gca", extract(tmp_path / "a.csv", [person(1)]))
    with writing(folder) as writer:
        writer.record([CloseDossier(id="c", caisse="681", matricule="0000001", author=ME, at=AT)]).result()
    assert gca("demo", "--dossiers", "12", "--sans-serveur", "--sans-ouvrir", folder=folder).code == 3
    assert len(exported(folder)) == 1


def test_the_document_is_exported_as_it_is_kept(gca: Gca, store, tmp_path):
    ran = gca("exporter", "--json", folder=store)
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert lines == exported(store)
    assert len(lines) == 60
    row = rows(gca("liste", "--json", folder=store).out)[0]
    kept = json.loads(gca("fiche", row["caisse"], row["matricule"], "--json", folder=store).out)
    assert kept in lines


def test_a_row_for_programs_has_real_days_only(gca: Gca, store):
    found = rows(gca("liste", "--json", folder=store).out)
    days = [row[name] for row in found for name in ("echeance", "anteriorite_le", "attente_jusqu_au")]
    assert None in days
    assert all(day is None or "2020" < day < "2030" for day in days)


def test_diagnostic_says_how_the_exchange_stands_and_shows_no_token(gca: Gca, store):
    assert json.loads(gca("diagnostic", "--json", folder=store).out)["serveur"] == {"relie": False}
    tie = {"url": "http://127.0.0.1:9", "token": "tres-secret", "agent": {"nom": "Inès Faure"}, "scopes": ["681"]}
    with closing(sqlite3.connect(store / "gca.db")) as database, database:
        database.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('server', ?)", (json.dumps(tie),))
    out = gca("diagnostic", "--json", folder=store).out
    told = json.loads(out)["serveur"]
    assert (told["relie"], told["a_envoyer"], told["sans_corbeille"]) == (True, 0, False)
    assert "tres-secret" not in out
    assert "Faure" not in out
