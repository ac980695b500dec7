"""Imports whose rows other processes prepare: the same rows, nothing lost, nothing left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gca_tui.domain.commands import ReceiveExtract
from gca_tui.domain.dossier import Allocataire, Dossier
from gca_tui.errors import StoreError
from gca_tui.store import batching, journal, loading
from gca_tui.store.importing import load_all
from gca_tui.store.loading import Given, Orders
from gca_tui.store.location import DATABASE
from gca_tui.store.writer import Writer
from tests.store.given import AT, ME, TODAY, Key, exported, note, writing
from tests.store.ledger import check, documents, settled

SIZE = 7
KEYS = [("681", f"{number:07d}") for number in range(1, 61)]
"""The thirty people of the store, and thirty new ones."""
IN_SECOND_BATCH = KEYS[SIZE + 2]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", SIZE)
    monkeypatch.setattr(batching, "HELPED_FROM", SIZE)
    helped_by(monkeypatch, 2)


def helped_by(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(batching, "useful", lambda: number)


def newer(key: Key) -> Given:
    """A newer extract: every other person under another name."""
    nom = "AUTRE" if int(key[1]) % 2 else f"NOM{int(key[1])}"
    fields = {"le": TODAY, "allocataire": Allocataire(nom=nom, prenom="Zoé")}
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
    monkeypatch.setattr(batching, "useful", lambda: 0)
    alone = load(people, make(slice(0, 60)))
    expected = exported(people)
    with writing(people) as writer:
        check(people, writer.context())
    helped_by(monkeypatch, number)
    other = tmp_path / "other"
    folder = Path(__import__("shutil").copytree(people, other))
    again = load(folder, Orders(KEYS, make))
    assert (again.written, sorted(again.unchanged)) == (0, KEYS)
    assert (alone.written, len(alone.unchanged)) == (45, 15)
    assert exported(folder) == expected
