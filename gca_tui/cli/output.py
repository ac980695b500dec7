"""What line commands print: text for people, one JSON line or document for programs; never a control character."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gca_tui.cli import store_path
from gca_tui.errors import InputError, UnknownDossier
from gca_tui.presentation.safe_text import FORBIDDEN, visible
from gca_tui.store.schema import open_reader
from gca_tui.store.views import NEVER
from gca_tui.store.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gca_tui.domain.values import Author


def say(text: str) -> None:
    """Print a line, its control characters made visible."""
    click.echo(visible(text))


def say_json(value: Any) -> None:
    """Print one JSON value on one line."""
    click.echo(json_line(value))


def json_line(value: Any) -> str:
    """One JSON value on one line, its hidden characters escaped: the same value, harmless on a terminal."""
    return FORBIDDEN.sub(_escaped, json.dumps(value, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[n]:02x}{units[n + 1]:02x}" for n in range(0, len(units), 2))


@contextmanager
def reading(folder: Path | None) -> Iterator[Window]:
    """A window on the store, all of one moment."""
    window = Window(open_reader(store_path(folder)), "")
    try:
        author = json.loads(window.meta("author") or "{}")
        window.me = str(author.get("identifiant", ""))
        with window.snapshot():
            yield window
    finally:
        window.close()


def refuse_tied(folder: Path | None, happened: str) -> None:
    """Refuse what a server alone does, in a store tied to one; looking makes no store. Raises InputError."""
    from contextlib import closing

    from gca_tui.store.location import DATABASE, default_folder
    from gca_tui.store.waiting import is_tied

    path = Path(folder or default_folder(), DATABASE)
    if not path.exists():
        return
    with closing(open_reader(store_path(folder))) as connection:
        if is_tied(connection):
            raise InputError(happened, "Rien n’a changé.", "L’administrateur le fait sur le serveur : gca serveur.")


def unwritable(path: Path, kept: str = "", option: str = "--vers") -> InputError:
    """The error for a file that cannot be written."""
    return InputError(
        f"{path} ne peut pas être écrit.", kept, f"Vérifiez son dossier, ou choisissez un autre fichier avec {option}."
    )


def author_of(window: Window) -> Author:
    """Who works here. Raises InputError when nobody said it yet."""
    from gca_tui.domain.values import Author

    written = window.meta("author")
    if not written:
        raise InputError(
            "Ce poste ne sait pas encore qui vous êtes.",
            "Rien n’a été écrit.",
            "Lancez gca une fois et présentez-vous.",
        )
    return Author.model_validate_json(written)


def key_of(caisse: str, matricule: str) -> tuple[str, str]:
    """A dossier's key as given on a command line, the matricule in any of its forms. Raises InputError."""
    from gca_tui.domain.matricule import normalise

    try:
        return caisse, normalise(matricule)
    except ValueError:
        raise InputError(f"« {matricule} » n’est pas un matricule : sept chiffres sont attendus.") from None


def missing(key: tuple[str, str]) -> UnknownDossier:
    """The error for a dossier that is not here."""
    return UnknownDossier(
        f"Le dossier {key[0]} {key[1]} n’est pas dans ce poste.", todo="gca liste montre ceux qui y sont."
    )


def row_json(row: Any) -> Mapping[str, Any]:
    """A row of the list for a program: known days only, codes as lists."""
    return {
        "caisse": row.caisse,
        "matricule": row.matricule,
        "nom": row.nom,
        "convention": row.convention or None,
        "prestations": [code for code in row.prestations.split("|") if code],
        "objet": row.objet,
        "statut": row.statut,
        "pris_par": row.holder or None,
        "classe": row.classe,
        "echeance": None if row.echeance == NEVER else row.echeance,
        "anteriorite_le": None if row.anteriorite_le == NEVER else row.anteriorite_le,
        "attente_jusqu_au": row.attente_jusqu or None,
        "a_expliquer": bool(row.a_expliquer),
    }


def table(rows: Iterable[tuple[str, ...]], widths: tuple[int, ...]) -> Iterator[str]:
    """Lines of aligned cells."""
    from gca_tui.presentation.safe_text import fit

    for row in rows:
        yield " ".join(fit(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
