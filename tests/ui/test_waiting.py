"""The boîte d’envoi: every line says what can be done, and does it; a refused text can always be taken out."""

import pytest
from agent import LARGE, SMALL, agent, plain
from tied import command, conflicts, left, meta, tie, waits, written

from gca_tui.ui.waiting.screen import WaitingScreen

pytestmark = pytest.mark.usefixtures("nobody_answers")

URGENT, SECOND, THIRD, FOURTH = "091·4845426", "681·0366915", "091·9654422", "681·2134905"
TEXT = "Rappeler la famille.\nElle attend la quittance."


@pytest.fixture
def tied(store):
    """A tied store."""
    tie(store)
    return store


def rows(store, sql):
    with written(store) as database:
        return database.execute(sql).fetchall()


async def opened(someone):
    await someone.press("b")
    await someone.until(lambda: isinstance(someone.app.screen, WaitingScreen), "la boîte d’envoi")


async def goes_to(someone, text):
    """Put the cursor on the line that says this."""
    lines = someone.app.screen.list.lines
    place = next(at for at, line in enumerate(lines) if plain(text) in plain(line))
    await someone.press("home", *["down"] * place)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_all_that_is_not_on_the_server_is_listed_and_what_wants_an_answer_first(tied, size):
    waits(tied, command(URGENT, "add_note", texte=TEXT))
    waits(tied, command(SECOND, "take"), "in_flight")
    waits(tied, command(THIRD, "close", motif="Fini"), "refused", reason="Il reste une pièce à traiter.")
    conflicts(tied, command(FOURTH, "hand_back", motif="expertise"), ("holder", "", None, "pmartin"))
    left(tied, "681·0830411", commands=2, drafts=1)
    meta(tied, "retraits", {"681": {"asks": 120, "total": 300, "kept": False}})
    async with agent(tied, size) as someone:
        await opened(someone)
        assert [plain(line).split(" ")[1:3] for line in someone.app.screen.list.lines] == [
            ["à", "confirmer"],
            ["en", "conflit"],
            ["refusé", THIRD],
            ["en", "route"],
            ["à", "envoyer"],
            ["parti", "681·0830411"],
        ]
        await someone.sees("Rien n’est retiré de ce poste avant votre réponse.")
        for text, told in (
            ("en conflit", "Un collègue a changé la même chose que vous"),
            ("refusé", "Il reste une pièce à traiter."),
            ("à envoyer", "Elle attend la quittance."),
            ("en route", "la réponse du serveur n’est pas encore là"),
            ("parti", "2 changements non envoyés et 1 brouillon remis à la caisse."),
        ):
            await goes_to(someone, text)
            await someone.sees(told)


async def test_nothing_waits(tied):
    async with agent(tied, SMALL) as someone:
        await opened(someone)
        await someone.sees("rien n’attend", "Tout est sur le serveur")
        for key in ("enter", "o", "y", "r", "x"):
            await someone.press(key)
            await someone.is_told("Rien n’attend ici.")
        await someone.press("escape")
        await someone.sees("Matricule")


@pytest.mark.parametrize("state", ["pending", "in_flight", "refused", "conflict"])
async def test_a_text_can_be_copied_out_whatever_became_of_it(tied, state, monkeypatch):
    given = command(URGENT, "add_note", texte=TEXT)
    if state == "conflict":
        conflicts(tied, given, ("statut", "", "ouvert", "clos"))
    else:
        waits(tied, given, state, reason="Le dossier est clos." if state == "refused" else "")
    copied = []
    async with agent(tied) as someone:
        monkeypatch.setattr(someone.app, "copy_to_clipboard", copied.append)
        await opened(someone)
        await someone.press("y")
        await someone.is_told("Texte envoyé au terminal")
    assert "Rappeler la famille.\nElle attend la quittance." in copied[0]
    assert plain(copied[0]).startswith(f"note, {URGENT} (Inès Faure, 12/11/2026 09 h 15)")
    assert ("Refusé : Le dossier est clos." in plain(copied[0])) == (state == "refused")


async def test_a_command_of_a_newer_program_can_be_read_and_copied(tied, monkeypatch):
    given = command(URGENT, "add_note", texte=TEXT)
    waits(tied, given, "refused", reason="Le serveur ne connaît pas encore cette action.")
    with written(tied) as database:
        database.execute("UPDATE outbox SET command = json_set(command, '$.kind', 'fly', '$.vers', 'la lune')")
    copied = []
    async with agent(tied) as someone:
        monkeypatch.setattr(someone.app, "copy_to_clipboard", copied.append)
        await opened(someone)
        await someone.sees("vers : la lune")
        await someone.press("y")
    assert "vers\xa0: la lune" in copied[0]


async def test_the_dossier_of_a_line_is_opened(tied):
    waits(tied, command(FOURTH, "add_note", texte=TEXT))
    async with agent(tied) as someone:
        await opened(someone)
        await someone.press("enter")
        await someone.until(lambda: someone.under_cursor == FOURTH, "le dossier")
        await someone.sees("Placé ici parce que")
        assert someone.app.focused is not someone.list


async def test_a_refused_one_is_sent_again(tied):
    waits(tied, command(URGENT, "add_note", texte=TEXT), "refused", reason="Le dossier est clos.")
    async with agent(tied) as someone:
        await opened(someone)
        await someone.press("r")
        await someone.is_told("De nouveau à envoyer.")
        await someone.sees("à envoyer")
    assert rows(tied, "SELECT state FROM outbox") == [("pending",)]


async def test_a_refused_one_is_given_up_after_a_question_and_its_text_is_a_draft(tied):
    waits(tied, command(URGENT, "add_note", texte=TEXT), "refused", reason="Le dossier est clos.")
    async with agent(tied) as someone:
        await opened(someone)
        await someone.press("x")
        await someone.sees("Abandonner ce changement ?", "Rappeler la famille.")
        await someone.press("escape")
        assert rows(tied, "SELECT state FROM outbox") == [("refused",)]
        await someone.press("x", "enter")
        await someone.is_told("Abandonné")
        assert rows(tied, "SELECT state FROM outbox") == []
        assert someone.draft("note", label=URGENT) == {"texte": TEXT}


async def test_what_is_on_its_way_is_left_alone(tied):
    waits(tied, command(URGENT, "add_note", texte=TEXT), "in_flight")
    async with agent(tied) as someone:
        await opened(someone)
        for key in ("r", "x"):
            await someone.press(key)
            await someone.is_told("Ce changement est parti")
    assert rows(tied, "SELECT count(*) FROM outbox") == [(1,)]


@pytest.mark.parametrize(
    ("letter", "told", "noted"),
    [("g", "Appelez l’administrateur", "kept"), ("r", "retirés au prochain échange", "allowed")],
)
async def test_a_mass_removal_is_answered_by_a_person(tied, letter, told, noted):
    meta(tied, "retraits", {"681": {"asks": 120, "total": 300, "kept": False}})
    async with agent(tied) as someone:
        assert "⚠ retrait à confirmer" in someone.header
        await opened(someone)
        await someone.press("enter")
        await someone.sees("Garder ces dossiers")
        await someone.press("escape", "enter", letter)
        await someone.is_told(told)
    assert rows(tied, f"SELECT json_extract(value, '$.681.{noted}') FROM meta WHERE name = 'retraits'") == [(1,)]


async def test_what_left_is_seen_once_the_list_was_opened(tied):
    left(tied, URGENT)
    async with agent(tied) as someone:
        assert "→ 1 parti" in someone.header
        await opened(someone)
        await someone.until(lambda: rows(tied, "SELECT seen FROM departure") == [(1,)], "vu")
        await someone.press("o")
        await someone.is_told(f"Le dossier {URGENT} n’est plus sur ce poste.")
        await someone.press("escape")
        await someone.until(lambda: "parti" not in someone.header, "la première ligne")


async def test_the_list_follows_the_exchange_with_the_cursor_on_its_line(tied):
    first = waits(tied, command(URGENT, "add_note", texte="Un"), "in_flight")
    waits(tied, command(SECOND, "add_note", texte="Deux"))
    async with agent(tied) as someone:
        await opened(someone)
        await goes_to(someone, SECOND)
        with written(tied) as database:
            database.execute("DELETE FROM outbox WHERE command_id = ?", (first,))
        await someone.until(lambda: len(someone.app.screen.list.lines) == 1, "une ligne de moins")
        await someone.sees("texte : Deux")


async def test_in_simple_mode_the_words_stand_without_signs(tied):
    waits(tied, command(URGENT, "add_note", texte=TEXT), "refused", reason="Non.")
    async with agent(tied, SMALL, plain=True) as someone:
        await opened(someone)
        await someone.sees("refusé 091·4845426")
        assert "✖" not in someone.screen
