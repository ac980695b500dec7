"""What is typed while the store is busy or cannot be written: nothing of it is lost."""

import threading

from agent import agent

from gca_tui.store import drafts


async def test_a_form_opened_again_before_its_draft_is_written_holds_what_was_typed(store):
    async with agent(store) as someone:
        held = threading.Event()
        someone.desk._hand.submit(held.wait)
        try:
            await someone.pilot.press("o", "v", "u", "escape")
            await someone.is_told("Brouillon gardé")
            await someone.pilot.press("o")
            await someone.sees("repris", "vu")
            await someone.pilot.press("f2", "o")
            await someone.sees_no_more("repris")
        finally:
            held.set()
        await someone.settled()
        assert someone.draft("note") is None
        assert [note["texte"] for note in someone.document()["notes"]] == ["vu"]


async def test_a_draft_that_cannot_be_written_is_said_and_stays_in_the_program(store, monkeypatch):
    def full(*_):
        raise OSError("disque plein")

    async with agent(store) as someone:
        monkeypatch.setattr(drafts, "put", full)
        await someone.press("o", "v", "escape")
        await someone.is_told("Le brouillon n’est pas écrit")
        await someone.press("o")
        await someone.sees("repris")
        assert someone.app.focused.text == "v"
