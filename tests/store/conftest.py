"""Stores made once for a whole session: copy them before writing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.store.given import demo, extract, imported, person


@pytest.fixture(autouse=True)
def _one_moment(frozen_clock: None, private_umask: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hundred dossiers; those of 091 without convention are absent from an extract that came since."""
    folder = demo(tmp_path_factory.mktemp("demo") / "gca", 200)
    newer = extract(folder.parent / "091.csv", [person(9_999_999, "NOUVELLE", "091", prestations="AAH", canal="Mél")])
    return imported(folder, newer)


@pytest.fixture(scope="session")
def people_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty invented people of one caisse, each with a pièce."""
    folder = tmp_path_factory.mktemp("people") / "gca"
    lines = [
        person(n, piece=f"P{n}", nature="Ressources", canal="Courrier", recue_le=f"{n % 28 + 1:02d}/10/2026")
        for n in range(1, 31)
    ]
    return imported(folder, extract(folder.parent / "un.csv", lines))


@pytest.fixture
def people(people_store: Path, tmp_path: Path) -> Path:
    """The thirty people, one's own copy."""
    return Path(shutil.copytree(people_store, tmp_path / "gca"))
