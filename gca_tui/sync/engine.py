"""The exchanges in the background: one thread sends what is typed, another hears what moved elsewhere.

Several programs may have one store open; the one that holds the lock `sync` exchanges for all.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import event

from gca_tui import clock
from gca_tui.crash import told
from gca_tui.errors import Answered, GcaError, Rejected, Unreachable
from gca_tui.store.driver import in_words
from gca_tui.sync.claims import Claiming, Refused
from gca_tui.sync.leading import Lead, Link, line_for
from gca_tui.sync.retry import Backoff
from gca_tui.wire import WAIT

if TYPE_CHECKING:
    from gca_tui.store.remote import Tie
    from gca_tui.store.writer import Writer
    from gca_tui.sync.line import Line

LOOK = 2.0
"""Seconds between two looks at what other programs wrote into this store."""
LEAD = 5.0
"""Seconds between two attempts to be the one that exchanges."""
STUCK = 60.0
"""Seconds after which commands that the server left waiting are sent again."""
REFUSED = 300.0
"""Seconds before a server that refuses this machine is asked again."""
BRIEF = 1.0
"""A long poll that ends sooner, in seconds, without anything was not held: what answers must not be hurried."""
QUIT = 0.4
"""Seconds that leaving waits for each thread."""


Result = TypeVar("Result")


class Side:
    """One of the two threads: when it may act next, and what wakes it."""

    def __init__(self, chance: Callable[[], float], monotonic: Callable[[], float]) -> None:
        self.backoff = Backoff(chance)
        self._monotonic = monotonic
        self._not_before = 0.0
        self.woken = threading.Event()
        self.well = False
        """Whether the last step was answered."""

    def left(self) -> float:
        """Seconds until it may act."""
        return max(0.0, self._not_before - self._monotonic())

    def put_off(self, seconds: float) -> None:
        """Act no sooner."""
        self._not_before = self._monotonic() + seconds

    def wake(self) -> None:
        """Act now, whatever was put off."""
        self._not_before = 0.0
        self.woken.set()

    def rest(self, seconds: float) -> None:
        """Wait, unless woken."""
        if self.woken.wait(seconds):
            self.woken.clear()


class Engine:
    """Starts two daemon threads; `push_step` and `pull_step` are what they do again and again.

    A step never raises: what goes wrong is noted in the store (`store.waiting.sync_state`), and tried again later.
    `on_change` is called in these threads whenever the store or the state of the exchanges changed, `on_refused` when
    somebody else has what was taken here without network.
    """

    def __init__(
        self,
        writer: Writer,
        on_change: Callable[[], None] = lambda: None,
        *,
        make_line: Callable[[Tie], Line] = line_for,
        chance: Callable[[], float] = random.random,
        now: Callable[[], datetime] = clock.now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._writer = writer
        self._on_change = on_change
        self.on_refused: Callable[[list[Refused]], None] = lambda refused: None
        self._chance = chance
        self._monotonic = monotonic
        self._lead = Lead(writer, make_line, now, monotonic, self._progress)
        self._push, self._pull = Side(chance, monotonic), Side(chance, monotonic)
        self._stop = threading.Event()
        self._asked = False
        self._told: set[str] = set()
        self._threads = [
            threading.Thread(target=self._loop, args=(side, step), name=f"gca-{name}", daemon=True)
            for side, step, name in ((self._push, self.push_step, "push"), (self._pull, self.pull_step, "pull"))
        ]

    def start(self) -> None:
        """Begin, also in a store tied to no server yet. Each transaction of the writer is followed by a look."""
        event.listen(self._writer.engine, "checkin", self._wrote)
        for thread in self._threads:
            thread.start()

    def poke(self) -> None:
        """The agent asks: exchange everything now, whatever was put off."""
        self._asked = True
        self._push.wake()
        self._pull.wake()

    @property
    def claiming(self) -> Claiming | None:
        """What asks for dossiers; None while another program exchanges, or nobody does."""
        link = self._lead.link
        return link.claiming if link else None

    def close(self) -> None:
        """Hang up and leave, in less than a second, whatever the network does. Before the writer is closed."""
        self._stop.set()
        if event.contains(self._writer.engine, "checkin", self._wrote):
            event.remove(self._writer.engine, "checkin", self._wrote)
        self._lead.hang_up()
        for side in (self._push, self._pull):
            side.woken.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(QUIT)
        self._lead.close()

    def push_step(self) -> float:
        """Send what waits, if anything does. Returns the seconds to rest."""
        link = self._guard(self._push, None, self._lead.take)
        if link is None:
            return max(LEAD, self._push.left())
        if self._guard(self._push, link, self._lead.was_retied):
            self._push.wake()
            self._pull.wake()
            return 0.0
        if self._push.left():
            return min(LOOK, self._push.left())
        if not (self._asked or self._lead.waits(STUCK)):
            return LOOK
        return self._step(self._push, link, self._send)

    def pull_step(self) -> float:
        """Hear what moved elsewhere; long, when nothing does. Returns the seconds to rest."""
        if self._pull.left():
            return self._pull.left()
        link = self._guard(self._pull, None, self._lead.take)
        if link is None:
            return max(LEAD, self._pull.left())
        return self._step(self._pull, link, self._bring)

    def _step(self, side: Side, link: Link, work: Callable[[Link], float]) -> float:
        pause = self._guard(side, link, lambda: work(link))
        if pause is None:
            return min(LOOK, side.left())
        side.backoff.succeeded()
        return pause

    def _wrote(self, *_: object) -> None:
        """A transaction of this program is over: look at once whether there is something to send."""
        self._push.woken.set()

    def _loop(self, side: Side, step: Callable[[], float]) -> None:
        while not self._stop.is_set():
            seconds = step()
            if seconds and not self._stop.is_set():
                side.rest(seconds)

    def _send(self, link: Link) -> float:
        asked, self._asked = self._asked, False
        self._contact(link)
        more = True
        while more and not self._stop.is_set():
            sent = link.exchange.push()
            more = sent.more
            if sent.error:
                link.exchange.pull()
                self._pull.wake()
            if sent.moved:
                self._well(link, moved=True)
            self._lead.left_waiting(sent.moved or bool(sent.error))
        link.exchange.hand_over_drafts()
        if asked:
            while (found := link.exchange.pull()).more and found.moved and not self._stop.is_set():
                pass
        self._well(link, moved=asked)
        return 0.0 if asked else LOOK

    def _contact(self, link: Link) -> None:
        """Give back, take and renew before anything is sent. A refusal does not hold up what was typed."""
        try:
            refused = link.claiming.contact()
        except Rejected:
            self._lead.claims_later(STUCK)
            return
        if refused:
            self.on_refused(refused)

    def _bring(self, link: Link) -> float:
        if not link.greeted:
            link.exchange.hello()
            link.greeted = True
        has_read = False
        while link.exchange.read():
            has_read = True
            if self._stop.is_set():
                return 0.0
        if link.noting.reads(0, 0) or has_read:
            self._well(link, moved=True)
            self._lead.may_send()
            self._push.woken.set()
        began = self._monotonic()
        found = link.exchange.pull(WAIT if self._pull.well else 0)
        self._well(link, moved=found.moved)
        was_well, self._pull.well = self._pull.well, True
        if found.moved or not was_well:
            return 0.0
        if found.more:  # it says so, and brings nothing: it is not asked at full speed
            return BRIEF * self._chance()
        return LOOK * (1 + self._chance()) if self._monotonic() - began < BRIEF else 0.0

    def _well(self, link: Link, *, moved: bool) -> None:
        """An answer came: note it, and let the other side try at once when the server was away."""
        was_away = bool(link.noting.status.offline_since)
        if link.noting.went_well(moved=moved) or moved:
            self._on_change()
        if was_away:
            for side in (self._push, self._pull):
                side.backoff.succeeded()
                side.wake()

    def _progress(self, done: int, total: int) -> None:
        link = self._lead.link
        if link and link.noting.reads(done, total):
            self._on_change()

    def _guard(self, side: Side, link: Link | None, work: Callable[[], Result]) -> Result | None:
        """Do something; None where it failed, which is then noted."""
        try:
            return work()
        except Exception as error:
            if not self._stop.is_set():
                self._failed(side, link, error)
            return None

    def _failed(self, side: Side, link: Link | None, error: Exception) -> None:
        """Note what went wrong and put the side off."""
        side.well = False
        after = (
            error.retry_after if isinstance(error, Unreachable) else REFUSED if isinstance(error, Answered) else None
        )
        side.put_off(side.backoff.failed(after))
        words = "" if isinstance(error, GcaError) else self._words(error)
        link = link or self._lead.link
        with suppress(Exception):  # the store itself may be what fails: there is nowhere left to note it
            if link and link.noting.failed(error, words):
                self._on_change()

    def _words(self, error: Exception) -> str:
        """What nobody foresaw, kept in the log once."""
        if known := in_words(error, self._writer.path.name):
            return str(known)
        name = type(error).__name__
        if name in self._told:
            return f"Les échanges butent sur une erreur imprévue ({name})."
        self._told.add(name)
        return told(error, self._writer.path.parent)
