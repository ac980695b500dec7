"""The line to the remote store: one typed call a request, and every way an answer can be wrong told apart.

Nothing here knows the local store. The protocol is in `protocol.py`.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from gca_tui.errors import InputError
from gca_tui.sync import faults_told as told
from gca_tui.sync.address import is_loopback
from gca_tui.sync.sockets import Sockets
from gca_tui.wire import (
    INSTALL_HEADER,
    PREFIX,
    SCHEMA,
    SCHEMA_HEADER,
    Claim,
    Claims,
    Enrol,
    Enrolled,
    Fork,
    Hello,
    Kept,
    LeftDrafts,
    Lineage,
    Pull,
    Pulled,
    Push,
    Pushed,
    Renew,
)

CONNECT, READ = 10.0, 30.0
"""Seconds to get through, and between two parts of an answer."""
MARGIN = 15.0
"""Seconds beyond a long poll before it counts as lost."""
WHOLE = 120.0
"""Longest time for one whole answer, in seconds: a line that gives a byte a second is no line."""
SNAPSHOT_WHOLE = 600.0
"""The same for a reading of a corbeille, which is taken as it comes."""
GZIP_FROM = 1_000
"""Bytes from which a request is packed."""
ANSWER = 256 << 20
"""Bytes of an answer, unpacked, that nobody would send in earnest."""
_ONE_LINE = 16 << 20
_USUAL = httpx.Timeout(READ, connect=CONNECT)

Model = TypeVar("Model", bound=BaseModel)


class Line:
    """Calls of one server, from any thread. Each raises Unreachable, AccessLost, TooOld or Rejected."""

    def __init__(
        self,
        url: str,
        *,
        token: str = "",
        install: str = "",
        ca: str = "",
        transport: httpx.BaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = url.rstrip("/")
        self._sockets = Sockets()
        self._monotonic = monotonic
        self.closed = False
        headers = {SCHEMA_HEADER: str(SCHEMA), "User-Agent": "gca", "Accept-Encoding": "gzip"}
        address = httpx.URL(self.url)
        self._client = httpx.Client(
            headers=headers,
            transport=transport,
            verify=_trust(ca) if address.scheme == "https" and transport is None else False,
            timeout=_USUAL,
            trust_env=not is_loopback(address.host),
            follow_redirects=False,
        )
        self.identify(install, token)

    def identify(self, install: str, token: str) -> None:
        """Speak as this installation from now on."""
        self.token = token
        if token:
            self._client.headers["Authorization"] = f"Bearer {token}"
        if install:
            self._client.headers[INSTALL_HEADER] = install

    def close(self) -> None:
        """Hang up: calls in progress in other threads end at once with Unreachable."""
        self.closed = True
        self._sockets.shut()
        self._client.close()

    def hello(self) -> Hello:
        """Who this is for the server, and what it allows."""
        return self._call("GET", "/hello", Hello)

    def enrol(self, enrol: Enrol) -> Enrolled:
        """Turn a one-time code into this machine's own token."""
        return self._call("POST", "/connexion", Enrolled, enrol)

    def new_install(self) -> Enrolled:
        """Another id and token, for a store that was copied with the one it had."""
        return self._call("POST", "/install", Enrolled)

    def pull(self, pull: Pull, wait: int = 0) -> Pulled | None:
        """What moved; None when nothing did within `wait` seconds."""
        extra = {"Prefer": f"wait={wait}"} if wait else {}
        timeout = httpx.Timeout(READ, connect=CONNECT, read=wait + MARGIN if wait else READ)
        return self._answer("POST", "/sync/pull", Pulled, pull, extra, timeout)

    def push(self, push: Push) -> Pushed:
        """Send commands."""
        return self._call("POST", "/sync/push", Pushed, push)

    def lineage(self, lineage: Lineage) -> Fork:
        """The newest of these marks that the server's journal holds."""
        return self._call("POST", "/sync/lineage", Fork, lineage)

    def leave_drafts(self, drafts: LeftDrafts) -> Kept:
        """Hand what was begun on dossiers that left to the caisse that owns them."""
        return self._call("POST", "/sync/drafts", Kept, drafts)

    def claim(self, claim: Claim, timeout: float = READ) -> Claims:
        """Take dossiers; `timeout` in seconds for each step of the way."""
        return self._call("POST", "/claims", Claims, claim, httpx.Timeout(timeout))

    def renew(self, renew: Renew, timeout: float = READ) -> Claims:
        """Keep or give back what was taken."""
        return self._call("POST", "/claims/renew", Claims, renew, httpx.Timeout(timeout))

    @contextmanager
    def snapshot(self, scope: str, after: str = "", limit: int = 0) -> Iterator[Iterator[bytes]]:
        """The lines of a reading of a corbeille, one JSON text each, as they come.

        The iterator raises Unreachable when the answer stops in the middle of a line; a missing last line is the
        caller's to see.
        """
        query = f"scope={quote(scope, safe='')}" + (f"&after={quote(after, safe='')}" if after else "")
        query += f"&limit={limit}" if limit else ""
        with self._sent("GET", f"/sync/snapshot?{query}", None, {}, _USUAL) as response:
            self._check(response, "application/x-ndjson")
            yield self._lines(response)

    def _call(
        self,
        method: str,
        path: str,
        model: type[Model],
        body: BaseModel | None = None,
        timeout: httpx.Timeout = _USUAL,
    ) -> Model:
        found = self._answer(method, path, model, body, {}, timeout)
        if found is None:
            raise told.garbled("vide")
        return found

    def _answer(
        self,
        method: str,
        path: str,
        model: type[Model],
        body: BaseModel | None,
        headers: dict[str, str],
        timeout: httpx.Timeout,
    ) -> Model | None:
        with self._sent(method, path, body, headers, timeout) as response:
            if response.status_code == httpx.codes.NO_CONTENT:
                return None
            self._check(response, "application/json")
            text = self._whole(response, WHOLE)
        try:
            return model.model_validate_json(text)
        except ValidationError as error:
            raise told.garbled("incomplète ou illisible") from error

    @contextmanager
    def _sent(
        self, method: str, path: str, body: BaseModel | None, headers: dict[str, str], timeout: httpx.Timeout
    ) -> Iterator[httpx.Response]:
        """Send a request and read the head of its answer."""
        content = None if body is None else body.model_dump_json().encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
            if len(content) > GZIP_FROM:
                content = gzip.compress(content, 6)
                headers["Content-Encoding"] = "gzip"
        url, trace = f"{self.url}{PREFIX}{path}", {"trace": self._sockets.trace}
        with self._faults():
            request = self._client.build_request(
                method, url, content=content, headers=headers, timeout=timeout, extensions=trace
            )
            response = self._client.send(request, stream=True)
        try:
            self._heard()
            yield response
        finally:
            with suppress(Exception):  # an answer that was read, or that nobody wants any more
                response.close()

    def _heard(self) -> None:
        """Nothing that comes after hanging up is taken: the program may be leaving its store."""
        if self.closed:
            raise told.hung_up()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Whatever happens on the way is Unreachable."""
        try:
            yield
        except (httpx.RequestError, httpx.StreamError, OSError) as error:
            raise told.hung_up() if self.closed else told.unreachable(error) from error
        except Exception as error:  # a client closed under a call fails in ways that httpx does not name
            if not self.closed:
                raise
            raise told.hung_up() from error

    def _check(self, response: httpx.Response, kind: str) -> None:
        """Raise what the status or the kind of an answer says. Only the server's own words are believed."""
        found = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.status_code == httpx.codes.OK:
            if found != kind:
                raise told.not_the_server()
            return
        problem = None
        if not told.passes(response.status_code) and found in ("application/problem+json", "application/json"):
            problem = _object(self._whole(response, READ))
        raise told.refusal(response.status_code, response.headers.get("Retry-After", ""), problem)

    def _whole(self, response: httpx.Response, longest: float) -> bytes:
        return b"".join(self._parts(response, longest))

    def _parts(self, response: httpx.Response, longest: float) -> Iterator[bytes]:
        size, last = 0, self._monotonic() + longest
        parts = response.iter_bytes()
        while True:
            with self._faults():
                part = next(parts, None)
            self._heard()
            if part is None:
                return
            size += len(part)
            if size > ANSWER:
                raise told.garbled("démesurée")
            if self._monotonic() > last:
                raise told.too_slow()
            yield part

    def _lines(self, response: httpx.Response) -> Iterator[bytes]:
        rest = b""
        for part in self._parts(response, SNAPSHOT_WHOLE):
            *lines, rest = (rest + part).split(b"\n")
            yield from filter(None, lines)
            if len(rest) > _ONE_LINE:
                raise told.garbled("ligne démesurée")
        if rest:
            raise told.garbled("dernière ligne coupée")


def _trust(ca: str) -> Any:
    """The system's authorities, and the caisse's own where it has one. Raises InputError."""
    import ssl

    context = ssl.create_default_context()
    if ca:
        try:
            context.load_verify_locations(Path(ca))
        except (OSError, ssl.SSLError):
            raise InputError(
                f"{ca} n’est pas un fichier de certificats lisible.",
                "Rien n’a changé.",
                "Demandez à l’administrateur le certificat de l’autorité (format PEM).",
            ) from None
    return context


def _object(text: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
