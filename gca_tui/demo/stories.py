"""What agents did with a dossier since its last extract: one short story for each kind of work."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeVar

from gca_tui.demo import texts
from gca_tui.demo.scribe import REFERENT, C, Cast, Diary, Scribe
from gca_tui.domain.commands import (
    AddNote,
    AnswerReferent,
    AnyCommand,
    AskReferent,
    CloseDossier,
    FlagUrgence,
    GrantDerogation,
    LogContact,
    OpenDemarche,
    RequestPieces,
    ScheduleRendezVous,
    Take,
    TreatPiece,
    Wait,
)
from gca_tui.domain.settings import Settings
from gca_tui.domain.traces import RECLAMATION, RECTIFICATION
from gca_tui.domain.values import Author

T = TypeVar("T")
Random = Callable[[], float]
"""The next number in [0, 1)."""
THRESHOLD = Settings().threshold


def pick(random: Random, among: tuple[T, ...]) -> T:
    """One of them."""
    return among[int(random() * len(among))]


@dataclass
class Scene:
    """A dossier on the day an agent (`author`) works on it; each thing done comes some minutes after the other.

    `owed`: cents of its trop-perçus.
    """

    scribe: Scribe
    cast: Cast
    diary: Diary
    random: Random
    author: Author
    pieces: tuple[str, ...]
    owed: int
    age: int
    minutes: int

    def do(self, kind: type[C], author: Author | None = None, **fields: Any) -> C:
        """The next command."""
        self.minutes += 3 + int(self.random() * 20)
        return self.scribe.write(kind, author or self.author, self.diary.at(self.age, self.minutes), **fields)

    def pick(self, among: tuple[T, ...]) -> T:
        """One of them."""
        return pick(self.random, among)


Story = Callable[[Scene], Iterator[AnyCommand]]


def waiting(scene: Scene) -> Iterator[AnyCommand]:
    """Documents are asked for, the dossier waits for them."""
    asked = scene.pick(texts.DEMANDEES)
    until = scene.diary.coming_weekday(int(scene.random() * 18))
    yield scene.do(RequestPieces, pieces=asked, avant_le=until)
    yield scene.do(Wait, depuis=scene.diary.day(scene.age), jusqu_au=until, motif=f"Attend\u00a0: {asked[0]}")


def closed(scene: Scene) -> Iterator[AnyCommand]:
    """Everything is treated, the dossier is closed, unless a trop-perçu is still to be explained."""
    for piece in scene.pieces:
        yield scene.do(TreatPiece, piece=piece, commentaire=scene.pick(texts.COMMENTAIRES))
    closing = scene.do(CloseDossier, motif=scene.pick(texts.CLOTURES))
    if scene.owed < THRESHOLD:
        yield closing


def treated(scene: Scene) -> Iterator[AnyCommand]:
    """The first pièce is looked at, and sent back if need be."""
    if len(scene.pieces) > 1:
        yield scene.do(TreatPiece, piece=scene.pieces[0], commentaire=scene.pick(texts.COMMENTAIRES))
    else:
        etat, commentaire = scene.pick(texts.RETOURS)
        yield scene.do(TreatPiece, piece=scene.pieces[0], etat=etat, commentaire=commentaire)


def noted(scene: Scene) -> Iterator[AnyCommand]:
    """A note, by the agent or by a colleague."""
    yield scene.do(AddNote, scene.pick((scene.author, scene.cast.colleague)), texte=scene.pick(texts.NOTES))


def contacted(scene: Scene) -> Iterator[AnyCommand]:
    """A contact or an attempt."""
    canal, resultat, texte = scene.pick(texts.CONTACTS)
    yield scene.do(LogContact, canal=canal, resultat=resultat, le=scene.diary.day(scene.age), texte=texte)


def taken(scene: Scene) -> Iterator[AnyCommand]:
    """The agent holds the dossier."""
    yield scene.do(Take)


def taken_by_colleague(scene: Scene) -> Iterator[AnyCommand]:
    """A colleague holds the dossier, and says why."""
    yield scene.do(Take, scene.cast.colleague)
    yield scene.do(AddNote, scene.cast.colleague, texte=scene.pick(texts.NOTES))


def urgent(scene: Scene) -> Iterator[AnyCommand]:
    """An urgence or a rupture de droits is flagged."""
    nature = scene.pick(("urgence", "rupture_de_droits"))
    yield scene.do(FlagUrgence, nature=nature, motif=scene.pick(texts.URGENCES))


def complaining(scene: Scene) -> Iterator[AnyCommand]:
    """A réclamation of the last days; its accusé de réception has left or not."""
    today = scene.diary.day(scene.age)
    received = scene.diary.day(scene.age + int(scene.random() * 9))
    accuse = scene.pick((today, today, None))
    objet = scene.pick(texts.RECLAMATIONS)
    yield scene.do(OpenDemarche, nature=RECLAMATION, recue_le=received, objet=objet, accuse_le=accuse)


def contesting(scene: Scene) -> Iterator[AnyCommand]:
    """A demande de rectification, oral as often as written."""
    voie = scene.pick(("orale", "ecrite"))
    yield scene.do(OpenDemarche, nature=RECTIFICATION, recue_le=scene.diary.day(scene.age), voie=voie, objet="Montant")


def other_demarche(scene: Scene) -> Iterator[AnyCommand]:
    """One of the démarches a GCA routes rather than decides."""
    day = scene.diary.day(scene.age)
    yield scene.do(OpenDemarche, nature=scene.pick(texts.AUTRES_DEMARCHES), recue_le=day, accuse_le=day)


def invited(scene: Scene) -> Iterator[AnyCommand]:
    """A rendez-vous on one of the coming days."""
    yield scene.do(
        ScheduleRendezVous,
        le=scene.diary.coming_weekday(1 + int(scene.random() * 14)),
        heure=f"{9 + int(scene.random() * 7):02d}:{scene.pick(('00', '30'))}",
        forme=scene.pick(("telephone", "telephone", "accueil", "droits")),
        objet=scene.pick(texts.OBJETS_RENDEZ_VOUS),
    )


def asking(scene: Scene) -> Iterator[AnyCommand]:
    """A question to a référent technique or a pôle; half of them have their answer."""
    pole, texte = scene.pick(texts.QUESTIONS)
    question = scene.do(AskReferent, pole=pole, texte=texte)
    yield question
    if scene.random() < 0.5:
        yield scene.do(AnswerReferent, REFERENT, question=question.id, texte=scene.pick(texts.REPONSES))


def derogating(scene: Scene) -> Iterator[AnyCommand]:
    """A right kept open by exception, whose end comes."""
    debut, fin = scene.diary.day(scene.age), scene.diary.day(-3 - int(scene.random() * 60))
    yield scene.do(GrantDerogation, nature=scene.pick(texts.DEROGATIONS), debut=debut, fin=fin)


STORIES: tuple[tuple[float, Story], ...] = (
    (0.090, waiting),
    (0.020, closed),
    (0.030, treated),
    (0.040, noted),
    (0.030, contacted),
    (0.035, taken),
    (0.020, taken_by_colleague),
    (0.004, urgent),
    (0.012, complaining),
    (0.006, contesting),
    (0.006, other_demarche),
    (0.012, invited),
    (0.012, asking),
    (0.003, derogating),
)
"""Each story and the share of dossiers that have it; the others wait untouched."""
_BOUNDS = tuple(accumulate(share for share, _ in STORIES))


def story(chance: float) -> Story | None:
    """The story that this number in [0, 1) stands for."""
    rank = bisect_right(_BOUNDS, chance)
    return STORIES[rank][1] if rank < len(STORIES) else None
