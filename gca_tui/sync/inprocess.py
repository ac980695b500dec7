"""A server in this very process: an ASGI application answers httpx without a socket. For the demonstration, tests."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import suppress
from typing import Any

import httpx

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]

_STOP = 5.0
"""Seconds given to the application to end."""


class AppTransport(httpx.BaseTransport):
    """Runs the application in an event loop of a thread of its own; any number of threads may call it at once.

    An exception out of the application is an answer cut short for the caller, as it would be over a socket, and is
    kept in `failures`. Closing it ends the application, and requests in progress, long polls included, with
    `httpx.ReadError`. Several clients each take a `line`: a client closes its transport.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._calls: set[_Call] = set()
        self._closed = False
        self.failures: list[BaseException] = []
        self._thread = threading.Thread(target=self._loop.run_forever, name="gca-app", daemon=True)
        self._thread.start()
        self._lifespan = _Lifespan(app)
        try:
            self._await(self._lifespan.start())
        except BaseException:
            self.close()
            raise

    def line(self) -> AppLine:
        """A transport of its own for one client: closing it ends its requests and leaves the application running."""
        return AppLine(self)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Hand a request to the application and wait for the head of its answer; the body follows as it is made."""
        return self.handle(request, set())

    def handle(self, request: httpx.Request, mine: set[_Call]) -> httpx.Response:
        """The same, for a line that keeps its calls in progress."""
        if self._closed:
            raise httpx.ConnectError("application closed", request=request)
        body = request.read()
        call = _Call(self._loop, _scope(request, self._lifespan.state), body)
        self._calls.add(call)
        mine.add(call)
        self._loop.call_soon_threadsafe(self._launch, call, mine)
        try:
            head = call.next(request.extensions.get("timeout", {}).get("read"))
        except queue.Empty:
            call.cancel()
            raise httpx.ReadTimeout("no answer in time", request=request) from None
        if not isinstance(head, dict):
            raise httpx.ReadError("closed without an answer", request=request)
        return httpx.Response(head["status"], headers=list(head.get("headers", ())), stream=_Body(call, request))

    def close(self) -> None:
        """End what is in progress, tell the application that it ends, and stop its thread."""
        if self._closed:
            return
        self._closed = True
        for call in tuple(self._calls):
            call.cancel()
        with suppress(Exception):
            self._await(self._lifespan.stop())
        with suppress(Exception):
            self._await(self._end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STOP)
        if not self._thread.is_alive():
            self._loop.close()

    def _launch(self, call: _Call, mine: set[_Call]) -> None:
        def over(_: object) -> None:
            self._calls.discard(call)
            mine.discard(call)

        call.task = self._loop.create_task(self._serve(call))
        call.task.add_done_callback(over)

    async def _serve(self, call: _Call) -> None:
        try:
            await self._app(call.scope, call.receive, call.send)
        except (Exception, asyncio.CancelledError) as error:
            if not (call.cancelled or isinstance(error, asyncio.CancelledError)):
                self.failures.append(error)
        finally:
            call.end()

    async def _end_tasks(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
        await self._loop.shutdown_default_executor()

    def _await(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_STOP)


class AppLine(httpx.BaseTransport):
    """One client's line to an application in this process."""

    def __init__(self, application: AppTransport) -> None:
        self._application = application
        self._calls: set[_Call] = set()
        self._closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """See `AppTransport.handle_request`."""
        if self._closed:
            raise httpx.ConnectError("line closed", request=request)
        return self._application.handle(request, self._calls)

    def close(self) -> None:
        """End the requests of this line with `httpx.ReadError`."""
        self._closed = True
        for call in tuple(self._calls):
            call.cancel()


class LateLine(httpx.BaseTransport):
    """One client's line to an application that another thread is still loading: requests wait for it.

    They wait as long as they would to get through, then end as they would where nobody listens.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known = threading.Event()
        self._line: AppLine | None = None
        self._closed = False

    def supply(self, application: AppTransport | None) -> None:
        """The application is there; None: it will never be."""
        with self._lock:
            if application and not self._closed:
                self._line = application.line()
        self._known.set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """See `AppTransport.handle_request`."""
        self._known.wait(request.extensions.get("timeout", {}).get("connect"))
        line = self._line
        if line is None:
            raise httpx.ConnectError("no application", request=request)
        return line.handle_request(request)

    def close(self) -> None:
        """End the requests of this line, also those that wait for the application."""
        with self._lock:
            self._closed = True
            line = self._line
        self._known.set()
        if line:
            line.close()


class _Call:
    """One request and its answer, between the caller's thread and the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, scope: Message, body: bytes) -> None:
        self._loop = loop
        self.scope = scope
        self._body: bytes | None = body
        self._parts: queue.SimpleQueue[Message | bytes | None] = queue.SimpleQueue()
        self._gone = asyncio.Event()
        self._complete = False
        self.cancelled = False
        self.task: asyncio.Task[None] | None = None

    def next(self, timeout: float | None) -> Message | bytes | None:
        """The head, then each part of the body; None when it was cut short, b"" at its end. Raises queue.Empty."""
        return self._parts.get(timeout=timeout)

    async def receive(self) -> Message:
        """The body in one message, then the caller's leaving."""
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take what the application answers."""
        if self.cancelled:
            raise OSError("the caller left")
        if message["type"] == "http.response.start":
            self._parts.put(dict(message))
        elif message["type"] == "http.response.body":
            if body := message.get("body", b""):
                self._parts.put(bytes(body))
            if not message.get("more_body", False):
                self._complete = True
                self._parts.put(b"")

    def end(self) -> None:
        """The application is done: whoever still waits learns whether the answer is whole."""
        self._gone.set()
        if not self._complete:
            self._parts.put(None)

    def cancel(self) -> None:
        """The caller leaves; called from any thread."""
        self.cancelled = True
        self._parts.put(None)
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._gone.set)


class _Body(httpx.SyncByteStream):
    def __init__(self, call: _Call, request: httpx.Request) -> None:
        self._call = call
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        timeout = self._request.extensions.get("timeout", {}).get("read")
        while True:
            try:
                part = self._call.next(timeout)
            except queue.Empty:
                raise httpx.ReadTimeout("no answer in time", request=self._request) from None
            if not isinstance(part, bytes):
                raise httpx.RemoteProtocolError("answer cut short", request=self._request)
            if not part:
                return
            yield part

    def close(self) -> None:
        self._call.cancel()


class _Lifespan:
    """Tells an application that it starts and that it ends; one that does not want to know is left alone."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.state: dict[str, Any] = {}

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())
        await self._to_app.put({"type": "lifespan.startup"})
        answer = await self._from_app.get()
        if answer["type"] == "lifespan.startup.failed":
            raise RuntimeError(answer.get("message") or "the application did not start")

    async def stop(self) -> None:
        if self._task is None or self._task.done():
            return
        await self._to_app.put({"type": "lifespan.shutdown"})
        await self._task

    async def _run(self) -> None:
        with suppress(Exception):
            scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
            await self._app(scope, self._to_app.get, self._from_app.put)
        await self._from_app.put({"type": "lifespan.unsupported"})


def _scope(request: httpx.Request, state: dict[str, Any]) -> Message:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (request.url.host, request.url.port or 80),
        "client": ("127.0.0.1", 0),
        "state": dict(state),
    }
