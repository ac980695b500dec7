"""What a client reads: pages that miss nothing, of one lineage, and whole corbeilles some lines at a time."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import event, insert, update

from gca_tui.server import pulling
from gca_tui.server.service import Service
from gca_tui.server.tables import CLAIM, DOSSIER, META
from gca_tui.wire import MODULUS, Pulled, sum64
from tests.server.office import OPEN, RUNNING, Office, Poste, asked

MATRICULES = [f"{number:07d}" for number in range(1, 8)]


@pytest.fixture
def office(service: Service) -> Office:
    office = Office(service)
    office.corbeilles(OPEN, RUNNING)
    office.dossiers(*MATRICULES)
    return office


@pytest.fixture
def poste(office: Office) -> Poste:
    return office.agent("katia", "681", [OPEN, RUNNING])


@pytest.fixture
async def client(office: Office, poste: Poste) -> AsyncIterator[httpx.AsyncClient]:
    async with office.client(poste) as client:
        yield client


async def read(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/v1/sync/pull", json=body)
    assert answer.status_code == 200
    Pulled.model_validate_json(answer.content)
    told: dict[str, Any] = answer.json()
    return told


def after(page: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"scopes": {OPEN: {"cur": page["cur"], "seen": page["head"]}}, **more}


async def test_pages_follow_each_other_and_miss_nothing(client: httpx.AsyncClient) -> None:
    page = (await read(client, asked(OPEN, limit=3)))["scopes"][OPEN]
    seen = [page]
    while page["more"]:
        assert page["digest"] == ""
        page = (await read(client, after(page, limit=3)))["scopes"][OPEN]
        seen.append(page)
    events = [one for page in seen for one in page["events"]]
    assert [len(page["events"]) for page in seen] == [3, 3, 1]
    assert [one["matricule"] for one in events] == MATRICULES
    assert seen[-1]["cur"] == seen[-1]["head"]
    total = sum(sum64("681", one["matricule"], one["rev"], one["h"]) for one in events) % MODULUS
    assert seen[-1]["digest"] == str(total)


async def test_the_document_is_the_stored_text_and_comes_last(client: httpx.AsyncClient, office: Office) -> None:
    with office.base.read() as connection:
        stored = connection.execute(DOSSIER.select().where(DOSSIER.c.matricule == MATRICULES[0])).one()
    answer = await client.post("/v1/sync/pull", json=asked(OPEN, limit=1))
    assert f'"document":{stored.document}}}' in answer.text
    assert answer.json()["scopes"][OPEN]["events"][0]["h"] == stored.h


async def test_one_answer_is_bounded_over_all_corbeilles(client: httpx.AsyncClient, office: Office) -> None:
    office.dossiers("0000090", "0000091", convention="CONV")
    told = (await read(client, asked(OPEN, RUNNING, limit=7)))["scopes"]
    assert len(told[OPEN]["events"]) == 7
    assert told[RUNNING] == {**told[RUNNING], "cur": [0, ""], "more": True, "events": []}


async def test_one_answer_is_bounded_in_bytes(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "PAGE_BYTES", 1_000)
    page = (await read(client, asked(OPEN)))["scopes"][OPEN]
    assert page["more"]
    assert 0 < len(page["events"]) < 7


async def test_a_mark_of_another_history_is_told(client: httpx.AsyncClient) -> None:
    page = (await read(client, asked(OPEN)))["scopes"][OPEN]
    lost = [page["head"][0], "f" * 64]
    ahead = [page["head"][0] + 1, page["head"][1]]
    for position in ({"cur": lost}, {"cur": ahead}, {"cur": page["cur"], "seen": lost}, {"seen": ahead}):
        told = await read(client, {"scopes": {OPEN: position}})
        assert told["scopes"][OPEN] == {**told["scopes"][OPEN], "error": "lineage", "cur": [0, ""]}
        assert "events" not in told["scopes"][OPEN]


async def test_the_fork_is_the_newest_mark_of_this_history(client: httpx.AsyncClient) -> None:
    first = (await read(client, asked(OPEN, limit=2)))["scopes"][OPEN]
    marks = [[1, "00"], first["cur"], [first["cur"][0] + 1, "ab"], [999, "cd"], [0, ""]]
    assert (await client.post("/v1/sync/lineage", json={"scope": OPEN, "marks": marks})).json() == {
        "mark": first["cur"]
    }
    none = {"scope": OPEN, "marks": [[1, "00"]]}
    assert (await client.post("/v1/sync/lineage", json=none)).json() == {"mark": [0, ""]}


async def test_new_rules_come_with_the_next_pull(client: httpx.AsyncClient, office: Office) -> None:
    hello = (await client.get("/v1/hello")).json()
    page = (await read(client, asked(OPEN)))["scopes"][OPEN]
    with office.base.write() as connection:
        connection.execute(insert(META).values(name="settings", value='{"threshold":100000,"version":2}'))
    told = await read(client, after(page, rights=hello["rights"]))
    assert told["scopes"] == {}
    assert told["hello"]["settings"] == {"threshold": 100_000, "version": 2}
    quiet = await client.post("/v1/sync/pull", json=after(page, rights=told["hello"]["rights"]))
    assert quiet.status_code == 204


async def test_an_empty_pull_is_one_statement(client: httpx.AsyncClient, office: Office) -> None:
    hello = (await client.get("/v1/hello")).json()
    page = (await read(client, asked(OPEN)))["scopes"][OPEN]
    statements: list[str] = []
    event.listen(office.base.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    answer = await client.post("/v1/sync/pull", json=after(page, rights=hello["rights"]))
    assert answer.status_code == 204
    assert len(statements) == 1


async def test_a_lease_in_force_is_told_and_one_that_passed_is_not(office: Office, client: httpx.AsyncClient) -> None:
    taken = {"caisse": "681", "agent": "paul", "nom": "Paul", "install": "i", "token": 7, "mode": "work"}
    with office.base.write() as connection:
        for matricule, until in zip(
            MATRICULES, ("2026-11-12T09:40:00+00:00", "2026-11-12T09:30:00+00:00"), strict=False
        ):
            connection.execute(insert(CLAIM).values(**taken, matricule=matricule, until=until))
    events = (await read(client, asked(OPEN)))["scopes"][OPEN]["events"]
    assert [one["claim"] for one in events[:3]] == [
        {"agent": "paul", "nom": "Paul", "lease": 600, "mode": "work"},
        {},
        {},
    ]
    with office.base.write() as connection:
        connection.execute(update(CLAIM).values(agent="katia"))
    mine = (await read(client, asked(OPEN)))["scopes"][OPEN]["events"][0]["claim"]
    assert (mine["mine"], mine["token"]) == (True, 7)


async def lines(client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get("/v1/sync/snapshot", params={"scope": OPEN, **query})
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_a_snapshot_is_read_some_lines_at_a_time(client: httpx.AsyncClient) -> None:
    read_all, following = [], ""
    while True:
        head, *events, tail = await lines(client, after=following, limit=3)
        assert head["count"] == 7
        assert tail["sent"] == len(events)
        read_all += [one["matricule"] for one in events]
        following = tail["next"]
        if not following:
            break
    assert read_all == MATRICULES


async def test_a_dossier_that_moves_while_a_snapshot_is_read_is_told_by_the_next_pull(
    office: Office, client: httpx.AsyncClient
) -> None:
    head, *_ = await lines(client, limit=3)
    office.dossiers("0000000")
    _, *others, _ = await lines(client, after="681/0000003")
    assert [one["matricule"] for one in others] == MATRICULES[3:]
    page = (await read(client, {"scopes": {OPEN: {"cur": head["cur"]}}}))["scopes"][OPEN]
    assert [one["matricule"] for one in page["events"]] == ["0000000"]


async def test_a_snapshot_holds_no_transaction_between_its_parts(
    office: Office, poste: Poste, monkeypatch: Any
) -> None:
    from gca_tui.server import snapshot
    from gca_tui.server.access import identify

    monkeypatch.setattr(snapshot, "BATCH", 2)
    with office.base.look() as connection:
        who = identify(connection, poste.token, office.service.now())
    assert who is not None
    parts = 0
    for _ in snapshot.stream(office.service, who, OPEN, None, 100):
        parts += 1
        assert office.base.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert parts == 6


async def test_answers_are_packed_for_who_takes_it(client: httpx.AsyncClient) -> None:
    for answer in (
        await client.post("/v1/sync/pull", json=asked(OPEN)),
        await client.get("/v1/sync/snapshot", params={"scope": OPEN}),
    ):
        assert answer.headers["content-encoding"] == "gzip"
    plain = await client.post("/v1/sync/pull", json=asked(OPEN), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == (await read(client, asked(OPEN)))


async def test_a_packed_request_is_read(client: httpx.AsyncClient) -> None:
    packed = gzip.compress(json.dumps(asked(OPEN)).encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = await client.post("/v1/sync/pull", content=packed, headers=headers)
    assert len(answer.json()["scopes"][OPEN]["events"]) == 7


async def test_drafts_sent_twice_are_kept_once(client: httpx.AsyncClient, office: Office) -> None:
    from gca_tui.server.tables import QUARANTINE

    draft = {"caisse": "681", "matricule": "0000001", "kind": "note", "fields": {"texte": "à finir\nplus tard"}}
    for _ in range(2):
        answer = await client.post("/v1/sync/drafts", json={"id": "d1", "drafts": [draft, draft]})
        assert answer.json() == {"kept": 2}
    with office.base.read() as connection:
        rows = connection.execute(QUARANTINE.select()).all()
    assert [(row.agent, row.kind, json.loads(row.body)["fields"]) for row in rows] == [
        ("katia", "brouillon", draft["fields"])
    ] * 2


async def test_each_answer_tells_the_hour_and_is_kept_nowhere(client: httpx.AsyncClient) -> None:
    for answer in (await client.get("/v1/hello"), await client.get("/nulle-part"), await client.get("/sante")):
        assert answer.headers["gca-time"] == "2026-11-12T09:30:00+00:00"
        assert answer.headers["cache-control"] == "no-store"
