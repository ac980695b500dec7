"""Opens an extract, whatever wrote it, and gives its records one by one: encoding, format and delimiter are found out.

A file that cannot be read as a whole raises InputError; a record that cannot be read is given with what is wrong in it.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TextIO

from gca_tui.errors import InputError
from gca_tui.extracts.columns import REQUIRED, column_of
from gca_tui.extracts.values import shown

DELIMITERS = (";", ",", "\t")
HEAD = 65_536
"""Characters in which a header must stand whole."""

_CHUNK = 1 << 20
_JSON_SUFFIXES = {".jsonl", ".ndjson"}
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_UTF8_IN_CP1252 = re.compile(rb"\xc3[\x80-\xbf]")
"""An accented letter in UTF-8: nobody writes `Ã` before a sign, so such a file mixes encodings."""

NOTHING_TAKEN = "Rien n’a été importé."


class Problem(NamedTuple):
    """Why a record cannot be taken; `column` is empty when it is about the whole record."""

    column: str
    value: str
    reason: str


class Record(NamedTuple):
    """One record: its number (from 1, header and empty lines not counted) and the physical line where it begins.

    `cells` stand in the order of `columns`, the names found in the file.
    """

    number: int
    line: int
    columns: tuple[str, ...]
    cells: Sequence[str]
    problem: Problem | None = None


class Source:
    """An open extract. `columns` is its header; in JSON Lines it is empty, each record has its own.

    Raises InputError when the file cannot be read, is not a text, or lacks a column it needs.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.columns: tuple[str, ...] = ()
        try:
            self.size = path.stat().st_size
            self._file: TextIO = path.open(encoding=_encoding(path), newline="")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(*_unreadable(path, error)) from error
        try:
            head = self._file.read(HEAD)
            self._file.seek(0)
            self._records = self._open(head)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._file.buffer.tell()

    def __iter__(self) -> Iterator[Record]:
        """Its records. Raises InputError when the rest of the file cannot be told apart."""
        try:
            yield from self._records()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(*_unreadable(self._path, error)) from error

    def _open(self, head: str) -> Callable[[], Iterator[Record]]:
        start = head.lstrip()
        if not start:
            self._refuse("est vide", "Demandez à nouveau l’extrait à la caisse.")
        if start.startswith("["):
            self._refuse("est un tableau JSON", "Donnez-le en JSON Lines : un objet par ligne.")
        if start.startswith("{") or self._path.suffix.lower() in _JSON_SUFFIXES:
            return self._json_lines
        delimiter, self.columns = _best_header(head)
        self._check_header()
        return lambda: self._csv(delimiter)

    def _refuse(self, happened: str, todo: str) -> NoReturn:
        raise InputError(f"Le fichier {shown(self._path.name)} {happened}.", NOTHING_TAKEN, todo)

    def _check_header(self) -> None:
        known = [column for name in self.columns if (column := column_of(name))]
        found = ", ".join(f"« {shown(name.strip(), 40)} »" for name in self.columns[:30]) or "aucune"
        if lacking := [name for name in REQUIRED if name not in known]:
            plural = "les colonnes" if len(lacking) > 1 else "la colonne"
            self._refuse(
                f"n’a pas {plural} {', '.join(lacking)} ; colonnes trouvées : {found}",
                "Vérifiez que la première ligne porte les noms des colonnes.",
            )
        for column in known:
            if known.count(column) > 1:
                names = [f"« {shown(name.strip(), 40)} »" for name in self.columns if column_of(name) == column]
                self._refuse(
                    f"donne {len(names)} fois la colonne {column} ({', '.join(names)})",
                    "Ôtez ou renommez celle qui ne doit pas être lue.",
                )

    def _csv(self, delimiter: str) -> Iterator[Record]:
        rows = _reader(self._file, delimiter)
        columns, width = self.columns, len(self.columns)
        number, header_met = 0, False
        while True:
            line = rows.line_num + 1
            problem = None
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                cells, problem = [], self._csv_problem(error, line, rows.line_num)
            if not (problem or any(cells)):
                continue
            if not header_met:
                header_met = True
                continue
            number += 1
            if len(cells) != width and not problem:
                problem = _wrong_width(cells, width)
            yield Record(number, line, columns, cells, problem)

    def _csv_problem(self, error: csv.Error, line: int, last: int) -> Problem:
        """What a damaged record is rejected for; one that ran over several lines may have swallowed others."""
        unclosed = "unexpected end of data" in str(error)
        if unclosed or last > line:
            self._refuse(
                f"a un guillemet mal fermé dans l’enregistrement qui commence à la ligne {line}"
                + ("" if unclosed else f" (lu jusqu’à la ligne {last})"),
                "Fermez ou ôtez ce guillemet, puis importez à nouveau.",
            )
        if "field larger" in str(error):
            return Problem("", "", f"cellule de plus de {csv.field_size_limit()} caractères")
        return Problem("", "", "guillemet mal fermé : après un guillemet fermant, un séparateur est attendu")

    def _json_lines(self) -> Iterator[Record]:
        number = 0
        for line, written in enumerate(self._file, 1):
            if written.isspace():
                continue
            number += 1
            yield _json_record(number, line, written)


def _reader(lines: TextIO, delimiter: str) -> Any:
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)


def _best_header(head: str) -> tuple[str, tuple[str, ...]]:
    """The delimiter with which the first record names most of our columns, and that record."""
    headers = {delimiter: _first_row(head, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda each: (sum(1 for name in headers[each] if column_of(name)), len(headers[each])))
    return best, headers[best]


def _first_row(head: str, delimiter: str) -> tuple[str, ...]:
    try:
        return next((tuple(row) for row in _reader(io.StringIO(head, newline=""), delimiter) if any(row)), ())
    except csv.Error:
        return ()


def _wrong_width(cells: Sequence[str], width: int) -> Problem | None:
    """Cells after the last column are left aside when they are empty."""
    if len(cells) > width and not any(cells[width:]):
        return None
    return Problem("", "", f"{width} cellules attendues comme dans l’en-tête, {len(cells)} trouvées")


def _json_record(number: int, line: int, written: str) -> Record:
    def unreadable(reason: str) -> Record:
        return Record(number, line, (), (), Problem("", written.strip(), reason))

    try:
        found = json.loads(written.rstrip(), parse_int=str, parse_float=str, parse_constant=str)
    except ValueError as error:
        where = f", caractère {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        return unreadable(f"objet JSON attendu, sur une seule ligne{where}")
    except RecursionError:
        return unreadable("objet JSON imbriqué trop profondément")
    if not isinstance(found, dict):
        return unreadable("objet JSON attendu")
    cells = [_json_cell(value) for value in found.values()]
    return Record(number, line, tuple(found), [cell or "" for cell in cells], _json_problem(found, cells))


def _json_problem(found: dict[str, object], cells: Sequence[str | None]) -> Problem | None:
    """What prevents reading the cells of ours; what else the object holds does not matter."""
    known: dict[str, str] = {}
    for (name, value), cell in zip(found.items(), cells, strict=True):
        column = column_of(name)
        if column is None:
            continue
        if cell is None:
            return Problem(column, json.dumps(value, ensure_ascii=False), "texte, nombre ou liste de textes attendu")
        if column in known:
            return Problem(column, f"{known[column]}, {name}", "deux clés pour une même colonne")
        known[column] = name
    return None


def _json_cell(value: object) -> str | None:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "|".join(value)
    return None


def _encoding(path: Path) -> str:
    """`utf-8-sig`, or Windows-1252 for what is not UTF-8. Raises InputError on what is not a text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        marked = file.read(3) == codecs.BOM_UTF8
        file.seek(0)
        try:
            while chunk := file.read(_CHUNK):
                if b"\0" in chunk:
                    _refuse_bytes(path, re.compile(b"\0"), "contient des octets nuls", "enregistrez-le en UTF-8")
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            if marked:
                raise
        else:
            return "utf-8-sig"
    todo = "enregistrez-le en UTF-8"
    _refuse_bytes(path, re.compile(b"\0"), "contient des octets nuls", todo)
    _refuse_bytes(path, _NOT_CP1252, "n’est ni en UTF-8 ni en Windows-1252", todo)
    _refuse_bytes(path, _UTF8_IN_CP1252, "mêle UTF-8 et Windows-1252", todo)
    return "cp1252"


def _refuse_bytes(path: Path, wrong: re.Pattern[bytes], happened: str, todo: str) -> None:
    """Raise InputError with the first line where such bytes stand."""
    with path.open("rb") as file:
        for line, written in enumerate(file, 1):
            if wrong.search(written):
                raise InputError(
                    f"Le fichier {shown(path.name)} {happened} (ligne {line}) : ce n’est pas un texte lisible.",
                    NOTHING_TAKEN,
                    f"Si c’est un tableur, {todo} au format CSV.",
                )


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> tuple[str, str, str]:
    """The three parts of an InputError."""
    name = shown(path.name)
    if isinstance(error, FileNotFoundError):
        return f"Le fichier {name} est introuvable.", NOTHING_TAKEN, "Vérifiez son nom et son répertoire."
    if isinstance(error, IsADirectoryError):
        return f"{name} est un répertoire.", NOTHING_TAKEN, "Donnez le nom d’un fichier."
    if isinstance(error, UnicodeDecodeError):
        return (
            f"Le fichier {name} s’annonce en UTF-8 et n’en est pas.",
            NOTHING_TAKEN,
            "Demandez à nouveau l’extrait à la caisse.",
        )
    return f"Le fichier {name} ne peut pas être lu.", NOTHING_TAKEN, "Vérifiez que vous avez le droit de le lire."
