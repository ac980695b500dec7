"""`gca importer`: take the extracts of a caisse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gca_tui import clock
from gca_tui.cli import french, store_path
from gca_tui.cli.output import reading, say, say_json, unwritable
from gca_tui.cli.progress import progress_bar
from gca_tui.domain.french import count, typeset
from gca_tui.ids import new_id

if TYPE_CHECKING:
    from gca_tui.domain.values import Author
    from gca_tui.extracts import ParsedExtract
    from gca_tui.store.loading import Loaded


@click.command("importer", cls=french.Command)
@click.argument("fichiers", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--a-blanc", is_flag=True, help="Vérifie sans rien écrire (sauf --rejets).")
@click.option(
    "--rejets", metavar="FICHIER", type=click.Path(path_type=Path, dir_okay=False), help="Fichier des lignes refusées."
)
@click.option("--json", "as_json", is_flag=True, help="En dernier, une ligne JSON des nombres.")
@click.pass_context
def command(
    context: click.Context, fichiers: tuple[Path, ...], a_blanc: bool, rejets: Path | None, as_json: bool
) -> int:
    """Prend un ou plusieurs extraits (CSV ou JSON Lines), ensemble.

    Chaque ligne est prise, ou écrite dans le fichier des rejets avec la raison. Le format est décrit dans
    docs/extraits.md.
    """
    alone = a_blanc and not _has_store(context.obj)
    written = None
    if not alone:
        with reading(context.obj) as window:
            written = window.meta("author")
    author = _author(written)
    parsed = _parse(fichiers, author)
    target = _write_rejects(_rejects_file(rejets, fichiers[0], dry=a_blanc), parsed)
    unchanged = absent = older = 0
    if not alone:
        loaded, absent = _load(store_path(context.obj), parsed, author, dry=a_blanc)
        unchanged = sum(parsed.lines_by_key.get(key, 0) for key in loaded.unchanged)
        older = loaded.older
    _tell(parsed, unchanged, absent, target, dry=a_blanc)
    if older:
        said = count(older, "dossier a déjà", "dossiers ont déjà")
        say(typeset(f"{said} un extrait plus récent : rien n’y change. Vérifiez la date de ce poste."))
    if alone:
        say(typeset("Ce poste n’a pas encore de données : seuls les fichiers ont été vérifiés."))
    if as_json:
        numbers = {"lignes": parsed.lines, "prises": parsed.taken, "rejetees": parsed.rejected}
        say_json({**numbers, "inchangees": unchanged})
    return 1 if parsed.rejected else 0


def _has_store(folder: Path | None) -> bool:
    """Whether there are data already; looking makes none."""
    from gca_tui.store.location import DATABASE, default_folder

    return Path(folder or default_folder(), DATABASE).exists()


def _author(written: str | None) -> Author:
    """Who imports: an extract may be taken before anybody presented themselves."""
    from gca_tui.domain.values import Author

    return Author.model_validate_json(written) if written else Author(identifiant="import", nom="Import")


def _parse(files: tuple[Path, ...], author: Author) -> ParsedExtract:
    from gca_tui.extracts import read_extracts

    with progress_bar("Lecture") as advance:
        return read_extracts(files, author=author, at=clock.now(), le=clock.today(), new_id=new_id, progress=advance)


def _load(path: Path, parsed: ParsedExtract, author: Author, *, dry: bool) -> tuple[Loaded, int]:
    """Load what was taken. Dossiers are marked absent only where every line could be told to a dossier."""
    from gca_tui.store.importing import Absent, load_all
    from gca_tui.store.loading import Given, Orders
    from gca_tui.store.writer import Writer

    commands = parsed.commands
    given = Orders(commands.keys, lambda part: (Given(commands[n]) for n in range(*part.indices(len(commands)))))
    absent = None
    if not parsed.unidentified:
        scopes = {(caisse, convention or "") for caisse, convention in parsed.scopes}
        absent = Absent(scopes, {*parsed.lines_by_key, *parsed.rejected_keys}, clock.today(), author, clock.now())
    writer = Writer(path, bulk=True)
    try:
        with progress_bar("Enregistrement") as advance:
            total = len(commands)
            return load_all(writer, given, lambda done: advance(done, total), absent, dry=dry)
    finally:
        writer.close()


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


def _tell(parsed: ParsedExtract, unchanged: int, absent: int, target: Path | None, *, dry: bool) -> None:
    done = "à blanc, rien n’est écrit" if dry else "terminé"
    lines = [f"Import {done} : {count(parsed.lines, 'ligne')}, {count(parsed.taken, 'prise')}"]
    lines[0] += f" dont {count(unchanged, 'inchangée')}, {count(parsed.rejected, 'rejetée')}."
    if absent:
        gone = count(absent, "dossier absent", "dossiers absents")
        lines.append(f"{gone} de cet extrait : à voir dans « Absents extrait ».")
    if parsed.unidentified:
        lines.append("Des lignes n’ont pas de dossier lisible : aucun dossier n’est marqué absent de l’extrait.")
    if parsed.ignored_columns:
        lines.append(f"Colonnes ignorées : {', '.join(parsed.ignored_columns)}.")
    if target:
        lines.append(
            f"Lignes refusées, avec la raison : {target}. Corrigez-les dans l’extrait, puis importez-le à nouveau."
        )
    elif parsed.rejects:
        lines.append("Pour avoir les lignes refusées avec la raison : --rejets FICHIER.")
    for line in lines:
        say(typeset(line))
