"""A conflict being settled: for each field what stood there, mine, the server's, and what was chosen so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gca_tui.domain.merging import Merged, merge
from gca_tui.domain.paths import steps
from gca_tui.domain.trop_percu import SECTIONS
from gca_tui.presentation.given import value_text
from gca_tui.presentation.kinds import path_name
from gca_tui.presentation.safe_text import pasted
from gca_tui.store.waiting import Field

MINE, THEIRS, WRITTEN = "moi", "serveur", "texte"
_TEXTS = frozenset(
    (
        *("raison", "calcul", "que_faire", "prochaine_fois", "adresse", "commune", "evenement", "regle", "connu_par"),
        *("tiers_nom", "tiers_contenu", "issue", "levee_motif"),
    )
)
"""Last steps of the paths where anybody may write anything."""


@dataclass
class Choice:
    """One field. `written` is what was typed for it, chosen or not; `chosen` MINE, THEIRS, WRITTEN or ""."""

    field: Field
    chosen: str = ""
    written: str | None = None

    @property
    def name(self) -> str:
        """The field in words."""
        return path_name(self.field.path)

    @property
    def is_text(self) -> bool:
        """Whether another text than those two may be written."""
        values = (self.field.base, self.field.mine, self.field.server)
        return steps(self.field.path)[-1] in _TEXTS and all(isinstance(one, str | None) for one in values)

    @property
    def base(self) -> str:
        """What stood there when the agent began, for a reader."""
        return self._shown(self.field.base)

    @property
    def mine(self) -> str:
        """What the agent gave, for a reader."""
        return self._shown(self.field.mine)

    @property
    def server(self) -> str:
        """What the server holds, for a reader."""
        return self._shown(self.field.server)

    @property
    def merged(self) -> Merged:
        """Both texts put together, to be read and mended."""
        return merge(self.base, self.mine, self.server)

    @property
    def start(self) -> str:
        """What an editor of this field opens on: what was typed before, else the text chosen, else the agent's."""
        return self.written if self.written is not None else self.server if self.chosen == THEIRS else self.mine

    def _shown(self, value: Any) -> str:
        return pasted(value) if isinstance(value, str) and self.is_text else value_text(value, _last(self.field.path))


@dataclass
class Settling:
    """All fields of one command in conflict."""

    command_id: str
    choices: list[Choice] = field(default_factory=list)

    @classmethod
    def of(cls, command_id: str, fields: Sequence[Field], kept: Mapping[str, str]) -> Settling:
        """Of what the store says, with what a draft kept of an earlier sitting."""
        made = []
        for one in sorted(fields, key=_place):
            choice = Choice(one, kept.get(_key(one), ""), kept.get(f"texte {one.path}"))
            if choice.chosen == WRITTEN and choice.written is None:
                choice.chosen = ""
            made.append(choice)
        return cls(command_id, made)

    @property
    def kept(self) -> dict[str, str]:
        """What a draft keeps."""
        return dict(self._kept())

    @property
    def left(self) -> list[str]:
        """The fields where nothing is chosen yet."""
        return [one.name for one in self.choices if not one.chosen]

    @property
    def values(self) -> dict[str, str]:
        """What was chosen for each path: MINE, THEIRS or WRITTEN."""
        return {one.field.path: one.chosen for one in self.choices}

    def _kept(self) -> Iterator[tuple[str, str]]:
        for one in self.choices:
            if one.chosen:
                yield _key(one.field), one.chosen
            if one.written is not None:
                yield f"texte {one.field.path}", one.written


def _place(one: Field) -> tuple[int, str]:
    """The sections of an explanation in the order a family reads them."""
    order = list(SECTIONS)
    last = _last(one.path)
    return (order.index(last) if last in order else -1, one.path)


def _key(one: Field) -> str:
    """Where a draft keeps the choice of a field: what was chosen before the server moved again is no choice."""
    return f"choix {one.server_rev} {one.path}"


def _last(path: str) -> str:
    return steps(path)[-1]
