"""Claims on the remote store: at most one at a time, whoever asks at once and whatever the clocks say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import and_, select, update

from gca_tui.domain.apply import based
from gca_tui.domain.commands import CloseDossier, FlagUrgence, HandBack, ReceiveExtract, Take, Wait
from gca_tui.domain.commands.extract import ReadPiece
from gca_tui.domain.pieces import ExtraitPiece
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.server import claiming, importing, leases, pulling, verifying
from gca_tui.server.access import Who, identify
from gca_tui.server.base import Base
from gca_tui.server.laying import stored
from gca_tui.server.pushing import push
from gca_tui.server.service import Service
from gca_tui.server.tables import CLAIM, DOSSIER, RIGHT
from gca_tui.store.loading import Given
from gca_tui.wire import (
    LEASE,
    LOT_LEASE,
    Claim,
    Claims,
    Key,
    Lot,
    Mark,
    Next,
    Operation,
    Position,
    Pull,
    Push,
    Renew,
    key_text,
)
from tests.server.office import Office, Poste

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
ELSEWHERE = Key("681", "9999999")
SYSTEM = Author(identifiant="systeme", nom="Extrait", caisse="681")


class Clock:
    """A clock that tests put forward and back."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: int) -> None:
        self.at += timedelta(**by)


class Desk:
    """An agent at one machine."""

    def __init__(self, office: Office, poste: Poste) -> None:
        self.service = office.service
        self.poste = poste
        self.n = 0

    @property
    def who(self) -> Who:
        with self.service.base.look() as connection:
            found = identify(connection, self.poste.token, self.service.now())
        assert found
        return found

    def take(self, *keys: Key, seconds: int = LEASE) -> Claims:
        return claiming.claim(self.service, self.who, Claim(ids=keys, seconds=seconds))

    def next(self, *passed: Key, nature: str = "", scopes: tuple[str, ...] = ()) -> Key | None:
        answer = claiming.claim(self.service, self.who, Claim(next=Next(passed=passed, nature=nature, scopes=scopes)))
        assert not answer.denied
        return Key(*taken(answer)[0]) if answer.granted else None

    def lot(self, nature: str, number: int, seconds: int = LOT_LEASE) -> Claims:
        return claiming.claim(self.service, self.who, Claim(lot=Lot(nature=nature, number=number), seconds=seconds))

    def renew(self, key: Key, token: int, *, release: bool = False, seconds: int = LEASE) -> Claims:
        asked = Renew(tokens={key_text(*key): token}, release=release, seconds=seconds)
        return claiming.renew(self.service, self.who, asked, {key: token})

    def give(self, *made: Take | HandBack | CloseDossier | Wait, token: int = 0) -> list[str]:
        self.n += 1
        with self.service.base.read() as connection:
            held = stored(connection, [Key(one.caisse, one.matricule) for one in made], lock=False)
        given = [based(one, held[Key(one.caisse, one.matricule)].dossier) for one in made]
        ops = [Operation(command=json.loads(one.model_dump_json()), tx=new_id(), token=token) for one in given]
        pushed = push(self.service, self.who, Push(seen={}, n=self.n, nonce=new_id(), ops=tuple(ops)))
        assert not pushed.error
        return [one.code or one.status for one in pushed.results]

    def stamp(self, key: Key) -> dict[str, object]:
        author = Author(identifiant=self.poste.agent, nom=self.poste.agent.title(), caisse="681")
        return {"id": new_id(), "caisse": key.caisse, "matricule": key.matricule, "author": author, "at": NOW}

    def seen(self, key: Key, scope: str = "681") -> tuple[str, int, int, bool]:
        """What a pull from the start says of a dossier's claim: who, how long, number, mine."""
        events = self.pull(Position(), scope)["events"]
        claim = next(one for one in events if (one["caisse"], one["matricule"]) == key).get("claim") or {}
        return claim.get("agent", ""), claim.get("lease", 0), claim.get("token", 0), claim.get("mine", False)

    def pull(self, position: Position, scope: str = "681") -> dict[str, Any]:
        with self.service.base.read() as connection:
            answer = pulling.pull(connection, self.who, Pull(scopes={scope: position}), self.service.now())
        assert answer
        page: dict[str, Any] = json.loads(answer.text)["scopes"][scope]
        return page


def taken(answer: Claims) -> list[Key]:
    return [Key(one.caisse, one.matricule) for one in answer.granted]


def dossier(number: int, recue_le: date = date(2026, 11, 1), nature: str = "ressources", **more: object) -> Given:
    piece = ReadPiece(id="P1", extrait=ExtraitPiece(nature=nature, recue_le=recue_le))
    given = {"prestations": ("APL",), "pieces": (piece,), "le": NOW.date()} | more
    return Given(
        ReceiveExtract(
            id=new_id(),
            caisse="681",
            matricule=f"{number:07d}",
            author=SYSTEM,
            at=NOW,
            **given,  # type: ignore[arg-type]
        )
    )


def key(number: int) -> Key:
    return Key("681", f"{number:07d}")


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def office(base: Base, time: Clock) -> Iterator[Office]:
    service = Service(base, now=time)
    office = Office(service)
    office.corbeilles("681", "091")
    yield office
    service.bell.close()


@pytest.fixture
def hire(office: Office) -> Callable[..., Desk]:
    def hired(name: str, role: str = "gca", scopes: Iterable[str] = ("681",)) -> Desk:
        return Desk(office, office.agent(name, "681", scopes, role))

    return hired


def load(office: Office, given: Iterable[Given]) -> None:
    importing.load(office.service, list(given))


def test_one_agent_has_it_and_the_other_is_told_who_and_how_long(office, hire, time):
    load(office, [dossier(1)])
    ines, martin = hire("ines"), hire("martin")
    first = ines.take(key(1))
    assert [(one.token, one.lease, one.mode) for one in first.granted] == [(1, LEASE, "work")]
    time.move(minutes=10)
    refused = martin.take(key(1))
    assert not refused.granted
    assert [(one.nom, one.lease) for one in refused.denied] == [("Ines", LEASE - 600)]
    assert martin.seen(key(1)) == ("ines", LEASE - 600, 0, False)
    assert ines.seen(key(1)) == ("ines", LEASE - 600, 1, True)


def test_a_lease_that_ran_out_is_anybody_s_and_the_number_grows(office, hire, time):
    load(office, [dossier(1)])
    ines, martin = hire("ines"), hire("martin")
    ines.take(key(1))
    time.move(seconds=LEASE)
    assert martin.seen(key(1)) == ("", 0, 0, False)
    assert martin.take(key(1)).granted[0].token == 2
    assert [one.nom for one in ines.renew(key(1), 1).denied] == ["Martin"]
    time.move(seconds=LEASE)
    assert ines.renew(key(1), 1).granted == ()
    assert ines.take(key(1)).granted[0].token == 3


def test_renewing_needs_the_number_and_an_expired_lease_nobody_took_is_renewed(office, hire, time):
    load(office, [dossier(1)])
    ines, martin = hire("ines"), hire("martin")
    ines.take(key(1))
    time.move(minutes=20)
    assert not ines.renew(key(1), 2).granted
    assert not martin.renew(key(1), 1).granted
    assert ines.renew(key(1), 1).granted[0].lease == LEASE
    time.move(hours=2)
    assert [(one.token, one.lease) for one in ines.renew(key(1), 1).granted] == [(1, LEASE)]
    assert martin.take(key(1)).denied[0].nom == "Ines"


def test_what_is_given_back_is_free_at_once_and_only_by_who_has_it(office, hire):
    load(office, [dossier(1)])
    ines, martin = hire("ines"), hire("martin")
    ines.take(key(1))
    martin.renew(key(1), 1, release=True)
    assert martin.take(key(1)).denied
    ines.renew(key(1), 1, release=True)
    assert martin.seen(key(1))[0] == ""
    assert martin.take(key(1)).granted[0].token == 2
    assert not ines.renew(key(1), 1).granted


def test_a_dossier_out_of_sight_is_refused_like_one_that_does_not_exist(office, hire):
    load(office, [dossier(1)])
    stranger, ines = hire("zoe", scopes=["091"]), hire("ines")
    ines.take(key(1))
    answer = stranger.take(key(1), ELSEWHERE)
    assert not answer.granted
    assert {(one.nom, one.lease) for one in answer.denied} == {("", 0)}
    assert [one.nom for one in stranger.renew(key(1), 1).denied] == [""]
    assert stranger.next() is None
    assert stranger.next(scopes=("681",)) is None


def test_rights_are_read_in_the_transaction(office, hire):
    load(office, [dossier(1)])
    ines = hire("ines")
    before = ines.who
    with office.base.write() as connection:
        connection.execute(RIGHT.delete().where(RIGHT.c.agent == "ines"))
    answer = claiming.claim(office.service, before, Claim(ids=(key(1),)))
    assert not answer.granted


@pytest.mark.parametrize("role", ["csu", "admin"])
def test_a_role_that_does_not_treat_dossiers_takes_none(office, hire, role):
    load(office, [dossier(1)])
    someone = hire("sam", role=role)
    assert not someone.take(key(1)).granted
    assert someone.next() is None


def test_the_next_one_is_the_first_in_the_order_of_work(office, hire):
    late, old, new = date(2026, 6, 1), date(2026, 11, 2), date(2026, 11, 9)
    load(
        office,
        [
            dossier(1, new),
            dossier(2, late),
            dossier(3, new, prestations=("RSA",)),
            dossier(4, old),
            dossier(5, old),
            dossier(6, new),
        ],
    )
    ines = hire("ines")
    assert ines.give(FlagUrgence(**ines.stamp(key(6)), nature="urgence", motif="Expulsion")) == ["applied"]
    order = [ines.next() for _ in range(6)]
    assert order == [key(6), key(3), key(2), key(4), key(5), key(1)]
    assert ines.next() is None


def test_next_leaves_out_what_waits_is_closed_held_passed_or_taken(office, hire, time):
    load(office, [dossier(number, date(2026, 11, number)) for number in range(1, 8)])
    ines, martin = hire("ines"), hire("martin")
    until = NOW.date() + timedelta(days=3)
    given = [
        Wait(**martin.stamp(key(1)), depuis=NOW.date(), jusqu_au=until, motif="Pièce attendue"),
        Take(**martin.stamp(key(2))),
    ]
    assert martin.give(*given) == ["applied", "applied"]
    martin.take(key(3))
    with office.base.write() as connection:
        connection.execute(update(DOSSIER).where(DOSSIER.c.matricule == "0000004").values(statut="clos"))
    assert ines.next(key(5)) == key(6)
    assert ines.next(key(5)) == key(7)
    assert ines.next() == key(5)
    time.move(days=3)
    assert ines.next() == key(1)
    assert ines.next() == key(3)


def test_a_dossier_i_hold_and_that_nobody_has_is_given_to_me_alone(office, hire):
    load(office, [dossier(1)])
    ines, martin = hire("ines"), hire("martin")
    assert ines.give(Take(**ines.stamp(key(1)))) == ["applied"]
    assert martin.next() is None
    assert ines.next() == key(1)


def test_a_lot_is_of_one_nature_in_order_and_lasts(office, hire, time):
    load(
        office, [dossier(n, date(2026, 11, n), "ressources" if n % 2 else "ressources_trimestre") for n in range(1, 10)]
    )
    ines, martin = hire("ines"), hire("martin")
    answer = ines.lot("ressources", 3, 7 * 3_600)
    assert taken(answer) == [key(1), key(3), key(5)]
    assert {(one.lease, one.mode) for one in answer.granted} == {(7 * 3_600, "lot")}
    assert taken(martin.lot("ressources", 20)) == [key(7), key(9)]
    time.move(hours=6)
    assert martin.take(key(1)).denied[0].lease == 3_600
    assert ines.take(key(1)).granted[0].lease == 3_600
    assert martin.lot("ressources", 20).granted == ()


def test_leases_are_bounded(office, hire):
    load(office, [dossier(1), dossier(2)])
    ines = hire("ines")
    assert ines.take(key(1), seconds=LOT_LEASE).granted[0].lease == LEASE
    assert ines.renew(key(1), 1, seconds=LOT_LEASE).granted[0].lease == LEASE
    assert ines.lot("ressources", 1).granted[0].lease == LOT_LEASE


@pytest.mark.parametrize("closes", [True, False], ids=["closed", "handed_back"])
def test_what_is_closed_or_handed_back_is_free(office, hire, closes):
    load(office, [dossier(1, pieces=())])
    ines, martin = hire("ines"), hire("martin")
    token = ines.take(key(1)).granted[0].token
    assert ines.give(Take(**ines.stamp(key(1))), token=token) == ["applied"]
    end = CloseDossier(**ines.stamp(key(1))) if closes else HandBack(**ines.stamp(key(1)), motif="Hors champ")
    assert ines.give(end, token=token) == ["applied"]
    assert martin.seen(key(1))[0] == ""
    assert martin.take(key(1)).granted[0].token == 2


def test_work_under_a_lost_claim_is_refused_and_said_why(office, hire, time):
    load(office, [dossier(1)])
    ines, martin = hire("ines"), hire("martin")
    token = ines.take(key(1)).granted[0].token
    time.move(seconds=LEASE + 1)
    assert martin.take(key(1)).granted
    assert ines.give(Take(**ines.stamp(key(1))), token=token) == ["claim_perdu"]
    martin.renew(key(1), 2, release=True)
    assert ines.give(Take(**ines.stamp(key(1))), token=token) == ["claim_perdu"]
    assert ines.give(Take(**ines.stamp(key(1)))) == ["applied"]


def test_work_under_a_lapsed_claim_nobody_took_passes(office, hire, time):
    load(office, [dossier(1)])
    ines = hire("ines")
    token = ines.take(key(1)).granted[0].token
    time.move(days=2)
    assert ines.give(Take(**ines.stamp(key(1))), token=token) == ["applied"]


def test_each_change_is_in_the_chain_and_moves_the_corbeille_alone(office, hire):
    load(office, [dossier(1)])
    ines = hire("ines")
    before = ines.who.heads["681"]
    ines.take(key(1))
    ines.renew(key(1), 1)
    ines.renew(key(1), 1, release=True)
    assert ines.who.heads["681"].seq == before.seq + 3
    page = ines.pull(Position(cur=before, seen=before))
    assert [("document" in one, one.get("claim", {}).get("lease", 0)) for one in page["events"]] == [(False, 0)]
    assert Mark(*page["cur"]) == ines.who.heads["681"]
    assert verifying.verify(office.service).faults == ()


def test_a_clock_put_back_an_hour_gives_nobody_a_second_claim(office, hire, time):
    load(office, [dossier(1), dossier(2)])
    ines, martin = hire("ines"), hire("martin")
    token = ines.take(key(1)).granted[0].token
    time.move(hours=-1)
    assert martin.take(key(1)).denied[0].lease == LEASE
    assert martin.next() == key(2)
    assert ines.renew(key(1), token).granted[0].token == token
    assert ines.give(Take(**ines.stamp(key(1))), token=token) == ["applied"]
    time.move(hours=2)
    assert martin.take(key(1)).granted[0].token == token + 1


AGENTS, DOSSIERS = 16, 250


def doubles(found: Iterable[Iterable[Key]]) -> list[Key]:
    """The dossiers that were given to more than one."""
    return [one for one, times in Counter(one for some in found for one in some).items() if times > 1]


def together(work: Callable[[Desk], list[Key]], desks: list[Desk]) -> list[list[Key]]:
    """Do it in a thread for each agent, all begun at once."""
    start = Barrier(len(desks))

    def begun(desk: Desk) -> list[Key]:
        start.wait()
        return work(desk)

    with ThreadPoolExecutor(len(desks)) as pool:
        return list(pool.map(begun, desks))


def until_none(desk: Desk) -> list[Key]:
    found = []
    while given := desk.next():
        found.append(given)
    return found


def naive(desk: Desk) -> list[Key]:
    """Get-next as one would write it at first: what is free is read, then taken."""
    found = []
    has = and_(CLAIM.c.caisse == DOSSIER.c.caisse, CLAIM.c.matricule == DOSSIER.c.matricule)
    free = select(DOSSIER.c.caisse, DOSSIER.c.matricule).where(~select(1).where(has).exists())
    for _ in range(20):
        with desk.service.base.read() as connection:
            row = connection.execute(free.order_by(DOSSIER.c.matricule).limit(1)).first()
        if row is None:
            break
        last = leases.Standing(row[0], row[1], desk.poste.agent, "", "", 1, "2027", "work")
        desk.service.base.writing(lambda connection, last=last: leases.put(connection, [last]))
        found.append(Key(*row))
    return found


@pytest.fixture
def crowd(office: Office) -> list[Desk]:
    load(office, (dossier(number, date(2026, 10, 1 + number % 28)) for number in range(1, DOSSIERS + 1)))
    return [Desk(office, office.agent(f"agent{number:02d}", "681", ["681"])) for number in range(AGENTS)]


def test_sixteen_agents_at_once_never_get_the_same_dossier(office, crowd):
    found = together(until_none, crowd)
    assert doubles(found) == []
    assert sum(map(len, found)) == DOSSIERS
    assert verifying.verify(office.service).faults == ()


def test_read_then_write_gives_doubles_so_that_the_check_above_sees_them(crowd):
    assert doubles(together(naive, crowd))


def test_lots_and_names_and_next_at_once_give_no_doubles(office, crowd):
    def mixed(desk: Desk) -> list[Key]:
        number = crowd.index(desk)
        if number % 3 == 0:
            return taken(desk.lot("ressources", 20))
        if number % 3 == 1:
            return taken(desk.take(*(key(one) for one in range(200, 0, -1))))
        return [given for _ in range(20) if (given := desk.next())]

    found = together(mixed, crowd)
    assert doubles(found) == []
    with office.base.read() as connection:
        assert connection.execute(select(CLAIM.c.token).where(CLAIM.c.token != 1)).all() == []
    assert verifying.verify(office.service).faults == ()


async def test_a_question_is_one_of_the_three_and_a_key_is_a_key(office, hire):
    load(office, [dossier(1)])
    ines = hire("ines")
    async with office.client(ines.poste) as client:
        for body in ({}, {"next": {}, "lot": {"nature": "ressources"}}, {"ids": [["681", "0000001"]], "next": {}}):
            answer = await client.post("/v1/claims", json=body)
            assert (answer.status_code, answer.json()["code"]) == (422, "demande")
        answer = await client.post("/v1/claims/renew", json={"tokens": {"681": 1}})
        assert (answer.status_code, answer.json()["code"]) == (422, "dossier")
        answer = await client.post("/v1/claims", json={"ids": [["681", "0000001"]]})
        assert answer.json()["granted"][0]["token"] == 1
        answer = await client.post("/v1/claims/renew", json={"tokens": {"681/0000001": 1}, "release": True})
        assert Claims.model_validate(answer.json()) == Claims()
