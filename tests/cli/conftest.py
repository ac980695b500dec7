"""A store whose texts would act on a terminal or a spreadsheet, and a demonstration, made once for a session."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.store.given import demo, extract, imported, note, person, writing

ESC, BIDI, CSI = "\x1b[31m", "\u202e", "\x9b2J"


@pytest.fixture(autouse=True)
def _one_moment(frozen_clock: None, private_umask: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty invented dossiers."""
    return demo(tmp_path_factory.mktemp("cli") / "gca", 60)


@pytest.fixture
def store(demo_store: Path, tmp_path: Path) -> Path:
    """The sixty, one's own copy."""
    return Path(shutil.copytree(demo_store, tmp_path / "gca"))


@pytest.fixture
def owing(owing_store: Path, tmp_path: Path) -> Path:
    """One's own copy of the trop-perçus of a module: each has its `owing_store`."""
    return Path(shutil.copytree(owing_store, tmp_path / "gca"))


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Three people whose names or notes hold escapes, overrides and formulas; nobody presented themselves."""
    names = {1: "=1+1", 2: "@SUM(A1)", 3: "-2", 4: "+33", 5: 'Le « brave » ; "oui"'}
    lines = [person(n, nom, piece=f"=P{n}", recue_le="01/10/2026", commune=f"[link]{nom}") for n, nom in names.items()]
    folder = imported(tmp_path / "gca", extract(tmp_path / "h.csv", lines))
    with writing(folder) as writer:
        for number in (1, 2):
            text = f"Lu {ESC}rouge{BIDI}à l’envers{CSI}\x07\x00[@click=app.quit]\ud800 fin"
            writer.record([note(("681", f"{number:07d}"), text.replace("\ud800", "\U000e0041"))]).result()
    return folder
