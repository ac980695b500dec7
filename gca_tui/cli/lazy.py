"""A group of commands whose names are known without importing them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from gca_tui.cli import french
from gca_tui.domain.french import NBSP


class LazyGroup(french.Group):
    """Its commands are the `command` of the modules of a package, imported when they are called."""

    def __init__(self, *args: Any, package: str, told: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._package = package
        self._told = told

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the help."""
        return list(self._told)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of the command."""
        if cmd_name not in self._told:
            return None
        command: click.Command = import_module(f"{self._package}.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and what they do, none of them imported."""
        with formatter.section(f"Commandes{NBSP}"):
            formatter.write_dl(list(self._told.items()))
