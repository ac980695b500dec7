"""What was begun and left, a store without dossiers, a first start, and which list `n` goes through."""

import json
import sqlite3
from contextlib import closing

import pytest
from agent import LARGE, SMALL, agent

from gca_tui.ui.widgets.dossier_list import DossierList

FREE = "681·0830411"


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_drafts_are_said_at_the_start_and_opened_again(store, size):
    async with agent(store, size) as someone:
        await someone.goes_to(FREE)
        await someone.press("o")
        await someone.type("Rappeler")
        await someone.press("escape", "i", "d")
        await someone.fill("Bail")
        await someone.press("escape")
        assert someone.draft("note") == {"texte": "Rappeler"}
    async with agent(store, size) as someone:
        await someone.is_told("2 brouillons (B) : dérogation accordée 681·0830411, note 681·0830411.")
        await someone.press("B")
        await someone.choose("note 681·0830411")
        await someone.sees("Note interne", "Rappeler", "Brouillon du 12/11/2026")
        await someone.press("escape", "B")
        await someone.choose("dérogation accordée")
        await someone.sees("Dérogation accordée", "Bail")


async def test_what_was_begun_on_a_trop_percu_is_opened_where_it_was(store):
    async with agent(store) as someone:
        await someone.press("g", "t")
        await someone.until(lambda: "Trop-perçus" in someone.header, "la vue")
        dossier = someone.document()
        label, letter = someone.under_cursor, next(one for one in dossier["notifications"] if one.get("trop_percus"))
        targets = {
            "explication": letter["id"],
            "facts": letter["id"],
            "months": f"{letter['id']} {letter['trop_percus'][0]['id']}",
            "contact": "",
        }
    caisse, matricule = label.split("·")
    with closing(sqlite3.connect(store / "gca.db")) as database, database:
        for kind, target in targets.items():
            row = (
                caisse,
                matricule,
                kind,
                target,
                1,
                "{}",
                json.dumps({"texte": "Début"}),
                "2026-11-12T08:00:00+00:00",
            )
            database.execute(
                "INSERT INTO draft (caisse, matricule, kind, target, rev, base, fields, saved_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
    opened = {
        "explication": "Pourquoi",
        "faits d’un trop-perçu": "Ce qui s’est passé",
        "mois d’un trop-perçu": "Les mois du trop-perçu",
        "contact avec l’allocataire": "Ce qui a été dit",
    }
    async with agent(store) as someone:
        await someone.is_told("4 brouillons (B)")
        for name, seen in opened.items():
            await someone.press("B")
            await someone.choose(f"{name} {label}")
            await someone.sees(seen)
            await someone.press("escape")
            await someone.until(lambda: isinstance(someone.app.focused, DossierList), "la liste")


async def test_a_draft_about_what_is_gone_is_said_and_kept(store):
    with closing(sqlite3.connect(store / "gca.db")) as database, database:
        database.execute(
            "INSERT INTO draft (caisse, matricule, kind, target, rev, base, fields, saved_at)"
            " VALUES ('681', '0830411', 'facts', 'N-1999-01-01', 1, '{}', '{\"regle\": \"x\"}', '2026-11-12T08:00:00')"
        )
    async with agent(store) as someone:
        await someone.press("B", "enter")
        await someone.is_told("n’est plus dans le dossier ; le texte reste gardé")
        assert someone.draft("facts", "N-1999-01-01", FREE) == {"regle": "x"}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_an_empty_store_says_how_to_fill_it(store, size):
    with closing(sqlite3.connect(store / "gca.db")) as database, database:
        database.execute("DELETE FROM dossier")
    async with agent(store, size) as someone:
        await someone.is_told("Aucun dossier. Pour en avoir : gca connexion, gca importer, ou gca demo.")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_a_first_start_knows_the_caisses_and_says_why_a_name_is_needed(tmp_path, size):
    async with agent(tmp_path / "neuf", size, wait=False) as someone:
        await someone.sees("Qui êtes-vous ?")
        await someone.fill("ifaure", "Inès Faure", None, "999")
        await someone.press("f2")
        await someone.sees("999 n’est le code d’aucune Caf connue")
        await someone.press("escape")
        await someone.sees("Quitter sans dire qui vous êtes ?", "rien ne peut être changé")
        await someone.press("escape")
        await someone.sees("Qui êtes-vous ?", "Inès Faure", "999")
        await someone.press("tab", "tab", "tab")
        await someone.paste("091")
        await someone.press("f2")
        await someone.sees("Ce poste n’a encore aucun dossier")
        await someone.press("v")
        await someone.is_told("Aucun dossier. Pour en avoir")


async def test_a_first_start_is_left_knowingly(tmp_path):
    async with agent(tmp_path / "neuf", SMALL, wait=False) as someone:
        await someone.sees("Qui êtes-vous ?")
        await someone.press("escape")
        await someone.sees("Quitter sans dire qui vous êtes ?")
        await someone.pilot.press("enter")
        await someone.until(lambda: not someone.app.is_running, "la fin du programme")


async def test_next_stays_in_the_view_that_was_chosen_and_names_it(store):
    async with agent(store) as someone:
        await someone.press("g", "t")
        await someone.until(lambda: "Trop-perçus" in someone.header, "la vue")
        shown = someone.listed
        waiting = {label for label in shown if someone.document(label).get("statut") == "en_attente"}
        held = {label for label in shown if someone.document(label).get("holder") not in (None, "ifaure")}
        order = [label for label in shown if label not in waiting | held]
        for label in order[:3]:
            await someone.press("n")
            await someone.is_told("Trop-perçus, placé ici parce que")
            assert someone.under_cursor == label
        await someone.press("escape", "slash")
        await someone.paste("introuvable")
        await someone.press("enter")
        await someone.has_listed(0)
        await someone.press("n")
        await someone.is_told("Trop-perçus, placé ici parce que")
        assert someone.under_cursor == order[3]


async def test_next_says_that_a_view_holds_nothing_to_work_on(store):
    async with agent(store) as someone:
        for label in [FREE]:
            caisse, matricule = label.split("·")
            with closing(sqlite3.connect(store / "gca.db")) as database, database:
                database.execute("UPDATE dossier SET a_expliquer = 0")
                database.execute(
                    "UPDATE dossier SET a_expliquer = 1, holder = 'collegue' WHERE caisse = ? AND matricule = ?",
                    (caisse, matricule),
                )
        await someone.press("g", "t")
        await someone.has_listed(1)
        await someone.press("n")
        await someone.is_told("Trop-perçus : plus aucun dossier à traiter. g puis m : votre corbeille.")
