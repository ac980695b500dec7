"""Imports whose rows other processes prepare: the same rows, nothing lost, nothing left behind."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gca_tui.domain.commands import ReceiveExtract
from gca_tui.domain.dossier import Allocataire, Dossier
from gca_tui.errors import StoreError
from gca_tui.store import batching, journal, loading
from gca_tui.store.importing import load_all
from gca_tui.store.loading import Given, Orders
from gca_tui.store.location import prepare
from tests.store.given import AT, ME, TODAY, Key, exported, note, writing
from tests.store.ledger import check, documents, settled

SIZE = 7
KEYS = [("681", f"{number:07d}") for number in range(1, 61)]
"""The thirty people of the store, and thirty new ones."""
LATER = KEYS[SIZE + 1]
"""A dossier of the second batch."""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", SIZE)
    monkeypatch.setattr(batching, "HELPED_FROM", SIZE)
    helped_by(monkeypatch, 2)


def helped_by(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(batching, "useful", lambda: number)


def newer(key: Key) -> Given:
    """A newer extract: the same person under another name."""
    fields: dict[str, Any] = {"le": TODAY, "allocataire": Allocataire(nom="AUTRE", prenom="Zoé")}
    return Given(ReceiveExtract(id=f"e{key[1]}", caisse=key[0], matricule=key[1], author=ME, at=AT, **fields))


def make(part: slice) -> Iterator[Given]:
    return map(newer, KEYS[part])


def in_helpers(do: Callable[[], None]) -> Orders:
    """Orders that do something in every process but this one before they give anything."""
    here = os.getpid()

    def first(part: slice) -> Iterator[Given]:
        if os.getpid() != here:
            do()
        return make(part)

    return Orders(KEYS, first)


def load(folder: Path, given: Iterator[Given] | Orders) -> loading.Loaded:
    with writing(folder) as writer:
        return load_all(writer, given, lambda _: None)[0]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_helpers_change_nothing_in_what_is_written(people, tmp_path, monkeypatch, number):
    other = Path(shutil.copytree(people, tmp_path / "other"))
    helped_by(monkeypatch, 0)
    alone = load(other, make(slice(0, 60)))
    helped_by(monkeypatch, number)
    helped = load(people, Orders(KEYS, make))
    assert (helped.written, helped.unchanged) == (alone.written, alone.unchanged) == (60, [])
    assert exported(people) == exported(other)
    again = load(people, Orders(KEYS, make))
    assert (again.written, again.unchanged) == (0, KEYS)
    with writing(people) as writer:
        check(people, writer.context())
    settled(people)


def test_a_store_that_holds_nothing_is_helped_with_dossiers_made_one_by_one(tmp_path, monkeypatch):
    folders = [tmp_path / "helped", tmp_path / "alone"]
    for folder, number in zip(folders, (2, 0), strict=True):
        prepare(folder)
        helped_by(monkeypatch, number)
        assert load(folder, make(slice(0, 60))).written == 60
    assert exported(folders[0]) == exported(folders[1])


@pytest.mark.parametrize("fold", [False, True], ids=["pending", "folded"])
@pytest.mark.parametrize("number", [0, 2])
def test_a_note_written_between_preparing_and_staging_is_kept(people, monkeypatch, number, fold):
    helped_by(monkeypatch, number)
    with writing(people) as writer:

        def meanwhile(done: int) -> None:
            if done == SIZE:
                writer.record([note(LATER, "entre les deux")]).result()
                if fold:
                    writer.run(journal.fold).result()

        load_all(writer, Orders(KEYS, make), meanwhile)
        check(people, writer.context())
        after = Dossier.from_json(documents(people)[LATER])
        assert [one.texte for one in after.notes] == ["entre les deux"]
        assert after.allocataire.nom == "AUTRE"
        assert bool(writer.undo().result()) is not fold
    settled(people)


@pytest.mark.parametrize("do", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: os._exit(0)])
def test_a_helper_that_is_stopped_stops_the_import(people, do):
    before = exported(people)
    with pytest.raises(StoreError, match="Les données sont comme avant"):
        load(people, in_helpers(do))
    assert exported(people) == before
    assert load(people, Orders(KEYS, make)).written == 60
    settled(people)


def test_what_goes_wrong_in_a_helper_is_said_without_quoting_anybody(people):
    somebody = "DURAND"

    def fail() -> None:
        raise ValueError(somebody)

    with pytest.raises(RuntimeError, match="ValueError") as raised:
        load(people, in_helpers(fail))
    assert "in fail" in str(raised.value)
    assert somebody not in str(raised.value)


def test_a_helper_keeps_no_file_and_no_lock(people, tmp_path):
    kept = tmp_path / "kept"

    def look() -> None:
        kept.write_text("\n".join(str(file.resolve()) for file in Path("/proc/self/fd").iterdir()))

    load(people, in_helpers(look))
    assert [name for name in kept.read_text().splitlines() if name.startswith(str(people))] == []


def test_an_import_given_up_leaves_no_helper(people):
    class GivenUpError(Exception):
        pass

    def give_up(done: int) -> None:
        raise GivenUpError

    with writing(people) as writer, pytest.raises(GivenUpError):
        load_all(writer, Orders(KEYS, make), give_up)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
