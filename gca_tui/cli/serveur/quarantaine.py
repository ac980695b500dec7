"""`gca serveur quarantaine`: work of agents who had lost the right, and drafts left behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gca_tui.cli import french
from gca_tui.cli.output import say, say_json
from gca_tui.cli.serveur.opening import common_options, opened
from gca_tui.domain.french import count, typeset

if TYPE_CHECKING:
    from gca_tui.server.overseeing import Aside


@click.command("quarantaine", cls=french.Command)
@click.option("--caisse", default="", metavar="CODE", help="Celle d’une caisse.")
@click.option(
    "--lue", metavar="IDENTIFIANT", help="Note que cet agent l’a lue : elle n’est plus montrée sans --toutes."
)
@click.option("--toutes", is_flag=True, help="Celles qui ont déjà été lues aussi.")
@common_options
@click.pass_obj
def command(folder: Path | None, caisse: str, lue: str | None, toutes: bool, base: str | None, as_json: bool) -> None:
    """Le travail reçu d’agents qui n’avaient plus le droit sur le dossier, et les brouillons laissés.

    Rien n’y est perdu : la caisse du dossier le lit et en fait ce qu’elle veut.
    """
    from gca_tui.server.overseeing import mark_seen, quarantine

    with opened(folder, base) as store:
        with store.read() as connection:
            found = quarantine(connection, caisse, seen=toutes)
        if lue and found:
            store.writing(lambda connection: mark_seen(connection, found, lue))
    if as_json:
        say_json([asdict(one) for one in found])
        return
    for one in found:
        for line in _lines(one):
            say(line)
    read = f", {count(len(found), 'noté comme lu', 'notés comme lus')}" if lue and found else ""
    say(typeset(f"{count(len(found), 'élément')} en quarantaine{read}."))


def _lines(one: Aside) -> Iterator[str]:
    """Of which dossier, who gave it and when, why it is here, and all that it says."""
    from gca_tui.presentation.given import instant_words, kind_words, told_lines

    yield f"{instant_words(one.at)} — {one.caisse}·{one.matricule} — {one.agent} — {kind_words(one.kind)}"
    yield typeset(f"  {one.motif}")
    content = one.content if isinstance(one.content, dict) else {"texte": one.content}
    for line in told_lines(content.get("fields", content), "  "):
        yield f"  {line}"
