import re
from collections import Counter
from pathlib import Path

import pytest

from gca_tui.extracts.columns import ALIASES, REQUIRED, column_of, comparable
from gca_tui.extracts.values import PARSERS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "extraits.md").read_text(encoding="utf-8")


def test_no_name_means_two_columns() -> None:
    names = Counter(comparable(alias) for name, aliases in ALIASES.items() for alias in (name, *aliases))
    assert [name for name, times in names.items() if times > 1] == []


def test_every_column_has_a_parser() -> None:
    assert PARSERS.keys() == ALIASES.keys()


@pytest.mark.parametrize("name", ["NUMORG", "numorg", " Num. Org ", "CODE_CAISSE", "Organisme"])
def test_names_are_compared_without_case_accents_or_punctuation(name: str) -> None:
    assert column_of(name) == "caisse"


@pytest.mark.parametrize("name", ["N° dossier", "n_dossier", "NDOSSIER", "Nume\u0301ro Allocataire"])
def test_the_matricule_has_many_names(name: str) -> None:
    assert column_of(name) == "matricule"


@pytest.mark.parametrize("name", ["", "NIR", "date", "observations"])
def test_an_unknown_name_is_no_column(name: str) -> None:
    assert column_of(name) is None


@pytest.mark.parametrize("column", ALIASES)
def test_the_document_lists_every_name_of_a_column(column: str) -> None:
    row = re.search(rf"^\| `{column}`([^|]*)\|([^|]*)\|", DOCUMENT, re.MULTILINE)
    assert row is not None
    assert [name.strip() for name in row[2].split(",")] == list(ALIASES[column])
    assert ("obligatoire" in row[1]) == (column in REQUIRED)
