from pathlib import Path

import pytest

from gca_tui.errors import InputError
from gca_tui.extracts import write_rejects
from gca_tui.extracts.source import NOTHING_TAKEN
from tests.extracts.reading import BROKEN, by_key, places, read, read_text

REFUSED = {
    "binaire.csv": "ni en UTF-8 ni en Windows-1252",
    "blancs.csv": "est vide",
    "colonne-en-double.csv": "2 fois la colonne caisse («\u00a0caisse\u00a0», «\u00a0NUMORG\u00a0»)",
    "colonne-manquante.csv": "la colonne matricule\u00a0; colonnes trouvées\u00a0: «\u00a0caisse\u00a0», «\u00a0num",
    "encodages-meles.csv": "mêle UTF-8 et Windows-1252",
    "guillemet.csv": "commence à la ligne 3",
    "octets-nuls.csv": "octets nuls (ligne 2)",
    "tableau.json": "tableau JSON",
    "utf-16.csv": "octets nuls",
    "utf-8-coupe.csv": "s’annonce en UTF-8",
    "vide.csv": "est vide",
}
REJECTED = {
    "entete-seul.csv": [],
    "lignes.jsonl": [(2, 2, ""), (3, 3, ""), (4, 4, "nom"), (5, 5, "nom"), (6, 6, "caisse")],
    "valeurs.csv": [
        (2, 3, "date_naissance"),
        (3, 4, "recue_le"),
        (4, 5, "caisse"),
        (5, 6, "matricule"),
        (6, 7, "nom"),
        (7, 8, "code_postal"),
        (7, 8, "etat"),
        (8, 9, "indu_mois"),
        (9, 10, "indu_verse"),
        (9, 10, "indu_du"),
        (10, 11, "indu_verse"),
        (11, 12, "indu_verse"),
        (12, 13, ""),
        (13, 14, "date_naissance"),
        (14, 15, ""),
        (15, 16, "nom"),
        (16, 18, "prenom"),
        (18, 21, "indu_verse"),
    ],
}


def test_no_broken_file_is_left_out_of_the_tests() -> None:
    assert {path.name for path in BROKEN.iterdir()} == REFUSED.keys() | REJECTED.keys()


@pytest.mark.parametrize(("name", "words"), REFUSED.items())
def test_a_file_that_cannot_be_read_says_why(name: str, words: str) -> None:
    with pytest.raises(InputError) as refusal:
        read(BROKEN / name)
    assert words in refusal.value.happened
    assert name in refusal.value.happened
    assert refusal.value.kept == NOTHING_TAKEN
    assert refusal.value.todo


@pytest.mark.parametrize(("name", "expected"), REJECTED.items())
def test_a_bad_record_is_listed_with_its_place(name: str, expected: list[tuple[int, int, str]]) -> None:
    parsed = read(BROKEN / name)
    assert places(parsed.rejects) == expected
    assert parsed.rejected == len({record for record, _, _ in expected})
    assert parsed.lines == parsed.taken + parsed.rejected
    assert sum(parsed.lines_by_key.values()) == parsed.taken
    assert all(reject.reason and reject.file == name for reject in parsed.rejects)


def test_rejected_dossiers_are_known_to_be_in_the_extract() -> None:
    parsed = read(BROKEN / "valeurs.csv")
    assert ("681", "0123456") in parsed.rejected_keys
    assert ("681", "0123456") not in by_key(parsed)
    assert ("681", "0551221") in parsed.rejected_keys & by_key(parsed).keys()
    assert parsed.unidentified == 3


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="introuvable"):
        read(tmp_path / "rien.csv")
    with pytest.raises(InputError, match="répertoire"):
        read(tmp_path)


def test_a_quote_closed_lines_later_is_not_a_lost_line(tmp_path: Path) -> None:
    text = 'caisse;matricule;nom;adresse\n681;1;A;"3 rue\n681;2;B;4 rue\n681;3;C;"5 rue"\n'
    with pytest.raises(InputError, match=r"commence à la ligne 2 .*jusqu’à la ligne 4"):
        read_text(tmp_path, text)


def test_a_huge_cell_is_rejected_and_the_rest_taken(tmp_path: Path) -> None:
    text = f"caisse;matricule;nom;adresse\n681;1;A;{'x' * 200_000}\n681;2;B;{'y' * 3_000}\n681;3;C;4 rue\n"
    parsed = read_text(tmp_path, text)
    assert places(parsed.rejects) == [(1, 2, ""), (2, 3, "adresse")]
    assert by_key(parsed).keys() == {("681", "0000003")}


def test_lone_surrogates_and_nul_escapes_of_json_are_rejected(tmp_path: Path) -> None:
    text = '{"caisse":"681","matricule":"1","nom":"\\ud800"}\n{"caisse":"681","matricule":"1","nom":"a\\u0000b"}\n'
    parsed = read_text(tmp_path, text, "extrait.jsonl")
    assert places(parsed.rejects) == [(1, 1, "nom"), (2, 2, "nom")]
    write_rejects(tmp_path / "rejets.csv", parsed.rejects)
    assert "\\xd800" in (tmp_path / "rejets.csv").read_text(encoding="utf-8-sig")


def test_the_rejects_file_is_safe_in_a_spreadsheet_and_in_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "rejets.csv"
    write_rejects(path, read(BROKEN / "valeurs.csv").rejects)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfenregistrement;ligne;colonne;valeur;raison;fichier\r\n")
    text = path.read_text(encoding="utf-8-sig")
    assert "13;14;date_naissance;'@hier;" in text
    assert "9;10;indu_du;'-3,00;" in text
    assert "16;18;prenom;Max\\x0aEmmanuel;" in text
    assert "\x1b" not in text
    assert "Wurtz\\x1b[2J" in text


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_formulas_of_any_column_are_defused(tmp_path: Path, start: str) -> None:
    parsed = read_text(tmp_path, f"caisse;matricule;nom;etat\n681;1;A;{start}1+1\n", f"{start}x.csv")
    write_rejects(tmp_path / "rejets", parsed.rejects)
    row = (tmp_path / "rejets").read_text(encoding="utf-8-sig").splitlines()[1]
    assert row.split(";")[3] == f"'{start}1+1"
    assert row.split(";")[-1] == f"'{start}x.csv"
