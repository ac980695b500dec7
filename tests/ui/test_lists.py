"""Finding one's way: filters, views, sorts, marks, several at once, sequences, what comes next, sizes, two programs."""

import asyncio
import itertools
import sqlite3
import threading
from contextlib import closing
from datetime import date

import pytest
from agent import LARGE, SMALL, agent, plain

from gca_tui.domain.calendar import zone
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.priority import standing
from gca_tui.store.views import VIEWS
from gca_tui.store.window import SORTS

URGENT, SECOND, FREE = "091·4845426", "681·0366915", "091·9654422"
MINE, ALSO_MINE = "091·9833736", "681·0571820"
SCHAFER, SCHAEFER = "681·0123456", "091·0123456"
NOTED = "681·0412667"


def dossiers(someone):
    """Every dossier of the list, whole, by its label."""
    return {label: Dossier.from_json(someone.desk.window.document(*label.split("·"))) for label in someone.listed}


def natures(dossier):
    return {piece.extrait.nature for piece in dossier.open_pieces}


def canaux(dossier):
    return {piece.extrait.canal for piece in dossier.open_pieces}


def indu(dossier):
    return max((one.montant for one in dossier.notifications if one.trop_percus), default=0)


async def filters(someone, text):
    """Filter the list on show by a text, in the place of what was there."""
    await someone.press("f3")
    await someone.paste(text)
    await someone.press("enter")


async def test_words_find_names_as_they_are_said_and_matricules(store):
    async with agent(store) as someone:
        for words, expected in (
            ("schaefer", {SCHAFER, SCHAEFER}),
            ("Schäfer anna", {SCHAFER}),
            ("o connor", {"681·0201774"}),
            ("D'ANGELO", {"681·0445121"}),
            ("0123456", {SCHAFER, SCHAEFER}),
            ("01234", {SCHAFER, SCHAEFER}),
            ("weiss kathe", {"681·0690014"}),
        ):
            await filters(someone, words)
            await someone.until(lambda expected=expected: expected <= set(someone.listed) and someone.length < 8, words)
            assert all(words[:2].lower() != "01" or "·01234" in label for label in someone.listed)


def _terms(desk):
    def days(dossier, name):
        context = desk.context()
        place = standing(dossier, context.calendars, context.settings)
        day = {"age": place.anteriorite_le, "ech": place.echeance.le if place.echeance else None}[name]
        return None if day is None else context.calendars[zone(dossier.caisse)].count(context.today, day)

    return {
        "caisse:681": lambda d: d.caisse == "681",
        "-caisse:681": lambda d: d.caisse != "681",
        "prest:rsa": lambda d: any(code.startswith("RSA") for code in d.prestations),
        "nature:rac_annuel": lambda d: "rac_annuel" in natures(d),
        "canal:courrier": lambda d: "courrier" in canaux(d),
        "indu>=1500": lambda d: indu(d) >= 150_000,
        "indu<1500": lambda d: indu(d) < 150_000,
        "indu>1499,99 indu<=1500,00": lambda d: indu(d) == 150_000,
        "age>10": lambda d: days(d, "age") is not None and days(d, "age") < -10,
        "age<=3": lambda d: days(d, "age") is not None and days(d, "age") >= -3,
        "ech<=2": lambda d: days(d, "ech") is not None and days(d, "ech") <= 2,
        "ech:7": lambda d: days(d, "ech") == 7,
        "statut:ouvert": lambda d: d.etat != "clos",  # an attente that is over is open again
        "est:urgence": lambda d: d.urgence_active is not None,
        "est:rac": lambda d: bool(natures(d) & {"rac_annuel", "rac_trimestriel"}),
        "est:moi": lambda d: d.holder == "ifaure",
        "-est:libre": lambda d: d.holder is not None,
        "est:note": lambda d: bool(d.notes),
        "est:question": lambda d: any(question.reponse is None for question in d.questions),
        "pris:ifaure": lambda d: d.holder == "ifaure",
        "conv:CONV-681-091": lambda d: d.convention == "CONV-681-091",
        "commune:mulhouse": lambda d: d.contact_details.commune == "Mulhouse",
        "note:courriel": lambda d: any("courriel" in note.texte.lower() for note in d.notes),
        "caisse:681 prest:rsa -est:rac age>10": lambda d: (
            d.caisse == "681"
            and any(code.startswith("RSA") for code in d.prestations)
            and not natures(d) & {"rac_annuel", "rac_trimestriel"}
            and (days(d, "age") or 0) < -10
        ),
    }


async def test_each_kind_of_term_keeps_what_it_says_in_the_same_order(store):
    async with agent(store) as someone:
        everything = dossiers(someone)
        for term, holds in _terms(someone.desk).items():
            expected = [label for label, dossier in everything.items() if holds(dossier)]
            assert 0 < len(expected) < len(everything) or term == "statut:ouvert", term
            await filters(someone, term)
            await someone.until(lambda expected=expected: someone.listed == expected, term)
            assert someone.header.endswith(plain(f"Ma corbeille {len(expected)} · {term}")) or len(term) > 20


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_the_list_follows_each_letter_and_escape_takes_the_filter_away(store, size):
    async with agent(store, size) as someone:
        everything, lengths = someone.length, []
        await someone.press("slash")
        for letter in "weiss":
            await someone.press(letter)
            lengths.append(someone.length)
            await someone.sees(f"{someone.length} dossiers")
        assert lengths == sorted(lengths, reverse=True)
        assert 0 < lengths[-1] < lengths[0] < everything
        await someone.press("escape")
        await someone.has_listed(everything)
        await someone.sees_no_more("weiss", "Filtre")
        assert someone.app.focused is someone.list


async def test_a_wrong_term_is_named_and_the_list_kept(store):
    async with agent(store) as someone:
        await someone.press("slash")
        await someone.type("est:urgence")
        await someone.has_listed(2)
        for wrong, said in (
            (" coulour:rouge", "coulour:rouge : terme inconnu"),
            (" age>dix", "age>dix attend des jours : age>10."),
            (" caisse>681", "caisse>681 : > ne va qu’avec un nombre."),
            (" indu>=", "indu>= attend une valeur."),
            (" est:presse", "est:presse attend"),
        ):
            await someone.paste(f"est:urgence{wrong}")
            await someone.sees(said)
            assert someone.listed == [URGENT, SECOND]
        await someone.paste("est:urgence caisse:681")
        await someone.has_listed(1)
        await someone.sees_no_more("attend")


async def test_the_filter_in_force_is_the_last_one_understood(store):
    async with agent(store) as someone:
        await filters(someone, "est:urgence")
        await someone.has_listed(2)
        await filters(someone, "est:urgence age>dix")
        await someone.sees("attend")
        assert someone.header.endswith("Ma corbeille 2 · est:urgence")
        someone.app.screen.listing.data_changed()
        await someone.settled()
        assert someone.listed == [URGENT, SECOND]
        await someone.sees("attend", "age>dix")
        await someone.press("v")
        await someone.is_told("Vue non enregistrée")
        assert someone.desk.window.saved_views() == []


async def test_a_view_whose_filter_is_not_understood_stops_no_count(store):
    async with agent(store) as someone:
        await asyncio.wrap_future(someone.desk.save_view("Ancienne", "couleur:rouge", "priorite", "corbeille"))
        someone.app.screen.listing.recount()
        await someone.sees("Ancienne ?", "Clos 5")
        await someone.press("g")
        await someone.choose("Ancienne")
        await someone.is_told("terme inconnu")
        assert someone.length > 200


async def test_a_reading_that_fails_is_said(store, monkeypatch):
    async with agent(store) as someone:
        before = someone.length

        def broken(*_):
            raise RuntimeError("disque")

        with monkeypatch.context() as patch:
            patch.setattr("gca_tui.store.window.Window.ids", broken)
            await someone.press("S", "n")
            await someone.is_told("Erreur imprévue (RuntimeError)")
        await someone.press("S", "m")
        await someone.is_told("Tri : matricule")
        assert someone.length == before


async def test_an_older_reading_is_interrupted_and_never_shown(store, monkeypatch):
    from gca_tui.store.window import Window

    held, interrupted, asked = threading.Event(), threading.Event(), []
    ids = Window.ids

    def slow(window, selection, today):
        asked.append(selection.sort)
        if selection.sort == "nom":
            held.set()
            assert interrupted.wait(5)
        return ids(window, selection, today)

    monkeypatch.setattr(Window, "ids", slow)
    monkeypatch.setattr(Window, "interrupt", lambda _: interrupted.set())
    async with agent(store) as someone:
        listing = someone.app.screen.listing
        interrupted.clear()
        listing.change_sort("nom")
        await someone.until(held.is_set, "la lecture par nom")
        listing.change_sort("matricule")
        await someone.settled()
        assert asked[-2:] == ["nom", "matricule"]
        matricules = [label.split("·")[1] for label in someone.listed]
        assert matricules == sorted(matricules)


async def test_tab_completes_a_term(store):
    async with agent(store) as someone:
        await someone.press("slash")
        await someone.type("cai")
        await someone.sees("caisse:")
        await someone.press("tab")
        await someone.type("091 est:ur")
        await someone.press("tab")
        await someone.until(lambda: "caisse:091 est:urgence" in someone.screen, "le terme complété")
        await someone.has_listed(1)


async def test_the_dossier_under_the_cursor_stays_through_filters_sorts_and_refreshes(store):
    async with agent(store) as someone:
        await someone.press(*["down"] * 5)
        assert someone.under_cursor == MINE
        await filters(someone, "caisse:091")
        assert someone.under_cursor == MINE
        await someone.press("escape")
        assert someone.under_cursor == MINE
        await someone.press("S", "n")
        assert someone.under_cursor == MINE
        assert MINE in someone.shown
        async with agent(store) as colleague:
            await colleague.press("p")
            await someone.sees("Pris par moi 6")
        await someone.settled()
        assert someone.under_cursor == MINE
        assert MINE in someone.shown


async def test_a_filter_that_hides_the_open_dossier_gives_the_list_back(store):
    async with agent(store) as someone:
        await someone.press("enter")
        await filters(someone, "caisse:681")
        await someone.until(lambda: URGENT not in someone.listed, "le filtre")
        await someone.press("down")
        assert someone.under_cursor == someone.listed[1]


async def test_search_everywhere_finds_notes_of_closed_and_waiting_dossiers(store):
    async with agent(store) as someone:
        await someone.press("g", "z")
        closed = someone.under_cursor
        await someone.press("o")
        await someone.type("perroquet")
        await someone.press("f2", "g", "m")
        await filters(someone, "perroquet")
        await someone.has_listed(0)
        await someone.press("escape", "F")
        await someone.sees("Partout")
        await someone.type("perroq")
        await someone.list_shows(closed)
        await someone.paste("schaefer")
        await someone.until(lambda: someone.length > 2, "les noms aussi")
        assert f" Partout {someone.length} · schaefer" in someone.header
        await someone.press("enter", "v")
        await someone.is_told("ne s’enregistre pas")
        await someone.press("escape")
        await someone.until(lambda: " Ma corbeille " in someone.header, "la vue d’avant")


async def test_each_view_by_its_letter_holds_what_the_rail_counts(store):
    async with agent(store) as someone:
        counts = {}
        for line in someone.lines[1:20]:
            words = plain(line[: someone.list.region.x - 1]).strip("> │").split()
            if words and words[-1].isdigit():
                counts[" ".join(words[:-1])] = int(words[-1])
        for view in VIEWS:
            await someone.press("g", view.letter)
            assert f" {view.label} " in someone.header, view.id
            await someone.has_listed(counts[view.label])
        assert counts["Rendez-vous"] == 4
        assert counts["Clos"] == 5
        await someone.press("g")
        await someone.choose("Caisse 091")
        await someone.has_listed(counts["091 Ariège"])
        assert {label[:3] for label in someone.listed} == {"091"}


async def test_a_view_is_chosen_in_the_rail(store):
    async with agent(store) as someone:
        await someone.press("shift+tab", "down", "enter")
        await someone.has_listed(3)
        assert " Urgences 3" in someone.header
        await someone.press("down")
        assert someone.under_cursor == someone.listed[1]
        await someone.press("shift+tab", "end", "enter")
        await someone.until(lambda: {label[:3] for label in someone.listed} == {"091"}, "la dernière caisse")


async def test_another_view_begins_at_its_first_line_in_the_list(store):
    async with agent(store, SMALL) as someone:
        await someone.press(*["down"] * 3, "enter", "g", "u")
        await someone.has_listed(3)
        assert someone.app.focused is someone.list
        assert someone.under_cursor == someone.listed[0]


async def test_each_sort_and_the_same_again_the_other_way_round(store):
    async with agent(store) as someone:
        await someone.press("g", "r", "S", "v", "S")
        offered = [line.split(maxsplit=1) for line in someone.app.screen.query_one("#choices").lines]
        assert len(offered) == len(SORTS)
        assert "".join(letter for letter, _ in offered) == "pmncroaeiv"
        await someone.press("escape")
        for letter, label in offered[:-1]:
            await someone.press("S", letter)
            await someone.is_told(f"Tri : {label.lower()}.")
            once = someone.listed
            await someone.press("S", letter)
            await someone.is_told(f"Tri : {label.lower()} (inverse).")
            assert someone.listed == once[::-1]
            assert len(once) == 5


async def test_sorts_put_first_what_they_say(store):
    async with agent(store) as someone:
        await someone.press("g", "t")
        everything = dossiers(someone)
        for letter, key in (
            ("n", lambda d: plain(d.allocataire.nom.lower()[:1]).replace("é", "e")),
            ("m", lambda d: d.matricule),
            ("i", lambda d: -indu(d)),
        ):
            await someone.press("S", letter)
            keys = [key(everything[label]) for label in someone.listed]
            assert keys == sorted(keys), letter


async def test_a_saved_view_is_counted_and_found_again(store):
    async with agent(store) as someone:
        await filters(someone, "caisse:091 est:minimum")
        number, first = someone.length, someone.listed
        await someone.press("v")
        await someone.type("Minima Pamiers")
        await someone.press("f2")
        await someone.sees("MES VUES", f"Minima Pamiers {number}")
        await someone.press("escape", "g", "u")
        await someone.has_listed(3)
    async with agent(store) as someone:
        await someone.sees(f"Minima Pamiers {number}")
        await someone.press("g")
        await someone.choose("Minima Pamiers")
        await someone.until(lambda: someone.listed == first, "la vue")
        assert " Minima Pamiers " in someone.header


def test_the_demonstration_is_what_these_tests_take_it_for(store):
    from gca_tui.ui.desk import Desk

    desk = Desk(store / "gca.db")
    assert desk.today == date(2026, 11, 12)
    documents = [desk.dossier(tuple(label.split("·"))) for label in (URGENT, SECOND, MINE, ALSO_MINE, NOTED)]
    assert [bool(dossier.urgence_active) for dossier in documents] == [True, True, False, False, False]
    assert [dossier.holder for dossier in documents[2:4]] == ["ifaure", "ifaure"]
    assert not list(itertools.chain.from_iterable(dossier.notes for dossier in documents[:2]))
    desk.close()


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_a_value_that_exists_nowhere_is_said_whole(store, size):
    async with agent(store, size) as someone:
        await someone.press("slash")
        for typed, said in (
            ("caisse:999", "caisse 999 inconnue."),
            ("prest:XYZ", "prest XYZ inconnue."),
            ("nature:zzz", "nature zzz inconnue."),
            ("canal:pigeon", "canal pigeon inconnu."),
            ("zut:3", "zut:3 : terme inconnu."),
            ("age>dix", "age>dix attend des jours : age>10."),
            ("indu>=dix", "indu>=dix attend un montant : indu>=1500"),
        ):
            await someone.paste(typed)
            await someone.sees(said)
        await someone.paste("caisse:681")
        await someone.sees_no_more("inconnu")


async def test_a_code_of_other_days_that_the_store_holds_is_accepted(store):
    with closing(sqlite3.connect(store / "gca.db")) as database, database:
        database.execute("UPDATE dossier SET caisse = '999' WHERE matricule = '0830411'")
    async with agent(store) as someone:
        await filters(someone, "caisse:999")
        await someone.has_listed(1)


async def test_an_amount_with_a_space_inside_is_understood(store):
    async with agent(store) as someone:
        await someone.press("slash")
        await someone.paste("indu>=1500")
        await someone.settled()
        expected = someone.listed
        assert expected
        for written in ("indu>=1 500", "indu>=1\xa0500,00 €", "indu>=1 500€ caisse:681"):
            await someone.paste(written)
            await someone.settled()
            assert someone.listed == [label for label in expected if "caisse" not in written or label[:3] == "681"]
