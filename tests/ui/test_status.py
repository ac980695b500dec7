"""The exchange in the first line: what each state says, that a store tied to no server says nothing new."""

import pytest
from agent import LARGE, SMALL, agent, plain
from tied import command, conflicts, left, meta, says, tie, waits

from gca_tui.store.waiting import Ask, SyncState
from gca_tui.ui.status import status
from gca_tui.ui.syncing import Syncing

pytestmark = pytest.mark.usefixtures("nobody_answers")

TODAY, BEFORE = "2026-11-12T09:42:00+00:00", "2026-11-11T16:05:00+00:00"
WIDE = 200
VIEW = "Ma corbeille "


@pytest.mark.parametrize(
    ("state", "signs"),
    [
        ({}, "● à jour 10:42"),
        ({"last_contact": BEFORE}, "● à jour 11/11 17:05"),
        ({"last_contact": ""}, "○ premier échange à venir"),
        ({"pending": 2, "in_flight": 1}, "⇡ 3 à envoyer"),
        ({"offline_since": TODAY}, "○ hors ligne depuis 10:42"),
        ({"offline_since": BEFORE, "pending": 1}, "⇡ 1 à envoyer · ○ hors ligne depuis 11/11 17:05"),
        ({"conflicts": 1}, "⚠ 1 conflit · ● à jour 10:42"),
        ({"refused": 1}, "✖ 1 refusé · ● à jour 10:42"),
        ({"refused": 2, "conflicts": 2}, "⚠ 2 conflits · ✖ 2 refusés · ● à jour 10:42"),
        ({"progress": (4000, 13000)}, "↓ 4 000 / 13 000"),
        ({"problem": "access"}, "✖ accès au serveur retiré"),
        ({"problem": "version", "pending": 4}, "✖ gca est trop ancien"),
        ({"problem": "unforeseen"}, "✖ échange arrêté"),
        ({"asks": (Ask("681", 90, 100),)}, "⚠ retrait à confirmer · ● à jour 10:42"),
        ({"asks": (Ask("681", 90, 100, True),)}, "● à jour 10:42"),
        ({"departures": 3}, "→ 3 partis · ● à jour 10:42"),
    ],
)
def test_each_state_has_its_words_and_they_stand_without_their_signs(state, signs):
    known = SyncState(tied=True, **{"last_contact": TODAY, **state})
    assert plain(status(known, WIDE)) == signs
    words = plain(status(known, WIDE, plain=True))
    assert words == " · ".join(part.split(" ", 1)[1] for part in signs.split(" · "))


def test_what_does_not_fit_is_counted_together():
    state = SyncState(tied=True, conflicts=2, refused=3, departures=4, pending=5, offline_since=TODAY)
    assert plain(status(state, 45)) == "⚠ 5 à régler · ○ hors ligne depuis 10:42"


def test_a_store_tied_to_nothing_says_nothing():
    assert status(SyncState(), WIDE) == ""


async def test_an_untied_store_looks_as_ever(store):
    async with agent(store, SMALL) as someone:
        assert someone.header == f" gca · DÉMONSTRATION, dossiers inventés · Inès Faure · 091 · {VIEW}{someone.length}"
        for key in ("s", "b"):
            await someone.press(key)
            await someone.is_told("Ce poste n’est relié à aucun serveur")


@pytest.mark.parametrize(("size", "shown"), [(SMALL, VIEW), (LARGE, f"Inès Faure · 091 · {VIEW}")])
async def test_the_first_line_follows_what_is_noted_and_keeps_the_view(store, size, shown):
    tie(store)
    async with agent(store, size) as someone:
        assert someone.header.endswith("● à jour 10:42")
        assert shown in someone.header
        says(store, offline_since="2026-11-12T10:05:00+00:00")
        await someone.until(lambda: "○ hors ligne depuis 11:05" in someone.header, "hors ligne")
        says(store, progress=[4000, 13000])
        await someone.until(lambda: "↓ 4 000 / 13 000" in someone.header, "la lecture")
        assert shown in someone.header


async def test_in_simple_mode_words_alone_say_it(store):
    tie(store)
    async with agent(store, SMALL, plain=True) as someone:
        assert someone.header.endswith("à jour 10:42")
        assert "●" not in someone.header


async def test_what_wants_a_decision_is_said_when_it_comes(store):
    tie(store)
    async with agent(store, LARGE) as someone:
        label = someone.under_cursor
        given = command(label, "add_note", texte="Rappeler")
        waits(store, given, "refused", reason="Le dossier est clos.")
        await someone.is_told("1 changement refusé : le texte est gardé. b : la boîte d’envoi.")
        other = command(label, "hand_back", motif="expertise")
        conflicts(store, other, ("holder", "", None, "pmartin"))
        await someone.is_told("1 changement en conflit : rien n’est perdu, à vous de choisir.")
        meta(store, "retraits", {"681": {"asks": 120, "total": 300, "kept": False}})
        await someone.is_told("Le serveur retire 120 dossiers de la corbeille 681")
        says(store, problem="access", words="Votre accès au serveur a été retiré. Tout est gardé ici.")
        await someone.is_told("Votre accès au serveur a été retiré.")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_a_dossier_that_leaves_under_the_cursor_is_told_and_closed(store, size):
    tie(store)
    async with agent(store, size) as someone:
        label = someone.under_cursor
        await someone.press("enter")
        await someone.sees("Placé ici parce que")
        left(store, label, commands=2, drafts=1)
        await someone.is_told(f"{label} a quitté ce poste")
        await someone.until(lambda: someone.app.focused is someone.list, "la liste")
        assert someone.under_cursor != label
        assert label not in someone.shown
        assert "Placé ici parce que" not in someone.screen or size == LARGE


async def test_s_asks_for_an_exchange_now(store, monkeypatch):
    tie(store)
    asked = []
    monkeypatch.setattr(Syncing, "poke", lambda self: asked.append(True))
    async with agent(store) as someone:
        await someone.press("s")
        await someone.is_told("Échange demandé au serveur")
        assert asked == [True]


async def test_undo_says_what_is_already_on_the_server(store):
    tie(store)
    async with agent(store) as someone:
        await someone.press("u")
        await someone.is_told("vos changements sont déjà sur le serveur")
