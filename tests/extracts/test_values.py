from datetime import date

import pytest

from gca_tui.extracts import values
from gca_tui.extracts.values import PARSERS, URGENCE_UNSAID, BadValue

TAKEN = [
    ("caisse", " 681 ", "681"),
    ("caisse", "091", "091"),
    ("matricule", "0123456", "0123456"),
    ("matricule", "012345600000000", "0123456"),
    ("matricule", "000000000998211", "0998211"),
    ("matricule", "12 345", "0012345"),
    ("nom", "  Sch\u0061\u0308fer ", "Schäfer"),
    ("nom", "\u00a0", None),
    ("nom", "A\u00a0B", "A\u00a0B"),
    ("adresse", "3 rue\r\n  Basse\tbis", "3 rue Basse bis"),
    ("telephone", "03 53 01 12 10 | 06 39 98 24 17", ("03 53 01 12 10", "06 39 98 24 17")),
    ("telephone", "|", None),
    ("date_naissance", "1/2/1990", date(1990, 2, 1)),
    ("recue_le", "2026-02-28", date(2026, 2, 28)),
    ("indu_verse", "1 523,40", 152_340),
    ("indu_verse", "1\u202f523,4", 152_340),
    ("indu_verse", "1\u00a0523.40\u00a0€", 152_340),
    ("indu_du", "0", 0),
    ("indu_mois", "2100-12", "2100-12"),
    ("indu_prestation", "paje-pn", "PAJE-PN"),
    ("prestations", "rsa| apl ||rsa", ("RSA", "APL")),
    ("prestations", "XYZ9", ("XYZ9",)),
    ("etat", "ret", "RET"),
    ("code_postal", "09100", "09100"),
    ("urgence", "Non", None),
    ("urgence", "0", None),
    ("urgence", "OUI", URGENCE_UNSAID),
    ("urgence", "X", URGENCE_UNSAID),
    ("urgence", "plus de\nressources", "plus de ressources"),
    ("canal", "e-mail", "courriel"),
    ("canal", "pigeon", "pigeon"),
    ("nature", "Quittance de loyer", "quittance"),
]
BAD = [
    ("caisse", "68"),
    ("caisse", "0681"),
    ("caisse", "Mulhouse"),
    ("matricule", "12345678"),
    ("matricule", "A123456"),
    ("nom", "A\nB"),
    ("nom", "A\x1bB"),
    ("nom", "A\u2028B"),
    ("nom", "x" * 2_001),
    ("date_naissance", "31/02/1990"),
    ("date_naissance", "14/03/88"),
    ("recue_le", "1899-12-31"),
    ("recue_le", "2026-2-28"),
    ("indu_verse", "12,345"),
    ("indu_verse", "-1"),
    ("indu_verse", "1e3"),
    ("indu_verse", "9" * 5_000),
    ("indu_du", "100000000"),
    ("indu_mois", "2026-13"),
    ("indu_mois", "1999-12"),
    ("indu_mois", "05/2026"),
    ("prestations", "RSA,APL"),
    ("indu_prestation", "RSA|APL"),
    ("etat", "TRAITEE"),
    ("code_postal", "9100"),
]


@pytest.mark.parametrize(("column", "cell", "value"), TAKEN)
def test_a_cell_is_read(column: str, cell: str, value: object) -> None:
    assert PARSERS[column](cell) == value


@pytest.mark.parametrize(("column", "cell"), BAD)
def test_a_bad_cell_says_what_was_expected(column: str, cell: str) -> None:
    with pytest.raises(BadValue, match=r"attendu|au plus"):
        PARSERS[column](cell)


@pytest.mark.parametrize("column", sorted(PARSERS))
def test_blanks_are_empty_in_every_column(column: str) -> None:
    assert PARSERS[column](" \u00a0 ") is None


def test_a_value_is_shown_without_what_would_act_on_a_terminal() -> None:
    assert values.shown("a\x1b]0;b\x07\n" + "é" * 300) == "a\\x1b]0;b\\x07\\x0a" + "é" * 191 + "…"
