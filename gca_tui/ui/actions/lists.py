"""Actions on the list: next, views, filters, sorts, marks, sequences, copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from gca_tui.domain.french import count
from gca_tui.store.views import CORBEILLE, RAC_NATURES, Condition
from gca_tui.ui.actions import claims
from gca_tui.ui.actions.base import Action, needs_dossier
from gca_tui.ui.screens.chooser import Choice, Chooser

if TYPE_CHECKING:
    from gca_tui.ui.forms import FormValues
    from gca_tui.ui.screens.queue import QueueScreen

GROUP = "Liste"
SORT_LETTERS = {
    "priorite": "p",
    "matricule": "m",
    "nom": "n",
    "caisse": "c",
    "prestations": "r",
    "objet": "o",
    "age": "a",
    "echeance": "e",
    "indu": "i",
    "rdv": "v",
}


def following(screen: QueueScreen) -> None:
    """Open the next dossier to treat."""
    screen.following.next()


def lot(screen: QueueScreen) -> None:
    """Choose a homogeneous sequence, or leave the one being worked."""
    if screen.following.sequence:
        screen.following.leave()
        return
    lots = [*_own_lot(screen), *_sequences(screen)]

    def chosen(place: str | None) -> None:
        if place is not None:
            lots[int(place)].begin()

    choices = [Choice(str(place), one.label, one.letter) for place, one in enumerate(lots)]
    screen.app.push_screen(Chooser("Séquence homogène", choices), chosen)


class _Way(NamedTuple):
    """A sequence that may be chosen."""

    label: str
    letter: str
    begin: Callable[[], None]


def _own_lot(screen: QueueScreen) -> Iterator[_Way]:
    """The lot taken on the server, where something of it is left."""
    if left := len(screen.reserving.mine(claims.OF_THE_DAY)):
        yield _Way(f"Reprendre votre lot : {count(left, 'dossier')}", "l", partial(claims.resume_lot, screen))
        yield _Way("Rendre ce qui reste de votre lot", "", partial(claims.give_lot_back, screen))


def _sequences(screen: QueueScreen) -> Iterator[_Way]:
    """What may be worked one after another; what is of one nature is a lot taken on the server, where there is one."""
    from gca_tui import reference

    def way(label: str, letter: str, condition: Condition, natures: Sequence[str] = ()) -> _Way:
        if natures and screen.reserving.is_tied:
            return _Way(label, letter, partial(claims.take_lot, screen, natures, condition))
        return _Way(label, letter, partial(screen.following.start, condition))

    yield way("RAC : contrôles activité et ressources", "c", Condition(["rac = 1"]), sorted(RAC_NATURES))
    if dossier := screen.dossier():
        for nature in dict.fromkeys(piece.extrait.nature for piece in dossier.open_pieces if piece.extrait.nature):
            known = reference.natures().get(nature)
            label = f"Pièces « {known.libelle if known else nature} »"
            yield way(label, "", _holding("natures", nature), [nature])
        for one in dossier.prestations:
            yield way(f"Dossiers {one}", "", _holding("prestations", one))
    yield way("Trop-perçus à expliquer", "t", Condition(["a_expliquer = 1"]))
    yield way("Appels à faire", "e", Condition(["appel_le <= :today"]))


def _holding(column: str, value: str) -> Condition:
    """Exactly this value among those of a column such as `|RSA|PPA|`: a lot holds nothing else."""
    condition = Condition()
    condition.where.append(f"instr({column}, {condition.bind(f'|{value}|')}) > 0")
    return condition


def filter_list(screen: QueueScreen) -> None:
    """Filter the view on show."""
    screen.open_filter(everywhere=False)


def search(screen: QueueScreen) -> None:
    """Search in all dossiers, notes included."""
    screen.open_filter(everywhere=True)


def save_view(screen: QueueScreen) -> None:
    """Keep filter and sort under a name."""
    from gca_tui.ui.forms import FormScreen, FormSpec, TextField
    from gca_tui.ui.messages import Settled

    selection = screen.listing.selection
    if problem := screen.filter_problem():
        screen.refuse(f"Vue non enregistrée, le filtre tapé n’est pas compris : {problem}")
        return
    if screen.listing.everywhere:
        screen.refuse("Une recherche partout ne s’enregistre pas : filtrez une vue (/), puis enregistrez-la.")
        return
    fields = (TextField("nom", "Nom de la vue", required=True, hint="le même nom la remplace"),)
    spec = FormSpec("Enregistrer la vue", screen.listing.filter or selection.view.label, fields, "vue")

    def answered(answers: FormValues | None) -> None:
        if answers is not None:
            order = f"-{selection.sort}" if selection.descending else selection.sort
            base = CORBEILLE.id if selection.view.id.startswith("vue:") else selection.view.id
            future = screen.desk.save_view(str(answers["nom"]), screen.listing.filter, order, base)
            future.add_done_callback(lambda done: screen.post_message(Settled(done, "Vue enregistrée.")))

    screen.app.push_screen(FormScreen(spec, today=screen.desk.today), answered)


def drop_view(screen: QueueScreen) -> None:
    """Forget one of the agent's views; the dossiers stay."""
    from gca_tui.ui.messages import Settled

    own = [Choice(name, name) for name, *_ in screen.desk.window.saved_views()]
    if not own:
        screen.refuse("Aucune vue enregistrée : v enregistre le filtre et le tri du moment.")
        return

    def chosen(name: str | None) -> None:
        if name:
            future = screen.desk.drop_view(name)
            future.add_done_callback(lambda done: screen.post_message(Settled(done, f"Vue « {name} » oubliée.")))

    screen.app.push_screen(Chooser("Oublier quelle vue ?", own), chosen)


def go(screen: QueueScreen) -> None:
    """Choose a view by its letter."""
    choices = [
        Choice(view.id, f"{view.label}  {screen.counted(view.id)}", view.letter) for view in screen.listing.views()
    ]
    choices += [Choice(f"caisse:{caisse}", f"Caisse {caisse}  {number}") for caisse, number in screen.upkeep.caisses]
    screen.app.push_screen(Chooser("Aller à", choices), screen.open_view)


def sort(screen: QueueScreen) -> None:
    """Choose the order; the same one again turns it round."""
    from gca_tui.store.window import SORTS

    now = screen.listing.selection.sort
    choices = [
        Choice(name, label.capitalize() + (" : inverser l’ordre" if name == now else ""), SORT_LETTERS.get(name, ""))
        for name, (label, _) in SORTS.items()
    ]
    screen.app.push_screen(Chooser("Trier par", choices), screen.sort_by)


def mark(screen: QueueScreen) -> None:
    """Mark the dossier under the cursor."""
    screen.list.toggle_mark()


def mark_all(screen: QueueScreen) -> None:
    """Mark all that the list shows, or unmark all."""
    screen.marks.turn()


def _copy(screen: QueueScreen, text: str, what: str) -> None:
    """Send to the terminal's clipboard: nobody knows whether it took it."""
    screen.app.copy_to_clipboard(text)
    screen.announce(f"{what} envoyé au terminal. S’il ne l’a pas pris : gca --sans-souris, ou E pour un fichier.")


def copy_matricule(screen: QueueScreen) -> None:
    """Send the matricule to the terminal's clipboard."""
    if key := screen.key():
        _copy(screen, key[1], f"« {key[1]} »")


def copy_summary(screen: QueueScreen) -> None:
    """Send a summary to the terminal's clipboard."""
    if dossier := screen.dossier():
        from gca_tui.presentation.dossier_text import short_summary

        _copy(screen, short_summary(dossier, screen.desk.context()), f"Résumé de {dossier.key.label}")


def export(screen: QueueScreen) -> None:
    """Write the list to a file."""
    from gca_tui.store.export import write_csv

    ids = screen.list.source.ids
    if ids is None:
        screen.refuse("La liste n’est pas encore entièrement lue : réessayez dans un instant.")
        return
    path = write_csv(screen.desk.path.parent, screen.desk.window, ids)
    screen.announce(f"{count(len(ids), 'dossier')} dans {path}.")


ACTIONS = (
    Action("next", "n", "suivant", "Ouvrir le prochain dossier à traiter et dire pourquoi lui.", following, "f5",
           group=GROUP, footer=True),
    Action("lot", "L", "séquence", "Travailler une séquence homogène, ou la quitter.", lot, group=GROUP),
    Action("filter", "slash", "filtrer", "Filtrer la liste par mots et par termes (caisse:681 age>10).", filter_list,
           "f3", group=GROUP, footer=True),
    Action("search", "F", "chercher partout", "Chercher dans tous les dossiers, notes comprises.", search, "f4",
           group=GROUP),
    Action("sort", "S", "trier", "Trier par une colonne ; la même une seconde fois inverse l’ordre.", sort,
           group=GROUP),
    Action("save_view", "v", "enregistrer la vue", "Garder ce filtre et ce tri sous un nom.", save_view, group=GROUP),
    Action("drop_view", "V", "oublier une vue", "Oublier une de vos vues ; les dossiers restent.", drop_view,
           group=GROUP),
    Action("go", "g", "aller à", "Aller à une vue par sa lettre.", go, group=GROUP),
    Action("mark", "space", "marquer", "Marquer le dossier et passer au suivant.", mark, refusal=needs_dossier,
           group=GROUP),
    Action("mark_all", "asterisk", "tout marquer", "Marquer tout ce que montre la liste, ou tout démarquer.",
           mark_all, refusal=needs_dossier, group=GROUP),
    Action("copy", "y", "copier le matricule", "Envoyer le matricule au presse-papiers du terminal.", copy_matricule,
           refusal=needs_dossier, group=GROUP),
    Action("copy_summary", "Y", "copier le résumé", "Envoyer un résumé au presse-papiers du terminal.", copy_summary,
           refusal=needs_dossier, group=GROUP),
    Action("export", "E", "exporter", "Écrire la liste dans un fichier CSV.", export, refusal=needs_dossier,
           group=GROUP),
)  # fmt: skip
