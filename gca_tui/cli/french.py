"""Click in French: the help's titles, and its errors as sentences."""

from __future__ import annotations

import click


class FrenchHelp(click.Command):
    """A command whose help is in French."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How it is called."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Emploi : ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Its options."""
        records = [record for param in self.get_params(ctx) if (record := param.get_help_record(ctx))]
        if records:
            with formatter.section("Options"):
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


def sentence(error: click.ClickException) -> str:
    """What Click refused, in French, with what to do."""
    see = " `gca --help` liste les commandes et leurs options."
    if isinstance(error, click.NoSuchOption):
        return f"option inconnue « {error.option_name} »." + see
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        return f"il manque {name}." + see
    if isinstance(error, click.BadParameter):
        kind = error.param.type if error.param else None
        name = error.param.human_readable_name if error.param else ""
        if isinstance(kind, click.Choice):
            return f"{name} : attendu l’un de {', '.join(map(str, kind.choices))}." + see
        return f"{name} : valeur refusée ({error.message})." + see
    if isinstance(error, click.UsageError) and error.message.startswith("No such command"):
        return f"commande inconnue ({error.message.split(chr(39))[1]})." + see
    return error.format_message() + see
