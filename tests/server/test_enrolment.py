"""A one-time code makes a machine an agent's own: once, for a time, and not by trying."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from gca_tui import clock
from gca_tui.server import enrolling
from gca_tui.server.service import Service
from gca_tui.server.tables import ATTEMPT, ENROLMENT, INSTALL
from tests.server.office import OPEN, Office, Poste

Later = Callable[[timedelta], None]


@pytest.fixture
def office(service: Service) -> Office:
    office = Office(service)
    office.corbeilles(OPEN)
    office.agent("katia", "681", [OPEN])
    return office


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Let time pass."""

    def passed(time: timedelta) -> None:
        monkeypatch.setenv(clock.FROZEN, (clock.now() + time).isoformat())

    return passed


async def show(office: Office, code: str) -> httpx.Response:
    async with office.client() as client:
        return await client.post("/v1/connexion", json={"code": code, "poste": "PC-12"})


async def test_a_code_gives_a_token_that_works(office: Office) -> None:
    answer = await show(office, office.code("katia"))
    assert answer.status_code == 200
    enrolled = answer.json()
    assert enrolled["hello"]["agent"]["identifiant"] == "katia"
    async with office.client(Poste("katia", enrolled["install"], enrolled["token"])) as client:
        assert (await client.get("/v1/hello")).json()["scopes"] == [OPEN]


async def test_a_code_is_read_as_people_copy_it(office: Office) -> None:
    code = office.code("katia")
    written = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert (await show(office, f" {written} ")).status_code == 200


async def test_a_code_serves_once(office: Office) -> None:
    code = office.code("katia")
    assert (await show(office, code)).status_code == 200
    again = await show(office, code)
    assert (again.status_code, again.json()["code"]) == (403, "code_inconnu")


async def test_a_newer_code_replaces_the_one_not_used(office: Office) -> None:
    first, second = office.code("katia"), office.code("katia")
    assert (await show(office, first)).status_code == 403
    assert first != second


async def test_a_code_waits_72_hours_and_no_more(office: Office, later: Later) -> None:
    code, other = office.code("katia"), ""
    later(timedelta(hours=72))
    assert (await show(office, code)).status_code == 403
    other = office.code("katia")
    later(timedelta(hours=71, minutes=59))
    assert (await show(office, other)).status_code == 200


async def test_the_code_of_a_withdrawn_agent_is_worth_nothing(office: Office) -> None:
    poste = office.agent("paul", "681", [OPEN])
    code = office.code("paul")
    office.withdraw(poste)
    assert (await show(office, code)).status_code == 403


async def test_each_failure_makes_the_next_attempt_wait_longer(office: Office, later: Later) -> None:
    good, waits = office.code("katia"), []
    for _ in range(12):
        assert (await show(office, "FAUX")).status_code == 403
        answer = await show(office, good)
        assert answer.status_code == 429
        waits.append(int(answer.headers["retry-after"]))
        assert answer.headers["retry-after"] in answer.json()["detail"]
        later(timedelta(seconds=waits[-1]))
    assert waits == [2, 3, 5, 9, 17, 33, 65, 129, 257, 513, 901, 901]
    assert (await show(office, good)).status_code == 200


async def test_waiting_looks_at_no_code(office: Office) -> None:
    good = office.code("katia")
    await show(office, "FAUX")
    assert (await show(office, good)).status_code == 429
    with office.base.read() as connection:
        assert connection.execute(ENROLMENT.select()).one().used_at == ""


async def test_a_success_forgives_and_time_forgets(office: Office, later: Later) -> None:
    await show(office, "FAUX")
    later(timedelta(seconds=2))
    assert (await show(office, office.code("katia"))).status_code == 200
    with office.base.write() as connection:
        assert connection.execute(ATTEMPT.select()).all() == []
        enrolling.failed(connection, "10.0.0.1", clock.now())
    later(timedelta(days=2))
    with office.base.write() as connection:
        enrolling.failed(connection, "10.0.0.2", clock.now())
        assert [row.source for row in connection.execute(ATTEMPT.select())] == ["10.0.0.2"]


async def test_no_secret_is_kept(office: Office) -> None:
    code = office.code("katia")
    token = (await show(office, code)).json()["token"]
    with office.base.read() as connection:
        kept = [str(row) for table in (ENROLMENT, INSTALL) for row in connection.execute(table.select())]
    assert not any(secret in row for row in kept for secret in (code, code.replace("-", ""), token))
