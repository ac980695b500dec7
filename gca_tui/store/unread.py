"""Commands of the outbox that this program cannot read: a newer one gave them on this store.

They are kept as they are and sent as they are, since the server may know them; nothing here applies them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import PrivateAttr, ValidationError

from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.commands import ANY_COMMAND
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.values import Author

UNKNOWN = "commande_inconnue"
REASON = "Ce changement vient d’une version plus récente de gca : il est gardé, mais celle-ci ne sait pas le montrer."


class Unread(Command):
    """A command whose text is kept; only where it belongs is known of it."""

    _text: str = PrivateAttr(default="{}")

    def writes(self) -> tuple[str, ...]:
        """The fields a person decided on."""
        return tuple(self.bases)

    def check(self, dossier: Dossier, context: Context) -> None:
        """Refuse it: nobody here knows what it does."""
        raise CommandRefused(UNKNOWN, REASON)

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """Nothing; `check` comes first."""
        return {}

    def as_written(self) -> str:
        """Its text, to the letter as long as it keeps its id and nothing was decided on its fields."""
        said = json.loads(self._text)
        changed = {"id": self.id} if self.id != said.get("id") else {}
        if self.bases:
            changed["bases"] = (said.get("bases") or {}) | self.model_dump(mode="json")["bases"]
        return json.dumps(said | changed, ensure_ascii=False) if changed else self._text


def read_command(row: Any) -> Command:
    """The command of a row of the outbox, an `Unread` where this program does not know what it says."""
    try:
        return ANY_COMMAND.validate_json(row.command)
    except ValidationError:
        unread = Unread(
            kind="",
            id=row.command_id,
            caisse=row.caisse,
            matricule=row.matricule,
            author=Author(identifiant="", nom="", qualite="", caisse=""),
            at=datetime.min.replace(tzinfo=UTC),
        )
        unread._text = row.command
        return unread


def as_json(command: Command) -> str:
    """A command as the outbox keeps it."""
    return command.as_written() if isinstance(command, Unread) else command.model_dump_json()
