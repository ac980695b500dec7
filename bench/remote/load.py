"""Many clients on kept connections, in a process of its own: `python -m bench.remote.load`.

Each line of the input is an order, as JSON, and is answered by a line. A client costs as little as it can, so that what
is measured is the server: requests are ready bytes, answers are not looked at beyond their status and length.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
import zlib
from base64 import b64decode
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import Any

Answer = tuple[int, bytes]
PATIENCE = 60.0
GZIP = b"content-encoding: gzip"
HOLE = b'[0,"feed"]'
LENGTH = re.compile(rb"Content-Length: \d+")
CURSOR = re.compile(rb'"cur":(\[(\d+),"\w*"\])')
UNTAKEN = re.compile(rb'"error":"\w|"status":"(?!applied|merged)')
MARK = re.compile(rb'"mark":\[(\d+),')


class Wire(asyncio.Protocol):
    """One kept connection: a request at a time, in the order in which they are asked."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._asked: deque[asyncio.Future[Answer]] = deque()
        self._transport: asyncio.Transport | None = None
        self.bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        for asked in self._asked:
            if not asked.done():
                asked.set_exception(ConnectionError("le serveur a raccroché"))

    def data_received(self, data: bytes) -> None:
        self.bytes += len(data)
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._received[:end]).lower()
            status = int(head[9:12])
            at = head.find(b"content-length: ")
            length = 0 if at < 0 else int(head[at + 16 :].split(b"\r\n", 1)[0])
            if len(self._received) < end + 4 + length:
                return
            body = bytes(self._received[end + 4 : end + 4 + length])
            del self._received[: end + 4 + length]
            asked = self._asked.popleft()
            if not asked.done():
                asked.set_result((status, zlib.decompress(body, 31) if GZIP in head else body))

    async def ask(self, request: bytes) -> Answer:
        """The answer to a request."""
        asked: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked.append(asked)
        assert self._transport is not None
        self._transport.write(request)
        return await asked

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.abort()


async def connect(port: int) -> Wire:
    """A connection to a server of this machine."""
    _, wire = await asyncio.get_running_loop().create_connection(Wire, "127.0.0.1", port)
    return wire


class Load:
    """What the orders do. Connections stay open from one to the next."""

    def __init__(self) -> None:
        self._wires: dict[int, list[Wire]] = {}
        self._polls: list[asyncio.Task[Answer]] = []

    async def run(self, port: int, clients: list[list[str]], seconds: float, count: int = 0) -> dict[str, Any]:
        """Each client sends its requests one after the other, again and again, or `count` of them.

        What is answered otherwise than by 200 or 204 ends it all.
        """
        wires = self._wires.setdefault(port, [])
        while len(wires) < len(clients):
            wires.append(await connect(port))
        began = time.perf_counter()
        latencies: list[float] = []
        statuses: dict[int, int] = {}

        async def go(wire: Wire, requests: Iterator[bytes]) -> None:
            for request in requests:
                sent = time.perf_counter()
                if seconds and sent - began > seconds:
                    return
                status, body = await wire.ask(request)
                latencies.append(time.perf_counter() - sent)
                statuses[status] = statuses.get(status, 0) + 1
                if status not in (200, 204) or UNTAKEN.search(body):
                    raise RuntimeError(f"{status} {body[:300]!r}")

        def requests(ready: list[str]) -> Iterator[bytes]:
            listed = [b64decode(one) for one in ready]
            return cycle(listed) if seconds else iter(listed[:count] if count else listed)

        await asyncio.gather(*(go(wire, requests(ready)) for wire, ready in zip(wires, clients, strict=False)))
        took = time.perf_counter() - began
        return {"count": len(latencies), "seconds": took, "latencies": latencies, "statuses": statuses}

    async def hold(self, port: int, requests: list[str]) -> dict[str, Any]:
        """Open a connection for each request and send it; the answers are awaited by `woken`."""
        for first in range(0, len(requests), 50):
            some = [b64decode(one) for one in requests[first : first + 50]]
            wires = await asyncio.gather(*(connect(port) for _ in some))
            for wire, request in zip(wires, some, strict=True):
                self._polls.append(asyncio.ensure_future(wire.ask(request)))
            await asyncio.sleep(0.05)
        return {"sent": len(self._polls)}

    async def woken(self, number: int, seconds: float) -> dict[str, Any]:
        """Wait until so many of the held requests were answered with something; when, on the monotonic clock."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._answered() < number:
            await asyncio.sleep(0.005)
        at = time.monotonic()
        await asyncio.sleep(0.5)  # whoever else is answered was not to be
        places = [place for place, poll in enumerate(self._polls) if poll.done()]
        statuses = sorted({self._polls[place].result()[0] for place in places})
        return {"places": places, "statuses": statuses, "at": at}

    def _answered(self) -> int:
        return sum(poll.done() for poll in self._polls)


@dataclass
class Desk:
    """An agent whose program polls: where it is in its corbeille, and its requests with a hole for that."""

    poll: bytes
    probe: bytes
    mark: bytes
    seq: int

    def asking(self, template: bytes) -> bytes:
        """A request from where the agent is now: marks differ in length, so the length is written anew."""
        head, _, body = template.replace(HOLE, self.mark).partition(b"\r\n\r\n")
        return LENGTH.sub(b"Content-Length: %d" % len(body), head) + b"\r\n\r\n" + body

    def follow(self, body: bytes) -> None:
        """Go on from the page of an answer."""
        if found := CURSOR.search(body):
            self.mark, self.seq = found[1], int(found[2])


class Caisse:
    """Agents of one corbeille: each has a poll open, some push, some ask without waiting."""

    def __init__(self, port: int, desks: list[Desk]) -> None:
        self.port = port
        self.desks = desks
        self.answered: dict[int, float] = {}
        self.seen: list[tuple[int, float]] = []
        self.probes: list[float] = []
        self.pulls = 0
        self.failures: list[str] = []

    async def poll(self, desk: Desk) -> None:
        """Poll as the program does: again at once when something came, and when nothing did."""
        wire = await connect(self.port)
        while True:
            status, body = await wire.ask(desk.asking(desk.poll))
            now, before = time.perf_counter(), desk.seq
            self.pulls += 1
            if status not in (200, 204):
                self.failures.append(f"{status} {body[:200]!r}")
                return
            desk.follow(body)
            self.seen += [(seq, now) for seq in range(before + 1, desk.seq + 1)]

    async def push(self, wire: Wire, request: bytes) -> None:
        """Send a command; note when the agent was told that it is safe."""
        status, body = await wire.ask(request)
        found = MARK.search(body)
        if status != 200 or not found:
            self.failures.append(f"{status} {body[:200]!r}")
            return
        self.answered[int(found[1])] = time.perf_counter()

    async def probe(self, wire: Wire, desk: Desk) -> None:
        """Ask without waiting."""
        request = desk.asking(desk.probe)
        sent = time.perf_counter()
        status, body = await wire.ask(request)
        self.probes.append(time.perf_counter() - sent)
        if status not in (200, 204):
            self.failures.append(f"{status} {body[:200]!r}")

    def late(self) -> list[float]:
        """Of each change and each desk: the seconds from the answer to its author to its arrival there."""
        return [max(0.0, at - self.answered[seq]) for seq, at in self.seen if seq in self.answered]


async def every(period: float, wires: Sequence[Wire], act: Sequence[Callable[[Wire], Awaitable[None]]]) -> None:
    """Do these things one each period, whether the ones before are done or not."""
    began, doing = time.perf_counter(), []
    for place, one in enumerate(act):
        await asyncio.sleep(max(0.0, began + place * period - time.perf_counter()))
        doing.append(asyncio.ensure_future(one(wires[place % len(wires)])))
    await asyncio.gather(*doing)


async def caisse(
    port: int, desks: list[list[str]], pushes: list[str], each: float, probe_each: float
) -> dict[str, Any]:
    """Agents of one corbeille at work: a push each `each` seconds, a pull without waiting each `probe_each`."""
    made = [Desk(b64decode(poll), b64decode(probe), mark.encode(), int(seq)) for poll, probe, mark, seq in desks]
    work = Caisse(port, made)
    polls = [asyncio.ensure_future(work.poll(desk)) for desk in made]
    await asyncio.sleep(2.0)
    wires = [await connect(port) for _ in range(16)]
    asked = int(len(pushes) * each / probe_each)
    acts = [partial(_push, work, b64decode(request)) for request in pushes]
    probing = [partial(_probe, work, made[place * 7 % len(made)]) for place in range(asked)]
    began = time.perf_counter()
    await asyncio.gather(every(each, wires[:8], acts), every(probe_each, wires[8:], probing))
    took = time.perf_counter() - began
    pulls = work.pulls
    await asyncio.sleep(2.0)
    for poll in polls:
        poll.cancel()
    if work.failures:
        raise RuntimeError(work.failures[0])
    return {"late": work.late(), "probes": work.probes, "pulls": pulls, "seconds": took, "pushed": len(work.answered)}


async def _push(work: Caisse, request: bytes, wire: Wire) -> None:
    await work.push(wire, request)


async def _probe(work: Caisse, desk: Desk, wire: Wire) -> None:
    await work.probe(wire, desk)


Order = Callable[..., Awaitable[dict[str, Any]]]


async def main() -> None:
    """Obey until the input ends."""
    load = Load()
    orders: dict[str, Order] = {"run": load.run, "hold": load.hold, "woken": load.woken, "caisse": caisse}
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        try:
            told = await orders[order.pop("do")](**order)
        except (RuntimeError, OSError) as error:
            told = {"error": str(error)}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
