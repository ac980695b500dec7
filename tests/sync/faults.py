"""A line on which everything goes wrong that may: what a client asks passes through a list of faults.

Each fault strikes one request, in the order planned; a fault with a `path` waits for a request to it. No fault sleeps:
what takes too long for a client is told to it as httpx tells it.
"""

from __future__ import annotations

import gzip
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

STATUSES = (408, 429, 500, 502, 503)
PORTAL = "<!doctype html><html><title>Connexion</title><body>Identifiez-vous sur ce réseau.</body></html>"
RETRY_AFTER = 7


@dataclass(frozen=True)
class Fault:
    """What happens to the next request whose path ends so; "" is any."""

    kind: str
    path: str = ""


class Broken(httpx.SyncByteStream):
    """A body that stops in the middle with an error, or comes a byte at a time."""

    def __init__(self, content: bytes, *, error: Exception | None = None) -> None:
        self._content = content
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        if self._error is None:
            for place in range(len(self._content)):
                yield self._content[place : place + 1]
            return
        yield self._content[: len(self._content) // 2]
        raise self._error


@dataclass
class FaultyLine(httpx.BaseTransport):
    """Wraps a transport. `delivered` are the requests that reached the other side, `kept` those it gets again later.

    `pushed` are the commands that were sent, by id.
    """

    inner: httpx.BaseTransport
    plan: deque[Fault] = field(default_factory=deque)
    delivered: list[tuple[str, str, int]] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    kept: list[httpx.Request] = field(default_factory=list)
    pushed: dict[str, dict[str, Any]] = field(default_factory=dict)

    def expect(self, faults: Iterable[Fault | str]) -> None:
        """Forget what was planned and plan these."""
        self.plan.clear()
        self.plan.extend(fault if isinstance(fault, Fault) else Fault(fault) for fault in faults)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Deliver the request, or do to it what is planned."""
        request.read()
        if not (self.plan and request.url.path.endswith(self.plan[0].path)):
            return self.deliver(request)
        kind = self.plan.popleft().kind
        if kind:
            self.struck.append(kind)
        return FAULTS[kind](self, request)

    def deliver(self, request: httpx.Request) -> httpx.Response:
        """What the other side answers, its body read as it travelled."""
        copy = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
        if request.url.path.endswith("/sync/push"):
            self.pushed |= {str(one["command"].get("id")): one["command"] for one in _sent(request)["ops"]}
        answer = self.inner.handle_request(copy)
        content = b"".join(answer.stream) if isinstance(answer.stream, httpx.SyncByteStream) else answer.content
        answer.close()
        self.delivered.append((request.method, request.url.path, answer.status_code))
        return _answer(answer, content)

    def deliver_kept(self) -> None:
        """Deliver the old requests that were on their way all the time; nobody hears the answers."""
        kept, self.kept = self.kept, []
        for request in kept:
            self.deliver(request)

    def close(self) -> None:
        """Hang up; the server goes on."""


def _sent(request: httpx.Request) -> dict[str, Any]:
    packed = request.headers.get("content-encoding") == "gzip"
    found: dict[str, Any] = json.loads(gzip.decompress(request.content) if packed else request.content)
    return found


Strike = Callable[[FaultyLine, httpx.Request], httpx.Response]


def _answer(given: httpx.Response, content: bytes) -> httpx.Response:
    """The same answer with another body, which is taken as it is: encoded or not."""
    headers = [(name, value) for name, value in given.headers.raw if name.lower() != b"content-length"]
    return httpx.Response(given.status_code, headers=headers, stream=_Whole(content))


class _Whole(httpx.SyncByteStream):
    def __init__(self, content: bytes) -> None:
        self.content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self.content


def _body(answer: httpx.Response) -> bytes:
    return b"".join(answer.stream)  # type: ignore[arg-type]


def _lost_request(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route", request=request)


def _lost_answer(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    line.deliver(request)
    raise httpx.ReadTimeout("no answer", request=request)


def _twice(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    line.deliver(request)
    return line.deliver(request)


def _again(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    """Answered now, and delivered once more after other requests."""
    line.kept.append(request)
    return line.deliver(request)


def _late(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    """The client gives up; what it asked arrives after its later requests."""
    line.kept.append(request)
    raise httpx.ReadTimeout("late", request=request)


def _truncated(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    """A body that ends too soon, and nothing says so."""
    answer = line.deliver(request)
    content = _plain(answer)
    cut = httpx.Headers(answer.headers)
    cut.pop("content-encoding", None)
    return httpx.Response(answer.status_code, headers=cut, stream=_Whole(content[: len(content) // 2]))


def _plain(answer: httpx.Response) -> bytes:
    content = _body(answer)
    return gzip.decompress(content) if answer.headers.get("content-encoding") == "gzip" else content


def _cut_gzip(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    answer = line.deliver(request)
    packed = gzip.compress(_plain(answer))
    headers = httpx.Headers(answer.headers)
    headers["content-encoding"] = "gzip"
    return httpx.Response(answer.status_code, headers=headers, stream=_Whole(packed[: len(packed) * 2 // 3]))


def _reset(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    answer = line.deliver(request)
    error = httpx.ReadError("connection reset", request=request)
    return httpx.Response(answer.status_code, headers=answer.headers, stream=Broken(_body(answer), error=error))


def _incomplete(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    """A body shorter than its Content-Length, as h11 tells it."""
    answer = line.deliver(request)
    error = httpx.RemoteProtocolError("peer closed connection without sending complete message body", request=request)
    return httpx.Response(answer.status_code, headers=answer.headers, stream=Broken(_body(answer), error=error))


def _slow(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    answer = line.deliver(request)
    return httpx.Response(answer.status_code, headers=answer.headers, stream=Broken(_body(answer)))


def _half_open(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    raise httpx.WriteTimeout("half open", request=request)


def _portal(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, html=PORTAL)


def _portal_after(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    """The request went through and its answer was replaced."""
    line.deliver(request)
    return httpx.Response(200, html=PORTAL)


def _proxy_refuses(status: int) -> Strike:
    return lambda line, request: httpx.Response(status, html=PORTAL)


def _redirect(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    return httpx.Response(302, headers={"location": "http://portail.invalid/"})


def _empty(line: FaultyLine, request: httpx.Request) -> httpx.Response:
    line.deliver(request)
    return httpx.Response(200, headers={"content-type": "application/json"}, content=b"")


def _status(status: int, *, applied: bool) -> Strike:
    def strike(line: FaultyLine, request: httpx.Request) -> httpx.Response:
        if applied:
            line.deliver(request)
        return httpx.Response(status, headers={"retry-after": str(RETRY_AFTER)}, text="")

    return strike


FAULTS: dict[str, Strike] = {
    "": FaultyLine.deliver,
    "lost_request": _lost_request,
    "lost_answer": _lost_answer,
    "twice": _twice,
    "again": _again,
    "late": _late,
    "truncated": _truncated,
    "cut_gzip": _cut_gzip,
    "reset": _reset,
    "incomplete": _incomplete,
    "slow": _slow,
    "half_open": _half_open,
    "portal": _portal,
    "portal_after": _portal_after,
    "portal_302": _redirect,
    "proxy_403": _proxy_refuses(403),
    "proxy_407": _proxy_refuses(407),
    "empty": _empty,
    **{f"status_{status}": _status(status, applied=False) for status in STATUSES},
    **{f"status_{status}_after": _status(status, applied=True) for status in (500, 502, 503)},
}
"""What may happen to a request, by name."""
HARMLESS = frozenset({"", "twice", "again", "slow"})
"""After these the client has its answer."""
