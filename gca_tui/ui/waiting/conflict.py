"""A conflict: for each field Base, Moi, Serveur and a proposal. A person chooses; nothing goes before all is chosen.

What is chosen and typed is a draft: Escape, a kill or a cut line loses none of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from gca_tui.domain.french import listed, typeset
from gca_tui.errors import GcaError
from gca_tui.presentation.given import given_text, instant_words, kind_words
from gca_tui.presentation.safe_text import visible
from gca_tui.store import waiting
from gca_tui.store.drafts import Begun, Place
from gca_tui.ui.beneath import WATCH
from gca_tui.ui.forms.fields import FormSpec, TextField
from gca_tui.ui.forms.screen import FormScreen
from gca_tui.ui.messages import Settled
from gca_tui.ui.screens.words import refusals, unwritten
from gca_tui.ui.waiting.deeds import COPIED
from gca_tui.ui.waiting.settling import MINE, THEIRS, WRITTEN, Choice, Settling
from gca_tui.ui.waiting.versions import field_lines
from gca_tui.ui.widgets.bars import Bar, Footer

if TYPE_CHECKING:
    from gca_tui.store.waiting import Waiting
    from gca_tui.ui.desk import Desk
    from gca_tui.ui.opener import Opener

CONFLICT = "conflit"
"""The kind of the draft; its target is the id of the command."""
GONE = "Ce conflit est réglé, ici ou dans un autre programme : il n’y a plus rien à choisir."
_ELSEWHERE = "Ce conflit vient d’être réglé ailleurs. Ce que vous avez écrit est encore ici : y le copie."
_MOVED = "Le serveur a encore changé : relisez et choisissez de nouveau. Ce que vous avez écrit est là."
_SENT = "Choix enregistré : il part au prochain échange."
_NO_TEXT = "Ici on choisit l’un ou l’autre : m le vôtre, s celui du serveur."
_KEYS = [
    ("m", "le mien"),
    ("s", "le serveur"),
    ("p", "proposition"),
    ("e", "écrire"),
    ("F2", "envoyer"),
    ("Échap", "fermer"),
    ("y", "copier"),
]


class ConflictScreen(Screen[str]):
    """Settles one command; gives what to say once it is closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Fermer", show=False),
        Binding("f2", "deed('send')", "Envoyer", show=False),
        Binding("left", "field(-1)", "Champ précédent", show=False),
        Binding("right,tab", "field(1)", "Champ suivant", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll(15)", show=False),
        Binding("pageup", "scroll(-15)", show=False),
        *(
            Binding(key, f"deed('{deed}')", show=False)
            for key, deed in (("m", "mine"), ("s", "theirs"), ("e", "write"), ("p", "propose"), ("y", "copy"))
        ),
    ]

    def __init__(self, desk: Desk, row: Waiting) -> None:
        super().__init__()
        self.desk = desk
        self.row = row
        self.place = Place(row.caisse, row.matricule, CONFLICT, row.command_id)
        self.resumed = desk.draft(self.place)
        self.settling = self._read(self.resumed[0] if self.resumed else {})
        self._at = 0
        self._is_there = True
        self._version = desk.window.data_version()
        self._head = Bar(id="conflict-header")
        self._field = Bar(id="conflict-field")
        self._text = Static("")
        self._body = VerticalScroll(self._text, id="conflict-body", can_focus=False)
        self._footer = Footer(_KEYS)

    def compose(self) -> ComposeResult:
        """What it is about, which field, its versions, the keys."""
        yield self._head
        yield self._field
        yield self._body
        yield self._footer

    def on_mount(self) -> None:
        """The first field where nothing is chosen."""
        self.set_interval(WATCH, self.follow)
        names = [one.name for one in self.settling.choices]
        self._at = names.index(self.settling.left[0]) if self.settling.left else 0
        if self.resumed:
            self.announce(f"Brouillon du {self.resumed[1]} repris. F2 envoie ce qui est choisi.")

    def on_resize(self, event: events.Resize) -> None:
        """Beside each other, or one under the other."""
        self.show()

    @property
    def choice(self) -> Choice:
        """The field on show."""
        return self.settling.choices[self._at]

    def show(self) -> None:
        """The field as it stands."""
        row = self.row
        kind = kind_words(str(self._command.get("kind", "")))
        self._head.say(typeset(f" Conflit : {row.caisse}·{row.matricule} {row.nom} · {kind}"))
        number, mark = len(self.settling.choices), "✓" if self.choice.chosen else "?"
        of = f" · champ {self._at + 1} sur {number} (← →)" if number > 1 else ""
        self._field.say(f" {mark} {self.choice.name}{of}")
        when = instant_words(str(self._command.get("at", "")))
        lines = field_lines(self.choice, when, max(20, self.app.size.width - 2))
        self._text.update(Text(visible("\n".join(lines))))

    def announce(self, text: str) -> None:
        """Say what happened."""
        self._footer.announce(text)

    def refuse(self, text: str) -> None:
        """Say why something cannot be done."""
        self._footer.announce(text, refused=True)

    def action_scroll(self, lines: int) -> None:
        """Read on."""
        self._body.scroll_relative(y=lines, animate=False)

    def action_field(self, step: int) -> None:
        """The next or the previous field."""
        self._at = (self._at + step) % len(self.settling.choices)
        self._body.scroll_home(animate=False)
        self._footer.clear()
        self.show()

    def action_deed(self, name: str) -> None:
        """Do one of the things that can be done here, or say why not."""
        self._footer.clear()
        with refusals(self, self.desk.path.parent):
            getattr(self, f"_{name}")()

    def action_leave(self) -> None:
        """Close; what was chosen is kept, unless the conflict is no more."""
        if not self._is_there:
            self.desk.put_draft(self.place, {}, Begun())
            self.dismiss("")
        else:
            self.dismiss("Choix gardés en brouillon : rien n’est envoyé." if self.settling.kept else "")

    def follow(self) -> None:
        """Follow what others do to the same conflict; nothing chosen or typed moves."""
        if not self.is_current or not self._is_there or self.desk.window.data_version() == self._version:
            return
        self._version = self.desk.window.data_version()
        fresh = self._read(self.settling.kept)
        if not fresh.choices:
            self._is_there = False
            self.refuse(_ELSEWHERE if any(one.written is not None for one in self.settling.choices) else GONE)
        elif [one.field for one in fresh.choices] != [one.field for one in self.settling.choices]:
            self.settling, self._at = fresh, min(self._at, len(fresh.choices) - 1)
            self.show()
            self.announce(_MOVED)

    def _mine(self) -> None:
        self._choose(MINE)

    def _theirs(self) -> None:
        self._choose(THEIRS)

    def _write(self) -> None:
        self._edit(self.choice.start)

    def _propose(self) -> None:
        """The proposal is a text to mend and to save, never an answer by itself."""
        self._check_text()
        self._edit(self.choice.merged.text)

    def _copy(self) -> None:
        written = [one.written for one in self.settling.choices if one.written]
        self.app.copy_to_clipboard("\n\n".join((given_text(self.row.command), *written)))
        self.announce(COPIED)

    def _send(self) -> None:
        if not self._is_there:
            raise GcaError(GONE)
        if left := self.settling.left:
            raise GcaError(f"Rien n’est envoyé : il reste à choisir {listed([f'« {name} »' for name in left])}.")
        from gca_tui.store import resolving

        made = {MINE: resolving.MINE, THEIRS: resolving.THEIRS}
        chosen = {
            one.field.path: resolving.Written(one.written or "") if one.chosen == WRITTEN else made[one.chosen]
            for one in self.settling.choices
        }
        future = self.desk.change(
            lambda connection, context: resolving.resolve(connection, self.row.command_id, chosen, context),
            draft=self.place,
        )
        future.add_done_callback(lambda done: self.post_message(Settled(done, _SENT)))

    @on(Settled)
    def _settled(self, event: Settled) -> None:
        if error := event.future.exception():
            self.refuse(unwritten(error))
        else:
            self.dismiss(event.said if event.future.result() else GONE)

    def _choose(self, chosen: str) -> None:
        self.choice.chosen = chosen
        self._keep()
        if len(self.settling.choices) > 1 and self.settling.left:
            self.announce(f"« {self.choice.name} » : choisi. → passe au champ suivant.")
        else:
            self.announce("Choisi. F2 l’envoie, Échap le garde en brouillon.")

    def _check_text(self) -> None:
        if not self.choice.is_text:
            raise GcaError(_NO_TEXT)

    def _edit(self, text: str) -> None:
        self._check_text()
        choice = self.choice
        label = choice.name[:1].upper() + choice.name[1:]
        field = TextField("texte", label, required=True, multiline=True)
        spec = FormSpec(
            "Écrire un autre texte",
            f"{self.row.caisse}·{self.row.matricule} {self.row.nom}",
            (field,),
            CONFLICT,
            confirm="Choisir ce texte",
        )
        form = FormScreen(
            spec,
            today=self.desk.today,
            initial={"texte": text},
            on_draft=lambda typed: self._type(choice, typed["texte"]),
        )

        def answered(answers: dict[str, Any] | None) -> None:
            if answers is not None:
                choice.written = str(answers["texte"])
                self._choose(WRITTEN)
            self.show()

        self.app.push_screen(form, answered)

    def _type(self, choice: Choice, text: str) -> None:
        choice.written = text
        self._keep()

    def _keep(self) -> None:
        """What is chosen and typed is on disk before anything else happens."""
        self.desk.put_draft(self.place, self.settling.kept, Begun())
        self.show()

    @property
    def _command(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.row.command)
        return said

    def _read(self, kept: dict[str, str]) -> Settling:
        fields = waiting.conflict_fields(self.desk.window.connection, self.row.command_id)
        return Settling.of(self.row.command_id, fields, kept)


def open_conflict(screen: Opener, command_id: str) -> None:
    """Open the conflict of a command over a screen, which is told what came of it."""
    connection = screen.desk.window.connection
    row = next((one for one in waiting.waiting_list(connection) if one.command_id == command_id), None)
    if row is None or not waiting.conflict_fields(connection, command_id):
        screen.refuse(GONE)
        return

    def closed(said: str | None) -> None:
        if said:
            screen.announce(said)

    screen.app.push_screen(ConflictScreen(screen.desk, row), closed)
