"""A one-line selector among options, for the keyboard first; among many, what is typed narrows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from gca_tui.domain.folding import plain
from gca_tui.presentation.safe_text import fit, one_line

_CHOSEN, _OTHER, _GAP = "● ", "○ ", "  "
_UNSET = "à choisir"
_SEARCH = "à choisir : tapez un mot, ou ← →"
SEARCHED_FROM = 12
"""Options from which letters look for words, wherever they are in a label."""


class Choice(Widget, can_focus=True):
    """Options on one line: all of them when they fit (`● téléphone  ○ courriel`), else `‹ téléphone › 1/5`.

    Left, right and space go round; letters go to the label that begins so, else to the one that has a word that
    does (`rect`: demande de rectification), accents optional; a click chooses.
    Among SEARCHED_FROM options or more, letters narrow them to those whose words begin so (`situ enf`): the first is
    chosen, left and right go round those found, backspace widens, delete chooses none.
    `options` maps values to labels. The value "" means nothing is chosen yet, unless it is an option itself.
    """

    DEFAULT_CSS = """
    Choice { height: 1; width: 1fr; }
    Choice > .choice--chosen { text-style: bold; }
    Choice > .choice--focused { text-style: bold reverse; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--chosen", "choice--focused"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "step(1)", "Suivant", show=False),
        Binding("left", "step(-1)", "Précédent", show=False),
        Binding("home", "edge(0)", "Premier", show=False),
        Binding("end", "edge(-1)", "Dernier", show=False),
        Binding("backspace", "widen", "Effacer une lettre", show=False),
        Binding("delete", "unset", "Aucun", show=False),
    ]

    value: reactive[str] = reactive("", init=False)

    @dataclass
    class Changed(Message):
        """The agent, or the program, chose another option."""

        choice: Choice
        """The selector it happened in."""
        value: str
        """The value now chosen."""

        @property
        def control(self) -> Choice:
            """The selector, for `@on(Choice.Changed, "#id")`."""
            return self.choice

    def __init__(self, options: Mapping[str, str], value: str = "", *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        """Raises ValueError without options, or when the value is not one of them (nor "")."""
        super().__init__(id=id)
        if not options:
            raise ValueError("a choice needs options")
        self._labels = {key: one_line(label) for key, label in options.items()}
        self._keys = list(self._labels)
        self._typed = ""
        self._words = {key: re.findall(r"\w+", plain(label)) for key, label in self._labels.items()}
        self.is_searched = len(self._keys) >= SEARCHED_FROM
        self.set_reactive(Choice.value, self.validate_value(value))

    def validate_value(self, value: str) -> str:
        """Only an option, or "" for none."""
        if value and value not in self._labels:
            raise ValueError(f"not an option: {value!r}")
        return value

    def watch_value(self, value: str) -> None:
        """Report the change."""
        self.post_message(self.Changed(self, value))

    @property
    def label(self) -> str:
        """The label of what is chosen, "" when nothing is."""
        return self._labels.get(self.value, "")

    def render(self) -> Text:
        """The line, cut to the width of the widget."""
        style = self.get_component_rich_style("choice--focused" if self.has_focus else "choice--chosen", partial=True)
        if self._spread_width() > self.size.width:
            return self._render_compact(style)
        line = Text(no_wrap=True, end="")
        for position, (key, label) in enumerate(self._labels.items()):
            chosen = key == self.value
            line.append(_GAP if position else "")
            line.append((_CHOSEN if chosen else _OTHER) + label, style if chosen else None)
        if self.has_focus and not self.label:
            line.stylize(style, 0, 1)
        return line

    def action_step(self, step: int) -> None:
        """Choose the next or the previous option, going round; in a long list, those that were found."""
        if not self.is_searched:
            self._typed = ""
        found = self._found
        if self.value in found:
            self.value = found[(found.index(self.value) + step) % len(found)]
        else:
            self.value = found[0 if step > 0 else -1]

    def action_edge(self, position: int) -> None:
        """Choose the first option (0) or the last (-1); in a long list, of those that were found."""
        if not self.is_searched:
            self._typed = ""
        self.value = self._found[position]

    def action_widen(self) -> None:
        """Take back the last letter of what is looked for."""
        if self.is_searched and self._typed:
            self._typed = self._typed[:-1]
            self.refresh()

    def action_unset(self) -> None:
        """Choose none."""
        self._typed = ""
        self.value = ""
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        """Letters choose; everything else is left to the bindings."""
        if self.is_searched:
            if event.is_printable and event.character and (self._typed or not event.character.isspace()):
                event.stop()
                event.prevent_default()
                self._search(self._typed + event.character)
        elif event.is_printable and event.character and not event.character.isspace() and self._jump(event.character):
            event.stop()
            event.prevent_default()

    def on_focus(self) -> None:
        """Show where the keys go."""
        self.refresh()

    def on_blur(self) -> None:
        """What was typed belongs to this visit."""
        self._typed = ""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose the option under the pointer, or the next one in the compact form."""
        if self._spread_width() > self.size.width:
            self.action_step(-1 if event.x < 2 else 1)
            return
        start = 0
        for key, label in self._labels.items():
            end = start + cell_len(_CHOSEN + label)
            if start <= event.x < end:
                self.value = key
                return
            start = end + len(_GAP)

    def _jump(self, character: str) -> bool:
        """Go to the next label that begins with what was typed; a letter that leads nowhere begins anew."""
        for typed in dict.fromkeys((self._typed + plain(character), plain(character))):
            begun = [key for key in self._keys if plain(self._labels[key]).startswith(typed)]
            if found := begun or self._meeting(typed):
                self._typed = typed
                self.value = self._after(found, stay=len(typed) > 1)
                return True
        self._typed = ""
        return False

    @property
    def _found(self) -> list[str]:
        """The options that have every word begun; all of them when nothing was typed."""
        return self._meeting(self._typed) if self.is_searched else self._keys

    def _meeting(self, typed: str) -> list[str]:
        begun = re.findall(r"\w+", plain(typed))
        return [
            key for key in self._keys if all(any(word.startswith(one) for word in self._words[key]) for one in begun)
        ]

    def _search(self, typed: str) -> None:
        """Narrow to what was typed; a letter that leads nowhere is not taken."""
        if found := self._meeting(typed):
            self._typed = typed
            if self.value not in found:
                self.value = found[0]
            self.refresh()

    def _after(self, found: list[str], *, stay: bool) -> str:
        if self.value not in found:
            return found[0]
        return self.value if stay else found[(found.index(self.value) + 1) % len(found)]

    def _spread_width(self) -> int:
        return sum(cell_len(_CHOSEN + label) + len(_GAP) for label in self._labels.values()) - len(_GAP)

    def _render_compact(self, style: Style) -> Text:
        found = self._found
        position = found.index(self.value) + 1 if self.value in found else 0
        tail = f" › {position}/{len(found)}"
        head = f"{self._typed} ‹ " if self._typed and self.is_searched else "‹ "
        room = max(1, self.size.width - len(tail) - cell_len(head))
        label = self.label or (_SEARCH if self.is_searched else _UNSET)
        label = label if cell_len(label) <= room else fit(label, room)
        line = Text(head, no_wrap=True, end="")
        line.append(label, style)
        line.append(tail)
        if self.is_searched and self._typed:
            others = "  ".join(self._labels[key] for key in found if key != self.value)
            line.append("   " + others)
            line.truncate(self.size.width, overflow="ellipsis")
        return line
