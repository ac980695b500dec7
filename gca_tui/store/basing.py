"""What a command saw, in a store tied to a server: the revisions are those of the server's document, the mirror.

What stands there is what the agent saw, with his own commands over it: an earlier one that was not acknowledged lends
its own base, since what the server got meanwhile was never shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from gca_tui.domain.apply import based
from gca_tui.domain.command import Command
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.paths import steps
from gca_tui.domain.values import Base
from gca_tui.store import drafts
from gca_tui.store.outbox import Given, given
from gca_tui.store.tables import DRAFT


@dataclass(frozen=True)
class Typing:
    """What stood there when the typing of a command began; `rev` 0: nothing is known of it."""

    key: tuple[str, str] = ("", "")
    kind: str = ""
    rev: int = 0
    base: Mapping[str, str] = field(default_factory=dict)


def typing_of(connection: Connection, draft: drafts.Place | None) -> Typing:
    """What is known of when a draft was begun."""
    if draft is None:
        return Typing()
    where = (DRAFT.c[name] == value for name, value in vars(draft).items())
    found = connection.execute(select(DRAFT.c.rev, DRAFT.c.base).where(*where)).first()
    if found is None:
        return Typing()
    return Typing((draft.caisse, draft.matricule), draft.kind, found[0], json.loads(found[1]))


def based_on_mirror(
    connection: Connection, command: Command, visible: Dossier, mirror: Dossier, typing: Typing
) -> Command:
    """The command with its bases: `visible` is what its author sees, `mirror` what the server said last."""
    key = (command.caisse, command.matricule)
    seen = based(command, visible).bases
    earlier = [one for one in given(connection, key) if not one.held_back and not one.acked_rev]
    begun = typing if typing.key == key else Typing()
    bases = {name: _base(name, base.value, mirror, earlier, begun) for name, base in seen.items()}
    return command.model_copy(update={"bases": bases})


def _base(name: str, value: Any, mirror: Dossier, earlier: Sequence[Given], begun: Typing) -> Base:
    rev = mirror.revisions.get(name, 0)
    for one in earlier:
        if name in one.command.bases:
            rev = one.command.bases[name].rev
    first = begun.base.get(steps(name)[-1]) if begun.kind == drafts.EXPLANATION else None
    if first is not None and isinstance(value, str) and first != value:
        return Base(rev=0, value=first)
    if begun.rev and rev > begun.rev:
        return Base(rev=begun.rev, value=value)
    return Base(rev=rev, value=value)
