"""`gca note`: write a note without opening the screen."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gca_tui import clock
from gca_tui.cli import french, store_path
from gca_tui.cli.output import author_of, key_of, reading, say, say_json
from gca_tui.domain.command import CommandRefused
from gca_tui.errors import InputError
from gca_tui.ids import new_id


@click.command("note", cls=french.Command)
@click.argument("caisse")
@click.argument("matricule")
@click.argument("texte")
@click.option("--json", "as_json", is_flag=True, help="L’identifiant de la note.")
@click.pass_obj
def command(folder: Path | None, caisse: str, matricule: str, texte: str, as_json: bool) -> None:
    """Écrit une note. TEXTE « - » lit l’entrée standard."""
    from gca_tui.domain.commands import AddNote
    from gca_tui.presentation.safe_text import pasted
    from gca_tui.store.writer import Writer

    key = key_of(caisse, matricule)
    with reading(folder) as window:
        author = author_of(window)
    text = pasted(sys.stdin.read() if texte == "-" else texte).strip()
    given = AddNote(id=new_id(), caisse=key[0], matricule=key[1], author=author, at=clock.now(), texte=text)
    writer = Writer(store_path(folder))
    try:
        writer.record([given]).result()
    except CommandRefused as refusal:
        raise InputError(refusal.reason) from None
    finally:
        writer.close()
    if as_json:
        say_json({"id": given.id, "caisse": key[0], "matricule": key[1]})
    else:
        say(f"Note enregistrée sur {key[0]}·{key[1]}.")
