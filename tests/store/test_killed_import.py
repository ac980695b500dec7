"""An import killed anywhere leaves the store as it was, or complete; agents write all the while."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from sqlalchemy import Engine, event

from gca_tui import clock
from gca_tui.domain.commands import ReceiveExtract
from gca_tui.domain.dossier import Allocataire, Dossier
from gca_tui.store import loading
from gca_tui.store.importing import Absent, load_all
from gca_tui.store.loading import Given
from gca_tui.store.location import DATABASE
from gca_tui.store.writer import Writer
from tests.store.given import AT, ME, NOW, TODAY, exported, extract, note, person, raw, run, window, writing
from tests.store.ledger import check, documents, settled

POINTS = 12
QUIET: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
ROOT = Path(__file__).parents[2]


def given() -> Iterator[Given]:
    """A newer extract: most of the people under another name, and some new ones."""
    for number in range(5, 60):
        fields: dict[str, Any] = {"le": TODAY, "allocataire": Allocataire(nom="AUTRE")}
        yield Given(
            ReceiveExtract(id=f"e{number}", caisse="681", matricule=f"{number:07d}", author=ME, at=AT, **fields)
        )


def load(folder: Path) -> None:
    seen = {(one.command.caisse, one.command.matricule) for one in given()}
    writer = Writer(folder / DATABASE)
    load_all(writer, given(), lambda _: None, Absent({("681", "")}, seen, TODAY, ME, AT))
    writer.close()


def killed(folder: Path, at: int) -> bool:
    """Import in a child that is killed before its nth statement; whether it was."""
    child = os.fork()
    if child == 0:
        count = iter(range(at))

        def before(*_: Any) -> None:
            if next(count, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", before)
        event.listen(Engine, "commit", before)
        load(folder)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_an_import_killed_anywhere_is_not_there_or_whole(people_store, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "BATCH", 9)
    whole = Path(copytree(people_store, tmp_path / "whole"))
    with writing(whole) as writer:
        writer.record([note(("681", "0000007"), "avant")]).result()
    start = Path(copytree(whole, tmp_path / "start"))
    statements = iter(range(10**9))
    event.listen(Engine, "before_cursor_execute", counting := lambda *_: next(statements))
    event.listen(Engine, "commit", counting)
    load(whole)
    event.remove(Engine, "before_cursor_execute", counting)
    event.remove(Engine, "commit", counting)
    before, after, last = exported(start), exported(whole), next(statements)
    outcomes = []
    for at in sorted(random.Random(1).sample(range(last), POINTS)):
        folder = Path(copytree(start, tmp_path / str(at)))
        assert killed(folder, at)
        found = exported(folder)
        outcomes.append(found == after)
        assert found in (before, after), at
        with writing(folder) as writer:
            check(folder, writer.context())
        settled(folder)
        assert exported(folder) == found
        load(folder)
        assert exported(folder) == after
    assert outcomes == sorted(outcomes)
    assert {False, True} == set(outcomes)


def alive(session: int) -> list[str]:
    """The processes of a session that still run: those that helped an import end with it."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, its_session = place.read_text().rpartition(")")[2].split()[:4]
            if int(its_session) == session and state != "Z":
                found.append(place.parent.name)
    return found


def test_a_killed_line_command_leaves_what_was_there(people, tmp_path):
    newer = extract(tmp_path / "n.csv", [person(n, "AUTRE", piece=f"Q{n}") for n in range(1, 4_200)])
    before = exported(people)
    command = [sys.executable, "-m", "gca_tui", "--donnees", str(people), "importer", str(newer)]
    program = subprocess.Popen(command, cwd=ROOT, start_new_session=True, **QUIET)
    with raw(people) as connection:
        while not connection.execute("SELECT 1 FROM dossier WHERE since > 1 LIMIT 1").fetchone():
            assert program.poll() is None
    program.kill()
    assert program.wait() == -signal.SIGKILL
    last = time.monotonic() + 30
    while alive(program.pid):
        assert time.monotonic() < last
    assert exported(people) == before
    with writing(people):
        settled(people)
    assert run(people, "importer", str(newer)) == 0
    assert len(exported(people)) == 4_199


def test_agents_write_during_an_import_and_never_wait_long(people, tmp_path, capsys):
    newer = extract(tmp_path / "n.csv", [person(n, "AUTRE", piece=f"Q{n}") for n in range(1, 4_200)])
    keys = [("681", f"{n:07d}") for n in range(1, 31)]
    command = [sys.executable, "-m", "gca_tui", "--donnees", str(people), "importer", str(newer)]
    environment = {**os.environ, clock.FROZEN: NOW}
    waits, written = [], []
    with writing(people) as writer, window(people) as seen:
        program = subprocess.Popen(
            command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        while program.poll() is None:
            one = note(keys[len(written) % len(keys)], f"note {len(written)}")
            began = time.perf_counter()
            with writer.engine.begin():
                waits.append(time.perf_counter() - began)
            writer.record([one]).result()
            written.append(one)
            assert seen.row(*keys[0])
        assert program.returncode == 0
        check(people, writer.context())
        settled(people)
    found = {key: Dossier.from_json(document) for key, document in documents(people).items()}
    assert len(found) == 4_199
    assert {dossier.allocataire.nom for dossier in found.values()} == {"AUTRE"}
    assert [one.id for one in written if one.id not in {n.id for n in found[one.caisse, one.matricule].notes}] == []
    assert len(written) == sum(len(dossier.notes) for dossier in found.values())
    longest = max(waits) * 1_000
    with capsys.disabled():
        print(f" [import: {len(written)} notes meanwhile, longest wait for the writer's lock {longest:.0f} ms]")
    assert longest < 1_500


@pytest.mark.parametrize("notes", [100])
def test_two_programs_write_a_hundred_notes_each_at_once(people, notes):
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.store.given import note, writing\n"
        "with writing(Path(sys.argv[1])) as writer:\n"
        f"    for n in range({notes}):\n"
        "        writer.record([note(('681', f'{n % 7 + 1:07d}'), f'{sys.argv[2]} {n}')]).result()\n"
    )
    with window(people) as watching:
        version = watching.data_version()
        programs = [
            subprocess.Popen([sys.executable, "-c", script, str(people), name], cwd=ROOT, stderr=subprocess.PIPE)
            for name in ("un", "deux")
        ]
        errors = [program.communicate(timeout=120)[1] for program in programs]
        assert (errors, [program.returncode for program in programs]) == ([b"", b""], [0, 0])
        assert watching.data_version() != version
    found = [n.texte for document in documents(people).values() for n in Dossier.from_json(document).notes]
    assert sorted(found) == sorted(f"{name} {n}" for name in ("un", "deux") for n in range(notes))


def test_a_write_elsewhere_moves_the_data_version_and_a_read_does_not(people):
    with window(people) as watching, writing(people) as writer:
        version = watching.data_version()
        assert watching.row("681", "0000001")
        with window(people) as other:
            assert other.row("681", "0000002")
        assert watching.data_version() == version
        writer.record([note(("681", "0000001"), "un mot")]).result()
        assert watching.data_version() != version
