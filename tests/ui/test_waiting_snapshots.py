"""What the boîte d’envoi and a conflict look like."""

import json

import pytest
from agent import LARGE, SMALL, looks_as_it_did
from owing import ONE, letter
from tied import command, conflicts, left, meta, tie, waits

from gca_tui.store.location import prepare
from gca_tui.ui.desk import Desk

BASE = "Vous avez repris un emploi en mars. Nous l’avons su le 3 mai. Vos salaires comptent."
MINE = "Vous avez repris un emploi le 12 mars. Nous l’avons su le 3 mai. Vos salaires comptent.\nAppelez-nous."
THEIRS = "Vous avez repris un emploi en mars. France Travail nous l’a dit le 3 mai. Vos salaires comptent."
SHOTS = {
    "envois-80x24": (SMALL, "gca-sombre", ("b", "down")),
    "envois-120x40": (LARGE, "gca-clair", ("b", "down", "down")),
    "conflit-80x24": (SMALL, "gca-sombre", ("b", "down", "enter")),
    "conflit-120x40": (LARGE, "gca-contraste", ("b", "down", "enter", "m")),
}


@pytest.fixture
def made(owing_store):
    """Dossiers with notifications."""
    return owing_store


@pytest.fixture
def busy(store, nobody_answers):
    """A tied store that holds one of each."""
    tie(store)
    desk = Desk(prepare(store))
    notification = letter(json.loads(desk.window.document(*ONE.split("·"))))["id"]
    desk.close()
    given = command(ONE, "edit_explanation", notification=notification, raison=MINE)
    conflicts(store, given, (f"notifications.{notification}.explication.raison", BASE, MINE, THEIRS))
    refused = command("091·9654422", "close", motif="Tout est fait")
    waits(store, refused, "refused", reason="Il reste une pièce à traiter.")
    waits(store, command("681·2134905", "add_note", texte="Appeler le bailleur."))
    left(store, "681·0830411", commands=2, drafts=1)
    meta(store, "retraits", {"681": {"asks": 120, "total": 300, "kept": False}})
    return store


@pytest.mark.parametrize("name", SHOTS)
def test_the_screen_looks_as_it_did(busy, snap_compare, private_umask, name):
    size, theme, keys = SHOTS[name]

    async def shown(someone):
        await someone.ready()
        await someone.press(*keys)

    assert looks_as_it_did(busy, snap_compare, size, theme, shown)
