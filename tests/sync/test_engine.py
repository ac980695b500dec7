"""The exchanges in the background: what each step does and how long it then rests; and the two threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from gca_tui.crash import LOG
from gca_tui.store import removals
from gca_tui.store.location import DATABASE, exclusive
from gca_tui.store.remote import Tie, read_tie
from gca_tui.store.writer import Writer
from gca_tui.sync import engine as engines
from gca_tui.sync.engine import Engine
from gca_tui.sync.line import Line
from gca_tui.sync.tying import tie_to
from tests.sync.desks import URL, Desk, Tap, code_for, desk, unmotivated
from tests.sync.people import DELEGATED, INES, KATIA, KEYS
from tests.sync.server import Server

HERE, OTHER = KEYS[1], KEYS[2]
PATIENCE = 20.0


@dataclass
class Run:
    """An engine driven by hand: its clock stands still unless a test moves it."""

    writer: Writer
    tap: Tap
    now: float = 1_000.0
    changes: int = 0
    chance: float = 1.0
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = Engine(
            self.writer,
            self._changed,
            make_line=self._line,
            chance=lambda: self.chance,
            monotonic=lambda: self.now,
        )

    def _changed(self) -> None:
        self.changes += 1

    def _line(self, tie: Tie) -> Line:
        self.lines.append(Line(tie.url, token=tie.token, install=tie.install, transport=Tap(self.tap)))
        return self.lines[-1]

    def later(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def run(ines: Desk) -> Iterator[Run]:
    made = Run(ines.writer, ines.tap)
    yield made
    made.engine.close()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is not made to hold a request."""
    monkeypatch.setattr(engines, "WAIT", 0)


@pytest.mark.usefixtures("hurried")
class TestSteps:
    def test_a_first_pull_brings_everything_and_says_so(self, run: Run, ines: Desk) -> None:
        assert run.engine.pull_step() == 0
        assert set(ines.dossiers()) == set(KEYS[1:])
        state = ines.state()
        assert state.last_contact
        assert (state.progress, state.offline_since, state.problem) == (None, "", "")
        assert run.changes

    def test_nothing_new_writes_nothing(self, run: Run, ines: Desk) -> None:
        while run.engine.pull_step() == 0:
            pass
        run.engine.push_step()
        before = _version(ines), run.changes, ines.rows("SELECT value FROM meta WHERE name = 'sync'")
        for _ in range(3):
            run.engine.pull_step()
            run.engine.push_step()
        assert (_version(ines), run.changes, ines.rows("SELECT value FROM meta WHERE name = 'sync'")) == before

    def test_a_server_that_answers_long_polls_at_once_is_not_hurried(self, run: Run) -> None:
        while (rest := run.engine.pull_step()) == 0:
            pass
        assert rest == engines.LOOK * 2

    def test_what_is_typed_is_sent_at_the_next_look(self, run: Run, ines: Desk) -> None:
        run.engine.pull_step()
        assert run.engine.push_step() == engines.LOOK
        ines.tap.asked.clear()
        assert run.engine.push_step() == engines.LOOK
        assert ines.tap.asked == []
        ines.note(HERE, "Partie.")
        run.engine.push_step()
        assert [note.texte for note in ines.server.dossier(HERE).notes] == ["Partie."]
        assert ines.state().pending == 0

    def test_what_a_restored_server_lost_is_sent_once_it_is_read_again(self, run: Run, ines: Desk) -> None:
        _quiet(run)
        before = ines.server.backup()
        ines.note(HERE, "Après la sauvegarde.")
        run.engine.push_step()
        ines.server.restore(before)
        run.engine.pull_step()
        run.engine.push_step()  # in the midst of the reading: nothing can leave yet
        run.engine.pull_step()
        run.engine.push_step()
        assert [note.texte for note in ines.server.dossier(HERE).notes] == ["Après la sauvegarde."]

    def test_what_another_program_typed_is_sent_too(self, run: Run, ines: Desk) -> None:
        run.engine.pull_step()
        run.engine.push_step()
        other = Writer(ines.writer.path)
        try:
            Desk(ines.server, INES, other, ines.tap, ines.line, ines.exchange).note(HERE, "D’ailleurs.")
        finally:
            other.close()
        run.engine.push_step()
        assert [note.texte for note in ines.server.dossier(HERE).notes] == ["D’ailleurs."]

    def test_a_line_that_is_cut_is_tried_later_and_later(self, run: Run, ines: Desk) -> None:
        run.engine.pull_step()
        ines.tap.cut()
        rests = []
        for _ in range(8):
            run.engine.pull_step()
            rests.append(run.engine._pull.left())
            run.later(rests[-1])
        assert rests == [1, 2, 4, 8, 16, 32, 60, 60]

    def test_being_away_is_noted_once_with_its_moment(self, run: Run, ines: Desk) -> None:
        run.engine.pull_step()
        ines.tap.cut()
        run.engine.pull_step()
        since, changes = ines.state().offline_since, run.changes
        assert since
        for _ in range(4):
            run.later(100)
            run.engine.pull_step()
        assert ines.state().offline_since == since
        assert run.changes == changes
        ines.tap.mend()
        run.later(100)
        run.engine.pull_step()
        assert ines.state().offline_since == ""
        assert run.changes == changes + 1

    def test_the_server_says_when_to_come_back(self, run: Run, ines: Desk) -> None:
        run.engine.pull_step()
        ines.tap.after = lambda path, answer: httpx.Response(503, headers={"Retry-After": "90"})
        run.engine.pull_step()
        assert 90 <= run.engine._pull.left() <= 91

    def test_asking_does_not_wait(self, run: Run, ines: Desk) -> None:
        run.engine.pull_step()
        ines.note(HERE, "Enfin.")
        ines.tap.cut()
        for _ in range(5):
            run.engine.push_step()
            run.engine.pull_step()
            run.later(0.5)
        ines.tap.mend()
        assert run.engine.push_step() > 0
        assert ines.state().in_flight == 1
        run.engine.poke()
        run.engine.push_step()
        assert ines.state().in_flight == 0

    def test_what_the_server_leaves_waiting_does_not_busy_the_line(self, run: Run, ines: Desk) -> None:
        run.engine.pull_step()
        ines.note(HERE, "Attendra.")
        pushes: list[str] = []

        def waiting(path: str, answer: httpx.Response) -> httpx.Response:
            if path != "/sync/push":
                return answer
            pushes.append(path)
            found = ines.rows("SELECT command_id FROM outbox")
            return httpx.Response(200, json={"results": [{"id": found[0][0], "status": "waiting"}]})

        ines.tap.after = waiting
        for _ in range(10):
            run.engine.push_step()
            run.later(engines.LOOK)
        assert len(pushes) == 1
        ines.note(HERE, "Autre.")
        run.engine.push_step()
        assert len(pushes) == 2
        run.later(engines.STUCK)
        run.engine.push_step()
        assert len(pushes) == 3

    def test_only_one_program_exchanges(self, run: Run, ines: Desk) -> None:
        with exclusive(ines.writer.path.parent, "sync", "Un autre est"):
            assert run.engine.pull_step() == engines.LEAD
            assert run.engine.push_step() == engines.LEAD
            assert ines.dossiers() == {}
            assert run.engine.claiming is None
        run.engine.pull_step()
        assert ines.dossiers()
        assert run.engine.claiming

    def test_a_lost_access_is_said_and_a_new_one_taken_up(self, run: Run, ines: Desk) -> None:
        run.engine.pull_step()
        run.engine.push_step()
        with ines.server.base.write() as connection:
            from sqlalchemy import delete

            from gca_tui.server.tables import INSTALL

            connection.execute(delete(INSTALL))
        run.engine.pull_step()
        state = ines.state()
        assert state.problem == "access"
        assert state.words
        run.later(60)
        assert run.engine.pull_step() > 60
        with closing(Line(URL, transport=Tap(ines.tap))) as unknown:
            tie_to(ines.writer, unknown, code_for(ines.server, INES))
        assert run.engine.push_step() == 0
        run.engine.pull_step()
        assert ines.state().problem == ""
        assert len(run.lines) == 2

    def test_what_nobody_foresaw_is_told_and_tried_again(self, run: Run, ines: Desk) -> None:
        run.engine.pull_step()

        def odd(path: str) -> None:
            raise ZeroDivisionError("Zoé")

        ines.tap.before = odd
        run.engine.pull_step()
        assert ines.state().problem == "unforeseen"
        log = (ines.writer.path.parent / LOG).read_text()
        assert "ZeroDivisionError" in log
        assert "Zoé" not in log
        run.later(100)
        run.engine.pull_step()
        assert (ines.writer.path.parent / LOG).read_text() == log
        ines.tap.mend()
        run.later(100)
        run.engine.pull_step()
        assert ines.state().problem == ""

    def test_a_restored_server_is_caught_up_by_a_push(self, run: Run, ines: Desk) -> None:
        run.engine.pull_step()
        before = ines.server.backup()
        ines.note(HERE, "Acquise.")
        run.engine.push_step()
        ines.server.restore(before)
        ines.note(OTHER, "Ensuite.")
        for _ in range(4):
            run.engine.push_step()
            run.engine.pull_step()
            run.later(engines.STUCK)
        assert [note.texte for note in ines.server.dossier(HERE).notes] == ["Acquise."]
        assert [note.texte for note in ines.server.dossier(OTHER).notes] == ["Ensuite."]

    def test_a_mass_removal_waits_for_a_person_and_does_not_busy_the_line(
        self, run: Run, ines: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(removals, "FEW", 1)
        run.engine.pull_step()

        ines.tap.after = unmotivated
        for key in KEYS[1:4]:
            ines.server.reassign(key, "681")
        ines.tap.asked.clear()
        rests = [run.engine.pull_step() for _ in range(6)]
        assert len(ines.dossiers()) == 4
        assert [ask.removed for ask in ines.state().asks] == [3]
        assert rests[-1] > 0
        ines.writer.run(lambda c: removals.answer_removal(c, DELEGATED, accept=True)).result()
        run.engine.pull_step()
        assert len(ines.dossiers()) == 1


def _quiet(run: Run) -> None:
    while run.engine.pull_step() == 0:
        pass
    run.engine.push_step()


def _version(one: Desk) -> bytes:
    """What the file's log holds: it grows with each write."""
    return one.writer.path.with_name(f"{DATABASE}-wal").read_bytes()


def _until(condition: Callable[[], bool], changed: threading.Event) -> None:
    last = time.monotonic() + PATIENCE
    while not condition():
        changed.wait(0.2)
        changed.clear()
        assert time.monotonic() < last


class TestThreads:
    def test_a_change_goes_from_desk_to_desk_at_once(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engines, "LOOK", 10 * PATIENCE)
        with ExitStack() as stack:
            changed = threading.Event()
            desks = [
                stack.enter_context(desk(server, author, tmp_path / author.identifiant)) for author in (INES, KATIA)
            ]
            for one in desks:
                made = Engine(
                    one.writer,
                    changed.set,
                    make_line=lambda tie, one=one: Line(
                        tie.url, token=tie.token, install=tie.install, transport=Tap(one.tap)
                    ),
                )
                stack.callback(made.close)
                made.start()
            ines, katia = desks
            _until(lambda: HERE in ines.dossiers() and HERE in katia.dossiers(), changed)
            ines.note(HERE, "Vue de l’autre côté.")
            _until(lambda: katia.notes(HERE) == ["Vue de l’autre côté."], changed)

    def test_leaving_does_not_wait_for_a_long_poll(self, ines: Desk) -> None:
        held = threading.Event()
        polls: list[str] = []

        def before(path: str) -> None:
            polls.extend([path] if path == "/sync/pull" else [])
            if len(polls) == 2:
                held.set()

        class Watched(Tap):
            def close(self) -> None:
                self.inner.close()

        tap = Watched(ines.server.transport.line(), before=before)
        made = Engine(
            ines.writer, make_line=lambda tie: Line(tie.url, token=tie.token, install=tie.install, transport=tap)
        )
        made.start()
        assert held.wait(PATIENCE), "the first asks what there is, the second waits for more"
        began = time.monotonic()
        made.close()
        assert time.monotonic() - began < 1
        assert not any(thread.is_alive() for thread in made._threads)

    def test_a_store_tied_to_nothing_rests(self, tmp_path: Path, frozen_clock: None) -> None:
        writer = Writer(tmp_path / DATABASE)
        made = Engine(writer)
        made.start()
        assert writer.run(read_tie).result() is None
        made.close()
        writer.close()
