"""The agent's own settings: a TOML file in the data folder, which nobody has to write.

couleurs = "gca-clair"
clavier_etendu = false      # the kitty keyboard protocol, which some terminals get wrong on French keyboards
[touches]
note = "o,f6"               # action id = Textual key names
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gca_tui.errors import InputError

FILE = "reglages.toml"
FORBIDDEN = frozenset(f"ctrl+{letter}" for letter in "abcjoqsdwz") | frozenset("0123456789@#{}[]|\\^~`")
"""Keys that multiplexers and terminals take, or that French keyboards give only with AltGr or Shift."""


@dataclass(frozen=True)
class Settings:
    """What the file says. `problems` are lines that were not understood, for the agent to read."""

    theme: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    extended_keyboard: bool = False
    smooth_scroll: bool = False
    problems: tuple[str, ...] = ()


def load(folder: Path) -> Settings:
    """The settings of a data folder; a file that cannot be read is said, and defaults are used."""
    path = folder / FILE
    if not path.exists():
        return Settings()
    import tomllib

    try:
        written: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Settings(problems=(f"{FILE} ne se lit pas ({error}) : réglages d’origine.",))
    keys = written.get("touches", {})
    valid, problems = _checked(keys if isinstance(keys, dict) else {})
    return Settings(
        theme=str(written.get("couleurs", "")),
        keys=valid,
        extended_keyboard=bool(written.get("clavier_etendu", False)),
        smooth_scroll=bool(written.get("defilement_fin", False)),
        problems=tuple(problems),
    )


def _checked(keys: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Keys that name an action, are allowed, and serve only once."""
    from gca_tui.ui.actions.registry import ACTIONS, BY_ID

    valid: dict[str, str] = {}
    problems = []
    taken = {key: action.id for action in ACTIONS if action.id not in keys for key in action.keys.split(",")}
    for name, wanted in keys.items():
        parts = [part.strip() for part in str(wanted).split(",") if part.strip()]
        bad = next((part for part in parts if part in FORBIDDEN), None)
        twice = next((part for part in parts if part in taken), None)
        if name not in BY_ID:
            problems.append(f"[touches] {name} : action inconnue.")
        elif bad or not parts:
            problems.append(f"[touches] {name} : la touche « {bad or ''} » ne peut pas servir.")
        elif twice:
            problems.append(f"[touches] {name} : « {twice} » sert déjà à {taken[twice]}.")
        else:
            valid[name] = ",".join(parts)
            taken.update(dict.fromkeys(parts, name))
    return valid, problems


def remember(folder: Path, name: str, value: str) -> None:
    """Change one line of the file, and leave the rest as it is. Raises InputError when it cannot be written."""
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        line = f'{name} = "{value}"'
        pattern = re.compile(rf"^{name}\s*=.*$", re.MULTILINE)
        path.write_text(pattern.sub(line, text) if pattern.search(text) else f"{line}\n{text}", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{FILE} ne peut pas être écrit ({error.strerror}).", "Rien d’autre n’a changé.") from error
