from datetime import date

import pytest

from gca_tui.domain.apply import apply
from gca_tui.domain.calendar import ALSACE_MOSELLE, METROPOLE, Calendar
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.trop_percu import Montants
from gca_tui.extracts import ParsedExtract
from gca_tui.extracts.values import URGENCE_UNSAID
from tests.extracts.reading import FIXTURES, LE, by_key, read

CONTEXT = Context(today=LE, calendars={METROPOLE: Calendar(), ALSACE_MOSELLE: Calendar()})
SCHAFER, MULLER, DANGELO, EHRHART = (
    ("681", "0045121"),
    ("681", "0123456"),
    ("681", "7788001"),
    ("681", "0551209"),
)
WHOLE = {
    "adresses-sur-plusieurs-lignes.csv": (3, 3),
    "foix-2026-11-12.csv": (3, 3),
    "foix-windows.tsv": (2, 2),
    "foix.jsonl": (3, 2),
    "indus-plusieurs-mois.csv": (6, 2),
    "mulhouse-2026-11-12.csv": (6, 4),
    "mulhouse-2026-11-19.csv": (6, 3),
}


@pytest.mark.parametrize(("name", "counts"), WHOLE.items())
def test_every_line_of_a_good_file_is_taken(name: str, counts: tuple[int, int]) -> None:
    parsed = read(FIXTURES / name)
    assert (parsed.lines, len(parsed.commands)) == counts
    assert (parsed.rejected, parsed.rejects) == (0, [])
    assert sum(parsed.lines_by_key.values()) == parsed.lines == parsed.taken
    assert parsed.lines_by_key.keys() == by_key(parsed).keys()


def test_no_good_file_is_left_out_of_the_tests() -> None:
    assert {path.name for path in FIXTURES.iterdir() if path.is_file()} == WHOLE.keys()


def test_semicolons_with_a_mark_and_the_15_characters_of_the_cnaf() -> None:
    parsed = read(FIXTURES / "mulhouse-2026-11-12.csv")
    anna = by_key(parsed)[SCHAFER]
    assert (anna.allocataire.label, anna.allocataire.date_naissance) == ("SCHÄFER Anna", date(1988, 3, 14))
    assert (anna.prestations, anna.convention, anna.urgence) == (("APL", "RSA"), "ARIEGE-2026", "")
    assert parsed.scopes == {("681", "ARIEGE-2026"), ("681", None)}
    assert parsed.ignored_columns == ()


def test_lines_of_one_dossier_are_brought_together() -> None:
    parsed = read(FIXTURES / "mulhouse-2026-11-12.csv")
    anna = by_key(parsed)[SCHAFER]
    assert parsed.lines_by_key[SCHAFER] == 3
    assert anna.pieces is not None
    assert [(piece.id, piece.extrait.etat) for piece in anna.pieces] == [("P-2026-1001", ""), ("P-2026-1002", "INC")]
    assert anna.indus is not None
    [indu] = anna.indus
    assert (indu.id, indu.motif, indu.notifiee_le, indu.recue_le) == ("INK-7001:APL", "50", date(2026, 11, 2), None)
    assert indu.mois == {
        "2026-05": Montants(verse=41_230, du=0),
        "2026-06": Montants(verse=41_230, du=0),
        "2026-07": Montants(verse=41_230, du=9_600),
    }


def test_natures_and_channels_become_codes() -> None:
    commands = by_key(read(FIXTURES / "mulhouse-2026-11-12.csv"))
    read_pieces = [piece.extrait for key in (MULLER, DANGELO) for piece in commands[key].pieces or ()]
    assert [(extrait.nature, extrait.canal) for extrait in read_pieces] == [
        ("changement", "courriel"),
        ("quittance", "guichet"),
    ]
    assert commands[MULLER].urgence == URGENCE_UNSAID
    assert commands[DANGELO].urgence == "expulsion prévue le 1er décembre"


def test_commas_and_iso_dates() -> None:
    commands = by_key(read(FIXTURES / "foix-2026-11-12.csv"))
    amadou, guilhem = commands["091", "0998211"], commands["091", "1203344"]
    assert amadou.allocataire.adresse == "4, place du Mercadal"
    assert amadou.pieces is not None
    assert amadou.pieces[0].extrait.recue_le == date(2026, 10, 30)
    assert (guilhem.pieces, guilhem.indus) == ((), None)


def test_tabs_in_windows_1252_and_a_column_of_nobody() -> None:
    parsed = read(FIXTURES / "foix-windows.tsv")
    loic = by_key(parsed)["091", "2214507"]
    assert (loic.allocataire.nom, loic.allocataire.prenom) == ("CŒURDEVEY", "Loïc")
    assert loic.pieces is not None
    assert loic.pieces[0].extrait.canal == "Fax"
    assert parsed.ignored_columns == ("Observations",)
    assert {"urgence", "convention", "indus"}.isdisjoint(loic.model_fields_set)


def test_quoted_line_breaks_become_spaces() -> None:
    commands = by_key(read(FIXTURES / "adresses-sur-plusieurs-lignes.csv"))
    assert commands[SCHAFER].allocataire.adresse == 'Bât. C 3 rue des "Tanneurs"'
    assert commands[MULLER].allocataire.adresse == "28 avenue de Colmar appartement 12 2e étage"
    assert commands[MULLER].urgence == "bébé de trois semaines ; plus de ressources"
    assert commands[DANGELO].urgence == URGENCE_UNSAID


def test_indus_over_months_and_prestations() -> None:
    commands = by_key(read(FIXTURES / "indus-plusieurs-mois.csv"))
    anna, zoe = commands[SCHAFER].indus or (), commands[MULLER].indus or ()
    assert {indu.id: sorted(indu.mois) for indu in anna} == {
        "INK-7001:APL": ["2026-05", "2026-06"],
        "INK-7002:RSA": ["2026-05", "2026-06"],
    }
    assert anna[1].mois["2026-05"] == Montants(verse=152_340, du=63_571)
    assert anna[0].mois["2026-06"] == Montants(verse=41_230, du=None)
    [rsa] = zoe
    assert (rsa.id, rsa.reference, rsa.notifiee_le) == ("sans-reference:RSA", "", None)
    assert rsa.mois == {"2026-08": Montants(verse=63_571, du=20_000), "2026-09": Montants(verse=63_571, du=20_050)}
    assert commands[SCHAFER].pieces is None


def test_json_lines_set_what_their_keys_say() -> None:
    parsed = read(FIXTURES / "foix.jsonl")
    amadou, loic = by_key(parsed)["091", "0998211"], by_key(parsed)["091", "2214507"]
    assert (amadou.prestations, amadou.urgence) == (("AAH", "APL"), URGENCE_UNSAID)
    assert [piece.id for piece in amadou.pieces or ()] == ["F-501", "F-504"]
    assert loic.allocataire.telephones == ("05 36 49 11 32", "06 39 98 07 61")
    assert (loic.pieces, loic.prestations) == (None, None)
    assert loic.indus is not None
    assert loic.indus[0].mois == {"2026-04": Montants(verse=60_775, du=None)}
    assert parsed.ignored_columns == ("suivi",)


def applied(dossiers: dict[tuple[str, str], Dossier], parsed: ParsedExtract) -> dict[tuple[str, str], Dossier]:
    return dossiers | {key: apply(dossiers.get(key), command, CONTEXT) for key, command in by_key(parsed).items()}


def test_the_same_file_twice_changes_nothing() -> None:
    once = applied({}, read(FIXTURES / "mulhouse-2026-11-12.csv"))
    twice = applied(once, read(FIXTURES / "mulhouse-2026-11-12.csv"))
    assert all(twice[key] is dossier for key, dossier in once.items())


def test_a_newer_file_updates_and_marks_what_is_gone() -> None:
    before = applied({}, read(FIXTURES / "mulhouse-2026-11-12.csv"))
    newer = read(FIXTURES / "mulhouse-2026-11-19.csv")
    after = applied(before, newer)
    assert EHRHART not in newer.lines_by_key
    assert after[DANGELO] is before[DANGELO]
    assert after[MULLER].allocataire.telephones == ("06 39 98 40 05",)
    assert after[MULLER].urgence_active is None
    assert [piece.id for piece in after[MULLER].pieces] == ["P-2026-1003", "P-2026-1010"]
    gone, changed = after[SCHAFER].pieces
    assert (gone.absente_le, changed.absente_le, changed.etat) == (LE, None, "RET")
    assert after[SCHAFER].notifications[0].reception == date(2026, 11, 6)


def test_a_file_without_a_column_erases_nothing() -> None:
    before = applied({}, read(FIXTURES / "foix-2026-11-12.csv"))
    after = applied(before, read(FIXTURES / "foix-windows.tsv"))
    amadou = after["091", "0998211"]
    assert amadou.allocataire.date_naissance == date(1990, 7, 8)
    assert amadou.allocataire.adresse == "4, place du Mercadal"
    assert amadou.pieces[0].extrait.canal == "telephone"
