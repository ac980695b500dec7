"""What an agent does in the workshop, by the ids of `texts.DEEDS`. Loaded with the first of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gca_tui.ui.workshop.deeds import facts, handing, moving, reading, saving, writing

if TYPE_CHECKING:
    from gca_tui.ui.workshop.screen import Workshop

RUN: dict[str, Callable[[Workshop], None]] = {
    "save": saving.save,
    "override": saving.override,
    "leave": lambda screen: screen.leave(),
    "facts": facts.facts,
    "months": facts.months,
    "first_draft": writing.first_draft,
    "propose": writing.propose,
    "blocks": writing.blocks,
    "spelling": writing.spelling,
    "redact": writing.redact,
    "problem": moving.problem,
    "complete": moving.complete,
    "mend": moving.mend,
    "preview": reading.preview,
    "findings": reading.findings,
    "versions": reading.versions,
    "help": reading.show_help,
    "menu": reading.menu,
    "copy": handing.copy,
    "export": handing.export,
}
