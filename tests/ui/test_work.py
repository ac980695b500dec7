"""What an agent does to a dossier: each form by the keyboard, what it leaves in the store, undo, drafts, closing."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass

import pytest
from agent import LARGE, SMALL, agent

FREE = "091·9654422"
OWED = "681·0318090"
TWO_PIECES = "681·0830411"
NOTED = "681·0412667"
AGENT = {
    "identifiant": "ifaure",
    "nom": "Inès Faure",
    "qualite": "Gestionnaire conseil allocataires",
    "caisse": "091",
}
AT = "2026-11-12T09:30:00Z"


@dataclass(frozen=True)
class Step:
    """A key, the choice it offers if any, what is filled in; then what is said, seen in a tab and in Historique."""

    key: str
    said: str
    kind: str
    history: tuple[str, ...] = ()
    choice: str = ""
    answers: tuple | None = ()
    tab: str = "Dossier"
    seen: tuple[str, ...] = ()


WORKS = {
    "note": [
        Step("o", "Note enregistrée", "add_note", ("note",), "", ("Vu avec elle",), "Notes", ("Vu avec elle",)),
        Step(
            "O",
            "Note enregistrée",
            "correct_note",
            ("note corrigée",),
            "",
            ("Vu avec lui",),
            "Notes",
            ("corrigée depuis", "Vu avec elle", "Vu avec lui"),
        ),
    ],
    "contact": [
        Step(
            "a",
            "Contact enregistré",
            "log_contact",
            ("contact",),
            "autre canal",
            (("right",), ("end",), "hier", "Numéro non attribué"),
            "Notes",
            ("11/11/2026 · Inès Faure", "courriel : contact impossible", "Numéro non attribué"),
        )
    ],
    "attente": [
        Step(
            "w",
            "mis en attente",
            "wait",
            ("statut : ouvert → en attente",),
            "",
            ("+10", "Bail signé"),
            "Dossier",
            ("en attente jusqu’au 22/11/2026 (Bail signé)",),
        ),
        Step("w", "repris", "resume", ("statut : en attente → ouvert",), "", None, "Dossier", ("Statut : ouvert",)),
    ],
    "demande": [
        Step(
            "d",
            "Demande enregistrée",
            "request_pieces",
            ("pièces demandées", "statut : ouvert → en attente"),
            "",
            ("bail signé\nquittance", "+10"),
            "Pièces",
            ("avant le 22/11/2026 : bail signé, quittance",),
        )
    ],
    "rendez-vous": [
        Step(
            "R",
            "Rendez-vous fixé",
            "schedule_rendez_vous",
            ("rendez-vous fixé",),
            "",
            ("demain", "10h30", ("right",), "Loyer"),
            "Dossier",
            ("Rendez-vous le 13/11/2026 à 10 h 30 (accueil) Loyer",),
        ),
        Step(
            "R", "Résultat enregistré", "hold_rendez_vous", ("résultat du rendez-vous : absent",), "Résultat",
            (("right",),), "Dossier",
        ),
    ],
    "question": [
        Step(
            "r",
            "Question posée",
            "ask_referent",
            ("question au référent",),
            "",
            (("right",), "Quel barème ?"),
            "Dossier",
            ("Question (pôle précarité) : Quel barème ?",),
        ),
        Step(
            "r",
            "Réponse enregistrée",
            "answer_referent",
            ("réponse du référent",),
            "Réponse",
            ("Celui de mars.",),
            "Notes",
            ("Celui de mars.",),
        ),
    ],
    "démarche": [
        Step(
            "D",
            "Rectification notée ; sans réponse, rejet implicite le 11/12/2026 (à valider)",
            "open_demarche",
            ("démarche enregistrée",),
            "",
            (("right",), "hier", ("right",), "aujourd’hui", "Montant"),
            "Dossier",
            ("(orale) reçue le 11/11/2026 · accusé de réception le 12/11/2026 · Montant",),
        ),
        Step(
            "D", "Démarche close", "close_demarche", ("réponse donnée : 12/11/2026", "issue : Droit revu"), "Réponse",
            (None, "Droit revu"), "Dossier",
        ),
    ],
    "urgence": [
        Step(
            "exclamation_mark",
            "Urgence signalée",
            "flag_urgence",
            ("urgence signalée",),
            "",
            (("right",), "Plus de droits"),
            "Dossier",
            ("rupture de droits (Plus de droits)",),
        ),
        Step("exclamation_mark", "Urgence levée", "lift_urgence", ("urgence levée",), "", ("Droits ouverts",)),
    ],
    "prendre": [
        Step("p", "Dossier pris", "take", ("pris par ifaure",), "", None, "Dossier", ("pris par ifaure",)),
        Step("P", "Dossier rendu", "hand_back", ("rendu par ifaure",), "", ("Hors convention",), "Dossier", ("libre",)),
    ],
    "clôture": [
        Step(
            "t", "Pièce traitée", "treat_piece", ("pièce 00000812 : traitée",), "",
            (None, "Loyer lu"), "Pièces", ("Loyer lu",),
        ),
        Step("c", "Dossier clos", "close", ("statut : ouvert → clos",), "", ("Tout est fait",)),
        Step(
            "C", "Dossier rouvert", "reopen", ("statut : clos → ouvert",), "",
            ("Oubli",), "Dossier", ("Statut : ouvert",),
        ),
    ],
}  # fmt: skip


async def do(someone, step):
    """Press the key, fill the form, save."""
    await someone.press(step.key)
    if step.choice:
        await someone.choose(step.choice)
    if step.answers is not None:
        await someone.fill(*step.answers)
        await someone.press("f2")
    await someone.is_told(step.said)


@pytest.mark.parametrize(("name", "size"), zip(WORKS, (SMALL, LARGE) * len(WORKS), strict=False))
async def test_a_work_is_recorded_shown_and_undone(store, name, size):
    async with agent(store, size) as someone:
        await someone.goes_to(FREE)
        states = [someone.document()]
        for step in WORKS[name]:
            await do(someone, step)
            document = someone.document(FREE)
            states.append(document)
            entry = next(one for one in document["history"][::-1] if one["kind"] == step.kind)
            assert entry["author"] == AGENT
            assert entry["at"] == AT
            assert document["rev"] > states[-2]["rev"]
            await someone.opens_tab(step.tab)
            await someone.sees(*step.seen)
            await someone.press(*["right"] * (4 if step.tab == "Dossier" else 3 if step.tab == "Pièces" else 1), "end")
            await someone.sees("[Historique]", "· Inès Faure ·", *step.history)
            await someone.press("right", "escape")
        for before in states[-2::-1]:
            await someone.press("u")
            await someone.is_told("Annulé")
            assert someone.document(FREE) == before
        await someone.press("u")
        await someone.is_told("Rien à annuler")


async def test_a_form_says_what_is_wrong_and_records_nothing(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        before = someone.document()
        for key, answers, said in (
            ("o", (), "À remplir"),
            ("w", ("hier", "Bail"), "après aujourd’hui"),
            ("w", ("bientôt", "Bail"), "Date non comprise"),
            ("R", ("demain", "25h"), "n’existe pas"),
        ):
            await someone.press(key)
            await someone.fill(*answers)
            await someone.press("f2")
            await someone.sees(said)
            await someone.press("escape")
            assert someone.document() == before


async def test_a_refusal_of_the_rules_keeps_what_was_typed(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("P")
        await someone.fill("Hors convention")
        await someone.press("f2")
        await someone.is_told("Vous n’avez pas pris ce dossier")
        assert someone.draft("hand_back") == {"motif": "Hors convention"}
        await someone.press("p", "P")
        await someone.sees("Brouillon du 12/11/2026 à 10 h 30 repris", "Hors convention")
        await someone.press("f2")
        await someone.is_told("Dossier rendu")
        assert someone.draft("hand_back") is None


async def test_an_undone_note_is_typed_again_from_its_draft(store):
    async with agent(store) as someone:
        await someone.press("o")
        await someone.type("Été à Noël")
        await someone.press("f2", "u")
        await someone.is_told("brouillon")
        await someone.press("o")
        await someone.sees("repris", "Été à Noël")
        await someone.press("f2")
        await someone.is_told("Note enregistrée")
        assert [note["texte"] for note in someone.document()["notes"]] == ["Été à Noël"]


async def test_undo_goes_back_one_work_at_a_time_over_several_dossiers(store):
    async with agent(store) as someone:
        first, second = someone.listed[:2]
        states = {label: someone.document(label) for label in (first, second)}
        await someone.press("p", "down", "p", "o")
        await someone.fill("Vu")
        await someone.press("f2")
        await someone.press("u")
        assert "notes" not in someone.document(second)
        assert someone.document(second)["holder"] == "ifaure"
        await someone.press("u", "u")
        assert {label: someone.document(label) for label in states} == states


async def test_what_was_done_before_is_not_undone_after_a_restart(store):
    async with agent(store) as someone:
        await someone.press("p")
        await someone.is_told("Dossier pris")
        label = someone.under_cursor
    async with agent(store) as someone:
        await someone.press("u")
        await someone.is_told("Rien à annuler")
        assert someone.document(label)["holder"] == "ifaure"


async def test_what_is_typed_is_in_the_store_before_anything_is_saved(store):
    async with agent(store) as someone:
        await someone.press("o")
        for letter in "àçé":
            await someone.pilot.press(letter)
        await someone.until(lambda: someone.draft("note") == {"texte": "àçé"}, "le brouillon")
        assert "notes" not in someone.document()


async def test_a_draft_belongs_to_its_dossier_and_its_kind(store):
    async with agent(store) as someone:
        first, second = someone.listed[:2]
        for keys, text in ((("o",), "une note"), (("w", "tab"), "une attente"), (("escape", "down", "o"), "une autre")):
            await someone.press(*keys)
            await someone.type(text)
            await someone.press("escape")
            await someone.is_told("Brouillon gardé")
        assert someone.draft("note", label=first) == {"texte": "une note"}
        assert someone.draft("wait", label=first) == {"jusqu_au": "", "motif": "une attente"}
        assert someone.draft("note", label=second) == {"texte": "une autre"}
        await someone.press("o")
        await someone.sees("repris", "une autre")
        await someone.type("!")
        await someone.press("f2")
        await someone.is_told("Note enregistrée")
        assert someone.draft("note", label=second) is None
        assert someone.draft("note", label=first) == {"texte": "une note"}
        await someone.press("o")
        await someone.sees_no_more("repris")
    async with agent(store) as someone:
        await someone.goes_to(first)
        await someone.press("o")
        await someone.sees("Brouillon du 12/11/2026 à 10 h 30 repris", "une note")


async def test_each_piece_has_its_draft(store):
    async with agent(store) as someone:
        await someone.goes_to(TWO_PIECES)
        await someone.press("t")
        await someone.sees("Traiter quelle pièce", "08304111", "08304112")
        await someone.choose("08304112")
        await someone.fill(None, "Illisible")
        await someone.press("escape", "t")
        await someone.choose("08304111")
        await someone.sees_no_more("Illisible")
        await someone.press("escape", "t")
        await someone.choose("08304112")
        await someone.sees("repris", "Illisible")
        await someone.press("right", "f2")
        await someone.is_told("Pièce traitée")
        piece = next(one for one in someone.document()["pieces"] if one["id"] == "08304112")
        assert piece["traitement"]["etat"] != "TRAITEE"
        assert piece["traitement"]["commentaire"] == "Illisible"


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_a_refused_closing_lists_what_is_missing_and_its_keys_lead_there(store, size):
    async with agent(store, size) as someone:
        await someone.goes_to(OWED)
        await someone.press("c")
        await someone.sees("Clôture impossible", "2 points", "à traiter touche t", "réclamation sans réponse touche D")
        await someone.press("D")
        await someone.choose("Réponse")
        await someone.sees("Réponse à la démarche")
        await someone.fill(None, "Expliqué")
        await someone.press("f2", "c")
        await someone.sees("1 point")
        await someone.press("t")
        await someone.sees("Traiter la pièce")
        await someone.press("f2", "c")
        await someone.sees("Clôturer le dossier")
        await someone.press("f2")
        await someone.is_told("Dossier clos")


async def test_a_form_is_left_without_a_trace_when_nothing_was_typed(store):
    async with agent(store) as someone:
        before = someone.document()
        for key in ("o", "a", "d", "R", "D"):
            await someone.press(key, "escape")
        assert someone.document() == before
        database = sqlite3.connect(store / "gca.db")
        assert database.execute("SELECT count(*) FROM draft").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
        database.close()


async def test_a_wait_that_ran_out_is_open_and_can_be_made_again(store, monkeypatch):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("w")
        await someone.fill("demain", "Bail")
        await someone.press("f2")
        await someone.sees("en attente jusqu’au 13/11/2026")
        monkeypatch.setenv("GCA_MAINTENANT", "2026-11-13T09:30:00+00:00")
        await someone.press("w")
        await someone.sees("Mettre en attente")
        await someone.fill("+5", "Bail encore")
        await someone.press("f2")
        await someone.sees("en attente jusqu’au 18/11/2026")


async def test_an_acknowledgement_is_recorded_afterwards(store):
    async with agent(store) as someone:
        await someone.goes_to(FREE)
        await someone.press("D")
        await someone.press("n")
        await someone.fill(("right",), "hier")
        await someone.press("f2")
        await someone.sees("accusé de réception à envoyer", "rejet implicite le 11/12/2026 (à valider)")
        await someone.press("D")
        await someone.choose("Accusé de réception envoyé")
        await someone.press("f2")
        await someone.sees("accusé de réception le 12/11/2026")


async def test_a_refused_note_can_still_be_read(store):
    async with agent(store) as someone:
        await someone.press("o")
        await someone.fill("Vue au guichet")
        await someone.press("f2")
        await someone.is_told("Note enregistrée")
        with closing(sqlite3.connect(store / "gca.db")) as database, database:
            database.execute("UPDATE outbox SET state = 'refused', reason = 'Dossier clos.'")
        someone.app.screen.detail.dossier = None
        someone.app.screen.pane.draw()
        await someone.sees("Refusé : note du 12/11/2026 10 h 30", "Dossier clos.", "Vue au guichet")
