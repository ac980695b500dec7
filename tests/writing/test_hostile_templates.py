"""Templates of a caisse that are no files, that loop, that hide something; facts too many for a text; no jinja2."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gca_tui import reference
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.trop_percu import SECTIONS
from gca_tui.errors import InputError
from gca_tui.writing.blocs import blocs
from gca_tui.writing.draft import draft
from gca_tui.writing.files import write_whole
from gca_tui.writing.models import Models
from tests.writing import test_models
from tests.writing.given import about

VALUES: dict[str, Any] = test_models.VALUES
NAME = "prochaine_fois"


def told(folder: Path) -> str:
    """What is said of the one file that cannot be used; ours serves."""
    made = Models(folder).text(NAME, "681", VALUES)
    assert made.text == test_models.ours()
    (problem,) = made.problems
    assert "Celui du programme l’a remplacé." in problem
    return problem


def place(folder: Path) -> Path:
    """Where the caisse's own would be."""
    found = folder / "modeles" / "681" / f"{NAME}.txt"
    found.parent.mkdir(parents=True)
    return found


def subject_of(references: int, evenement: str = "") -> Subject:
    """A letter of so many trop-perçus of 60 months each."""
    known = about()
    part = known.parts[0]
    mois = tuple(part.mois[0].model_copy(update={"id": f"{2021 + n // 12}-{n % 12 + 1:02d}"}) for n in range(60))
    faits = part.faits.model_copy(update={"evenement": evenement})
    owed = part.trop_percu.model_copy(update={"mois": mois, "faits": faits})
    return replace(known, parts=(replace(part, trop_percu=owed),) * references)


@pytest.mark.parametrize("kind", ["folder", "fifo", "device", "loop", "nowhere"])
def test_what_is_no_file_is_told(tmp_path: Path, kind: str) -> None:
    path = place(tmp_path)
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to({"device": "/dev/zero", "loop": path.name, "nowhere": "nulle-part"}[kind])
    assert "un fichier est attendu ici" in told(tmp_path)


@pytest.mark.parametrize("name", ["modeles", "modeles/681"])
def test_a_folder_of_templates_that_is_a_file_is_told(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("Bonjour.", encoding="utf-8")
    assert name in told(tmp_path)


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\u202e", "\u200b", "\ue000"], ids=ascii)
def test_what_nobody_sees_is_told_with_its_line(tmp_path: Path, char: str) -> None:
    place(tmp_path).write_text(f"Un.\nDeux{char}.", encoding="utf-8")
    problem = told(tmp_path)
    assert "ligne 2" in problem
    assert f"U+{ord(char):04X}" in problem
    assert char not in problem


def test_a_mark_of_utf_8_and_separate_accents_are_of_no_consequence(tmp_path: Path) -> None:
    place(tmp_path).write_bytes("Déclarez-le.".encode("utf-8-sig").replace("é".encode(), "e\u0301".encode()))
    made = Models(tmp_path).text(NAME, "681", VALUES)
    assert made == ("Déclarez-le.", ())


@pytest.mark.parametrize(
    "loop",
    [
        "{% for a in total %}{% for b in total %}{% for c in total %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in total %}{% for b in total %}{% for c in total if c == '' %}x{% endfor %}{% endfor %}{% endfor %}",
    ],
    ids=["empty", "filtered"],
)
def test_loops_that_write_nothing_have_an_end(tmp_path: Path, loop: str) -> None:
    place(tmp_path).write_text(loop, encoding="utf-8")
    began = time.process_time()
    made = Models(tmp_path).text(NAME, "681", {**VALUES, "total": "9" * 2_000})
    assert time.process_time() - began < 1
    assert made.text == test_models.ours()
    assert "tours" in made.problems[0]


def test_where_a_loop_is_can_still_be_said(tmp_path: Path) -> None:
    source = "{% for a in conseils %}{{ loop.index }}{% if not loop.last %}, {% else %}.{% endif %}{% endfor %}"
    place(tmp_path).write_text(source, encoding="utf-8")
    values = {**VALUES, "conseils": ["a", "b", "c"]}
    models = Models(tmp_path)
    assert [models.text(NAME, "681", values).text for _ in range(2)] == ["1, 2, 3."] * 2


@pytest.mark.parametrize("name", ["conseils", "blocs"])
def test_brackets_inside_brackets_are_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "modeles").mkdir()
    (tmp_path / "modeles" / f"{name}.toml").write_text("a = " + "[" * 50_000, encoding="utf-8")
    made = Models(tmp_path).data(name, "681")
    assert "imbriqués" in made.problems[0]
    assert made.data


def test_more_than_a_section_holds_is_left_to_be_completed() -> None:
    subject = subject_of(20)
    made = draft(subject, Models(), reference.lexicon())
    assert made.explication.calcul == "[[à compléter : Le calcul]]"
    assert SECTIONS["calcul"] in made.problems[0]
    assert "20000 caractères" in made.problems[0]
    assert made.explication.que_faire
    assert "Le calcul" in made.manque


def test_a_passage_that_these_facts_make_unusable_is_left_to_be_completed(tmp_path: Path) -> None:
    (tmp_path / "modeles").mkdir()
    bloc = '[[bloc]]\nlabel = "Reprise"\nsection = "raison"\nmotifs = []\n'
    source = bloc + 'texte = "{% if periode %}{{ periode.x }}{% endif %}"\n'
    (tmp_path / "modeles" / "blocs.toml").write_text(source, encoding="utf-8")
    (found,) = blocs(subject_of(1), Models(tmp_path))
    assert found.text == "[[à compléter : Reprise]]"


def test_a_fact_without_end_is_left_to_be_completed() -> None:
    made = draft(subject_of(1, evenement="x" * 30_000), Models(), reference.lexicon())
    assert made.explication.raison == "[[à compléter : Pourquoi]]"
    assert made.explication.calcul.startswith("Votre")


def test_a_name_too_long_for_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ne peut pas être écrit"):
        write_whole(tmp_path / ("a" * 300), b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("lacking", "use"),
    [
        ("jinja2", "import gca_tui.writing.templating"),
        ("typst", "import gca_tui.writing.pdf as p; p.pdf(None, '', on=None)"),
    ],
    ids=["jinja2", "typst"],
)
def test_a_library_that_is_not_there_is_said(lacking: str, use: str) -> None:
    script = (
        f"import sys; sys.modules[{lacking!r}] = None\n"
        "from gca_tui.errors import InputError\n"
        f"try:\n    {use}\nexcept InputError as error:\n    print(error)"
    )
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env)
    assert f"{lacking} n’est pas installé" in done.stdout
