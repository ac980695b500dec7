"""A server in this very process behaves as one behind a socket."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from gca_tui.sync.inprocess import AppTransport

WAIT = 10.0


class Served:
    """An application that notes what it lived through."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.held = threading.Event()
        self.let_go: asyncio.Event | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for _ in range(2):
                kind = (await receive())["type"]
                self.seen.append(kind)
                await send({"type": f"{kind}.complete"})
            return
        self.seen.append(scope["path"])
        await getattr(self, f"do_{scope['path'].strip('/')}")(scope, receive, send)

    async def do_echo(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        headers = dict(scope["headers"])
        await send({"type": "http.response.start", "status": 201, "headers": [(b"x-said", headers[b"x-say"])]})
        await send({"type": "http.response.body", "body": body + b"?" + scope["query_string"]})

    async def do_stream(self, scope: Any, receive: Any, send: Any) -> None:
        self.let_go, self.loop = asyncio.Event(), asyncio.get_running_loop()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await self.let_go.wait()
        await send({"type": "http.response.body", "body": b"second", "more_body": True})
        await send({"type": "http.response.body"})

    async def do_hold(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        self.held.set()
        assert (await receive())["type"] == "http.disconnect"
        self.seen.append("left")

    async def do_cut(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ValueError("broken")


@pytest.fixture
def served() -> Served:
    return Served()


@pytest.fixture
def transport(served: Served) -> Iterator[AppTransport]:
    found = AppTransport(served)
    yield found
    found.close()


@pytest.fixture
def client(transport: AppTransport) -> Iterator[httpx.Client]:
    with httpx.Client(transport=transport, base_url="http://app", timeout=WAIT) as found:
        yield found


def test_a_request_and_its_answer(client: httpx.Client) -> None:
    answer = client.post("/echo?a=1", content=b"body", headers={"X-Say": "hello"})
    assert (answer.status_code, answer.content, answer.headers["x-said"]) == (201, b"body?a=1", "hello")


def test_an_answer_comes_as_it_is_made(client: httpx.Client, served: Served) -> None:
    with client.stream("GET", "/stream") as answer:
        parts = answer.iter_raw()
        assert next(parts) == b"first"
        assert served.loop
        assert served.let_go
        served.loop.call_soon_threadsafe(served.let_go.set)
        assert list(parts) == [b"second"]


def test_others_are_served_while_one_is_held(client: httpx.Client, served: Served, transport: AppTransport) -> None:
    with ThreadPoolExecutor(9) as pool:
        held = pool.submit(client.get, "/hold")
        assert served.held.wait(WAIT)
        said = pool.map(lambda n: client.post("/echo", content=b"%d" % n, headers={"X-Say": "x"}).content, range(8))
        assert list(said) == [b"%d?" % n for n in range(8)]
        transport.close()
        with pytest.raises(httpx.ReadError):
            held.result(WAIT)
    assert "left" in served.seen


def test_the_application_learns_when_it_starts_and_ends(served: Served) -> None:
    transport = AppTransport(served)
    assert served.seen == ["lifespan.startup"]
    transport.close()
    transport.close()
    assert served.seen == ["lifespan.startup", "lifespan.shutdown"]
    with httpx.Client(transport=transport) as client, pytest.raises(httpx.ConnectError):
        client.get("http://app/echo")


def test_an_exception_cuts_the_answer_and_is_kept(client: httpx.Client, transport: AppTransport) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/cut")
    with pytest.raises(httpx.ReadError):
        client.get("/nowhere")
    assert [type(error) for error in transport.failures] == [ValueError, AttributeError]


def test_a_caller_does_not_wait_for_ever(client: httpx.Client) -> None:
    with pytest.raises(httpx.ReadTimeout):
        client.get("/hold", timeout=0.05)


def test_a_client_that_leaves_ends_its_own_requests_alone(transport: AppTransport, served: Served) -> None:
    with ThreadPoolExecutor(1) as pool, httpx.Client(transport=transport.line(), timeout=WAIT) as stays:
        leaves = httpx.Client(transport=transport.line(), timeout=WAIT)
        held = pool.submit(leaves.get, "http://app/hold")
        assert served.held.wait(WAIT)
        leaves.close()
        with pytest.raises(httpx.ReadError):
            held.result(WAIT)
        assert stays.post("http://app/echo", headers={"X-Say": "x"}).status_code == 201
