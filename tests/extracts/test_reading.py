import itertools
from datetime import UTC, date, timedelta, timezone
from pathlib import Path

import pytest

from gca_tui.domain.commands import ANY_COMMAND, ReceiveExtract
from gca_tui.domain.trop_percu import Montants
from gca_tui.domain.values import Value
from gca_tui.extracts import read_extracts
from tests.extracts.reading import AT, AUTHOR, FIXTURES, LE, by_key, places, read, read_text

GOOD = sorted(path for path in FIXTURES.iterdir() if path.is_file())
HEAD = "caisse;matricule;nom;"


def given(value: object) -> object:
    """What a value sets, all the way down."""
    if isinstance(value, Value):
        return {name: given(getattr(value, name)) for name in value.model_fields_set}
    return [given(each) for each in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_commands_are_what_validation_would_make(path: Path) -> None:
    for command in read(path).commands:
        as_written = ReceiveExtract.model_validate(command.model_dump(exclude_unset=True))
        assert as_written == command
        assert given(as_written) == given(command)
        assert as_written.model_dump_json() == command.model_dump_json()
        assert ANY_COMMAND.validate_json(command.model_dump_json()) == command


def test_commands_are_the_same_each_time_they_are_asked_for() -> None:
    commands = read(FIXTURES / "mulhouse-2026-11-12.csv").commands
    assert list(commands) == list(commands) == commands[:] == [commands[n] for n in range(len(commands))]
    assert [command.id for command in commands] == [f"mulhouse-2026-11-12-{n}" for n in (1, 2, 3, 4)]
    assert {(command.author, command.at, command.le) for command in commands} == {(AUTHOR, AT, LE)}


def test_a_later_value_that_is_not_empty_prevails(tmp_path: Path) -> None:
    text = f"{HEAD}prenom;commune;piece;etat\n681;1;A;Zoé;Thann;P;\n681;2;B;;;;\n681;1;A;;Cernay;P;INS\n"
    command = by_key(read_text(tmp_path, text))["681", "0000001"]
    assert (command.allocataire.prenom, command.allocataire.commune) == ("Zoé", "Cernay")
    assert [(piece.id, piece.extrait.etat) for piece in command.pieces or ()] == [("P", "INS")]


def test_a_piece_without_an_identifier_keeps_one_and_the_same(tmp_path: Path) -> None:
    text = f"{HEAD}nature;recue_le;etat\n681;1;A;rac_annuel;01/10/2026;\n681;1;A;dtr;;INS\n"
    ids = [piece.id for piece in read_text(tmp_path, text).commands[0].pieces or ()]
    assert ids == ["sans-numero:rac_annuel:2026-10-01:", "sans-numero:dtr::"]
    later = read_text(tmp_path, text.replace("2026;\n", "2026;RET\n"))
    assert [piece.id for piece in later.commands[0].pieces or ()] == ids


def test_an_indu_does_not_change_its_amounts_unseen(tmp_path: Path) -> None:
    head = f"{HEAD}indu_reference;indu_prestation;indu_mois;indu_verse;indu_du;indu_notifie_le\n"
    lines = [
        "681;1;A;R;RSA;2026-05;100;;01/10/2026",
        "681;1;A;R;RSA;2026-05;;40;",
        "681;1;A;R;RSA;2026-05;100;40;01/10/2026",
        "681;1;A;R;RSA;2026-05;200;40;",
        "681;1;A;R;RSA;2026-06;10;;02/10/2026",
        "681;1;A;R;APL;2026-05;200;;02/10/2026",
    ]
    parsed = read_text(tmp_path, head + "\n".join(lines))
    assert places(parsed.rejects) == [(4, 5, "indu_verse"), (5, 6, "indu_notifie_le")]
    assert parsed.lines_by_key == {("681", "0000001"): 4}
    rsa, apl = parsed.commands[0].indus or ()
    assert (rsa.mois, rsa.notifiee_le) == ({"2026-05": Montants(verse=10_000, du=4_000)}, date(2026, 10, 1))
    assert apl.id == "R:APL"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (";;2026-05;10;", "indu_prestation"),
        (";RSA;;10;", "indu_mois"),
        (";RSA;2026-05;;", "indu_verse"),
        (";RSA;;;", "indu_mois"),
        ("R;;;;", "indu_prestation"),
        (";;;;01/10/2026", "indu_prestation"),
    ],
)
def test_cells_of_an_indu_must_hold_together(tmp_path: Path, cells: str, column: str) -> None:
    head = f"{HEAD}indu_reference;indu_prestation;indu_mois;indu_verse;indu_notifie_le\n"
    parsed = read_text(tmp_path, f"{head}681;1;A;{cells}\n")
    assert column in [reject.column for reject in parsed.rejects]
    assert (parsed.lines, parsed.rejected, len(parsed.commands)) == (1, 1, 0)


def test_an_indu_says_only_what_the_columns_say(tmp_path: Path) -> None:
    head = f"{HEAD}indu_reference;indu_prestation;indu_mois;indu_verse\n"
    [indu] = read_text(tmp_path, f"{head}681;1;A;R;RSA;2026-05;10\n").commands[0].indus or ()
    assert indu.model_fields_set == {"id", "reference", "prestation", "mois"}
    assert indu.mois["2026-05"].model_fields_set == {"verse"}


def test_files_given_together_are_one_extract(tmp_path: Path) -> None:
    pieces, indus = tmp_path / "pieces.csv", tmp_path / "indus.csv"
    pieces.write_text(f"{HEAD}piece\n681;1;A;P\n681;2;B;Q\n", encoding="utf-8")
    indus.write_text("matricule,caisse,nom,indu_reference,indu_prestation\n1,681,A,R,RSA\n", encoding="utf-8")
    parsed = read(pieces, indus)
    first, second = parsed.commands
    assert (len(first.pieces or ()), len(first.indus or ())) == (1, 1)
    assert second.indus is None
    assert parsed.lines == 3


def test_records_and_physical_lines_are_counted_apart(tmp_path: Path) -> None:
    text = f'\n{HEAD}adresse\n\n681;1;A;"x\ny\n\nz"\n;;;\n681;;B;\n'
    parsed = read_text(tmp_path, text)
    assert places(parsed.rejects) == [(2, 9, "matricule")]
    assert parsed.lines == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_end_of_line(tmp_path: Path, end: str) -> None:
    parsed = read_text(tmp_path, end.join((f"{HEAD}etat", "681;1;A;", "681;2;B;QUOI", "")))
    assert places(parsed.rejects) == [(2, 3, "etat")]


def test_a_delimiter_inside_a_quoted_header_is_no_delimiter(tmp_path: Path) -> None:
    parsed = read_text(tmp_path, '"caisse","matricule","nom","a;b;c;d;e;f"\n681,1,"O, P",\n')
    assert parsed.commands[0].allocataire.nom == "O, P"
    assert parsed.ignored_columns == ("a;b;c;d;e;f",)


def test_the_reading_says_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "extrait.csv"
    path.write_text(HEAD + "\n" + "".join(f"681;{n};A;\n" for n in range(1, 3_501)), encoding="utf-8")
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) > 5:
            raise KeyboardInterrupt

    numbers = map(str, itertools.count())
    parsed = read_extracts([path], author=AUTHOR, at=AT, le=LE, new_id=lambda: next(numbers), progress=stop)
    assert parsed.lines == 3_500
    size = path.stat().st_size
    assert [total for _, total in told] == [size] * 4
    assert sorted(told) == told
    assert told[-1] == (size, size)
    told += told
    with pytest.raises(KeyboardInterrupt):
        read_extracts([path], author=AUTHOR, at=AT, le=LE, new_id=str, progress=stop)


def test_an_import_says_its_hour_in_a_time_zone(tmp_path: Path) -> None:
    path = tmp_path / "extrait.csv"
    path.write_text(f"{HEAD}\n681;1;A;\n", encoding="utf-8")
    with pytest.raises(ValueError, match="Heure sans fuseau"):
        read_extracts([path], author=AUTHOR, at=AT.replace(tzinfo=None), le=LE, new_id=lambda: "x")
    in_paris = AT.astimezone(timezone(timedelta(hours=1)))
    (command,) = read_extracts([path], author=AUTHOR, at=in_paris, le=LE, new_id=lambda: "x").commands
    assert (command.at, command.at.tzinfo) == (AT, UTC)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_a_command_written_down_still_says_which_columns_the_file_lacked(path: Path) -> None:
    for command in read(path).commands:
        again = ANY_COMMAND.validate_json(command.model_dump_json())
        assert isinstance(again, ReceiveExtract)
        assert given(again.model_copy(update={"kind": command.kind})) == given(
            command.model_copy(update={"kind": command.kind})
        )
