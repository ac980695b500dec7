"""Who may see what (T11): each kind of agent, each corbeille, each route, and the guessing of identifiers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from gca_tui.server.service import Service
from tests.server.office import LATER, OLD_NAME, OPEN, OVER, RUNNING, Office, Poste, asked

NOWHERE = "999"
SCOPES = (OPEN, RUNNING, OVER, LATER, NOWHERE)
DOSSIER = {OPEN: "0000001", RUNNING: "0000002", OVER: "0000003", LATER: "0000004", NOWHERE: "7777777"}
"""One dossier a corbeille; the last does not exist."""


@dataclass(frozen=True)
class Person:
    """A kind of agent: what they were given, and what must be open to them."""

    caisse: str
    given: tuple[str, ...]
    opened: tuple[str, ...]
    shut_out: str = ""


ALL = (OPEN, RUNNING, OVER, LATER)
PEOPLE = {
    "own caisse": Person("681", ALL, ALL),
    "own caisse, one corbeille": Person("681", (RUNNING,), (RUNNING,)),
    "own caisse, no right": Person("681", (), ()),
    "delegate": Person("091", (RUNNING,), (RUNNING,)),
    "delegate given everything": Person("091", ALL, (RUNNING,)),
    "third caisse": Person("031", ALL, ()),
    "convention over": Person("091", (OVER,), ()),
    "convention to come": Person("091", (LATER,), ()),
    "installation revoked": Person("681", ALL, (), shut_out="revoke"),
    "agent withdrawn": Person("681", ALL, (), shut_out="withdraw"),
}


@pytest.fixture
def office(service: Service) -> Office:
    office = Office(service)
    office.corbeilles(*ALL)
    office.convention("CONV", delegataire="091")
    office.convention("PASSEE", debut="2024-01-01", fin="2026-11-11", delegataire="091")
    office.convention("FUTURE", debut="2026-11-13", delegataire="091")
    for scope in ALL:
        office.dossiers(DOSSIER[scope], convention=scope.partition("/")[2] or None, nom=OLD_NAME)
    return office


def poste_of(office: Office, kind: str) -> Poste:
    person = PEOPLE[kind]
    poste = office.agent(f"agent-{kind.replace(' ', '-').replace(',', '')}", person.caisse, person.given)
    if person.shut_out:
        getattr(office, person.shut_out)(poste)
    return poste


Probe = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]


def note(matricule: str) -> dict[str, Any]:
    command = {"kind": "add_note", "id": f"c-{matricule}", "caisse": "681", "matricule": matricule, "texte": "Vu."}
    return {"command": {**command, "at": "2026-11-12T09:00:00Z", "author": {"identifiant": "x"}}, "tx": "t1"}


async def _hello(client: httpx.AsyncClient, scope: str) -> httpx.Response:
    return await client.get("/v1/hello")


async def _connexion(client: httpx.AsyncClient, scope: str) -> httpx.Response:
    return await client.post("/v1/connexion", json={"code": "AAAA"})


async def _install(client: httpx.AsyncClient, scope: str) -> httpx.Response:
    return await client.post("/v1/install")


async def _pull(client: httpx.AsyncClient, scope: str) -> httpx.Response:
    return await client.post("/v1/sync/pull", json=asked(scope))


async def _snapshot(client: httpx.AsyncClient, scope: str) -> httpx.Response:
    return await client.get("/v1/sync/snapshot", params={"scope": scope})


async def _push(client: httpx.AsyncClient, scope: str) -> httpx.Response:
    body = {"seen": {}, "n": 1, "nonce": "n1", "ops": [note(DOSSIER[scope])]}
    return await client.post("/v1/sync/push", json=body)


async def _lineage(client: httpx.AsyncClient, scope: str) -> httpx.Response:
    return await client.post("/v1/sync/lineage", json={"scope": scope, "marks": [[1, "00"]]})


async def _drafts(client: httpx.AsyncClient, scope: str) -> httpx.Response:
    draft = {"caisse": "681", "matricule": DOSSIER[scope], "kind": "note", "fields": {"texte": "à finir"}}
    return await client.post("/v1/sync/drafts", json={"id": "d1", "drafts": [draft]})


async def _claims(client: httpx.AsyncClient, scope: str) -> httpx.Response:
    return await client.post("/v1/claims", json={"ids": [["681", DOSSIER[scope]]]})


async def _renew(client: httpx.AsyncClient, scope: str) -> httpx.Response:
    return await client.post("/v1/claims/renew", json={"tokens": {f"681/{DOSSIER[scope]}": 1}})


PROBES: dict[tuple[str, str], Probe] = {
    ("GET", "/v1/hello"): _hello,
    ("POST", "/v1/install"): _install,
    ("POST", "/v1/sync/pull"): _pull,
    ("GET", "/v1/sync/snapshot"): _snapshot,
    ("POST", "/v1/sync/push"): _push,
    ("POST", "/v1/sync/lineage"): _lineage,
    ("POST", "/v1/sync/drafts"): _drafts,
    ("POST", "/v1/claims"): _claims,
    ("POST", "/v1/claims/renew"): _renew,
}
PUBLIC = {("GET", "/sante"), ("GET", "/metrics"), ("GET", "/v1/openapi.json"), ("POST", "/v1/connexion")}


def routes_of(office: Office) -> set[tuple[str, str]]:
    """Every route that the application answers, whether its OpenAPI says so or not."""

    def told(routes: list[Any]) -> Iterator[tuple[str, str]]:
        for route in routes:
            if inner := getattr(route, "original_router", None):
                yield from told(inner.routes)
            else:
                yield from ((method, route.path) for method in route.methods - {"HEAD"})

    return set(told(office.app.routes))


def test_every_route_has_its_case(office: Office) -> None:
    assert routes_of(office) == set(PROBES) | PUBLIC


@pytest.mark.parametrize("route", PROBES, ids=lambda route: route[1])
@pytest.mark.parametrize("bearer", ["", "Bearer ", "Bearer inconnu", "Basic YTpi", "Bearer é"])
async def test_without_a_known_token_nothing_is_told(office: Office, route: tuple[str, str], bearer: str) -> None:
    async with office.client() as client:
        client.headers = httpx.Headers({"Authorization": bearer} if bearer else {}, encoding="utf-8")
        answer = await PROBES[route](client, OPEN)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] == "jeton_inconnu"


async def test_a_token_is_of_one_installation(office: Office) -> None:
    poste = poste_of(office, "own caisse")
    async with office.client(poste, **{"Gca-Install": "un-autre"}) as client:
        assert (await client.get("/v1/hello")).status_code == 401


@pytest.mark.parametrize("kind", PEOPLE)
async def test_each_route_opens_what_is_open_and_nothing_else(office: Office, kind: str) -> None:
    poste = poste_of(office, kind)
    opened = PEOPLE[kind].opened
    async with office.client(poste) as client:
        assert (await client.get("/v1/hello")).json()["scopes"] == sorted(opened)
        for scope in SCOPES:
            for route in (_pull, _snapshot, _lineage, _claims, _push):
                answer = await route(client, scope)
                assert _is_open(answer) == (scope in opened), (scope, route.__name__, answer.text)
                assert scope in opened or OLD_NAME not in answer.text


def _is_open(answer: httpx.Response) -> bool:
    """Whether an answer lets the caller into the corbeille."""
    if answer.status_code == 403:
        assert answer.json()["code"] == "corbeille"
        return False
    assert answer.status_code == 200
    if answer.headers["content-type"] == "application/x-ndjson":
        return True
    told = answer.json()
    if answer.url.path == "/v1/claims":
        return bool(told.get("granted"))
    if "results" in told:
        return [result["status"] for result in told["results"]] != ["revoked"]
    if "mark" in told:
        return True
    (page,) = told["scopes"].values()
    return bool(page["error"] == "" and page["events"])


@pytest.mark.parametrize("kind", ["own caisse, no right", "delegate", "installation revoked", "agent withdrawn"])
@pytest.mark.parametrize("route", PROBES, ids=lambda route: route[1])
async def test_what_is_shut_looks_like_what_does_not_exist(office: Office, kind: str, route: tuple[str, str]) -> None:
    poste = poste_of(office, kind)
    async with office.client(poste) as client:
        shut = await PROBES[route](client, OPEN)
        nowhere = await PROBES[route](client, NOWHERE)
    assert shut.status_code == nowhere.status_code
    if shut.status_code == 200 and route[1] != "/v1/install":
        assert _without_names(shut, OPEN) == _without_names(nowhere, NOWHERE)


def _without_names(answer: httpx.Response, scope: str) -> Any:
    """What is told, whichever dossier and corbeille it was asked of."""
    told = answer.json()
    if isinstance(told.get("scopes"), dict):
        told["scopes"] = list(told["scopes"].values())
    return str(told).replace(DOSSIER[scope], "DOSSIER")


async def test_the_last_day_of_a_convention_is_worked(office: Office) -> None:
    office.end("CONV", "2026-11-12")
    poste = poste_of(office, "delegate")
    async with office.client(poste) as client:
        hello = (await client.get("/v1/hello")).json()
        assert hello["scopes"] == [RUNNING]
        office.end("CONV", "2026-11-11")
        asked = {"scopes": {RUNNING: {}}, "rights": hello["rights"]}
        page = (await client.post("/v1/sync/pull", json=asked)).json()
        assert "hello" not in (await _pull(client, RUNNING)).json(), "a client that does not say what it knows"
    assert page["hello"]["scopes"] == []
    told = page["scopes"][RUNNING]
    assert (told["error"], told["motif"]) == ("scope", "La convention CONV a pris fin le 11/11/2026.")
    assert "events" not in told


async def test_an_installation_revoked_cannot_make_another(office: Office) -> None:
    for kind in ("installation revoked", "agent withdrawn"):
        async with office.client(poste_of(office, kind)) as client:
            answer = await client.post("/v1/install")
        assert (answer.status_code, answer.json()["code"]) == (403, "poste_revoque")


async def test_a_copied_store_gets_an_installation_of_its_own(office: Office) -> None:
    poste = poste_of(office, "own caisse")
    async with office.client(poste) as client:
        made = (await client.post("/v1/install")).json()
    assert made["install"] != poste.install
    async with office.client(Poste(poste.agent, made["install"], made["token"])) as client:
        assert (await client.get("/v1/hello")).json()["agent"]["identifiant"] == poste.agent


async def test_a_stolen_token_cannot_make_any_number_of_others(office: Office) -> None:
    poste = poste_of(office, "own caisse")
    async with office.client(poste) as client:
        statuses = [(await client.post("/v1/install")).status_code for _ in range(25)]
    assert statuses == [200] * 19 + [409] * 6


async def test_the_rights_mark_moves_with_what_a_hello_says_and_with_nothing_else(office: Office) -> None:
    poste = poste_of(office, "delegate")
    async with office.client(poste) as client:
        first = (await client.get("/v1/hello")).json()["rights"]
        office.dossiers("0000042", convention="CONV")
        office.agent("un-autre", "681", [OPEN])
        assert (await client.get("/v1/hello")).json()["rights"] == first
        office.end("CONV", "2026-11-11")
        assert (await client.get("/v1/hello")).json()["rights"] != first
