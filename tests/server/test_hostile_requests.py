"""Whatever is sent, the server answers with a problem document that says what is wrong, and never with a 500."""

from __future__ import annotations

import gzip
import io
import json
import logging
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from gca_tui.server import limits, logs, pulling
from gca_tui.server.base import open_base
from gca_tui.server.limits import DEPTH, parse
from gca_tui.server.problems import PROBLEM_JSON, Refusal
from gca_tui.server.service import Service
from gca_tui.wire import PUSH_BYTES, TEXT
from tests.server.office import OPEN, Office, Poste, asked
from tests.server.test_rights import note

JSON = {"Content-Type": "application/json"}
POSTS = (
    "/v1/connexion",
    "/v1/install",
    "/v1/sync/pull",
    "/v1/sync/push",
    "/v1/sync/lineage",
    "/v1/sync/drafts",
    "/v1/claims",
    "/v1/claims/renew",
)


@pytest.fixture
def where(tmp_path: Path) -> str:
    """None of this depends on the kind of base."""
    return str(tmp_path / "serveur.db")


@pytest.fixture
def office(service: Service) -> Office:
    office = Office(service)
    office.dossiers("0000001")
    return office


@pytest.fixture
def poste(office: Office) -> Poste:
    return office.agent("katia", "681", [OPEN])


async def send(
    office: Office, poste: Poste, body: bytes, path: str = "/v1/sync/pull", **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with office.client(poste, **JSON) as client:
        return await client.post(path, content=body, headers=named)


def is_problem(answer: httpx.Response, status: int, code: str = "") -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM_JSON
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["title"].endswith(".")
    assert not code or told["code"] == code
    return told


def commented(text: str) -> bytes:
    """A push of one note, its text as JSON writes it."""
    body = json.dumps({"seen": {}, "n": 1, "nonce": "n1", "ops": [note("0000001")]})
    return body.replace('"Vu."', json.dumps(text)).encode()


@pytest.mark.parametrize(
    "number", [0x00, 0x07, 0x0B, 0x1B, 0x7F, 0x85, 0x9B, 0x202E, 0x2066, 0xD800, 0xFFFE, 0xFFFF], ids=hex
)
async def test_a_character_that_deceives_is_refused_by_its_name(office: Office, poste: Poste, number: int) -> None:
    answer = await send(office, poste, commented(f"Bon{chr(number)}jour"), "/v1/sync/push")
    told = is_problem(answer, 422, "caractere")
    assert told["errors"] == [
        {
            "champ": "ops.0.command.texte",
            "code": "caractere",
            "motif": f"caractère U+{number:04X} (place 4) refusé",
        }
    ]
    assert "jour" not in answer.text


def test_what_people_write_is_received_as_it_is() -> None:
    text = "À l’oreille\u202f: « ça va »\n\tœuf 👩‍👧, Ménès\u00a0; ﬁn"
    assert parse(json.dumps({"t": text}).encode()) == {"t": text}
    assert parse(json.dumps({"t": text}, ensure_ascii=False).encode()) == {"t": text}


def test_accents_and_ends_of_lines_have_one_form() -> None:
    assert parse(json.dumps({"e\u0301t": ["e\u0301te\u0301\r\nsuite\rfin"]}).encode()) == {"ét": ["été\nsuite\nfin"]}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" * 900_000, "profondeur"),
        (b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1), "profondeur"),
        (b'{"a":' * 500 + b"1" + b"}" * 500, "profondeur"),
        (b"[" + b"1," * 200_000 + b"1]", "nombre_de_valeurs"),
        (b'{"a":"' + b"x" * (TEXT + 1) + b'"}', "trop_long"),
        (b'{"' + b"x" * 5_000 + b'":1, "b":"' + b"y" * 19_000 + b'"}', "trop_long"),
        (b'{"a":NaN}', "nombre"),
        (b'{"a":-Infinity}', "nombre"),
        (b'{"a":1e999}', "nombre"),
        (b'{"a":9223372036854775808}', "nombre"),
        (b'{"a":' + b"9" * 5_000 + b"}", "nombre"),
        (b'{"a":"\xff"}', "utf8"),
        (b"\xff\xfe{\x00}\x00", "utf8"),
    ],
    ids=range(13),
)
async def test_what_is_too_deep_too_many_too_long_or_no_text(
    office: Office, poste: Poste, body: bytes, code: str
) -> None:
    is_problem(await send(office, poste, body), 422, code)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"nul", b'{"a":1}{', b'"\x01"', b"\xef\xbb\xbf{}", b"[]", b"null", b"3"], ids=range(9)
)
async def test_what_is_no_json_or_no_object(office: Office, poste: Poste, body: bytes) -> None:
    is_problem(await send(office, poste, body), 422)


def bomb(size: int) -> bytes:
    made = io.BytesIO()
    with gzip.open(made, "wb") as packed:
        for _ in range(size // 1_000_000):
            packed.write(b"0" * 1_000_000)
    return made.getvalue()


async def test_a_bomb_is_not_unpacked(office: Office, poste: Poste) -> None:
    body = bomb(300_000_000)
    assert len(body) < PUSH_BYTES
    tracemalloc.start()
    answer = await send(office, poste, body, Content_Encoding="gzip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    is_problem(answer, 413)
    assert peak < 8_000_000


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("gzip", b"not gzip", 400),
        ("gzip", gzip.compress(b"{}")[:-4], 400),
        ("gzip", gzip.compress(b"{}") + b"more", 400),
        ("gzip", gzip.compress(gzip.compress(b"{}")), 422),
        ("deflate", zlib.compress(b"{}"), 415),
        ("gzip, gzip", b"", 415),
        ("br", b"", 415),
    ],
    ids=range(7),
)
async def test_broken_or_foreign_packing(office: Office, poste: Poste, encoding: str, body: bytes, status: int) -> None:
    is_problem(await send(office, poste, body, Content_Encoding=encoding), status)


async def test_a_body_too_large_is_not_read(office: Office, poste: Poste) -> None:
    taken = 0

    async def endless() -> Any:
        nonlocal taken
        while True:
            taken += 100_000
            yield b" " * 100_000

    async with office.client(poste, **JSON) as client:
        is_problem(await client.post("/v1/sync/push", content=b" " * (PUSH_BYTES + 1)), 413)
        is_problem(await client.post("/v1/sync/push", content=endless()), 413)
    assert taken < 2 * PUSH_BYTES


async def test_a_body_that_never_comes_is_given_up(
    office: Office, poste: Poste, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    async def stalled() -> Any:
        yield b"{"
        await asyncio.Event().wait()

    monkeypatch.setattr(limits, "PATIENCE", 0.01)
    async with office.client(poste, **JSON) as client:
        is_problem(await client.post("/v1/sync/push", content=stalled()), 408)


async def test_too_many_elements_are_refused_with_their_field(office: Office, poste: Poste) -> None:
    ops = {"seen": {}, "n": 1, "nonce": "n", "ops": [note("0000001")] * 201}
    told = is_problem(await send(office, poste, json.dumps(ops).encode(), "/v1/sync/push"), 422)
    assert told["errors"] == [{"champ": "ops", "code": "too_long", "motif": "trop d’éléments"}]


@pytest.mark.parametrize("schema", ["0", "-1", "abc", "1.5", "", "²", "9" * 5_000 + "x"], ids=range(7))
async def test_a_program_too_old_is_told_what_to_do(office: Office, poste: Poste, schema: str) -> None:
    async with office.client(poste) as client:
        told = is_problem(await client.get("/v1/hello", headers={"Gca-Schema": schema.encode()}), 426)
    assert "gardé sur ce poste" in told["detail"]


async def test_a_newer_program_and_one_that_says_nothing_are_served(office: Office, poste: Poste) -> None:
    async with office.client(poste) as client:
        assert (await client.get("/v1/hello", headers={"Gca-Schema": "2"})).status_code == 200
        del client.headers["Gca-Schema"]
        assert (await client.get("/v1/hello")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v1/hello/", 404),
        ("GET", "/v1/../etc/passwd", 404),
        ("GET", "/v1/%00", 404),
        ("GET", "/docs", 404),
        ("DELETE", "/v1/hello", 405),
        ("GET", "/v1/sync/push", 405),
        ("BREW", "/sante", 405),
    ],
)
async def test_unknown_addresses_and_methods(office: Office, poste: Poste, method: str, path: str, status: int) -> None:
    async with office.client(poste) as client:
        answer = await client.request(method, path)
    is_problem(answer, status)
    assert status != 405 or answer.headers["allow"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "scope=",
        "scope=681%00",
        "scope=681/../x/y",
        "scope=681&limit=0",
        "scope=681&limit=9999999999999999999999",
        "scope=681&after=681",
        "scope=681&after=681/1%0a",
        "scope=%ff",
        "scope=681&after=681/%E2%80%AE1",
    ],
)
async def test_queries_that_are_not_valid(office: Office, poste: Poste, query: str) -> None:
    async with office.client(poste) as client:
        is_problem(await client.get(f"/v1/sync/snapshot?{query}"), 422)


async def test_an_error_of_ours_says_nothing_of_itself(
    office: Office, poste: Poste, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = io.StringIO()
    logs.configure(said)

    def broken(*_: Any, **__: Any) -> None:
        raise ValueError("SCHÄFER Zoé")

    monkeypatch.setattr(pulling, "read", broken)
    try:
        answer = await send(office, poste, json.dumps(asked(OPEN)).encode())
    finally:
        logging.getLogger(logs.NAME).handlers[:] = [logging.NullHandler()]
    is_problem(answer, 500, "imprevu")
    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    assert "SCHÄFER" not in answer.text + said.getvalue()
    assert [line["quoi"] for line in lines] == ["imprevu", "requete"]
    assert lines[0]["erreur"] == "ValueError"
    assert any("test_hostile_requests.py" in where for where in lines[0]["ou"])


async def test_a_base_that_does_not_answer_is_to_be_asked_again(
    office: Office, poste: Poste, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    monkeypatch.setattr(office.base, "look", away)
    async with office.client(poste) as client:
        for answer in (await client.get("/sante"), await client.get("/v1/hello")):
            is_problem(answer, 503)
            assert answer.headers["retry-after"].isdigit()


async def test_the_log_names_nobody(office: Office, poste: Poste) -> None:
    said = io.StringIO()
    logs.configure(said)
    try:
        await send(office, poste, commented("SECRET"), "/v1/sync/push")
        async with office.client(poste) as client:
            await client.get("/v1/sync/snapshot", params={"scope": OPEN, "after": "681/0000001"})
            await client.get("/SECRET")
    finally:
        logging.getLogger(logs.NAME).handlers[:] = [logging.NullHandler()]
    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    assert [(line["methode"], line["route"], line["statut"]) for line in lines] == [
        ("POST", "/v1/sync/push", 200),
        ("GET", "/v1/sync/snapshot", 200),
        ("", "", 404),
    ]
    assert lines[0]["poste"] == poste.install[:8]
    for hidden in ("SECRET", "katia", poste.token, poste.install, "0000001"):
        assert hidden not in said.getvalue()


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Poste]]:
    """One server for all the requests that are made up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GCA_MAINTENANT", "2026-11-12T09:30:00+00:00")
        service = Service(open_base(tmp_path_factory.mktemp("base") / "serveur.db"))
        office = Office(service)
        office.dossiers("0000001")
        yield office, office.agent("katia", "681", [OPEN])
        service.close()


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
)
NAMES = """scopes limit rights cur seen n nonce ops command tx kind id caisse matricule at author texte bases acked_rev
token scope marks drafts fields target ids next lot nature number seconds tokens release code poste identifiant"""
FIELDS = st.sampled_from(NAMES.split())
NEARLY = st.recursive(
    SCALARS | st.sampled_from(["681", "681/0000001", "0000001", "add_note", "2026-11-12T09:00:00Z"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=8),
    max_leaves=25,
)
BODIES = st.one_of(
    st.binary(max_size=200), (ANYTHING | NEARLY).map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))
)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(path=st.sampled_from(POSTS), body=BODIES, packed=st.booleans())
async def test_nothing_that_is_sent_is_an_unforeseen_error(
    standing: tuple[Office, Poste], path: str, body: bytes, packed: bool
) -> None:
    office, poste = standing
    headers = {"Content_Encoding": "gzip"} if packed else {}
    answer = await send(office, poste, gzip.compress(body) if packed else body, path, **headers)
    assert answer.status_code < 500, (path, body, answer.text)
    if answer.status_code >= 400:
        is_problem(answer, answer.status_code)


COMMANDS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["add_note", "take", "close", "edit_explanation", "receive_extract", "inconnue"]),
        "id": st.sampled_from(["c1", "c2", "c3"]) | st.text(max_size=8),
        "caisse": st.sampled_from(["681", "091", ""]),
        "matricule": st.sampled_from(["0000001", "7777777", "../x"]),
        "author": st.sampled_from([{"identifiant": "katia"}, {"identifiant": "paul"}, {}, None]),
        "at": st.sampled_from(["2026-11-12T09:00:00Z", "2026-11-12", "hier", "9999-12-31T23:59:59-23:59"]),
    },
    optional={"bases": NEARLY, "texte": SCALARS, "fields": NEARLY},
)
PUSHES = st.fixed_dictionaries(
    {
        "seen": st.dictionaries(
            st.sampled_from(["681", "681/CONV"]), st.sampled_from([[0, ""], [1, "ab"]]), max_size=2
        ),
        "n": st.integers(1, 5),
        "nonce": st.sampled_from(["a", "b"]),
        "ops": st.lists(
            st.fixed_dictionaries(
                {"command": COMMANDS, "tx": st.sampled_from(["t1", "t2"])},
                optional={"acked_rev": st.integers(1, 9), "token": st.integers(-1, 9)},
            ),
            max_size=4,
        ),
    }
)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(push=PUSHES)
async def test_no_command_is_an_unforeseen_error(standing: tuple[Office, Poste], push: dict[str, Any]) -> None:
    office, poste = standing
    answer = await send(office, poste, json.dumps(push).encode("utf-8", "surrogatepass"), "/v1/sync/push")
    if answer.status_code == 200:
        told = answer.json()
        assert told.get("error") or len(told.get("results", ())) == len(push["ops"])
    else:
        is_problem(answer, 422)


@given(body=st.binary(max_size=60) | ANYTHING.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")))
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
def test_parsing_finds_something_or_refuses(body: bytes) -> None:
    try:
        found = parse(body)
    except (Refusal, json.JSONDecodeError):
        return
    json.dumps(found, allow_nan=False).encode()
    assert parse(json.dumps(found, ensure_ascii=False).encode()) == found
