"""The first start: who works here, and what to do with an empty store."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from gca_tui.domain.french import typeset
from gca_tui.ui.desk import Person
from gca_tui.ui.forms import ChoiceField, FormScreen, FormSpec, TextField
from gca_tui.ui.forms.checks import caisse_check

if TYPE_CHECKING:
    from gca_tui.ui.desk import Desk

QUALITES = {
    "Gestionnaire conseil allocataires": "GCA",
    "Référent technique": "référent",
    "Conseiller de service à l’usager": "CSU",
    "Responsable": "responsable",
}
_IDENTIFIANT = re.compile(r"[a-z0-9._-]{2,32}")
_TIED_TO = "Votre caisse donne l’adresse et un code, qui sert une fois. Votre nom sera celui du serveur."
_SERVER = (
    TextField("adresse", "Adresse", required=True, hint="par exemple https://gca.caf091.example"),
    TextField("code", "Code", required=True, hint="quatre lettres ou chiffres, cinq fois"),
)
WITHOUT_NAME = [
    "Chaque changement d’un dossier porte le nom de son auteur : sans lui,",
    "rien ne peut être changé. Rien de ce que vous avez tapé n’est gardé si",
    "vous quittez maintenant.",
]


class Welcome(Screen[bool]):
    """Asks until it knows: every change of a dossier carries its author (CRPA L.111-2)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._typed: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """What this is for."""
        with Vertical(classes="dialog"):
            yield Static(Text("gca : la file de travail du gestionnaire conseil allocataires"), classes="title")
            yield Static(Text(typeset("Dites d’abord qui vous êtes : chaque changement porte votre nom.")))

    def on_mount(self) -> None:
        """The form."""
        self._ask()

    def _ask(self) -> None:
        fields = (
            TextField("identifiant", "Identifiant", required=True, hint="par exemple ifaure", check=_identifiant),
            TextField("nom", "Prénom et nom", required=True),
            ChoiceField("qualite", "Qualité", QUALITES, next(iter(QUALITES))),
            TextField(
                "caisse",
                "Caisse employeur",
                required=True,
                hint="trois chiffres, par exemple 091",
                check=caisse_check(self._desk),
            ),
        )
        spec = FormSpec("Qui êtes-vous ?", "Ces renseignements restent sur ce poste.", fields, "auteur")
        form = FormScreen(spec, today=self._desk.today, initial=self._typed)

        def answered(answers: dict[str, Any] | None) -> None:
            self._typed = form.values
            self._answered(answers)

        self.app.push_screen(form, answered)

    def _left(self) -> None:
        """Leaving without a name is chosen knowingly, and what was typed is there again otherwise."""
        from gca_tui.ui.screens.chooser import Reader

        reader = Reader("Quitter sans dire qui vous êtes ?", WITHOUT_NAME, confirm="quitter gca", refuse="reprendre")
        self.app.push_screen(reader, lambda yes: self.app.exit() if yes else self._ask())

    def _answered(self, answers: dict[str, Any] | None) -> None:
        if answers is None:
            self._left()
            return
        self._desk.set_person(Person(**{name: str(value) for name, value in answers.items()}))
        if self._desk.window.caisses():
            self.dismiss(True)
        else:
            self._choose()

    def _choose(self) -> None:
        from gca_tui.ui.screens.chooser import Choice, Chooser

        choices = [
            Choice("demo", "Ouvrir sur des dossiers inventés, pour essayer", "d"),
            Choice("import", "Importer un extrait de ma caisse", "i"),
            Choice("serveur", "Relier ce poste au serveur de ma caisse", "s"),
            Choice("vide", "Commencer sans dossier", "v"),
        ]
        self.app.push_screen(Chooser("Ce poste n’a encore aucun dossier", choices), self._filled)

    def _filled(self, choice: str | None) -> None:
        if choice == "demo":
            self._fill(["demo", "--sans-ouvrir", "--garder-auteur"])
        elif choice == "import":
            fields = (TextField("fichier", "Fichier à importer", required=True, hint="CSV ou JSON Lines"),)
            spec = FormSpec("Importer un extrait", "", fields, "import", confirm="Importer")
            self.app.push_screen(FormScreen(spec, today=self._desk.today), self._chosen_file)
        elif choice == "serveur":
            spec = FormSpec("Relier ce poste au serveur", _TIED_TO, _SERVER, "connexion", confirm="Relier")
            self.app.push_screen(FormScreen(spec, today=self._desk.today), self._chosen_server)
        else:
            self.dismiss(True)

    def _chosen_server(self, answers: dict[str, Any] | None) -> None:
        if answers is None:
            self._choose()
        else:
            self._fill(["connexion", str(answers["adresse"]), "--code", str(answers["code"])])

    def _chosen_file(self, answers: dict[str, Any] | None) -> None:
        if answers is None:
            self._choose()
        else:
            self._fill(["importer", str(Path(str(answers["fichier"])).expanduser())])

    def _fill(self, arguments: list[str]) -> None:
        """The line command does it, in its own process, so that this one stays light."""
        from gca_tui.ui.screens.running import Running

        self.app.push_screen(Running(self._desk.path.parent, arguments), self._done)

    def _done(self, _: bool | None) -> None:
        """An import that took nothing, or a server that did not answer, leaves the choice open."""
        self._desk.reread()
        if self._desk.window.caisses() or self._desk.is_tied:
            self.dismiss(True)
        else:
            self._choose()


def _identifiant(text: str) -> str | None:
    return None if _IDENTIFIANT.fullmatch(text) else "2 à 32 lettres minuscules, chiffres, points ou tirets."
