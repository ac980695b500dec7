"""The agent's own settings: a TOML file in the data folder, which nobody has to write.

couleurs = "gca-clair"
clavier_etendu = false      # the kitty keyboard protocol, which some terminals get wrong on French keyboards
[touches]
note = "o,f6"               # action id = Textual key names
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gca_tui.errors import InputError

FILE = "reglages.toml"
_ALTGR = frozenset(
    (
        *("at", "number_sign", "left_curly_bracket", "right_curly_bracket", "left_square_bracket"),
        *("right_square_bracket", "vertical_line", "backslash", "circumflex_accent", "grave_accent", "tilde"),
    )
)
_DIGITS = frozenset("0123456789")
_TAKEN = frozenset(f"ctrl+{letter}" for letter in "abcdefghijkmnopqrstuvwxyz")
_MOVES = frozenset(
    (
        *("up", "down", "left", "right", "enter", "return", "escape", "tab", "shift+tab"),
        *("pageup", "pagedown", "home", "end", "j", "k"),
    )
)
_BEYOND = "\u0180"
FORBIDDEN = _ALTGR | _DIGITS | _TAKEN | _MOVES
"""Textual's names of keys that no action may have; `refused_key` says why of each, and of those it does not list."""


@dataclass(frozen=True)
class Settings:
    """What the file says. `problems` are lines that were not understood, for the agent to read."""

    theme: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    extended_keyboard: bool = False
    smooth_scroll: bool = False
    problems: tuple[str, ...] = ()


def load(folder: Path) -> Settings:
    """The settings of a data folder; a file or a line that cannot be read is said, and defaults are used."""
    path = folder / FILE
    if not path.exists():
        return Settings()
    import tomllib

    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return Settings(problems=(f"{FILE} ne se lit pas{_line(error)} : réglages d’origine.",))
    return _understood(written)


def _line(error: Exception) -> str:
    """Where a TOML error is: its own words are English, and only the place helps."""
    found = re.search(r"at line (\d+)", str(error))
    return f" (ligne {found[1]})" if found else ""


def _understood(written: dict[str, Any]) -> Settings:
    from gca_tui.ui.themes import LABELS

    problems: list[str] = []
    theme = written.get("couleurs", "")
    if theme and (not isinstance(theme, str) or theme not in LABELS):
        problems.append(f"couleurs : « {theme} » est inconnue. Attendu l’un de {', '.join(LABELS)}.")
        theme = ""
    flags = {}
    for name in ("clavier_etendu", "defilement_fin"):
        value = written.get(name, False)
        if not isinstance(value, bool):
            problems.append(f"{name} : attendu true ou false, sans guillemets.")
        flags[name] = value is True
    keys = written.get("touches", {})
    if not isinstance(keys, dict):
        problems.append("touches : attendu une section [touches], une action par ligne.")
    valid, refused = _checked(keys if isinstance(keys, dict) else {})
    problems += refused
    return Settings(theme, valid, flags["clavier_etendu"], flags["defilement_fin"], tuple(problems))


def refused_key(key: str) -> str:
    """Why no action may have this key, given by its Textual name; "" when one may."""
    if key in _ALTGR:
        return "demande AltGr sur un clavier français"
    if key in _DIGITS:
        return "demande Maj sur un clavier français"
    if key != "ctrl+l" and key.startswith(("ctrl", "alt+")):
        return "est prise par les terminaux"
    if key in _MOVES:
        return "sert à se déplacer"
    return "" if _exists(key) else "est inconnue"


def _exists(key: str) -> bool:
    """A name that Textual gives to a key, or to a character of a European keyboard."""
    from textual.keys import REPLACED_KEYS, Keys, key_to_character

    if key in {one.value for one in Keys} and not key.startswith("<"):
        return True
    character = key_to_character(REPLACED_KEYS.get(key, key))
    return character is not None and character.isprintable() and character < _BEYOND


def _checked(keys: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Keys that name an action, are allowed, and serve only once."""
    from gca_tui.ui.actions.registry import ACTIONS, BY_ID

    valid: dict[str, str] = {}
    problems = []
    taken = {key: action.id for action in ACTIONS if action.id not in keys for key in action.keys.split(",")}
    for name, wanted in keys.items():
        given = [part for one in str(wanted).split(",") if (part := one.strip())]
        parts = [_named(part) for part in given]
        why = next((f"la touche « {part} » {why}" for part in given if (why := refused_key(_named(part)))), "")
        twice = next((part for part in parts if part in taken), None)
        if name not in BY_ID:
            problems.append(f"[touches] {name} : action inconnue.")
        elif not parts:
            problems.append(f"[touches] {name} : il manque une touche.")
        elif why:
            problems.append(f"[touches] {name} : {why}. La touche d’origine sert.")
        elif twice:
            problems.append(f"[touches] {name} : « {twice} » sert déjà à {taken[twice]}.")
        else:
            valid[name] = ",".join(parts)
            taken.update(dict.fromkeys(parts, name))
    return valid, problems


def _named(key: str) -> str:
    """Textual's name of a key that was written as its character."""
    import unicodedata

    from textual.keys import KEY_NAME_REPLACEMENTS

    if len(key) != 1 or key.isalnum():
        return key
    name = unicodedata.name(key, key).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def remember(folder: Path, name: str, value: str) -> None:
    """Change one line of the file, and leave the rest as it is. Raises InputError when it cannot be written."""
    path = folder / FILE
    fresh = folder / f".{FILE}.{os.getpid()}"
    line = f'{name} = "{value}"'
    pattern = re.compile(rf"^{name}\s*=.*$", re.MULTILINE)
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        fresh.write_text(pattern.sub(line, text) if pattern.search(text) else f"{line}\n{text}", encoding="utf-8")
        fresh.replace(path)
    except UnicodeDecodeError as error:
        raise InputError(f"{FILE} n’est pas en UTF-8.", "Rien n’a changé.", "Enregistrez-le en UTF-8.") from error
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise InputError(
            f"{FILE} ne peut pas être écrit.", "Rien n’a changé.", "Vérifiez la place et les droits du dossier."
        ) from error
