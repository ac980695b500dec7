"""Templates: ours, those of a caisse, and what a template may not do."""

from pathlib import Path

import pytest

from gca_tui.domain.french import typeset
from gca_tui.writing.models import Models

VALUES = {
    "causes": [],
    "parts": [],
    "total": "1 €",
    "rectification": "",
    "recours": [],
    "conseils": ["Déclarez-le."],
    "agent": {"nom": "Inès Faure", "qualite": "gestionnaire"},
    "caisse": {"nom": "Caf du Haut-Rhin", "adresse": "1 rue", "telephone": "3230"},
}


def own(folder: Path, text: str, caisse: str = "681", name: str = "prochaine_fois.txt") -> Models:
    """Models with a file that caisse put there ("": all caisses)."""
    place = folder / "modeles" / caisse if caisse else folder / "modeles"
    place.mkdir(parents=True)
    (place / name).write_text(text, encoding="utf-8")
    return Models(folder)


def ours() -> str:
    return Models().text("prochaine_fois", "681", VALUES).text


def test_ours_serves_when_a_caisse_has_none(tmp_path: Path) -> None:
    made = Models(tmp_path).text("prochaine_fois", "681", VALUES)
    assert made.text.startswith("Déclarez-le.")
    assert made.problems == ()


def test_a_caisse_replaces_one(tmp_path: Path) -> None:
    models = own(tmp_path, "Bonjour de la {{ caisse.nom }} :")
    assert models.text("prochaine_fois", "681", VALUES).text == "Bonjour de la Caf du Haut-Rhin\u00a0:"
    assert models.text("prochaine_fois", "091", VALUES).text == ours()


def test_one_may_serve_every_caisse(tmp_path: Path) -> None:
    models = own(tmp_path, "Pour tous.", caisse="")
    assert models.text("prochaine_fois", "091", VALUES).text == "Pour tous."


def test_a_caisse_code_cannot_leave_the_folder(tmp_path: Path) -> None:
    (tmp_path / "modeles").mkdir()
    (tmp_path / "prochaine_fois.txt").write_text("dehors", encoding="utf-8")
    assert Models(tmp_path).text("prochaine_fois", "..", VALUES).text == ours()


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("Un.\n{% if %}\nDeux.", 2, "n’est pas compris"),
        ("Un.\nDeux {{ inconnu }}.", 2, "« inconnu » n’existe pas"),
        ("Un.\n\n{{ caisse.inconnu }}", 3, "« inconnu » n’existe pas"),
        ("{{ caisse.nom | shuffle }}", 1, "n’est pas compris"),
        ("{{ caisse.__class__ }}", 1, "« __class__ » n’existe pas"),
        ("{{ caisse['__class__'] }}", 1, "« __class__ » n’existe pas"),
        ("{{ conseils.append }}", 1, "« append » n’existe pas"),
        ("{{ caisse.nom.format }}", 1, "« format » n’existe pas"),
        ("{{ caisse.keys() }}", 1, "que des valeurs"),
        ("{{ 'a' * 1000000000 }}", 1, "que des valeurs"),
        ("{% for n in range(1000000000) %}x{% endfor %}", 1, "que des valeurs"),
        ("{% set a = 'x' %}{{ a }}", 1, "que des valeurs"),
        ("{% include '/etc/passwd' %}", 1, "que des valeurs"),
        ("{% macro m() %}{{ m() }}{% endmacro %}", 1, "que des valeurs"),
        ("{{ lipsum }}", 1, "« lipsum » n’existe pas"),
        ("{% for a in total %}" * 4 + "{% endfor %}" * 4, 1, "boucles"),
    ],
)
def test_one_that_cannot_be_used_is_told_and_ours_serves(tmp_path: Path, text: str, line: int, why: str) -> None:
    models = own(tmp_path, text)
    made = models.text("prochaine_fois", "681", VALUES)
    assert made.text == ours()
    (problem,) = made.problems
    assert f"prochaine_fois.txt n’est pas utilisable (ligne {line})" in problem
    assert typeset(why) in problem
    assert "Celui du programme l’a remplacé." in problem
    assert models.problems == made.problems


def test_a_text_has_an_end(tmp_path: Path) -> None:
    text = "{% for a in total %}{% for b in total %}" + "x" * 5_000 + "{% endfor %}{% endfor %}"
    (problem,) = own(tmp_path, text).text("prochaine_fois", "681", VALUES).problems
    assert "dépasse 20000 caractères" in problem


def test_joins_inside_joins_have_an_end(tmp_path: Path) -> None:
    word = "'" + "x" * 150 + "'"
    text = "{{ " + " | join(".join([word] * 4) + ")" * 3 + " }}"
    (problem,) = own(tmp_path, text).text("prochaine_fois", "681", VALUES).problems
    assert "dépasse" in problem


@pytest.mark.parametrize(("raw", "why"), [(b"\xff\xfe", "UTF-8"), (b"x" * 100_001, "octets")], ids=["encoding", "size"])
def test_a_file_that_is_no_text_is_told(tmp_path: Path, raw: bytes, why: str) -> None:
    place = tmp_path / "modeles"
    place.mkdir()
    (place / "raison.txt").write_bytes(raw)
    (problem,) = Models(tmp_path).text("raison", "681", VALUES).problems
    assert why in problem


def test_an_unusable_one_of_a_caisse_leaves_that_of_all(tmp_path: Path) -> None:
    own(tmp_path, "{{ rien }}")
    (tmp_path / "modeles" / "prochaine_fois.txt").write_text("Pour tous.", encoding="utf-8")
    made = Models(tmp_path).text("prochaine_fois", "681", VALUES)
    assert made.text == "Pour tous."
    assert len(made.problems) == 1


def test_markup_in_a_value_stays_text() -> None:
    values = {**VALUES, "conseils": ["{{ caisse.nom }} <b>"]}
    assert "{{ caisse.nom }} <b>" in Models().text("prochaine_fois", "681", values).text


def test_data_that_are_no_toml_are_told(tmp_path: Path) -> None:
    made = own(tmp_path, "general = \n", name="conseils.toml").data("conseils", "681")
    assert "ligne 1" in made.problems[0]
    assert made.data["general"].startswith("Votre situation")
