"""T16: whatever arrives, on either side, is understood or refused in words: no traceback, no 500, nothing lost."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gca_tui.domain.commands import AddNote, CorrectContactDetails
from gca_tui.errors import GcaError
from tests.sync.clients import Client
from tests.sync.conftest import SOAK
from tests.sync.faults import FaultyLine
from tests.sync.people import KEYS
from tests.sync.world import URL, Ground, World

QUICK = settings(
    max_examples=12 * SOAK, deadline=None, database=None, derandomize=SOAK == 1, suppress_health_check=list(HealthCheck)
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from(
        [-1, 0, 1, 1 << 62, 1 << 63, 1 << 64, 10**40, 1e308, "", "\x00", "\ud800", "é" * 300, "681", "681/CONV"]
    ),
    st.floats(allow_nan=False),
    st.text(max_size=30),
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: Callable[[st.SearchStrategy[Any]], Any], text: bytes) -> bytes:
    """A message that was right, changed in a few places: values, missing names, bytes."""
    if draw(st.integers(0, 3)) == 0:
        return _bytes_changed(draw, text)
    try:
        value = json.loads(text)
    except ValueError:
        return _bytes_changed(draw, text)
    for _ in range(draw(st.integers(1, 3))):
        value = _changed(draw, value)
    return json.dumps(value, ensure_ascii=True).encode()


def _bytes_changed(draw: Callable[[st.SearchStrategy[Any]], Any], text: bytes) -> bytes:
    place = draw(st.integers(0, max(0, len(text) - 1)))
    size = draw(st.integers(0, 40))
    return text[:place] + draw(st.binary(max_size=8)) + text[place + size :]


def _changed(draw: Callable[[st.SearchStrategy[Any]], Any], value: Any) -> Any:
    """The value with something else somewhere in it."""
    inside = isinstance(value, dict | list) and value and draw(st.integers(0, 4)) > 0
    if not inside:
        return draw(anything)
    if isinstance(value, dict):
        name = draw(st.sampled_from(sorted(value)))
        if draw(st.integers(0, 5)) == 0:
            return {one: inner for one, inner in value.items() if one != name}
        return {**value, name: _changed(draw, value[name])}
    place = draw(st.integers(0, len(value) - 1))
    return [*value[:place], _changed(draw, value[place]), *value[place + 1 :]]


class Recorder(httpx.BaseTransport):
    """Remembers what went each way."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.line = FaultyLine(inner)
        self.requests: dict[str, httpx.Request] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests[request.url.path] = request
        return self.line.handle_request(request)


def life(world: World) -> Client:
    """An agent who uses every call that has a body."""
    other, client = world.client("katia"), world.client("ines")
    saved = world.server.backup()
    for machine in (other, client):
        assert machine.give(machine.make(AddNote, KEYS[1], texte="Une note"))
        assert machine.give(machine.make(CorrectContactDetails, KEYS[2], commune=machine.name))
        machine.exchange.full()
    world.server.restore(saved)
    assert client.give(client.make(CorrectContactDetails, KEYS[2], adresse="4 rue Haute"))
    return client


@pytest.fixture(scope="module")
def requests(sqlite_ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> dict[str, httpx.Request]:
    """One good request of each call."""
    from tests.sync.world import hurried

    with hurried():
        world = World(sqlite_ground, tmp_path_factory.mktemp("life") / "monde")
        client = life(world)
        client.line.inner = recorder = Recorder(client.line.inner)
        client.exchange.full()
        world.close()
    return {path: one for path, one in recorder.requests.items() if one.method == "POST"}


CALLS = ("/v1/sync/pull", "/v1/sync/push", "/v1/sync/lineage")


@pytest.mark.parametrize("path", CALLS)
def test_the_server_refuses_in_words_what_it_cannot_read(
    sqlite_ground: Ground, requests: dict[str, httpx.Request], tmp_path: Path, hurry: None, path: str
) -> None:
    world = World(sqlite_ground, tmp_path / "monde")
    good = requests[path]
    body = gzip.decompress(good.content) if good.headers.get("content-encoding") == "gzip" else good.content
    headers = {
        name: value for name, value in good.headers.items() if name not in ("content-length", "content-encoding")
    }

    @QUICK
    @given(content=mutated(body), packed=st.sampled_from(["", "", "", "gzip", "cut", "not gzip", "bomb"]))
    def ask(content: bytes, packed: str) -> None:
        sent, extra = _packed(content, packed)
        request = httpx.Request("POST", f"{URL}{path}", headers={**headers, **extra}, content=sent)
        answer = world.server.transport.handle_request(request)
        text = b"".join(answer.stream)  # type: ignore[arg-type]
        assert answer.status_code < 500, (answer.status_code, text[:300])
        assert b"Traceback" not in text
        if answer.status_code >= 400:
            assert answer.headers["content-type"].startswith("application/problem+json")
        assert not world.server.transport.failures

    ask()
    world.close()


def _packed(content: bytes, how: str) -> tuple[bytes, dict[str, str]]:
    if not how:
        return content, {}
    packed = {
        "gzip": gzip.compress(content),
        "cut": gzip.compress(content)[:-9],
        "not gzip": content,
        "bomb": gzip.compress(b" " * 5_000_000 + content),
    }[how]
    return packed, {"content-encoding": "gzip"}


class Garbler(httpx.BaseTransport):
    """Answers of one call come changed."""

    def __init__(self, inner: httpx.BaseTransport, path: str, change: Callable[[bytes], bytes]) -> None:
        self.line = FaultyLine(inner)
        self.path = path
        self.change = change
        self.changed = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.line.handle_request(request)
        if not request.url.path.endswith(self.path) or answer.status_code != 200:
            return answer
        self.changed += 1
        content = b"".join(answer.stream)  # type: ignore[arg-type]
        if answer.headers.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        kind = {"content-type": answer.headers["content-type"]}
        return httpx.Response(200, headers=kind, content=self.change(content))


@pytest.mark.parametrize("path", ["/hello", "/sync/pull", "/sync/push", "/sync/lineage", "/sync/snapshot"])
def test_a_machine_survives_any_answer(sqlite_ground: Ground, tmp_path: Path, hurry: None, path: str) -> None:
    """Whatever an answer says, the machine says so in words or takes it, and its next good exchange mends it."""
    counter = iter(range(10**9))

    @settings(QUICK, max_examples=10 * SOAK)
    @given(data=st.data())
    def answer(data: st.DataObject) -> None:
        with closing(World(sqlite_ground, tmp_path / str(next(counter)))) as world:
            client = life(world)
            good = client.line.inner
            client.line.inner = garbler = Garbler(good, path, lambda text: _line_changed(data, text))
            for _ in range(2):
                with suppress(GcaError):
                    client.exchange.full()
            assert garbler.changed
            client.line.inner = good
            client.attempt(client.exchange.full)

    answer()


def _line_changed(data: st.DataObject, text: bytes) -> bytes:
    """A whole JSON text changed, or one line of several."""
    lines = text.split(b"\n")
    place = data.draw(st.integers(0, max(0, len(lines) - 2)))
    lines[place] = data.draw(mutated(lines[place]))
    return b"\n".join(lines)
