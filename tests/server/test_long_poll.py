"""Waiting for something to move: answered at once, in a bounded number, given up with the client or the program."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from gca_tui.server.base import open_base
from gca_tui.server.polls import Polls, seconds_asked
from gca_tui.server.service import Service
from gca_tui.wire import WAIT
from tests.server.office import OPEN, RUNNING, Office, Poste

WAITING = {"Prefer": "wait=25"}
LONG = 20
"""Seconds after which a test gives up: under those of the poll, so that its own end answers no test."""


@pytest.fixture
def office(service: Service) -> Office:
    office = Office(service)
    office.corbeilles(OPEN, RUNNING)
    office.dossiers("0000001")
    return office


@pytest.fixture
def poste(office: Office) -> Poste:
    return office.agent("katia", "681", [OPEN, RUNNING])


async def here(client: httpx.AsyncClient) -> dict[str, Any]:
    """The pull of a client that has read everything."""
    rights = (await client.get("/v1/hello")).json()["rights"]
    asked = {"scopes": {OPEN: {}, RUNNING: {}}, "rights": rights}
    pages = (await client.post("/v1/sync/pull", json=asked)).json()["scopes"]
    positions = {scope: {"cur": page["cur"], "seen": page["head"]} for scope, page in pages.items()}
    return {"scopes": {RUNNING: {}} | positions, "rights": rights}


def polls(office: Office) -> Polls:
    held: Polls = office.app.state.shared.polls
    return held


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONG):
        while not reached():
            await asyncio.sleep(0.002)


async def test_nothing_new_is_said_at_once_without_waiting(office: Office, poste: Poste) -> None:
    async with office.client(poste) as client, asyncio.timeout(LONG):
        answer = await client.post("/v1/sync/pull", json=await here(client))
    assert (answer.status_code, answer.content) == (204, b"")


async def test_what_moves_ends_the_wait(office: Office, poste: Poste) -> None:
    async with office.client(poste) as client, asyncio.timeout(LONG):
        pull = await here(client)
        waiting = asyncio.create_task(client.post("/v1/sync/pull", json=pull, headers=WAITING))
        await until(lambda: polls(office).held == 1)
        await asyncio.to_thread(office.dossiers, "0000002")
        answer = await waiting
    assert [event["matricule"] for event in answer.json()["scopes"][OPEN]["events"]] == ["0000002"]
    assert polls(office).held == 0


async def test_what_moved_just_before_is_not_missed(office: Office, poste: Poste) -> None:
    async with office.client(poste) as client, asyncio.timeout(LONG):
        pull = await here(client)
        await asyncio.to_thread(office.dossiers, "0000002")
        answer = await client.post("/v1/sync/pull", json=pull, headers=WAITING)
    assert answer.status_code == 200


async def test_another_process_ends_the_wait(office: Office, poste: Poste, where: str) -> None:
    office.service.bell.watch()
    other = Service(open_base(where))
    async with office.client(poste) as client, asyncio.timeout(LONG):
        pull = await here(client)
        waiting = asyncio.create_task(client.post("/v1/sync/pull", json=pull, headers=WAITING))
        await until(lambda: polls(office).held == 1)
        await asyncio.to_thread(Office(other).dossiers, "0000002")
        assert (await waiting).status_code == 200
    other.close()


async def test_a_right_taken_away_ends_the_wait(office: Office, poste: Poste) -> None:
    office.service.bell.watch()
    async with office.client(poste) as client, asyncio.timeout(LONG):
        pull = await here(client)
        waiting = asyncio.create_task(client.post("/v1/sync/pull", json=pull, headers=WAITING))
        await until(lambda: polls(office).held == 1)
        await asyncio.to_thread(office.revoke, poste)
        told = (await waiting).json()
    assert told["hello"]["scopes"] == []
    assert {page["error"] for page in told["scopes"].values()} == {"scope"}


async def test_the_end_of_the_wait_says_nothing_new(office: Office, poste: Poste) -> None:
    async with office.client(poste) as client, asyncio.timeout(LONG):
        answer = await client.post("/v1/sync/pull", json=await here(client), headers={"Prefer": "wait=1"})
    assert answer.status_code == 204


async def test_the_end_of_the_program_ends_the_wait(office: Office, poste: Poste) -> None:
    async with office.client(poste) as client, asyncio.timeout(LONG):
        pull = await here(client)
        waiting = asyncio.create_task(client.post("/v1/sync/pull", json=pull, headers=WAITING))
        await until(lambda: polls(office).held == 1)
        office.service.bell.close()
        assert (await waiting).status_code == 204
        assert (await client.post("/v1/sync/pull", json=pull, headers=WAITING)).status_code == 204


async def test_a_client_that_goes_away_frees_its_place(office: Office, poste: Poste) -> None:
    async with office.client(poste) as client:
        pull = await here(client)
    gone = asyncio.Event()
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": json.dumps(pull).encode()}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(_: Any) -> None:
        return None

    headers = {**poste.headers, **WAITING, "Content-Type": "application/json"}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/sync/pull",
        "raw_path": b"/v1/sync/pull",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("serveur", 80),
    }
    call = asyncio.ensure_future(office.app(scope, receive, send))
    await until(lambda: polls(office).held == 1)
    gone.set()
    async with asyncio.timeout(LONG):
        await call
    assert polls(office).held == 0


async def test_an_installation_waits_once(office: Office, poste: Poste) -> None:
    async with office.client(poste) as client, asyncio.timeout(LONG):
        pull = await here(client)
        first = asyncio.create_task(client.post("/v1/sync/pull", json=pull, headers=WAITING))
        await until(lambda: polls(office).held == 1)
        second = asyncio.create_task(client.post("/v1/sync/pull", json=pull, headers=WAITING))
        assert (await first).status_code == 204
        assert polls(office).held == 1
        await asyncio.to_thread(office.dossiers, "0000002")
        assert (await second).status_code == 200


async def test_who_finds_no_place_is_answered_at_once(service: Service) -> None:
    office = Office(service, places=1)
    office.corbeilles(OPEN, RUNNING)
    office.dossiers("0000001")
    one, other = (office.agent(name, "681", [OPEN, RUNNING]) for name in ("katia", "paul"))
    async with office.client(one) as first, office.client(other) as second, asyncio.timeout(LONG):
        pulls = [await here(client) for client in (first, second)]
        waiting = asyncio.create_task(first.post("/v1/sync/pull", json=pulls[0], headers=WAITING))
        await until(lambda: polls(office).held == 1)
        turned_away = await second.post("/v1/sync/pull", json=pulls[1], headers=WAITING)
        assert turned_away.status_code == 204
        assert turned_away.headers["retry-after"].isdigit()
        office.service.bell.close()
        await waiting


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("wait=25", 25),
        ("respond-async, wait=10", 10),
        ('Wait="7"; x=1', 7),
        ("wait=99999999999999", WAIT),
        ("wait=-1", 0),
        ("wait=²", 0),
        ("wait=", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_the_wait_asked_for_is_bounded(header: str | None, seconds: int) -> None:
    assert seconds_asked(header) == seconds
