"""Several dossiers: marks, the same thing done to all, sequences, what comes next; sizes; two programs on one store."""

import os
import subprocess
import sys

import pytest
from agent import LARGE, SMALL, agent

from gca_tui.domain.dossier import Dossier
from gca_tui.ui.actions import lists

URGENT, SECOND, FREE = "091·4845426", "681·0366915", "091·9654422"
MINE, ALSO_MINE = "091·9833736", "681·0571820"


def dossiers(someone):
    """Every dossier of the list, whole, by its label."""
    return {label: Dossier.from_json(someone.desk.window.document(*label.split("·"))) for label in someone.listed}


def natures(dossier):
    return {piece.extrait.nature for piece in dossier.open_pieces}


async def filters(someone, text):
    """Filter the list on show by a text, in the place of what was there."""
    await someone.press("f3")
    await someone.paste(text)
    await someone.press("enter")


async def test_marks_are_counted_and_taken_away(store):
    async with agent(store) as someone:
        await someone.press("space", "space")
        await someone.is_told("2 dossiers marqués")
        assert someone.under_cursor == FREE
        assert [line for line in someone.lines if "*! " in line][1].count(SECOND) == 1
        await someone.press("up", "space")
        await someone.is_told("1 dossier marqué")
        await someone.press("escape")
        await someone.is_told("Aucune marque")
        await filters(someone, "caisse:091")
        number = someone.length
        await someone.press("asterisk")
        await someone.is_told(f"{number} dossiers marqués")
        await someone.press("asterisk")
        await someone.is_told("Aucune marque")


async def test_marks_stay_through_a_filter(store):
    async with agent(store) as someone:
        await someone.press("space")
        await filters(someone, "caisse:681")
        await someone.press("space")
        await someone.is_told("2 dossiers marqués")


async def marks(someone, *labels):
    """Mark these dossiers of the list on show."""
    for label in labels:
        await someone.press("home", *["down"] * someone.listed.index(label), "space")


async def test_taking_several_says_first_what_would_happen_and_is_undone_at_once(store):
    async with agent(store) as someone:
        await marks(someone, URGENT, SECOND, MINE)
        before = {label: someone.document(label) for label in (URGENT, SECOND, MINE)}
        await someone.press("p")
        await someone.sees("2 possibles, 1 refusé", f"refusé {MINE} Vous avez déjà ce dossier")
        await someone.sees(f"possible {URGENT}", f"possible {SECOND}")
        assert someone.document(URGENT) == before[URGENT]
        await someone.press("escape")
        assert someone.document(URGENT) == before[URGENT]
        await someone.press("p", "enter")
        await someone.is_told("Pris : 2 possibles, 1 refusé")
        assert [someone.document(label)["holder"] for label in (URGENT, SECOND)] == ["ifaure", "ifaure"]
        assert someone.document(MINE) == before[MINE]
        await someone.press("u")
        await someone.is_told("sur 2 dossiers")
        assert {label: someone.document(label) for label in before} == before


@pytest.mark.parametrize(
    ("key", "answers", "labels", "head", "after"),
    [
        ("P", ["Hors convention"], (MINE, ALSO_MINE, URGENT), "2 possibles, 1 refusé", lambda d: "holder" not in d),
        ("w", ["+5", "Une pièce"], (URGENT, SECOND), "2 possibles, 0 refusé", lambda d: d["statut"] == "en_attente"),
        ("r", [None, "Que faire ?"], (URGENT, SECOND), "2 possibles, 0 refusé", lambda d: len(d["questions"]) == 1),
    ],
    ids=["rendre", "attente", "question"],
)
async def test_a_form_for_several(store, key, answers, labels, head, after):
    async with agent(store) as someone:
        await marks(someone, *labels)
        before = {label: someone.document(label) for label in labels}
        await someone.press(key)
        await someone.sees(f"{len(labels)} dossiers")
        await someone.fill(*answers)
        await someone.press("f2")
        await someone.sees(head)
        await someone.press("enter")
        await someone.is_told(head)
        changed = [label for label in labels if someone.document(label) != before[label]]
        assert len(changed) == 2
        assert all(after(someone.document(label)) for label in changed)
        assert all(someone.document(label)["history"][-1]["author"]["identifiant"] == "ifaure" for label in changed)
        await someone.press("u")
        await someone.is_told("sur 2 dossiers")
        assert {label: someone.document(label) for label in labels} == before


async def test_several_are_never_closed_together(store):
    async with agent(store) as someone:
        await someone.press("space", "space", "c")
        await someone.is_told("jamais plusieurs dossiers à la fois")
        await someone.press("colon")
        await someone.type("clotur")
        await someone.press("enter")
        await someone.is_told("jamais plusieurs dossiers à la fois")
        assert "cloture" not in someone.document(URGENT)


@pytest.mark.parametrize("key", list("pPwrc"))
async def test_too_many_marks_are_refused_and_the_dossier_under_the_cursor_is_left(store, monkeypatch, key):
    monkeypatch.setattr("gca_tui.ui.work.BULK_LIMIT", 2)
    async with agent(store) as someone:
        await someone.press("asterisk", "home")
        before = someone.document(URGENT)
        await someone.press(key)
        await someone.is_told("dossiers marqués : 2 au plus à la fois")
        assert someone.app.focused is someone.list
        await someone.press("p")
        assert someone.document(URGENT) == before


async def test_what_is_done_to_nobody_is_not_done(store):
    async with agent(store) as someone:
        await marks(someone, MINE, ALSO_MINE)
        await someone.press("p")
        await someone.sees("0 possible, 2 refusés")
        await someone.press("enter")
        assert [someone.document(label)["holder"] for label in (MINE, ALSO_MINE)] == ["ifaure", "ifaure"]
        await someone.press("u")
        await someone.is_told("Rien à annuler")


async def test_a_sequence_holds_exactly_what_it_says(store):
    async with agent(store) as someone:
        assert any("RSA" in dossier.prestations for dossier in dossiers(someone).values())
        condition = lists._holding("prestations", "RS")
        assert someone.desk.window.matching(condition, someone.desk.today) == set()
        wanted = lists._holding("prestations", "RSA")
        expected = {label for label, dossier in dossiers(someone).items() if "RSA" in dossier.prestations}
        someone.app.screen.following.start(wanted)
        await someone.settled()
        assert set(someone.listed) == expected


async def test_a_sequence_counts_and_is_left_at_any_time(store):
    async with agent(store) as someone:
        everything = someone.length
        await someone.press("L", "c")
        total = someone.length
        await someone.is_told(f"Séquence de {total} dossiers")
        assert all(natures(dossier) & {"rac_annuel", "rac_trimestriel"} for dossier in dossiers(someone).values())
        first = someone.under_cursor
        assert f"séquence 1/{total}" in someone.header
        await someone.press("n")
        await someone.is_told("Placé ici parce que")
        assert f"séquence 2/{total}" in someone.header
        assert someone.under_cursor != first
        await someone.press("n")
        assert f"séquence 3/{total}" in someone.header
        await someone.press("L")
        await someone.is_told(f"Séquence quittée après 2 sur {total}")
        await someone.has_listed(everything)
        await someone.press("L")
        await someone.choose("Trop-perçus à expliquer")
        assert someone.length < everything
        await someone.press("escape", "escape")
        await someone.has_listed(everything)


async def test_the_end_of_a_sequence_is_said(store):
    async with agent(store) as someone:
        await someone.press("L")
        await someone.choose("Dossiers PPA")
        total = someone.length
        await someone.press("end", "n")
        await someone.is_told(f"Fin de la séquence : 1 sur {total}")


async def test_next_opens_the_order_of_work_and_says_why(store):
    async with agent(store) as someone:
        order = someone.listed
        seen = []
        for _ in range(4):
            await someone.press("n")
            await someone.is_told("Placé ici parce que")
            seen.append(someone.under_cursor)
        assert seen == order[:4]
        await someone.press("escape", "g", "z", "n")
        await someone.until(lambda: someone.under_cursor == order[4], "le cinquième")
        assert " Ma corbeille " in someone.header


async def test_next_goes_by_the_order_of_work_whatever_the_sort(store):
    async with agent(store) as someone:
        order = someone.listed
        await someone.press("S", "n", "n")
        await someone.is_told("Placé ici parce que")
        await someone.until(lambda: someone.under_cursor == order[0], "le premier par priorité")
        await someone.press("escape", "S", "p", "S", "p", "n")
        await someone.until(lambda: someone.under_cursor == order[1], "le deuxième, l’ordre remis à l’endroit")


async def test_next_begins_again_once_all_were_passed(store):
    async with agent(store) as someone:
        someone.app.screen.following._passed.update(someone.list.source.ids)
        first, second = someone.listed[:2]
        await someone.press("n")
        await someone.is_told(f"{someone.length} dossiers passés")
        assert someone.under_cursor == first
        await someone.press("n")
        await someone.is_told("Placé ici parce que")
        assert someone.under_cursor == second


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_after_a_closing_the_list_has_the_focus_and_n_goes_on(store, size):
    async with agent(store, size) as someone:
        first, second = someone.listed[2:4]
        await someone.press("down", "down", "enter", "f9")
        await someone.until(lambda: "Traiter la pièce" in someone.screen, "la pièce")
        await someone.press("f2", "c")
        await someone.sees("Clôturer le dossier")
        await someone.press("f2")
        await someone.is_told("Dossier clos")
        await someone.is_told("n ouvre le suivant")
        assert someone.document(first)["statut"] == "clos"
        assert first not in someone.listed
        assert someone.app.focused is someone.list
        assert someone.shown
        before = someone.document(second)
        await someone.press("n")
        await someone.is_told("Placé ici parce que")
        assert someone.document(second) == before


SIZES = ((200, 50), (80, 24), (200, 50), (59, 15), (80, 24), (100, 30), (120, 40))


@pytest.mark.parametrize("before", [(), ("enter",), ("o",), ("question_mark",), ("slash", "a")], ids="-".join)
async def test_resizing_breaks_nothing(store, before):
    async with agent(store, SIZES[0]) as someone:
        everything = someone.length
        await someone.press("down", "down", *before)
        for size in SIZES[1:]:
            await someone.resize(*size)
            assert all(len(line) <= size[0] for line in someone.lines)
            assert len(someone.lines) == size[1]
            if size == (59, 15):
                await someone.sees("Terminal trop petit")
            else:
                await someone.sees_no_more("Terminal trop petit")
        await someone.press("escape", "escape", "escape")
        await someone.has_listed(everything)
        assert someone.app.focused is someone.list
        assert someone.under_cursor in someone.shown


async def test_what_one_program_records_the_other_shows(store):
    async with agent(store) as someone, agent(store) as colleague:
        await colleague.press("down", "o")
        await colleague.type("Vu avec la famille")
        await colleague.press("f2")
        await someone.press("down", "enter", *["right"] * 3)
        await someone.sees("Vu avec la famille")
        await someone.press("escape", "home")
        await colleague.press("home", "enter")
        await colleague.until(lambda: colleague.app.focused is not colleague.list, "le dossier")
        assert colleague.under_cursor == URGENT
        await someone.press("t", "f2", "c", "f2")
        await someone.is_told("Dossier clos")
        await colleague.until(lambda: URGENT not in colleague.listed, "la clôture")
        await colleague.until(lambda: colleague.app.focused is colleague.list, "la liste")
        await colleague.sees("Clos 6")


async def test_a_colleague_s_import_shows_by_itself(store, tmp_path):
    extract = tmp_path / "extrait.csv"
    extract.write_text(
        "caisse;matricule;nom;prenom;prestations;piece;nature;recue_le;urgence\n"
        "681;7654321;Nouvelle;Famille;RSA;P1;dtr;02/11/2026;Coupure d’énergie\n",
        encoding="utf-8",
    )
    async with agent(store) as someone:
        command = [sys.executable, "-m", "gca_tui", "--donnees", str(store), "importer", str(extract)]
        subprocess.run(command, env=os.environ, check=True, capture_output=True)
        await someone.sees("NOUVELLE Famille")
        assert "681·7654321" in someone.listed[:3]


async def test_a_mark_goes_when_an_import_replaces_its_dossier(store, tmp_path):
    extract = tmp_path / "extrait.csv"
    caisse, matricule = URGENT.split("·")
    extract.write_text(
        "caisse;matricule;nom;prenom;prestations;piece;nature;recue_le;urgence\n"
        f"{caisse};{matricule};Autre;Nom;RSA;P1;dtr;02/11/2026;Coupure d’énergie\n",
        encoding="utf-8",
    )
    async with agent(store) as someone:
        await marks(someone, URGENT, SECOND)
        command = [sys.executable, "-m", "gca_tui", "--donnees", str(store), "importer", str(extract)]
        subprocess.run(command, env=os.environ, check=True, capture_output=True)
        await someone.is_told("1 marque perdue")
        assert someone.app.screen.marked_keys() == [tuple(SECOND.split("·"))]


async def test_a_terminal_too_small_at_the_start_says_so_and_leaves_nothing_behind(store):
    async with agent(store, (50, 12), wait=False) as someone:
        await someone.until(lambda: "trop petit" in someone.screen, "le message")
        await someone.resize(40, 10)
        await someone.resize(*LARGE)
        await someone.ready()
        assert [type(screen).__name__ for screen in someone.app.screen_stack] == ["Screen", "QueueScreen"]


@pytest.mark.parametrize("before", [(), ("down", "down", "enter", "escape")])
async def test_the_dossier_on_screen_is_the_one_keys_act_on(store, before):
    """On a small terminal the dossier is hidden until it is opened: it must not be an older one then."""
    async with agent(store, size=(80, 24)) as someone:
        await someone.press(*before, "n")
        shown = someone.app.screen.detail.dossier
        assert (shown.caisse, shown.matricule) == someone.app.screen.key()


async def test_a_sort_other_than_the_order_of_work_is_said(store):
    async with agent(store) as someone:
        await someone.press("S", "n")
        await someone.sees("tri : allocataire")
        await someone.press("S", "p")
        await someone.sees_no_more("tri : allocataire")


async def test_after_a_wait_the_dossier_under_the_cursor_is_named(store):
    async with agent(store) as someone:
        before = someone.under_cursor
        await someone.press("w", "+", "5", "tab", "a", "b", "c", "f2")
        await someone.is_told("Sous le curseur maintenant")
        assert someone.under_cursor != before
