"""Dossiers taken on the server from the screen, over a line that answers, refuses, is slow or cut."""

import json
from contextlib import closing
from threading import Event

import pytest
from agent import LARGE, agent
from tied import tie, written

from gca_tui.errors import Unreachable
from gca_tui.store.driver import connect
from gca_tui.store.location import DATABASE
from gca_tui.store.views import CORBEILLE
from gca_tui.store.window import Selection, Window
from gca_tui.sync.claims import Claiming
from gca_tui.ui import reserving
from gca_tui.ui.syncing import Syncing
from gca_tui.wire import Claims, Denied, Granted

HALF_PAST = 3_600
"""Seconds from 10 h 30, the moment of these tests, to 11 h 30."""


class Line:
    """What a server would answer. `free` are the dossiers it gives, in order; `taken` those somebody has."""

    def __init__(self):
        self.free = []
        self.taken = {}
        self.asked = []
        self.renewed = []
        self.cut = False
        self.hold = None
        self.token = 0

    def claim(self, claim, timeout=30):
        self.asked.append(claim)
        if self.hold:
            self.hold.wait(20)
        if self.cut:
            raise Unreachable("Pas de réponse.")
        if claim.ids:
            denied = [one for one in claim.ids if one in self.taken]
            given = [self.given(*one) for one in claim.ids if one not in self.taken]
            return Claims(granted=given, denied=[self.refused(one) for one in denied])
        passed = set(claim.next.passed) if claim.next else set()
        number = claim.lot.number if claim.lot else 1
        found = [key for key in self.free if key not in passed][:number]
        self.free = [key for key in self.free if key not in found]
        return Claims(granted=[self.given(*key, "lot" if claim.lot else "work", claim.seconds) for key in found])

    def renew(self, renew, timeout=30):
        self.renewed.append(renew)
        return Claims()

    def given(self, caisse, matricule, mode="work", lease=1_800):
        self.token += 1
        return Granted(caisse=caisse, matricule=matricule, token=self.token, lease=lease, mode=mode)

    def refused(self, key):
        return Denied(caisse=key[0], matricule=key[1], nom=self.taken[key], lease=HALF_PAST)


@pytest.fixture
def line(monkeypatch):
    """A line to a server that is not there; the store's own exchange does not begin."""
    made = Line()
    monkeypatch.setattr(Syncing, "start", lambda self: None)
    monkeypatch.setattr(Syncing, "poke", lambda self: None)
    claiming = property(lambda self: Claiming(self._writer(), made, "ifaure", "Inès Faure"))
    monkeypatch.setattr(Syncing, "claiming", claiming)
    return made


@pytest.fixture
def store(store):
    tie(store)
    return store


def key(label):
    return tuple(label.split("·"))


def corbeille(store):
    """The corbeille in the order of work, as labels."""
    with closing(Window(connect(store / DATABASE, readonly=True), "ifaure")) as window:
        from gca_tui import clock

        rows = window.head(Selection(CORBEILLE), clock.today(), 60)
    return [f"{row.caisse}·{row.matricule}" for row in rows]


def free(store):
    """The dossiers of the corbeille that nobody holds, in order."""
    with written(store) as database:
        held = set(database.execute("SELECT caisse, matricule FROM dossier WHERE holder <> ''"))
    return [label for label in corbeille(store) if key(label) not in held]


def has(store, label, nom="Martin", seconds=HALF_PAST, *, mine=0, token=0, mode="work"):
    """Note who has a dossier, as the exchange would."""
    from datetime import timedelta

    from gca_tui import clock

    until = (clock.now() + timedelta(seconds=seconds)).isoformat(timespec="seconds")
    with written(store) as database:
        database.execute(
            "INSERT OR REPLACE INTO claim (caisse, matricule, nom, mine, token, until, mode)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*key(label), nom, mine, token, until, mode),
        )


def claim_rows(store):
    with written(store) as database:
        rows = database.execute("SELECT caisse, matricule, mine, token, mode FROM claim").fetchall()
    return {f"{row[0]}·{row[1]}": row[2:] for row in rows}


def outbox(store):
    with written(store) as database:
        rows = database.execute("SELECT command, token FROM outbox ORDER BY n").fetchall()
    return [(json.loads(row[0])["kind"], row[1]) for row in rows]


async def test_the_list_and_the_dossier_say_who_has_it_and_until_when(store, line):
    mine, others, *_ = free(store)
    has(store, mine, "Inès Faure", mine=1, token=4)
    has(store, others)
    async with agent(store) as someone:
        await someone.sees("● vous", "○ Martin jusqu’à 11 h 30")
        row = next(one for one in someone.lines if others in one and "○ Martin" in one)
        assert "●" not in row
        await someone.goes_to(others)
        await someone.press("enter")
        bar = next(one for one in someone.lines if "[Dossier]" in one)
        assert "○ Martin jusqu’à 11" in bar.replace("\xa0", " ")


async def test_without_borders_and_in_a_small_terminal_it_is_said_too(store, line):
    mine, others, *_ = free(store)
    has(store, mine, "Inès Faure", mine=1, token=4)
    has(store, others)
    async with agent(store, plain=True) as someone:
        await someone.sees("Martin jusqu’à 11 h 30")
        assert "●" not in someone.screen
        assert "○ Martin" not in someone.screen
    async with agent(store, size=(80, 24)) as someone:
        await someone.sees("● vous", "○ Mar")


async def test_a_claim_that_ran_out_is_not_shown_and_does_not_forbid(store, line):
    label = free(store)[0]
    has(store, label, seconds=-1)
    async with agent(store) as someone:
        assert "Martin" not in someone.screen
        await someone.goes_to(label)
        await someone.press("p")
        await someone.is_told("Dossier pris.")


async def test_the_mark_follows_what_the_exchange_brings(store, line):
    label = free(store)[0]
    async with agent(store) as someone:
        has(store, label)
        await someone.sees("○ Martin jusqu’à 11 h 30")
        with written(store) as database:
            database.execute("DELETE FROM claim")
        await someone.sees_no_more("○ Martin")


async def test_p_takes_here_and_on_the_server(store, line):
    label = free(store)[0]
    async with agent(store) as someone:
        await someone.goes_to(label)
        await someone.press("p")
        await someone.is_told("Dossier pris.")
        await someone.sees("● vous")
    assert [one.ids for one in line.asked] == [(key(label),)]
    assert outbox(store) == [("take", 1)]


async def test_p_on_what_a_colleague_has_says_who_and_until_when_and_takes_nothing(store, line):
    label, known = free(store)[:2]
    line.taken = {key(label): "Paul Martin"}
    has(store, known)
    async with agent(store) as someone:
        await someone.goes_to(label)
        await someone.press("p")
        await someone.is_told("Paul Martin a ce dossier jusqu’à 11 h 30. Rien n’a changé")
        await someone.sees("○ Paul Martin 11 h 30")
        assert someone.document(label).get("holder") is None
        await someone.press("escape")
        await someone.goes_to(known)
        await someone.press("p")
        await someone.is_told("Martin a ce dossier jusqu’à 11 h 30.")
    assert len(line.asked) == 1
    assert outbox(store) == []


async def test_p_without_network_takes_here_and_asks_later(store, line):
    line.cut = True
    label = free(store)[0]
    async with agent(store) as someone:
        await someone.goes_to(label)
        await someone.press("p")
        await someone.is_told("Dossier pris. Le serveur ne répond pas")
        await someone.sees("○ vous, à confirmer")
    assert claim_rows(store) == {label: (1, 0, "work")}
    assert outbox(store) == [("take", 0)]


async def test_p_on_marks_leaves_out_what_a_colleague_has(store, line):
    first, second = free(store)[:2]
    has(store, second)
    async with agent(store) as someone:
        for label in (first, second):
            await someone.press("home", *["down"] * someone.listed.index(label), "space")
        await someone.press("p")
        await someone.sees("1 possible, 1 refusé", "Martin a ce dossier jusqu’à 11 h 30")
        await someone.press("enter")
        await someone.is_told("Pris : 1 possible")
    assert claim_rows(store)[first] == (1, 0, "work")


async def test_giving_back_takes_the_mark_away(store, line):
    label = free(store)[0]
    async with agent(store) as someone:
        await someone.goes_to(label)
        await someone.press("p")
        await someone.sees("● vous")
        await someone.press("P")
        await someone.paste("Hors de mon champ")
        await someone.press("f2")
        await someone.sees_no_more("● vous")
    assert claim_rows(store) == {}
    assert line.renewed == []


async def test_n_opens_what_the_server_gives_wherever_that_is_in_the_list(store, line):
    labels = free(store)
    line.free = [key(labels[7]), key(labels[3])]
    async with agent(store) as someone:
        await someone.press("n")
        await someone.until(lambda: someone.under_cursor == labels[7], "le dossier du serveur")
        await someone.is_told("Placé ici parce que")
        await someone.sees("● vous")
        await someone.press("n")
        await someone.until(lambda: someone.under_cursor == labels[3], "le suivant du serveur")
        assert line.asked[1].next.passed == (key(labels[7]),)
    assert claim_rows(store)[labels[7]][2] == "release"
    assert claim_rows(store)[labels[3]] == (1, 2, "work")


async def test_what_n_leaves_is_kept_where_something_was_typed_or_taken(store, line):
    labels = free(store)
    line.free = [key(labels[7]), key(labels[3]), key(labels[4])]
    async with agent(store) as someone:
        await someone.press("n", "o")
        await someone.type("À finir")
        await someone.press("escape", "n", "p")
        await someone.until(lambda: someone.under_cursor == labels[3], "le deuxième")
        await someone.is_told("Dossier pris.")
        await someone.press("n")
        await someone.until(lambda: someone.under_cursor == labels[4], "le troisième")
    assert [claim_rows(store)[one][2] for one in (labels[7], labels[3])] == ["work", "work"]


async def test_n_without_network_says_so_and_follows_the_order_here(store, line):
    line.cut = True
    first = free(store)[0]
    has(store, first)
    async with agent(store) as someone:
        before = corbeille(store)
        await someone.press("n")
        await someone.is_told("Le serveur ne répond pas : suivant dans l’ordre de ce poste.")
        opened = someone.under_cursor
        assert opened == next(label for label in before if label != first)
        await someone.press("n")
        last = someone.under_cursor
        assert last == next(label for label in before if label not in (first, opened))
    assert {label: row[:2] for label, row in claim_rows(store).items() if row[0]} == {last: (1, 0)}


async def test_n_without_network_follows_my_lot_first(store, line):
    line.cut = True
    labels = free(store)
    for label in (labels[9], labels[5]):
        has(store, label, "Inès Faure", mine=1, token=3, mode="lot")
    async with agent(store) as someone:
        await someone.press("n")
        await someone.is_told("Le serveur ne répond pas : suivant de votre lot.")
        assert someone.under_cursor == labels[5]
        await someone.press("n")
        assert someone.under_cursor == labels[9]
        await someone.press("n")
        await someone.is_told("suivant dans l’ordre de ce poste")


async def test_a_slow_server_blocks_nothing_and_its_late_dossier_is_given_back(store, line, monkeypatch):
    monkeypatch.setattr(reserving, "PATIENCE", 0.2)
    labels = free(store)
    line.free, line.hold = [key(labels[7])], Event()
    async with agent(store) as someone:
        await someone.pilot.press("n")
        await someone.pilot.press("n")
        await someone.until(lambda: "suivant dans l’ordre" in someone.footer, "la suite sans le serveur")
        opened = someone.under_cursor
        await someone.pilot.press("o")
        await someone.sees("Note interne")
        line.hold.set()
        await someone.until(lambda: claim_rows(store).get(labels[7], ("", "", ""))[2] == "release", "le retour")
        await someone.press("escape")
        assert someone.under_cursor == opened
    assert len(line.asked) == 1


async def test_an_agent_who_went_elsewhere_is_not_taken_away(store, line):
    labels = free(store)
    line.free, line.hold = [key(labels[7])], Event()
    async with agent(store) as someone:
        await someone.pilot.press("n")
        await someone.pilot.press("down")
        here = someone.under_cursor
        line.hold.set()
        await someone.until(lambda: claim_rows(store).get(labels[7], ("", "", ""))[2] == "release", "le retour")
        await someone.settled()
        assert someone.under_cursor == here


async def test_n_leaves_aside_what_is_closed_here_and_not_sent_yet(store, line):
    labels = free(store)
    line.free = [key(labels[7]), key(labels[3])]
    with written(store) as database:
        database.execute("UPDATE dossier SET statut = 'clos' WHERE caisse = ? AND matricule = ?", key(labels[7]))
    async with agent(store) as someone:
        await someone.press("n")
        await someone.until(lambda: someone.under_cursor == labels[3], "le suivant")


async def test_where_the_server_has_none_left_the_agent_s_own_come(store, line):
    async with agent(store) as someone:
        await someone.press("n")
        await someone.is_told("Placé ici parce que")
        assert someone.under_cursor == corbeille(store)[0]


async def test_a_lot_is_taken_on_the_server_and_worked(store, line):
    labels = free(store)
    line.free = [key(labels[7]), key(labels[3]), key(labels[5])]
    async with agent(store) as someone:
        await someone.press("L", "c")
        await someone.is_told("Lot réservé. Séquence de 3 dossiers")
        assert someone.listed == [labels[3], labels[5], labels[7]]
        assert someone.listed[0] == someone.under_cursor
        await someone.press("n", "n")
        assert someone.under_cursor == labels[7]
        await someone.press("L")
        await someone.is_told("Séquence quittée")
        await someone.press("L", "l")
        await someone.is_told("Lot réservé. Séquence de 3 dossiers")
        await someone.press("L", "L")
        await someone.choose("Rendre ce qui reste")
        await someone.is_told("3 dossiers rendus")
    assert {row[2] for row in claim_rows(store).values()} == {"release"}
    assert {one.lot.nature for one in line.asked if one.lot} == {"rac_annuel", "rac_trimestriel"}


async def test_a_lot_without_network_is_a_sequence_asked_for_later(store, line):
    line.cut = True
    async with agent(store) as someone:
        await someone.press("L", "c")
        await someone.is_told("lot sans réservation")
        rows = claim_rows(store)
        assert 0 < len(rows) <= 20
        assert set(rows) == set(someone.listed[:20])
        assert {row[:2] for row in rows.values()} == {(1, 0)}


async def test_quitting_keeps_what_was_taken_and_tells_the_server_nothing(store, line):
    labels = free(store)
    line.free = [key(labels[7])]
    async with agent(store) as someone:
        await someone.press("n")
        await someone.until(lambda: someone.under_cursor == labels[7], "le dossier")
        await someone.press("q")
    assert claim_rows(store)[labels[7]] == (1, 1, "work")
    assert line.renewed == []
    async with agent(store) as someone:
        await someone.press("n")
        await someone.until(lambda: someone.under_cursor == labels[7], "le même dossier")
    assert len(line.asked) == 1


async def test_an_untied_store_asks_nobody(store, line):
    with written(store) as database:
        database.execute("DELETE FROM meta WHERE name = 'server'")
    async with agent(store, size=LARGE) as someone:
        await someone.press("n", "p", "L", "c", "n")
        assert "● vous" not in someone.screen
    assert line.asked == []
    assert claim_rows(store) == {}
