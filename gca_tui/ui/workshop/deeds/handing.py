"""The text leaves the program: to the terminal's clipboard, to a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.french import short_date
from gca_tui.domain.trop_percu import Explication
from gca_tui.errors import GcaError
from gca_tui.ui.forms.fields import ChoiceField, FormSpec, TextField
from gca_tui.ui.forms.screen import FormScreen
from gca_tui.ui.workshop.messages import Exported

if TYPE_CHECKING:
    from datetime import date

    from gca_tui.ui.workshop.screen import Workshop

FOLDER = "exports"
_FORMATS = {"pdf": "PDF", "txt": "texte"}


def copy(screen: Workshop) -> None:
    """Send the sections to the terminal's clipboard: nobody knows whether it took them."""
    from gca_tui.writing.letter import sections_text

    if screen.explication().is_empty:
        raise GcaError("Le texte est vide : rien à copier.")
    screen.app.copy_to_clipboard(sections_text(screen.explication()))
    screen.announce("Texte envoyé au terminal. S’il ne l’a pas pris : F10 x l’écrit dans un fichier.")


def export(screen: Workshop) -> None:
    """Ask which file, then write the letter as it is on screen; a file that is there is never replaced."""
    if screen.explication().is_empty:
        raise GcaError("Le texte est vide : rien à exporter.")
    sitting = screen.sitting
    folder, today = sitting.desk.path.parent / FOLDER, sitting.desk.today
    fields = (
        ChoiceField("format", "Format", _FORMATS, "pdf"),
        TextField("nom", "Fichier", required=True, hint=f"Dans {folder}", default=_default(screen, folder)),
    )
    spec = FormSpec("Exporter la lettre", f"Lettre du {short_date(today)}", fields, "export", confirm="Écrire")

    def answered(answers: dict[str, Any] | None) -> None:
        if answers is not None:
            path = _path(folder, answers["nom"], answers["format"])
            work = partial(_write, screen.explication(), sitting.subject, path, folder, today)
            screen.announce("Écriture de la lettre…")
            screen.run_in_thread(work)

    screen.app.push_screen(FormScreen(spec, today=today), answered)


def _default(screen: Workshop, folder: Path) -> str:
    """A name that no file has yet, whatever its format."""
    caisse, matricule = screen.sitting.key
    name = f"explication-{caisse}-{matricule}-{screen.sitting.desk.today.isoformat()}"
    taken = {path.stem for path in folder.glob(f"{name}*")}
    return next(one for number in range(1, len(taken) + 2) if (one := _numbered(name, number)) not in taken)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _path(folder: Path, name: str, suffix: str) -> Path:
    path = folder / Path(name).expanduser()
    return path if path.suffix.lower() == f".{suffix}" else path.with_name(f"{path.name}.{suffix}")


def _write(explication: Explication, about: Subject, path: Path, folder: Path, today: date) -> Exported:
    from gca_tui.writing.files import write_whole
    from gca_tui.writing.letter import letter
    from gca_tui.writing.pdf import write_pdf

    if path.exists():
        raise GcaError(f"« {path.name} » existe déjà.", "Rien n’a été écrit.", "Choisissez un autre nom (F10 x).")
    if path.parent == folder:
        folder.mkdir(mode=0o700, exist_ok=True)
    if path.suffix.lower() == ".pdf":
        write_pdf(explication, about, path, on=today)
    else:
        write_whole(path, letter(explication, about, on=today).encode())
    return Exported(path)
