"""Stores made by the program's own demonstration and importer, and what is read back from them."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from gca_tui import cli, clock
from gca_tui.demo import AGENT
from gca_tui.domain.commands import AddNote
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.store.location import DATABASE, FOLDER_VARIABLE
from gca_tui.store.schema import open_reader
from gca_tui.store.views import EVERYTHING
from gca_tui.store.window import Selection, Window
from gca_tui.store.writer import Writer

NOW = "2026-11-12T09:30:00+00:00"
TODAY = date(2026, 11, 12)
AT = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
ME = AGENT
FIXTURES = Path(__file__).parents[2] / "fixtures" / "extraits"
Key = tuple[str, str]


def run(folder: Path, *arguments: str) -> int:
    """A line command on a folder, at the moment of all these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(clock.FROZEN, NOW)
        patch.setenv(FOLDER_VARIABLE, "")
        return cli.run(["--donnees", str(folder), *arguments])


def demo(folder: Path, count: int, seed: int = 1) -> Path:
    """A demonstration in the folder."""
    assert run(folder, "demo", "--dossiers", str(count), "--graine", str(seed), "--sans-serveur", "--sans-ouvrir") == 0
    return folder


def extract(path: Path, lines: Iterable[Mapping[str, str]]) -> Path:
    """An extract with the columns that these lines name; the file is the line's only for what it names."""
    lines = list(lines)
    columns = list(dict.fromkeys(name for line in lines for name in line))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=";", restval="")
        writer.writeheader()
        writer.writerows(lines)
    return path


def person(number: int, nom: str = "", caisse: str = "681", **more: str) -> dict[str, str]:
    """A line of an extract for an invented person."""
    return {"caisse": caisse, "matricule": f"{number:07d}", "nom": nom or f"NOM{number}", "prenom": "Zoé", **more}


def imported(folder: Path, *files: Path) -> Path:
    """A store holding these extracts."""
    assert run(folder, "importer", *map(str, files)) == 0
    return folder


@contextmanager
def window(folder: Path, me: str = ME.identifiant) -> Iterator[Window]:
    """A window on the folder's store."""
    with closing(Window(open_reader(folder / DATABASE), me)) as opened:
        yield opened


@contextmanager
def writing(folder: Path) -> Iterator[Writer]:
    """A writer on the folder's store."""
    with closing(Writer(folder / DATABASE)) as writer:
        yield writer


def dossiers(opened: Window) -> dict[int, Dossier]:
    """Every visible dossier by its row."""
    ids = opened.ids(Selection(EVERYTHING, sort="matricule"), TODAY)
    return dict(zip(ids, map(Dossier.from_json, opened.documents(ids)), strict=True))


def exported(folder: Path) -> list[Any]:
    """What `gca exporter --json` gives."""
    target = folder.parent / f"{folder.name}.jsonl"
    assert run(folder, "exporter", "--json", "--vers", str(target)) == 0
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()]


def note(key: Key, texte: str, author: Author = ME) -> AddNote:
    """A note by somebody."""
    return AddNote(id=new_id(), caisse=key[0], matricule=key[1], author=author, at=AT, texte=texte)


@contextmanager
def raw(folder: Path) -> Iterator[sqlite3.Connection]:
    """The store's file as SQLite sees it."""
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None, timeout=30)) as connection:
        yield connection
