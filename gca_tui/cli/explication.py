"""`gca explication`: the draft the facts make, or what is written, as text, as a letter or as a PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gca_tui import clock
from gca_tui.cli import french, store_path
from gca_tui.cli.output import say, say_json
from gca_tui.domain.french import short_date, typeset
from gca_tui.errors import InputError

if TYPE_CHECKING:
    from gca_tui.cli.letters import Case
    from gca_tui.domain.explanation.remarks import Remark
    from gca_tui.domain.explanation.subject import Subject
    from gca_tui.domain.trop_percu import Explication, Notification


@dataclass(frozen=True)
class Told:
    """One explanation to give, and what is to be said beside it."""

    notification: Notification
    label: str
    about: Subject
    explication: Explication
    is_written: bool
    must_explain: bool
    manque: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


@click.command("explication", cls=french.Command)
@click.argument("caisse")
@click.argument("matricule")
@click.option("--notification", metavar="ID", default="", help="Celle-ci, au lieu de toutes celles à expliquer.")
@click.option("--ecrite", is_flag=True, help="L’explication déjà écrite, au lieu du brouillon.")
@click.option(
    "--vers",
    metavar="FICHIER",
    type=click.Path(path_type=Path, dir_okay=False),
    help="La lettre en texte, dans ce fichier.",
)
@click.option(
    "--pdf",
    metavar="FICHIER",
    type=click.Path(path_type=Path, dir_okay=False),
    help="La lettre en PDF, dans ce fichier.",
)
@click.option("--remplacer", is_flag=True, help="Remplace le fichier s’il existe.")
@click.option("--json", "as_json", is_flag=True, help="Sections, ce qui manque, ce qu’il faut savoir ou valider.")
@click.pass_obj
def command(
    folder: Path | None,
    caisse: str,
    matricule: str,
    notification: str,
    ecrite: bool,
    vers: Path | None,
    pdf: Path | None,
    remplacer: bool,
    as_json: bool,
) -> None:
    """Le brouillon de l’explication, fait des seuls faits du dossier. Rien n’est enregistré.

    Toutes les notifications à expliquer, sauf --notification. Ce qui manque ou reste à valider est dit sur la
    sortie d’erreur.
    """
    from gca_tui.cli.letters import case_of

    case = case_of(folder, caisse, matricule)
    letters = (case.named(notification),) if notification else case.to_explain()
    if vers or pdf:
        case.only(letters, "un fichier n’en prend qu’une")
    told = [_told(case, one, store_path(folder).parent, written=ecrite) for one in letters]
    for one in told:
        _say_beside(one)
    if vers or pdf:
        _write(told[0], vers, pdf, replace=remplacer)
    if as_json:
        say_json([_object(one) for one in told])
    elif not (vers or pdf):
        _print(told)


def _told(case: Case, notification: Notification, folder: Path, *, written: bool) -> Told:
    """What is asked for of one notification. Raises InputError when nothing is written and that was asked."""
    from gca_tui.domain.explanation.remarks import remarks

    about = case.about(notification)
    explication, must = notification.explication, case.must_explain(notification)
    label, known = case.label(notification), remarks(about, case.dossier)
    if written:
        if explication.is_empty:
            raise InputError(f"Rien n’est encore écrit sur {label}.", todo="Sans --ecrite, le brouillon est donné.")
        return Told(notification, label, about, explication, True, must, remarks=known)
    from gca_tui.writing.draft import draft
    from gca_tui.writing.models import Models

    made = draft(about, Models(folder), case.context.lexicon)
    return Told(notification, label, about, made.explication, False, must, made.manque, made.problems, known)


def _print(told: list[Told]) -> None:
    from gca_tui.writing.letter import sections_text

    for place, one in enumerate(told):
        if len(told) > 1:
            say(typeset(f"{chr(10) if place else ''}=== {one.label} ===\n"))
        say(sections_text(one.explication))


def _write(one: Told, text: Path | None, pdf: Path | None, *, replace: bool) -> None:
    """Write the files asked for. Raises InputError when one cannot be."""
    from gca_tui.presentation.safe_text import visible
    from gca_tui.writing.files import write_whole
    from gca_tui.writing.letter import letter
    from gca_tui.writing.pdf import write_pdf

    if text:
        whole = visible(letter(one.explication, one.about, on=clock.today()))
        write_whole(text, whole.encode("utf-8"), replace=replace)
        click.echo(f"{_shown(text)} est écrit.", err=True)
    if pdf:
        write_pdf(one.explication, one.about, pdf, on=clock.today(), replace=replace)
        click.echo(f"{_shown(pdf)} est écrit.", err=True)


def _say_beside(one: Told) -> None:
    """On the error output, so that the text alone can be redirected."""
    for line in _beside(one):
        click.echo(_shown(typeset(line)), err=True)


def _beside(one: Told) -> Iterator[str]:
    if not one.is_written and one.notification.versions:
        last = one.notification.versions[-1]
        on = short_date(clock.local(last.at).date())
        yield f"Une explication de {one.label} est déjà écrite ({last.author.label}, {on}) : --ecrite la donne."
    if one.manque:
        yield f"À compléter : {' ; '.join(one.manque)}."
    yield from (f"À savoir : {remark.text}" for remark in one.remarks)
    yield from one.problems


def _object(one: Told) -> dict[str, Any]:
    sent = one.notification.extrait.notifiee_le
    return {
        "notification": one.notification.id,
        "notifiee_le": sent.isoformat() if sent else None,
        "montant_centimes": one.notification.montant,
        "seuil_centimes": one.about.threshold,
        "a_expliquer": one.must_explain,
        "ecrite": one.is_written,
        "sections": one.explication.model_dump(include={"raison", "calcul", "que_faire", "prochaine_fois"}),
        "manque": list(one.manque),
        "remarques": [{"dire": remark.text, "source": remark.source} for remark in one.remarks],
        "problemes": list(one.problems),
    }


def _shown(value: object) -> str:
    from gca_tui.presentation.safe_text import visible

    return visible(str(value))
