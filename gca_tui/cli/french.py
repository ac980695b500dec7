"""Click in French: the help's titles, and its errors as sentences."""

from __future__ import annotations

from typing import Any

import click

from gca_tui.domain.french import NBSP


class FrenchHelp(click.Command):
    """A command whose help is in French."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How it is called."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Emploi : ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Its options."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [_translated(record) for option in options if (record := option.get_help_record(ctx))]
        if records:
            with formatter.section(f"Options{NBSP}"):
                formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, with French words."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Cette aide."
        return option


class Command(FrenchHelp):
    """A line command."""


class Group(FrenchHelp, click.Group):
    """A command that has others under it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("subcommand_metavar", "COMMANDE [ARGUMENTS]...")
        super().__init__(*args, **options)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and what they do."""
        told = [(name, one.get_short_help_str(200)) for name, one in self.commands.items() if not one.hidden]
        with formatter.section(f"Commandes{NBSP}"):
            formatter.write_dl(told)


def _translated(record: tuple[str, str]) -> tuple[str, str]:
    said = record[1].replace("required]", "obligatoire]")
    return record[0], said.replace("[default: ", f"[par défaut{NBSP}: ")


def sentence(error: click.ClickException) -> str:
    """What Click refused, in French, with what to do."""
    return f"{_refusal(error)} `gca --help` liste les commandes et leurs options."


def _refusal(error: click.ClickException) -> str:
    if isinstance(error, click.MissingParameter):
        return f"il manque {_name(error)}."
    if isinstance(error, click.BadParameter):
        return f"{_name(error)} : {_expected(error.param.type if error.param else None)}."
    if isinstance(error, click.NoSuchOption):
        return f"option inconnue « {error.option_name} »."
    if isinstance(error, click.BadOptionUsage):
        wrong = "ne prend pas de valeur" if "not take" in error.message else "attend une valeur"
        return f"l’option « {error.option_name} » {wrong}."
    if error.message.startswith("No such command"):
        return f"commande inconnue ({error.message.split(chr(39))[1]})."
    if error.message.startswith("Got unexpected extra argument"):
        return f"argument en trop {error.message[error.message.index('(') :].strip()}."
    return "demande mal écrite."


def _name(error: click.BadParameter) -> str:
    """As it is written on the command line: Click's own name of an option with a metavar is the metavar."""
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return error.param.human_readable_name if error.param else "un argument"


def _expected(kind: object) -> str:
    if isinstance(kind, click.Choice):
        return f"attendu l’un de {', '.join(map(str, kind.choices))}"
    if isinstance(kind, click.IntRange):
        return f"attendu un nombre entier, au moins {kind.min}" + (f", au plus {kind.max}" if kind.max else "")
    if isinstance(kind, click.Path):
        return "attendu un fichier, pas un dossier" if kind.file_okay else "attendu un dossier, pas un fichier"
    return "valeur refusée"
