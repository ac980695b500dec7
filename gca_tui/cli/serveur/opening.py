"""What the commands of `gca serveur` share: where the base is, and its opening."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gca_tui.cli import french, store_path
from gca_tui.errors import InputError

if TYPE_CHECKING:
    from gca_tui.server.base import Base

DATABASE = "serveur.db"
VARIABLE = "GCA_BASE"

base_option = click.option(
    "--base",
    metavar="FICHIER|URL",
    envvar=VARIABLE,
    help=f"Fichier SQLite, ou postgresql+psycopg://… ({VARIABLE}) ; sinon {DATABASE} du dossier des données.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Du JSON, pour un programme.")


class ListingGroup(french.Group):
    """A group that lists when no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Name `liste` where nothing is named."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["liste", *args]
        return super().parse_args(ctx, args)


def common_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--base` and `--json`."""
    return base_option(json_option(command))


def place(folder: Path | None, base: str | None) -> str | Path:
    """Where the base is; the data folder is made and checked when it is there. Raises StoreError."""
    if not base:
        return store_path(folder).with_name(DATABASE)
    return base if "://" in base else Path(base).expanduser()


@contextmanager
def opened(folder: Path | None, base: str | None) -> Iterator[Base]:
    """The base, brought up to date, closed afterwards."""
    from gca_tui.server.base import open_base

    found = open_base(place(folder, base))
    try:
        yield found
    finally:
        found.close()


def day_of(text: str) -> Any:
    """A day as `2026-12-31` or `31/12/2026`. Raises InputError."""
    from datetime import date

    from gca_tui.domain.french import parse_date

    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parse_date(text)
    except ValueError:
        raise InputError(f"« {text} » n’est pas un jour.", "Rien n’a changé.", "Écrivez-le 2026-12-31.") from None
