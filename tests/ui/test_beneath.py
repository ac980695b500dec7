"""A dossier that a colleague changes, or that leaves, while something is typed over it: no letter moves or is lost."""

import json

import pytest
from agent import LARGE, SMALL, agent
from owing import COLLEAGUE, NONE, ONE
from tied import left, says, tie, written

from gca_tui.domain.commands import AddNote
from gca_tui.ids import new_id
from gca_tui.store.location import prepare
from gca_tui.store.writer import Writer
from gca_tui.ui.workshop import Workshop

pytestmark = pytest.mark.usefixtures("nobody_answers")


@pytest.fixture
def made(owing_store):
    """Dossiers with notifications."""
    return owing_store


def by_a_colleague(store, label):
    """A note that comes from the server."""
    from gca_tui import clock

    caisse, matricule = label.split("·")
    stamp = {"id": new_id(), "caisse": caisse, "matricule": matricule, "author": COLLEAGUE, "at": clock.now()}
    writer = Writer(prepare(store))
    writer.record([AddNote(**stamp, texte="Vu au guichet.")]).result()
    writer.close()


def kept(store, label):
    """The drafts of a dossier, and those that its departure holds."""
    caisse, matricule = label.split("·")
    with written(store) as database:
        drafts = database.execute(
            "SELECT fields FROM draft WHERE caisse = ? AND matricule = ?", (caisse, matricule)
        ).fetchall()
        gone = database.execute(
            "SELECT drafts FROM departure WHERE caisse = ? AND matricule = ?", (caisse, matricule)
        ).fetchall()
    return [json.loads(row[0]) for row in drafts], [row[0] for row in gone]


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_a_form_says_what_a_colleague_did_and_nothing_typed_moves(store, size):
    tie(store)
    async with agent(store, size) as someone:
        await someone.goes_to(NONE)
        await someone.press("o")
        await someone.type("Bonjour")
        by_a_colleague(store, NONE)
        await someone.sees("Katia Meyer : note. Ce que vous tapez n’a pas bougé.")
        await someone.type(" encore")
        await someone.sees("Bonjour encore", "Katia Meyer : note.")


async def test_an_untied_store_and_the_agents_own_change_say_nothing(store):
    async with agent(store) as someone:
        await someone.goes_to(NONE)
        await someone.press("o")
        by_a_colleague(store, NONE)
        await someone.type("Bonjour")
        await someone.pilot.pause(1.2)
        assert "Katia Meyer" not in someone.screen


@pytest.mark.parametrize("key", ["o", "d", "R"])
async def test_a_form_over_a_dossier_that_left_closes_and_hands_its_words_over(store, key):
    tie(store)
    async with agent(store) as someone:
        await someone.goes_to(NONE)
        await someone.press(key)
        await someone.sees("Échap Fermer")
        if key == "R":
            await someone.press("tab", "tab", "tab")
        await someone.paste("Mes derniers mots.")
        left(store, NONE)
        await someone.until(lambda: someone.app.screen.query("#list"), "la liste")
        await someone.is_told(f"{NONE} a quitté ce poste (réaffecté à la Caf de l’Ariège).")
        await someone.settled()
        await someone.until(lambda: not kept(store, NONE)[0], "plus de brouillon ici")
    drafts, gone = kept(store, NONE)
    assert drafts == []
    assert "Mes derniers mots." in gone[0]


async def test_the_workshop_over_a_dossier_that_left_closes_and_hands_its_text_over(store):
    tie(store)
    async with agent(store) as someone:
        await someone.goes_to(ONE)
        await someone.press("x")
        await someone.until(lambda: isinstance(someone.app.screen, Workshop), "l’atelier")
        await someone.paste("Mes derniers mots.")
        left(store, ONE)
        await someone.until(lambda: someone.app.screen.query("#list"), "la liste")
        await someone.is_told(f"{ONE} a quitté ce poste")
    drafts, gone = kept(store, ONE)
    assert drafts == []
    assert "Mes derniers mots." in gone[0]


async def test_the_workshop_shows_how_the_exchange_is_going(store):
    tie(store)
    async with agent(store, SMALL) as someone:
        await someone.goes_to(ONE)
        await someone.press("x")
        await someone.until(lambda: isinstance(someone.app.screen, Workshop), "l’atelier")
        await someone.until(lambda: someone.header.endswith("à jour 10:42"), "l’état")
        says(store, offline_since="2026-11-12T10:05:00+00:00")
        await someone.until(lambda: "hors ligne depuis 11:05" in someone.header, "hors ligne")
