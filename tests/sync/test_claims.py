"""Claims between a desk and a real server: taken, asked for later, renewed, given back, whatever the clocks say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gca_tui import clock
from gca_tui.domain.command import Command
from gca_tui.domain.commands import CloseDossier, HandBack, Take
from gca_tui.errors import Unreachable
from gca_tui.ids import new_id
from gca_tui.store import claims
from gca_tui.store.claimed import Held
from gca_tui.store.claimed import claims as known
from gca_tui.store.driver import connect
from gca_tui.sync.claims import Claiming, lot_seconds
from gca_tui.wire import LEASE, LOT_LEASE
from tests.sync.desks import Desk
from tests.sync.people import CAISSE, INES, KATIA, KEYS
from tests.sync.server import Server

HERE, OTHER, SMALL = KEYS[1], KEYS[2], KEYS[3]
OUT_OF_SIGHT = KEYS[0]
Key = tuple[str, str]


@pytest.fixture
def ines(ines: Desk) -> Desk:
    ines.exchange.full()
    return ines


def claiming(desk: Desk) -> Claiming:
    return Claiming(desk.writer, desk.line, desk.author.identifiant, desk.author.nom)


def seen(desk: Desk) -> dict[Key, Held]:
    """What the screen of a desk shows."""
    connection = connect(desk.writer.path, readonly=True)
    try:
        return known(connection, clock.now())
    finally:
        connection.close()


def has(desk: Desk, key: Key = HERE) -> tuple[str, bool, bool]:
    """Who has it, whether that is this agent, whether the server said so."""
    held = seen(desk).get(key)
    return (held.nom, held.mine, held.token > 0) if held else ("", False, False)


def gives(desk: Desk, *given: Command) -> None:
    desk.writer.record(list(given)).result()


def take(desk: Desk, key: Key = HERE) -> Take:
    return Take(id=new_id(), caisse=key[0], matricule=key[1], author=desk.author, at=clock.now())


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setenv(clock.FROZEN, moment.isoformat())


def test_what_one_takes_the_other_sees_at_the_next_pull(ines: Desk, katia: Desk) -> None:
    answer = claiming(ines).take([HERE])
    assert [one.matricule for one in answer.granted] == [HERE[1]]
    assert LEASE - 3 < answer.granted[0].lease <= LEASE
    assert has(ines) == (INES.nom, True, True)
    katia.exchange.full()
    assert has(katia) == (INES.nom, False, False)
    until = datetime.fromisoformat(seen(katia)[HERE].until)
    assert timedelta(0) <= clock.now() + timedelta(seconds=LEASE) - until < timedelta(seconds=5)
    refused = claiming(katia).take([HERE])
    assert [one.nom for one in refused.denied] == [INES.nom]


def test_what_was_taken_without_network_is_asked_for_at_the_next_contact(ines: Desk, katia: Desk) -> None:
    gives(ines, take(ines))
    assert has(ines) == (INES.nom, True, False)
    assert claiming(ines).due() == 0.0
    assert claiming(ines).contact() == []
    assert has(ines) == (INES.nom, True, True)
    ines.exchange.full()
    katia.exchange.full()
    assert katia.dossiers()[HERE].holder == INES.identifiant
    assert has(katia)[0] == INES.nom


def test_an_intention_that_comes_too_late_is_told_and_loses_no_text(ines: Desk, katia: Desk) -> None:
    claiming(katia).take([HERE])
    gives(ines, take(ines))
    ines.note(HERE, "Écrite hors ligne.")
    refused = claiming(ines).contact()
    assert [(one.key, one.nom) for one in refused] == [(HERE, KATIA.nom)]
    ines.exchange.full()
    assert has(ines) == (KATIA.nom, False, False)
    assert ines.state().refused == 1
    assert [row[0] for row in ines.rows("SELECT code FROM outbox WHERE state = 'refused'")] == ["claim_perdu"]
    katia.exchange.full()
    assert katia.notes(HERE) == ["Écrite hors ligne."]
    assert katia.dossiers()[HERE].holder is None


def test_a_dossier_out_of_sight_is_not_taken_and_not_kept(ines: Desk) -> None:
    answer = claiming(ines).take([OUT_OF_SIGHT])
    assert [(one.nom, one.lease) for one in answer.denied] == [("", 0)]
    assert OUT_OF_SIGHT not in seen(ines)


def test_it_is_renewed_at_half_its_lease_and_not_before(
    server: Server, ines: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = claiming(ines)
    ours.take([HERE])
    assert ours.due() == pytest.approx(LEASE / 2, abs=3)
    ines.tap.asked.clear()
    ours.contact()
    assert ines.tap.asked == []
    server.ahead += timedelta(seconds=LEASE // 2 + 5)
    at(monkeypatch, clock.now() + timedelta(seconds=LEASE // 2 + 5))
    assert ours.due() == 0.0
    ours.contact()
    assert ines.tap.asked == ["/claims/renew"]
    assert ours.due() == pytest.approx(LEASE / 2, abs=3)
    assert seen(ines)[HERE].token == 1


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_ten_years_off_changes_only_the_hours_shown(
    server: Server, ines: Desk, katia: Desk, monkeypatch: pytest.MonkeyPatch, years: int
) -> None:
    right = clock.now()
    at(monkeypatch, right + timedelta(days=3_652 * years))
    ours = claiming(ines)
    assert ours.take([HERE]).granted
    assert has(ines) == (INES.nom, True, True)
    assert ours.due() == pytest.approx(LEASE / 2, abs=3)
    katia.exchange.full()
    assert has(katia) == (INES.nom, False, False)
    at(monkeypatch, right)
    server.ahead += timedelta(minutes=20)
    gives(ines, take(ines))
    assert ours.due() == 0.0
    ours.contact()
    assert has(ines) == (INES.nom, True, True)
    ines.exchange.full()
    assert ines.state().refused == 0
    server.ahead += timedelta(minutes=20)
    assert claiming(katia).take([HERE]).granted == ()


def test_a_dossier_looked_at_and_left_is_given_back(ines: Desk, katia: Desk) -> None:
    ours = claiming(ines)
    given = ours.next().granted[0]
    key = (given.caisse, given.matricule)
    ines.writer.run(lambda connection: claims.give_back(connection, [key])).result()
    assert key not in seen(ines)
    ours.contact()
    assert claiming(katia).take([key]).granted[0].token == 2


def test_nothing_is_given_back_before_the_work_on_it_was_sent(ines: Desk) -> None:
    ours = claiming(ines)
    ours.take([HERE])
    ines.note(HERE, "À envoyer d’abord.")
    ines.writer.run(lambda connection: claims.give_back(connection, [HERE])).result()
    ines.tap.asked.clear()
    ours.contact()
    assert ines.tap.asked == []
    ines.exchange.full()
    ours.contact()
    assert ines.tap.asked[-1] == "/claims/renew"


@pytest.mark.parametrize("closes", [True, False], ids=["closed", "handed_back"])
def test_what_is_closed_or_handed_back_is_free_once_that_is_sent(ines: Desk, katia: Desk, closes: bool) -> None:
    claiming(ines).take([SMALL])
    gives(ines, take(ines, SMALL))
    stamp = {"id": new_id(), "caisse": SMALL[0], "matricule": SMALL[1], "author": ines.author, "at": clock.now()}
    gives(ines, CloseDossier(**stamp) if closes else HandBack(**stamp, motif="Hors de mon champ"))
    assert SMALL not in seen(ines)
    assert claiming(katia).take([SMALL]).denied[0].nom == INES.nom
    claiming(ines).contact()
    ines.exchange.full()
    assert SMALL not in seen(ines)
    assert claiming(katia).take([SMALL]).granted


def test_a_taking_undone_before_it_was_sent_is_given_back(ines: Desk, katia: Desk) -> None:
    claiming(ines).take([HERE])
    gives(ines, take(ines))
    assert [one.kind for one in ines.writer.undo().result()] == ["take"]
    assert HERE not in seen(ines)
    claiming(ines).contact()
    assert claiming(katia).take([HERE]).granted


def test_a_lapsed_claim_goes_from_the_screen_and_from_the_file(
    ines: Desk, katia: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    claiming(katia).take([HERE])
    ines.exchange.full()
    claiming(ines).next()
    assert len(seen(ines)) == 2
    at(monkeypatch, clock.now() + timedelta(seconds=LEASE + 1))
    assert seen(ines) == {}
    claiming(ines).contact()
    assert ines.rows("SELECT count(*) FROM claim") == [(0,)]


def test_one_who_comes_back_keeps_what_nobody_took_meanwhile(
    server: Server, ines: Desk, katia: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in (HERE, OTHER):
        claiming(ines).take([key])
        gives(ines, take(ines, key))
    server.ahead += timedelta(hours=3)
    at(monkeypatch, clock.now() + timedelta(hours=3))
    claiming(katia).take([OTHER])
    refused = claiming(ines).contact()
    assert [one.key for one in refused] == [OTHER]
    assert (has(ines, HERE)[1], has(ines, OTHER)[1]) == (True, False)


def test_without_an_answer_nothing_changes(ines: Desk) -> None:
    ines.tap.cut()
    with pytest.raises(Unreachable):
        claiming(ines).next(timeout=0.1)
    gives(ines, take(ines))
    with pytest.raises(Unreachable):
        claiming(ines).contact(timeout=0.1)
    assert has(ines) == (INES.nom, True, False)


def test_an_answer_lost_on_the_way_comes_with_the_next_pull(ines: Desk) -> None:
    def lose(path: str, answer: object) -> object:
        ines.tap.after = lambda _, whole: whole
        raise Unreachable("perdue")

    ines.tap.after = lose  # type: ignore[assignment]
    with pytest.raises(Unreachable):
        claiming(ines).take([HERE])
    assert HERE not in seen(ines)
    ines.exchange.full()
    assert has(ines) == (INES.nom, True, True)


def test_what_leaves_the_store_takes_its_claim_along(server: Server, ines: Desk) -> None:
    claiming(ines).take([HERE])
    server.reassign(HERE, CAISSE)
    ines.exchange.full()
    assert ines.rows("SELECT count(*) FROM claim") == [(0,)]


@pytest.mark.parametrize(
    ("hour", "seconds"),
    [
        (datetime(2026, 11, 12, 7, 0, tzinfo=UTC), 10 * 3_600),
        (datetime(2026, 7, 16, 6, 0, tzinfo=UTC), 10 * 3_600),
        (datetime(2026, 11, 12, 15, 30, tzinfo=UTC), 5_400),
        (datetime(2026, 11, 12, 16, 30, tzinfo=UTC), LOT_LEASE),
        (datetime(2026, 11, 12, 20, 0, tzinfo=UTC), 21 * 3_600),
    ],
)
def test_a_lot_is_taken_until_eighteen_o_clock(hour: datetime, seconds: int) -> None:
    assert lot_seconds(hour) == seconds
