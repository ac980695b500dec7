"""`gca controler`: the twelve checks on any text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gca_tui.cli import french
from gca_tui.cli.output import say, say_json
from gca_tui.domain.french import count, typeset
from gca_tui.errors import InputError

if TYPE_CHECKING:
    from gca_tui.cli.letters import Case
    from gca_tui.domain.explanation.results import Result
    from gca_tui.domain.trop_percu import Notification

SIZE_LIMIT = 65_536
"""Bytes of a text: some fifteen times a long explanation."""
_LETTER = re.compile("(?s:.)[\u0300-\u036f]*")
"""A letter and its accents, where they are apart."""


@click.command(
    "controler",
    cls=french.Command,
    epilog="Codes de retour : 0 tous les contrôles bloquants sont satisfaits ; 1 l’un ne l’est pas ;"
    " 2 demande ou fichier illisible ; 4 dossier inconnu.",
)
@click.argument("caisse")
@click.argument("matricule")
@click.option(
    "--texte",
    metavar="FICHIER",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Le texte, en UTF-8 ; « - » lit l’entrée standard.",
)
@click.option("--notification", metavar="ID", default="", help="Laquelle, s’il y en a plusieurs à expliquer.")
@click.option("--json", "as_json", is_flag=True, help="Un tableau JSON, un objet par remarque.")
@click.pass_obj
def command(folder: Path | None, caisse: str, matricule: str, texte: Path, notification: str, as_json: bool) -> int:
    """Contrôle un texte d’explication, écrit ici ou ailleurs, contre les faits du dossier.

    Les places sont comptées en caractères du texte du fichier, fins de ligne et accents séparés compris.
    """
    from gca_tui.cli.letters import case_of
    from gca_tui.domain.explanation.checking import check_all
    from gca_tui.writing.letter import read_letter

    case = case_of(folder, caisse, matricule)
    letter = _letter(case, notification)
    text = _read(texte)
    whole, places = _composed(text)
    found = check_all(read_letter(whole), case.about(letter), case.context.lexicon)
    results = tuple(_placed(one, places) for one in found) if whole != text else found
    if as_json:
        say_json([told for result in results for told in _objects(result)])
    else:
        for line in _lines(results, text, str(texte), case.label(letter)):
            say(typeset(line))
    return 1 if any(result.bloquant and not result.ok for result in results) else 0


def _letter(case: Case, name: str) -> Notification:
    """The one that is meant: the only one to explain, or else the only one."""
    if name:
        return case.named(name)
    to_explain = tuple(one for one in case.letters if case.must_explain(one))
    return case.only(to_explain or case.letters, "dites laquelle ce texte explique")


def _read(path: Path) -> str:
    """The text of a file, every character of it kept. Raises InputError."""
    name = "l’entrée standard" if str(path) == "-" else str(path)
    try:
        with click.open_file(str(path), "rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"{name} ne se lit pas.", todo="Vérifiez son nom et ses droits.") from error
    if len(data) > SIZE_LIMIT:
        raise InputError(f"{name} dépasse {SIZE_LIMIT // 1024} Kio.", todo="Une explication est bien plus courte.")
    try:
        return str(data, "utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(str(data[: error.start], "utf-8"), None)
        place = f"ligne {line}, colonne {column}"
        raise InputError(f"{name} n’est pas en UTF-8 ({place}).", todo="Enregistrez-le en UTF-8.") from error


def _composed(text: str) -> tuple[str, Sequence[int]]:
    """The text as everything here is written, accents composed (NFC); of each of its places, the one in the file."""
    if unicodedata.is_normalized("NFC", text):
        return text, range(len(text) + 1)
    parts: list[str] = []
    places: list[int] = []
    for letter in _LETTER.finditer(text):
        part = unicodedata.normalize("NFC", letter[0])
        parts.append(part)
        places += range(letter.start(), letter.start() + len(part))
    return "".join(parts), [*places, len(text)]


def _placed(result: Result, places: Sequence[int]) -> Result:
    """The result, its places in the file."""
    moved = (replace(one, start=places[one.start], end=places[one.end]) for one in result.findings)
    return replace(result, findings=tuple(moved))


def _objects(result: Result) -> Iterator[dict[str, Any]]:
    """One object a finding; one alone for a check that holds."""
    said: dict[str, Any] = {"controle": result.controle, "bloquant": result.bloquant, "ok": result.ok}
    if result.ok:
        yield {**said, "ou": None, "dire": ""}
    for finding in result.findings:
        yield {**said, "ou": [finding.start, finding.end], "dire": finding.dire}


def _lines(results: tuple[Result, ...], text: str, name: str, label: str) -> Iterator[str]:
    yield f"Notification {label}"
    for result in results:
        state = "oui" if result.ok else ("NON, bloquant" if result.bloquant else "à revoir")
        yield f"{result.controle:2}. {result.nom} : {state}"
        for finding in result.findings:
            line, column = _place(text, finding.start)
            yield f"    {name}:{line}:{column} {finding.dire}"
    blocking = sum(result.bloquant and not result.ok for result in results)
    warning = sum(not result.bloquant and not result.ok for result in results)
    failing = count(blocking, "contrôle bloquant non satisfait", "contrôles bloquants non satisfaits")
    yield f"{failing}, {warning} à revoir."


def _place(text: str, offset: int | None) -> tuple[int, int]:
    """Line and column of a place, both from 1; None: the end."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
