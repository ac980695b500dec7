"""What colleagues and the server do while an agent looks at something: said in words, never under the agent's hand."""

import pytest
from agent import LARGE, SMALL, agent, plain
from owing import COLLEAGUE
from test_beneath import by_a_colleague
from tied import TIE, command, conflicts, left, meta, tie, waits, written

from gca_tui.domain.commands import Take
from gca_tui.ids import new_id
from gca_tui.store.location import prepare
from gca_tui.store.writer import Writer
from gca_tui.ui.syncing import Syncing
from gca_tui.ui.waiting.screen import WaitingScreen

NONE = "681·4811347"
CLOSED = "Vous n’avez plus accès à cette corbeille."


@pytest.fixture(autouse=True)
def nobody_answers(monkeypatch):
    """Nothing is exchanged but what a test writes."""
    monkeypatch.setattr(Syncing, "start", lambda self: None)


def taken_by_a_colleague(store, label):
    from gca_tui import clock

    caisse, matricule = label.split("·")
    stamp = {"id": new_id(), "caisse": caisse, "matricule": matricule, "author": COLLEAGUE, "at": clock.now()}
    writer = Writer(prepare(store))
    writer.record([Take(**stamp)]).result()
    writer.close()


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_a_dossier_that_slips_from_under_the_cursor_is_said_with_the_one_now_there(store, size):
    tie(store)
    async with agent(store, size) as someone:
        before = someone.under_cursor
        taken_by_a_colleague(store, before)
        await someone.until(lambda: someone.under_cursor != before, "un autre dossier")
        await someone.until(lambda: someone.footer.strip().startswith(f"{before} n’est plus dans cette liste"), "dit")
        if size == LARGE:
            assert "Katia Meyer : pris" in someone.footer
            assert f"Sous le curseur maintenant : {someone.under_cursor}" in someone.footer


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_the_sheet_of_a_dossier_that_left_closes_and_says_why(store, size):
    tie(store)
    async with agent(store, size) as someone:
        await someone.goes_to(NONE)
        await someone.press("f")
        await someone.sees("Pour vérifier")
        left(store, NONE)
        await someone.is_told(f"{NONE} a quitté ce poste (réaffecté à la Caf de l’Ariège).")
        assert "Pour vérifier" not in someone.screen
        assert "tapiez" not in someone.footer


async def test_the_sheet_says_what_a_colleague_did(store):
    tie(store)
    async with agent(store) as someone:
        await someone.goes_to(NONE)
        await someone.press("f")
        by_a_colleague(store, NONE)
        await someone.is_told("Katia Meyer : note.")
        assert "tapez" not in someone.footer


async def test_what_is_refused_again_is_said_with_its_reason(store):
    tie(store)
    waits(store, command(NONE, "add_note", texte="Vu."), "refused", reason="Un collègue a ce dossier.")
    async with agent(store) as someone:
        await someone.press("b")
        await someone.until(lambda: isinstance(someone.app.screen, WaitingScreen), "la boîte d’envoi")
        await someone.press("r")
        await someone.is_told("De nouveau à envoyer.")
        with written(store) as database:
            database.execute("UPDATE outbox SET state = 'refused', reason = 'Paul Martin a ce dossier.'")
        await someone.is_told("Refusé. Paul Martin a ce dossier.")


async def test_dossiers_that_left_together_are_one_line_that_names_them(store):
    tie(store)
    labels = ["681·2134905", "681·4811347", "681·5389314", "681·5064765"]
    for label in labels:
        left(store, label, CLOSED, drafts=1)
    async with agent(store) as someone:
        await someone.press("b")
        await someone.sees("Boîte d’envoi : 4 partis", "4 dossiers · Vous n’avez plus accès à cette corbeille")
        assert len(someone.app.screen.list.lines) == 1
        assert "corbeille.." not in someone.screen
        await someone.sees("4 brouillons remis à la caisse.", *labels)
        await someone.press("o")
        await someone.is_told("Ces dossiers ne sont plus sur ce poste.")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_closing_the_box_is_always_among_its_keys(store, size):
    tie(store)
    async with agent(store, size) as someone:
        await someone.press("b")
        await someone.is_told("Échap fermer")


async def test_a_machine_that_lost_every_corbeille_says_so_and_not_how_to_import(store):
    tie(store)
    async with agent(store) as someone:
        meta(store, "server", TIE | {"scopes": []})
        left(store, NONE, CLOSED)
        await someone.until(lambda: "✖ aucune corbeille" in someone.header, "aucune corbeille")
        await someone.is_told(f"{NONE} a quitté ce poste (Vous n’avez plus accès à cette corbeille).")
    with written(store) as database:
        database.execute("DELETE FROM dossier")
        database.execute("UPDATE departure SET seen = 1")
    async with agent(store) as someone:
        await someone.is_told("Le serveur ne donne plus aucune corbeille à ce poste : voyez votre responsable.")


async def test_an_empty_tied_store_stops_saying_so_once_dossiers_are_there(store):
    tie(store)
    with written(store) as database:
        rows = database.execute("SELECT * FROM dossier").fetchall()
        database.execute("DELETE FROM dossier")
    async with agent(store) as someone:
        await someone.is_told("Aucun dossier dans vos corbeilles.")
        with written(store) as database:
            marks = ", ".join("?" * len(rows[0]))
            database.executemany(f"INSERT INTO dossier VALUES ({marks})", rows)
        await someone.until(lambda: "Aucun dossier" not in someone.footer, "la fin du message")


async def test_a_text_begun_on_nothing_is_proposed_without_saying_all_of_it_twice(store):
    tie(store)
    mine = "Inès écrit ceci. Nous avons recalculé vos droits."
    theirs = "Paul écrit cela. Nous avons recalculé vos droits."
    given = command(NONE, "edit_explanation", notification="N-2026-11-04", raison=mine)
    path = "notifications.N-2026-11-04.explication.raison"
    conflicts(store, given, (path, None, mine, theirs))
    async with agent(store) as someone:
        await someone.press("b", "enter")
        await someone.sees("Choisi : rien encore.")
        lines = [plain(line) for line in someone.lines]
        assert sum("Nous avons recalculé vos droits." in line for line in lines) <= 2
        assert any("+ Paul écrit cela." in line for line in lines)
