"""Actions on the program itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.ui.actions.base import Action, Situation

if TYPE_CHECKING:
    from gca_tui.ui.screens.queue import QueueScreen

GROUP = "Programme"
NO_SERVER = "Ce poste n’est relié à aucun serveur : tout est enregistré ici, rien n’est à envoyer."
ASKED = "Échange demandé au serveur : la première ligne dit où il en est."


def undo(screen: QueueScreen) -> None:
    """Take the last change back."""
    screen.work.undo()


def palette(screen: QueueScreen) -> None:
    """Every command by its name."""
    from gca_tui.ui.palette import Palette

    def chosen(action: str | None) -> None:
        if action:
            screen.action_invoke(action)

    screen.app.push_screen(Palette(screen.app_keys()), chosen)


def show_help(screen: QueueScreen) -> None:
    """All keys."""
    from gca_tui.ui.help import help_lines
    from gca_tui.ui.screens.chooser import Reader

    screen.app.push_screen(Reader("Aide", help_lines(screen.app_keys())))


def glossary(screen: QueueScreen) -> None:
    """What the column or the field under the cursor means."""
    from gca_tui.ui.help import glossary_lines
    from gca_tui.ui.screens.chooser import Reader

    screen.app.push_screen(Reader("Glossaire", glossary_lines(screen.terms_under_cursor())))


def theme(screen: QueueScreen) -> None:
    """Choose colours."""
    from gca_tui.ui.screens.chooser import Choice, Chooser
    from gca_tui.ui.settings import remember
    from gca_tui.ui.themes import LABELS

    choices = [Choice(name, label) for name, label in LABELS.items()]

    def chosen(name: str | None) -> None:
        if name:
            screen.app.theme = name
            remember(screen.desk.path.parent, "couleurs", name)

    screen.app.push_screen(Chooser("Couleurs", choices), chosen)


def hide(screen: QueueScreen) -> None:
    """Hide everything on screen."""
    from gca_tui.ui.screens.curtain import Curtain

    screen.app.push_screen(Curtain())


def leave(screen: QueueScreen) -> None:
    """Quit."""
    screen.app.exit()


def synchronise(screen: QueueScreen) -> None:
    """Exchange with the server now rather than at the next occasion."""
    screen.desk.syncing.poke()
    screen.announce(ASKED)


def waiting(screen: QueueScreen) -> None:
    """What is not on the server, what left, and what there is to decide."""
    from gca_tui.ui.waiting.screen import open_waiting

    open_waiting(screen)


def _no_server(situation: Situation) -> str | None:
    return None if situation.is_tied else NO_SERVER


ACTIONS = (
    Action("undo", "u", "annuler", "Annuler votre dernier changement.", undo, group=GROUP, footer=True),
    Action("sync", "s", "synchroniser", "Échanger maintenant avec le serveur.", synchronise,
           refusal=_no_server, group=GROUP),
    Action("waiting", "b", "boîte d’envoi", "Ce qui attend, est refusé ou en conflit, et les dossiers partis.", waiting,
           refusal=_no_server, group=GROUP),
    Action("palette", "colon", "commandes", "Chercher une commande par son nom.", palette, "f10", group=GROUP,
           footer=True),
    Action("help", "question_mark", "aide", "Toutes les touches.", show_help, group=GROUP, footer=True),
    Action("glossary", "f1", "glossaire", "Expliquer la colonne ou le champ sous le curseur.", glossary, group=GROUP),
    Action("theme", "K", "couleurs", "Choisir les couleurs.", theme, group=GROUP),
    Action("hide", "ctrl+l", "masquer", "Masquer l’écran.", hide, group=GROUP),
    Action("quit", "q", "quitter", "Quitter ; tout est déjà enregistré.", leave, group=GROUP, footer=True),
)  # fmt: skip
