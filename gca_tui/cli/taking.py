"""What both imports share, into this machine's store and into the remote one: reading extracts, rejects, telling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gca_tui import clock
from gca_tui.cli.output import say, say_json, unwritable
from gca_tui.cli.progress import progress_bar
from gca_tui.domain.french import count, typeset
from gca_tui.ids import new_id

if TYPE_CHECKING:
    from gca_tui.domain.values import Author
    from gca_tui.extracts import ParsedExtract
    from gca_tui.store.loading import Loaded
    from gca_tui.store.preparing import Orders


def extract_arguments(command: Callable[..., Any]) -> Callable[..., Any]:
    """The files of an import and its options."""
    for decorate in (
        click.option("--json", "as_json", is_flag=True, help="En dernier, une ligne JSON des nombres."),
        click.option(
            "--rejets",
            metavar="FICHIER",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Fichier des lignes refusées.",
        ),
        click.option("--a-blanc", is_flag=True, help="Vérifie sans rien écrire (sauf --rejets)."),
        click.argument("fichiers", nargs=-1, required=True, type=click.Path(path_type=Path)),
    ):
        command = decorate(command)
    return command


@dataclass(frozen=True)
class Taken:
    """Extracts that were read: what they hold, and the file in which the rejects are, if one was written."""

    parsed: ParsedExtract
    rejects: Path | None
    dry: bool

    @property
    def orders(self) -> Orders:
        """The system's commands, as dossiers to load."""
        from gca_tui.store.preparing import Given, Orders

        commands = self.parsed.commands
        return Orders(commands.keys, lambda part: (Given(commands[n]) for n in range(*part.indices(len(commands)))))

    @property
    def scopes(self) -> set[tuple[str, str]]:
        """The (caisse, convention) of which absent dossiers may be marked: none unless each line has its dossier."""
        if self.parsed.unidentified:
            return set()
        return {(caisse, convention or "") for caisse, convention in self.parsed.scopes}

    @property
    def seen(self) -> set[tuple[str, str]]:
        """The dossiers of the extract, those of rejected lines too."""
        return {*self.parsed.lines_by_key, *self.parsed.rejected_keys}

    def tell(self, loaded: Loaded | None, absent: int, *, as_json: bool, notes: tuple[str, ...] = ()) -> int:
        """Say what was done, `loaded` being None when only the files were looked at. Returns the exit code."""
        parsed = self.parsed
        unchanged = sum(parsed.lines_by_key.get(key, 0) for key in loaded.unchanged) if loaded else 0
        for line in (*self._lines(unchanged, absent), *_older(loaded), *notes):
            say(typeset(line))
        if as_json:
            numbers = {"lignes": parsed.lines, "prises": parsed.taken, "rejetees": parsed.rejected}
            say_json({**numbers, "inchangees": unchanged})
        return 1 if parsed.rejected else 0

    def _lines(self, unchanged: int, absent: int) -> Iterator[str]:
        parsed = self.parsed
        done = "à blanc, rien n’est écrit" if self.dry else "terminé"
        numbers = f"{count(parsed.lines, 'ligne')}, {count(parsed.taken, 'prise')}"
        rest = f"dont {count(unchanged, 'inchangée')}, {count(parsed.rejected, 'rejetée')}."
        yield f"Import {done} : {numbers} {rest}"
        if absent:
            gone = count(absent, "dossier absent", "dossiers absents")
            yield f"{gone} de cet extrait : à voir dans « Absents extrait »."
        if parsed.unidentified:
            yield "Des lignes n’ont pas de dossier lisible : aucun dossier n’est marqué absent de l’extrait."
        if parsed.ignored_columns:
            yield f"Colonnes ignorées : {', '.join(parsed.ignored_columns)}."
        if self.rejects:
            mend = "Corrigez-les dans l’extrait, puis importez-le à nouveau."
            yield f"Lignes refusées, avec la raison : {self.rejects}. {mend}"
        elif parsed.rejects:
            yield "Pour avoir les lignes refusées avec la raison : --rejets FICHIER."


def take(files: tuple[Path, ...], author: Author, rejects: Path | None, *, dry: bool) -> Taken:
    """Read the extracts and write their rejects. Raises InputError."""
    from gca_tui.extracts import read_extracts

    with progress_bar("Lecture") as advance:
        parsed = read_extracts(files, author=author, at=clock.now(), le=clock.today(), new_id=new_id, progress=advance)
    return Taken(parsed, _write_rejects(_rejects_file(rejects, files[0], dry=dry), parsed), dry)


def importer() -> Author:
    """Who imports where nobody presented themselves."""
    from gca_tui.domain.values import Author

    return Author(identifiant="import", nom="Import")


def _older(loaded: Loaded | None) -> Iterator[str]:
    if loaded and loaded.older:
        said = count(loaded.older, "dossier a déjà", "dossiers ont déjà")
        yield f"{said} un extrait plus récent : rien n’y change. Vérifiez la date de ce poste."


def _rejects_file(asked: Path | None, extract: Path, *, dry: bool) -> Path | None:
    """Where the rejects go: where it was said, else beside, under a name that nobody has; a dry run writes none."""
    if asked or dry:
        return asked
    path, number = Path(f"{extract.name}.rejets.csv"), 1
    while path.exists():
        number += 1
        path = Path(f"{extract.name}.rejets-{number}.csv")
    return path


def _write_rejects(target: Path | None, parsed: ParsedExtract) -> Path | None:
    if not parsed.rejects or target is None:
        return None
    from gca_tui.extracts import write_rejects

    try:
        write_rejects(target, parsed.rejects)
    except OSError as error:
        raise unwritable(target, "Rien n’a été importé.", "--rejets") from error
    return target
