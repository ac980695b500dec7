"""What is written in any form comes back equal; whatever is written, nothing is lost unseen."""

import csv
import json
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gca_tui.domain.commands.extract import ReadIndu, ReadPiece, ReceiveExtract
from gca_tui.domain.dossier import Allocataire
from gca_tui.domain.pieces import ETATS_PIECE, ExtraitPiece
from gca_tui.domain.trop_percu import Montants
from gca_tui.errors import InputError
from gca_tui.extracts import write_rejects
from gca_tui.extracts.columns import ALIASES
from gca_tui.reference import canal_code, nature_code
from tests.extracts.reading import AT, AUTHOR, LE, read

QUICK = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LETTERS = "abzÉéèçœŒÄäöüßÑñ’'-;,\"|= .0@"
TEXT = st.text(LETTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
PLAIN = st.text("abzéüß-0", min_size=1, max_size=8)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
PRESTATION = st.sampled_from(["RSA", "APL", "PAJE-PN", "X9"])
MOIS = st.builds("{:04d}-{:02d}".format, st.integers(2000, 2100), st.integers(1, 12))
CENTS = st.integers(0, 9_999_999_999)
PIECES = st.lists(
    st.fixed_dictionaries(
        {
            "piece": PLAIN,
            "nature": TEXT,
            "canal": TEXT,
            "recue_le": st.none() | DAYS,
            "etat": st.sampled_from(["", *ETATS_PIECE]),
        }
    ),
    max_size=3,
    unique_by=lambda piece: piece["piece"],
)
INDUS = st.dictionaries(
    st.tuples(PLAIN, PRESTATION),
    st.tuples(
        st.fixed_dictionaries(
            {"indu_motif": PLAIN, "indu_notifie_le": st.none() | DAYS, "indu_recu_le": st.none() | DAYS}
        ),
        st.dictionaries(MOIS, st.tuples(CENTS, st.none() | CENTS), min_size=1, max_size=3),
    ),
    max_size=2,
)
IDENTITY = st.fixed_dictionaries(
    {
        "nom": TEXT,
        "prenom": st.just("") | TEXT,
        "date_naissance": st.none() | DAYS,
        "telephone": st.lists(st.text("0123456789 ", min_size=1).map(str.strip).filter(bool), max_size=2, unique=True),
        "adresse": st.just("") | TEXT,
        "code_postal": st.sampled_from(["", "09100", "68100"]),
        "commune": st.just("") | TEXT,
        "prestations": st.lists(PRESTATION, max_size=3, unique=True),
        "convention": st.just("") | PLAIN,
        "urgence": st.just("") | st.text("abcé ", min_size=6).map(str.strip).filter(lambda text: len(text) > 5),
    }
)
DOSSIERS = st.dictionaries(
    st.tuples(st.sampled_from(["681", "091"]), st.integers(1, 9_999_999).map("{:07d}".format)),
    st.tuples(IDENTITY, PIECES, INDUS),
    max_size=4,
)
Rows = list[dict[str, Any]]


def rows_of(key: tuple[str, str], dossier: tuple[dict[str, Any], Rows, dict[Any, Any]]) -> Rows:
    identity, pieces, indus = dossier
    months = [
        {**said, "indu_reference": reference, "indu_prestation": prestation, "indu_mois": month}
        | {"indu_verse": verse, "indu_du": du}
        for (reference, prestation), (said, amounts) in indus.items()
        for month, (verse, du) in amounts.items()
    ]
    head = {"caisse": key[0], "matricule": key[1], **identity}
    return [{**head, **more} for more in (*pieces, *months)] or [head]


def expected(name: str, key: tuple[str, str], dossier: tuple[dict[str, Any], Rows, dict[Any, Any]]) -> ReceiveExtract:
    identity, pieces, indus = dossier
    renamed = {("telephones" if field == "telephone" else field): value for field, value in identity.items()}
    own = {field: renamed.pop(field) for field in ("prestations", "convention", "urgence")}
    read_pieces = [
        ReadPiece(
            id=piece["piece"],
            extrait=ExtraitPiece(
                nature=nature_code(piece["nature"]),
                canal=canal_code(piece["canal"]) or piece["canal"],
                recue_le=piece["recue_le"],
                etat=piece["etat"],
            ),
        )
        for piece in pieces
    ]
    read_indus = [
        ReadIndu(
            id=f"{reference}:{prestation}",
            reference=reference,
            prestation=prestation,
            motif=said["indu_motif"],
            notifiee_le=said["indu_notifie_le"],
            recue_le=said["indu_recu_le"],
            mois={month: Montants(verse=verse, du=du) for month, (verse, du) in amounts.items()},
        )
        for (reference, prestation), (said, amounts) in indus.items()
    ]
    return ReceiveExtract(
        id=name,
        caisse=key[0],
        matricule=key[1],
        author=AUTHOR,
        at=AT,
        le=LE,
        allocataire=Allocataire(**{**renamed, "telephones": tuple(renamed["telephones"])}),
        prestations=tuple(own["prestations"]),
        convention=own["convention"] or None,
        urgence=own["urgence"],
        pieces=tuple(read_pieces),
        indus=tuple(read_indus),
    )


def french_date(day: date) -> str:
    return f"{day:%d/%m}/{day.year}"


def written(value: Any, as_date: Callable[[date], str], space: str, point: str) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return as_date(value)
    if isinstance(value, int):
        return f"{value // 100:,}".replace(",", space) + f"{point}{value % 100:02d}"
    return "|".join(value) if isinstance(value, list) else value


@QUICK
@given(
    dossiers=DOSSIERS,
    delimiter=st.sampled_from(";,\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    as_date=st.sampled_from([french_date, date.isoformat]),
    space=st.sampled_from(["", " ", "\u00a0"]),
    point=st.sampled_from(",."),
    cnaf=st.booleans(),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    columns=st.permutations(list(ALIASES)),
    random=st.randoms(use_true_random=False),
)
def test_what_is_written_in_any_form_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    dossiers: dict[Any, Any],
    delimiter: str,
    encoding: str,
    as_date: Callable[[date], str],
    space: str,
    point: str,
    cnaf: bool,
    quoting: Any,
    columns: list[str],
    random: Any,
) -> None:
    path = tmp_path_factory.mktemp("aller-retour") / "extrait.csv"
    rows = [row for key, dossier in dossiers.items() for row in rows_of(key, dossier)]
    random.shuffle(rows)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=quoting)
        writer.writerow([random.choice((name, *ALIASES[name])) for name in columns])
        for row in rows:
            cells = {name: written(value, as_date, space, point) for name, value in row.items()}
            if cnaf and not cells["matricule"].startswith("0"):
                cells["matricule"] = cells["matricule"].ljust(15, "0")
            writer.writerow([cells.get(name, "") for name in columns])
    parsed = read(path)
    assert parsed.rejects == []
    assert parsed.lines == len(rows)
    assert {command.key.label: comparable(command) for command in parsed.commands} == {
        "·".join(key): comparable(expected("", key, dossier)) for key, dossier in dossiers.items()
    }


def comparable(command: ReceiveExtract) -> dict[str, Any]:
    """A command without its id, and its lists in one order: lines were shuffled."""
    said = command.model_dump(exclude={"id"})
    for name in ("pieces", "indus"):
        said[name] = sorted(said[name], key=lambda item: item["id"])
    return {**said, "given": command.model_fields_set, "allocataire given": command.allocataire.model_fields_set}


HEADS = st.sampled_from([b"", b"caisse;matricule;nom\n", b"\xef\xbb\xbf" + ",".join(ALIASES).encode() + b"\n", b"{"])
PARTS = st.sampled_from(
    [b'"', b";", b",", b"\n", b"\r\n", b"681", b"0123456", "Schäfer".encode(), "Schäfer".encode("cp1252"), b"2026-05"]
)
RAW = st.binary(max_size=200) | st.lists(PARTS | st.binary(max_size=3), max_size=60).map(b"".join)


@settings(QUICK, max_examples=200)
@given(head=HEADS, raw=RAW, name=st.sampled_from(["a.csv", "a.jsonl"]))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, raw: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("octets") / name
    path.write_bytes(head + raw)
    nothing_is_lost(path)


CELLS = st.text(max_size=8) | st.sampled_from(["681", "0123456", "RSA", "2026-05", "1 523,40", "31/12/2026", "oui"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | CELLS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@QUICK
@given(st.lists(st.dictionaries(st.sampled_from([*ALIASES, "NUMORG", "autre"]), VALUES, max_size=12), max_size=6))
def test_any_objects_are_taken_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, objects: list[dict[str, Any]]
) -> None:
    path = tmp_path_factory.mktemp("objets") / "a.jsonl"
    for each in objects[::2]:
        each |= {"caisse": "681", "matricule": "7", "nom": "A"}
    path.write_text("\n".join(map(json.dumps, objects)), encoding="utf-8")
    nothing_is_lost(path)


@QUICK
@given(st.lists(st.lists(CELLS, min_size=22, max_size=22), max_size=6))
def test_any_cells_are_taken_or_rejected(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.mktemp("cellules") / "a.csv"
    others = [name for name in ALIASES if name not in ("caisse", "matricule", "nom")]
    with path.open("w", encoding="utf-8", errors="ignore", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([["caisse", "matricule", "nom", *others], *(["681", "7", "A", *row] for row in rows)])
    nothing_is_lost(path)


def nothing_is_lost(path: Path) -> None:
    try:
        parsed = read(path)
    except InputError:
        return
    assert parsed.lines == parsed.taken + parsed.rejected
    assert parsed.taken == sum(parsed.lines_by_key.values())
    assert parsed.rejected == len({reject.record for reject in parsed.rejects})
    write_rejects(path.with_name("rejets.csv"), parsed.rejects)
    for command in parsed.commands:
        document = command.model_dump_json()
        assert unicodedata.is_normalized("NFC", command.allocataire.nom)
        assert ReceiveExtract.model_validate_json(document) == command
