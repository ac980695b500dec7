"""Every way an answer can be wrong, and what the line makes of it."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from gca_tui.errors import AccessLost, InputError, Rejected, TooOld, Unreachable
from gca_tui.sync.line import GZIP_FROM, Line
from gca_tui.wire import SCHEMA, SCHEMA_HEADER, Lineage, Mark, Pull

JSON, NDJSON, PROBLEM = "application/json", "application/x-ndjson", "application/problem+json"
FORK = json.dumps({"mark": [3, "ab"]}).encode()
LINEAGE = Lineage(scope="681", marks=(Mark(3, "ab"),))
Handler = Callable[[httpx.Request], httpx.Response]


def line_to(handler: Handler, **options: str) -> Line:
    return Line("http://server", transport=httpx.MockTransport(handler), **options)


def answering(status: int = 200, content: bytes = FORK, kind: str = JSON, **headers: str) -> Line:
    named = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return line_to(lambda request: httpx.Response(status, content=content, headers=named))


def test_a_request_says_who_asks_in_which_version() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=FORK, headers={"Content-Type": f"{JSON}; charset=utf-8"})

    line = line_to(handler, token="secret", install="poste-1")
    assert line.lineage(LINEAGE).mark == Mark(3, "ab")
    headers = seen[0].headers
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Gca-Install"] == "poste-1"
    assert headers[SCHEMA_HEADER] == str(SCHEMA)
    assert seen[0].url == "http://server/v1/sync/lineage"
    assert Lineage.model_validate_json(seen[0].content) == LINEAGE
    assert "Content-Encoding" not in headers


def test_a_long_request_is_packed() -> None:
    sent: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, content=FORK, headers={"Content-Type": JSON})

    asked = Lineage(scope="681", marks=tuple(Mark(n, f"{n:064x}") for n in range(100)))
    line_to(handler).lineage(asked)
    assert sent[0].headers["Content-Encoding"] == "gzip"
    assert len(sent[0].content) < GZIP_FROM * 3
    assert Lineage.model_validate_json(gzip.decompress(sent[0].content)) == asked


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_a_server_in_trouble_is_asked_again(status: int) -> None:
    with pytest.raises(Unreachable) as raised:
        answering(status, b"<html>", "text/html", Retry_After="7").lineage(LINEAGE)
    assert raised.value.retry_after == 7
    assert raised.value.kept


@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("Thu, 12 Nov 2026 09:31:00 GMT", 60),
        ("Thu, 12 Nov 2020 09:31:00 GMT", 0),
        ("soon", None),
        ("", None),
        ("-3", None),
    ],
)
def test_when_to_come_back(written: str, seconds: float | None) -> None:
    with pytest.raises(Unreachable) as raised:
        answering(503, Retry_After=written).lineage(LINEAGE)
    assert raised.value.retry_after == seconds


WRONG = {
    "a proxy's page": (200, b"<html>Connectez-vous</html>", "text/html"),
    "a proxy's page as json": (200, b"<html>Connectez-vous</html>", JSON),
    "cut": (200, FORK[:-3], JSON),
    "nothing": (200, b"", JSON),
    "another value": (200, b'{"mark": "x"}', JSON),
    "a list": (200, b"[]", JSON),
    "not a text": (200, b'{"mark": [3, "\xff"]}', JSON),
    "deep": (200, b"[" * 100_000, JSON),
    "no content": (204, b"", ""),
    "another success": (202, FORK, JSON),
    "sent elsewhere": (302, b"", "text/html"),
    "a proxy forbids": (403, b"<html>", "text/html"),
    "a proxy asks who": (407, b"<html>", "text/html"),
    "a proxy knows no such page": (404, b"<html>", "text/html"),
    "a problem that is none": (403, b"[1]", PROBLEM),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_answer_that_is_not_the_servers_is_asked_again(wrong: str) -> None:
    status, content, kind = WRONG[wrong]
    with pytest.raises(Unreachable):
        answering(status, content, kind, Location="http://elsewhere/").lineage(LINEAGE)


def test_a_packed_answer() -> None:
    assert answering(200, gzip.compress(FORK), Content_Encoding="gzip").lineage(LINEAGE).mark.seq == 3


@pytest.mark.parametrize("kept", [0, 5, 15, -9, -1])
def test_a_packed_answer_cut_on_the_way_is_never_taken_for_another(kept: int) -> None:
    packed = gzip.compress(FORK)
    try:
        assert answering(200, packed[:kept], Content_Encoding="gzip").lineage(LINEAGE).mark == Mark(3, "ab")
    except Unreachable:
        return
    assert zlib.decompressobj(31).decompress(packed[:kept]) == FORK, "all of it was there but for the checksum"


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.ReadTimeout,
        httpx.ReadError,
        httpx.WriteError,
        httpx.RemoteProtocolError,
        httpx.ProxyError,
        httpx.PoolTimeout,
        ConnectionResetError,
    ],
)
def test_a_network_that_fails_is_asked_again(failure: type[Exception]) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise failure("failed")

    with pytest.raises(Unreachable, match="Le serveur ne répond pas :"):
        line_to(handler).lineage(LINEAGE)


def test_a_certificate_that_is_not_trusted_is_said() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("failed") from ssl.SSLCertVerificationError("self-signed certificate")

    with pytest.raises(Unreachable, match="certificat"):
        line_to(handler).lineage(LINEAGE)


@pytest.mark.parametrize(
    ("status", "error"), [(401, AccessLost), (403, AccessLost), (426, TooOld), (400, Rejected), (422, Rejected)]
)
def test_what_the_server_itself_refuses_is_told_in_its_words(status: int, error: type[Exception]) -> None:
    body = {"title": "Demande refusée", "status": status, "detail": "Champ « texte » trop long.", "code": "trop_long"}
    with pytest.raises(error, match=r"^Champ « texte » trop long\.") as raised:
        answering(status, json.dumps(body).encode(), PROBLEM).lineage(LINEAGE)
    assert getattr(raised.value, "code", "trop_long") == "trop_long"


def test_nothing_moved() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    assert line_to(handler).pull(Pull(scopes={}), wait=25) is None
    assert seen[0].headers["Prefer"] == "wait=25"
    assert seen[0].extensions["timeout"]["read"] == 40
    assert seen[0].extensions["timeout"]["connect"] == 10


class Slow(httpx.SyncByteStream):
    """Gives a byte at a time while the clock runs."""

    def __init__(self, tick: Callable[[], None]) -> None:
        self._tick = tick

    def __iter__(self) -> Iterator[bytes]:
        for byte in FORK:
            self._tick()
            yield bytes([byte])


def test_a_byte_a_while_is_no_line() -> None:
    now = [0.0]

    def tick() -> None:
        now[0] += 20

    handler = httpx.MockTransport(
        lambda request: httpx.Response(200, stream=Slow(tick), headers={"Content-Type": JSON})
    )
    with pytest.raises(Unreachable, match="trop lente"):
        Line("http://server", transport=handler, monotonic=lambda: now[0]).lineage(LINEAGE)


def test_the_lines_of_a_reading() -> None:
    asked: list[httpx.URL] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, content=b'{"a":1}\n\n{"b":2}\n', headers={"Content-Type": NDJSON})

    with line_to(handler).snapshot("681/CONV", "681/0000001", 50) as lines:
        assert list(lines) == [b'{"a":1}', b'{"b":2}']
    assert dict(asked[0].params) == {"scope": "681/CONV", "after": "681/0000001", "limit": "50"}


def test_a_reading_cut_in_a_line_gives_the_whole_lines_first() -> None:
    with answering(200, b'{"a":1}\n{"b"', NDJSON).snapshot("681") as lines:
        assert next(lines) == b'{"a":1}'
        with pytest.raises(Unreachable):
            next(lines)


def test_what_goes_wrong_with_a_line_that_was_read_stays_what_it_is() -> None:
    def taken() -> None:
        with answering(200, b"{}\n", NDJSON).snapshot("681") as lines:
            next(lines)
            raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        taken()


@contextmanager
def silent_server() -> Iterator[tuple[str, threading.Event]]:
    """Takes a connection and says nothing."""
    called = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65_536)
                called.set()
                connection.recv(65_536)

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", called
        thread.join(10)


def test_hanging_up_ends_a_long_poll_at_once() -> None:
    with silent_server() as (url, called), ThreadPoolExecutor(1) as pool:
        line = Line(url)
        held = pool.submit(line.pull, Pull(scopes={}), 25)
        assert called.wait(10)
        line.close()
        with pytest.raises(Unreachable, match="interrompu"):
            held.result(1)
        with pytest.raises(Unreachable, match="interrompu"):
            line.hello()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    line = Line(f"http://127.0.0.1:{port}")
    with pytest.raises(Unreachable):
        line.hello()
    line.close()


def test_a_file_that_holds_no_certificate_is_said(tmp_path: object) -> None:
    with pytest.raises(InputError, match="certificats"):
        Line("https://server", ca=f"{tmp_path}/none.pem")
