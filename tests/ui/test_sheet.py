"""The sheet for the desk: opened by its key over the whole screen, never scrolled, made again for another size."""

import base64
import re

import pytest
from agent import LARGE, SMALL, Agent, agent, plain

from gca_tui.presentation.fitting import cells
from gca_tui.store.location import prepare
from gca_tui.ui.app import GcaApp, Options
from gca_tui.ui.desk import Desk
from gca_tui.ui.screens.sheet import COPIED
from gca_tui.ui.settings import Settings

OWING = "681·0123456"
FOUR_FAMILIES = "681·0571820"
FREE = "681·0624508"


def on_sheet(someone):
    return type(someone.app.screen).__name__ == "SheetScreen"


async def opens(someone, label=OWING):
    await someone.goes_to(label)
    await someone.press("f")
    await someone.until(lambda: on_sheet(someone), "la fiche")
    await someone.settled()


@pytest.mark.parametrize("is_plain", [False, True], ids=["", "simple"])
async def test_the_sheet_is_one_screen_and_closes_by_its_key(store, is_plain):
    async with agent(store, SMALL, plain=is_plain) as someone:
        for close in ("f", "escape"):
            await opens(someone)
            await someone.sees("SCHÄFER Anna, dossier numéro 0123456", "Vous devez rembourser 1 500,00 €")
            await someone.sees("Pour écrire : Caf du Haut-Rhin", "Téléphone")
            assert not any("│" in line or "─" in line for line in someone.lines)
            assert max(map(cells, someone.lines)) <= SMALL[0]
            await someone.press(close)
            await someone.until(lambda: not on_sheet(someone), "la liste")
            assert someone.under_cursor == OWING


async def test_more_room_says_more_and_less_room_fits_again(store):
    async with agent(store, SMALL) as someone:
        await opens(someone, FOUR_FAMILIES)
        small = someone.screen
        await someone.resize(200, 50)
        await someone.sees("Mois par mois")
        await someone.resize(*SMALL)
        await someone.sees_no_more("Mois par mois")
        assert someone.screen == small


@pytest.mark.parametrize(("key", "next_screen"), [("a", "Contact avec l’allocataire"), ("x", "Pourquoi")])
async def test_a_key_of_the_sheet_goes_on_with_its_work(store, key, next_screen):
    async with agent(store, LARGE) as someone:
        await opens(someone)
        await someone.press(key)
        await someone.until(lambda: not on_sheet(someone), "la fin de la fiche")
        await someone.sees(next_screen)


async def test_y_sends_the_page_to_the_terminal(store, monkeypatch):
    async with agent(store, SMALL) as someone:
        sent = []
        monkeypatch.setattr(someone.app._driver, "write", sent.append)
        await opens(someone)
        await someone.press("y")
        await someone.is_told(COPIED[:40])
        copied = re.search(r"\x1b\]52;c;([^\x07\x1b]+)", "".join(sent))[1]
        assert "Vous devez rembourser 1 500,00 €" in plain(base64.b64decode(copied).decode())


async def test_one_letter_has_no_next_one(store):
    async with agent(store, SMALL) as someone:
        await opens(someone)
        await someone.press("n")
        await someone.is_told("pas d’autre courrier")


SHOTS = {
    "fiche-80x24": (FOUR_FAMILIES, SMALL, "gca-sombre"),
    "fiche-120x40": (OWING, LARGE, "gca-clair"),
    "fiche-sans-trop-percu-80x24": (FREE, SMALL, "gca-contraste"),
}


@pytest.mark.parametrize("name", SHOTS)
def test_the_sheet_looks_as_it_did(store, snap_compare, private_umask, name):
    label, size, theme = SHOTS[name]
    desk = Desk(prepare(store))
    app = GcaApp(desk, Settings(theme=theme), Options())

    async def before(pilot):
        someone = Agent(app, pilot, desk)
        await someone.ready()
        await opens(someone, label)

    try:
        assert snap_compare(app, terminal_size=size, run_before=before)
    finally:
        desk.close()
