"""A conflict is settled by a person, field by field; nothing is lost by Escape or by a kill, and nothing goes alone."""

import json

import pytest
from agent import LARGE, SMALL, agent, plain
from owing import ONE, letter
from tied import command, conflicts, tie, written

from gca_tui.ui.waiting.conflict import ConflictScreen

pytestmark = pytest.mark.usefixtures("nobody_answers")

BASE = "Vous avez repris un emploi en mars. Nous l’avons su le 3 mai."
MINE = "Vous avez repris un emploi le 12 mars. Nous l’avons su le 3 mai."
THEIRS = "Vous avez repris un emploi en mars. Nous l’avons appris le 3 mai."
BOTH = "Vous avez repris un emploi le 12 mars. Nous l’avons appris le 3 mai."


@pytest.fixture
def made(owing_store):
    """Dossiers with notifications."""
    return owing_store


def disputed(store, *, also=()):
    """The explanation of ONE in conflict; gives the id of its notification."""
    tie(store)
    with written(store) as database:
        document = database.execute(
            "SELECT document FROM document JOIN dossier ON id = dossier_id WHERE matricule = '9100001'"
        ).fetchone()[0]
    notification = letter(json.loads(document))["id"]
    path = f"notifications.{notification}.explication"
    bases = {f"{path}.raison": {"rev": 3, "value": BASE}, f"{path}.calcul": {"rev": 0, "value": ""}}
    given = command(ONE, "edit_explanation", notification=notification, raison=MINE, calcul="A", bases=bases)
    others = ((f"{path}.{name}", *rest) for name, *rest in also)
    conflicts(store, given, (f"{path}.raison", BASE, MINE, THEIRS), *others)
    return notification


async def opened(someone):
    await someone.press("b", "enter")
    await someone.until(lambda: isinstance(someone.app.screen, ConflictScreen), "le conflit")


def sent(store):
    """What goes to the server, and what is still in conflict."""
    with written(store) as database:
        rows = database.execute("SELECT state, command ->> 'raison', command ->> 'calcul' FROM outbox").fetchall()
        left = database.execute("SELECT count(*) FROM conflict").fetchone()[0]
    return rows, left


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_the_three_versions_who_and_when_are_told_by_signs(store, size):
    disputed(store)
    async with agent(store, size) as someone:
        await opened(someone)
        await someone.sees(f"Conflit : {ONE} ", "? pourquoi", "Choisi : rien encore.")
        await someone.sees("Avant (Base)", "Moi", "12/11/2026 09 h 15", "Serveur : Paul Martin", "12/11/2026 09 h 42")
        lines = [part.strip() for line in map(plain, someone.lines) for part in line.split("│")]
        for said in (
            "− Vous avez repris un emploi en mars.",
            "+ Vous avez repris un emploi le 12 mars.",
            "− Nous l’avons su le 3 mai.",
            "+ Nous l’avons appris le 3 mai.",
        ):
            assert any(line.startswith(said[:24]) for line in lines), said
        await someone.press("pagedown")
        await someone.sees("Proposition, les deux ensemble")


@pytest.mark.parametrize(("key", "raison"), [("m", MINE), ("s", None)])
async def test_mine_or_the_servers_is_chosen_and_sent(store, key, raison):
    disputed(store)
    async with agent(store, SMALL) as someone:
        await opened(someone)
        await someone.press("f2")
        await someone.is_told("Rien n’est envoyé : il reste à choisir « pourquoi ».")
        await someone.press(key)
        await someone.sees("Choisi : le vôtre." if key == "m" else "Choisi : celui du serveur.")
        assert sent(store)[0] == [("conflict", MINE, "A")]
        await someone.press("f2")
        await someone.is_told("Choix enregistré")
        assert someone.draft("conflit", label=ONE) is None
    rows, left = sent(store)
    assert left == 0
    assert [row[0] for row in rows] == ["pending"]
    assert rows[0][1:] == (raison, "A")


async def test_the_proposal_is_mended_before_it_is_chosen(store):
    disputed(store)
    async with agent(store) as someone:
        await opened(someone)
        await someone.press("p")
        await someone.sees("Écrire un autre texte")
        assert someone.app.focused.text == BOTH
        assert sent(store)[0] == [("conflict", MINE, "A")]
        await someone.paste(f"{BOTH} Appelez-nous.")
        await someone.press("f2")
        await someone.sees("Choisi : le texte écrit ici.", "Appelez-nous.")
        await someone.press("f2")
        await someone.is_told("Choix enregistré")
    assert sent(store) == ([("pending", f"{BOTH} Appelez-nous.", "A")], 0)


async def test_what_was_typed_outlives_escape_and_the_program(store):
    disputed(store, also=[("calcul", "", "A", "B")])
    async with agent(store) as someone:
        await opened(someone)
        await someone.press("right", "s", "left", "e")
        await someone.paste("Un texte à moi.")
        await someone.press("escape")
        await someone.sees("Écrit ici :", "Un texte à moi.", "Choisi : rien encore.")
        await someone.press("escape")
        await someone.is_told("Choix gardés en brouillon")
    async with agent(store) as someone:
        await someone.is_told(f"conflit {ONE}")
        await someone.press("B")
        await someone.choose(f"conflit {ONE}")
        await someone.until(lambda: isinstance(someone.app.screen, ConflictScreen), "le conflit")
        await someone.is_told("Brouillon du")
        await someone.sees("Un texte à moi.", "? pourquoi")
        await someone.press("e")
        assert someone.app.focused.text == "Un texte à moi."
        await someone.press("f2", "f2")
        await someone.is_told("Choix enregistré")
    assert sent(store) == ([("pending", "Un texte à moi.", None)], 0)


async def test_a_value_that_is_no_text_is_one_or_the_other(store):
    tie(store)
    conflicts(store, command(ONE, "take"), ("holder", None, "ifaure", "pmartin"))
    async with agent(store, SMALL) as someone:
        await opened(someone)
        await someone.sees("? qui l’a pris", "+ ifaure", "+ pmartin")
        for key in ("e", "p"):
            await someone.press(key)
            await someone.is_told("on choisit l’un ou l’autre")
        await someone.press("s", "f2")
        await someone.is_told("Choix enregistré")
    assert sent(store) == ([], 0)


async def test_a_server_that_moved_again_is_read_again_and_what_was_typed_stays(store):
    disputed(store)
    async with agent(store) as someone:
        await opened(someone)
        await someone.press("e")
        await someone.paste("Un texte à moi.")
        await someone.press("f2")
        await someone.sees("Choisi : le texte écrit ici.")
        with written(store) as database:
            database.execute("UPDATE conflict SET server = '\"Autre encore.\"', server_rev = 9")
        await someone.is_told("Le serveur a encore changé")
        await someone.sees("Autre encore.", "Un texte à moi.", "Choisi : rien encore.")


async def test_a_conflict_settled_elsewhere_hands_the_text_over(store, monkeypatch):
    disputed(store)
    copied = []
    async with agent(store) as someone:
        monkeypatch.setattr(someone.app, "copy_to_clipboard", copied.append)
        await opened(someone)
        await someone.press("e")
        await someone.paste("Un texte à moi.")
        await someone.press("f2")
        with written(store) as database:
            database.execute("DELETE FROM conflict")
            database.execute("DELETE FROM outbox")
        await someone.is_told("Ce conflit vient d’être réglé ailleurs")
        await someone.press("f2")
        await someone.is_told("il n’y a plus rien à choisir")
        await someone.press("y")
        assert "Un texte à moi." in copied[0]
        await someone.press("escape", "escape")
        assert someone.draft("conflit", label=ONE) is None
