"""The explanation of a trop-perçu, written from the list to the store with keys only."""

import threading

import pytest
from agent import LARGE, SMALL, agent, plain
from hostile import CORPUS, leaks, screen_output
from owing import NONE, ONE, TWO, facts, given, letter, stamp
from rich.segment import Segment

from gca_tui.domain.commands import EditExplanation
from gca_tui.domain.explanation.checking import check_all
from gca_tui.ui.workshop import Workshop, judging
from gca_tui.ui.workshop.compare import Written, side_by_side, unified


@pytest.fixture
def made(owing_store):
    """Dossiers of which all that is owed is known."""
    return owing_store


async def opened(someone, label=ONE):
    """The workshop open on a dossier, its proposed text and its checks there."""
    await someone.goes_to(label)
    await someone.press("x")
    await at_rest(someone)
    return someone.app.screen


async def at_rest(someone):
    """The text was checked as it stands."""
    screen = await someone.until(
        lambda: someone.app.screen if isinstance(someone.app.screen, Workshop) else None, "l’atelier"
    )
    checking = screen.checking
    await someone.until(
        lambda: checking.texte.whole.strip() and checking.texte.whole == "\n\n".join(screen.texts().values()),
        "les contrôles",
    )
    await someone.settled()


async def write(someone, text):
    """Write in the place of a section's whole text, by a paste."""
    await someone.paste(text)
    await at_rest(someone)


async def test_from_the_list_to_a_saved_explanation(store):
    async with agent(store) as someone:
        await opened(someone)
        await someone.sees("Texte proposé d’après les faits", "Reçu 2 000,00 €", "à dire")
        assert "[[à compléter" in someone.app.screen.texts()["raison"]
        await write(someone, "Vous avez repris un emploi le 2 mars 2026.")
        await someone.press("tab", "tab", "tab")
        await someone.type(" Merci.")
        await someone.press("f2")
        await someone.is_told("Explication enregistrée.")
        saved = letter(someone.document(ONE))["explication"]
        assert saved["raison"] == "Vous avez repris un emploi le 2 mars 2026."
        assert saved["prochaine_fois"].startswith(" Merci.")
        assert "2 000,00" in plain(saved["calcul"])
        await someone.press("escape")
        await someone.is_told("Explication enregistrée")
        assert someone.draft("explication", letter(someone.document(ONE))["id"], ONE) is None
        await someone.press("x")
        await someone.sees("Vous avez repris un emploi le 2 mars 2026.")
        assert "Brouillon" not in someone.screen


async def test_what_is_typed_is_kept_without_being_saved(store):
    async with agent(store) as someone:
        await opened(someone)
        target = someone.app.screen.sitting.id
        assert someone.draft("explication", target, ONE) is None
        await write(someone, "Écrit avant la coupure.")
        await someone.until(lambda: someone.draft("explication", target, ONE), "le brouillon")
        assert someone.draft("explication", target, ONE)["raison"] == "Écrit avant la coupure."
        await someone.press("escape")
        await someone.is_told("Brouillon gardé")
    async with agent(store) as someone:
        await opened(someone)
        await someone.is_told("Brouillon du 12/11/2026 à 10 h 30 repris")
        assert someone.app.screen.texts()["raison"] == "Écrit avant la coupure."
        assert letter(someone.document(ONE)).get("explication") is None


async def test_a_text_nobody_typed_in_is_no_draft(store):
    async with agent(store) as someone:
        await opened(someone)
        await someone.press("escape")
        assert "Brouillon" not in someone.footer
        given(store, facts(ONE, someone.document(ONE)))
        await opened(someone)
        await someone.sees("Texte proposé")
        assert "emploi salarié" in someone.app.screen.texts()["raison"]


async def test_a_semicolon_in_a_sentence_is_one(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await write(someone, "Un emploi")
        await someone.type(" ; deux")
        assert screen.texts()["raison"] == "Un emploi ; deux"


async def test_the_next_thing_to_complete_is_selected_and_replaced(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await write(someone, "Le [[à compléter : date de l’événement]], [[à compléter : ce qui s’est passé]].")
        await someone.press("ctrl+home", "f9")
        assert screen.area().selected_text == "[[à compléter : date de l’événement]]"
        await someone.type("2 mars 2026")
        await someone.press("f9")
        await someone.type("un emploi")
        assert screen.texts()["raison"] == "Le 2 mars 2026, un emploi."


async def test_the_notification_to_explain_comes_first(store):
    async with agent(store) as someone:
        await someone.goes_to(TWO)
        await someone.press("x")
        await someone.sees("Expliquer quelle notification ?")
        lines = [plain(line) for line in someone.app.screen.query_one("#choices").lines]
        assert "2 500,00 €" in lines[0]
        assert "à expliquer" in lines[0]
        assert "sous le seuil" in lines[1]
        await someone.press("enter")
        await someone.sees("2 500,00 €", "IN1 003")


async def test_nothing_to_explain_is_said(store):
    async with agent(store) as someone:
        await someone.goes_to(NONE)
        await someone.press("x")
        await someone.is_told("il n’y a rien à expliquer")


async def test_facts_changed_meanwhile_are_shown_and_the_text_stays(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await write(someone, "Mon texte.")
        given(store, facts(ONE, someone.document(ONE)))
        await someone.is_told("les faits sont à jour")
        await someone.sees("Su le : 15/09/2026, par votre")
        assert screen.texts()["raison"] == "Mon texte."


async def test_a_text_saved_elsewhere_is_said_and_compared(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await write(someone, "Mon texte.")
        given(store, EditExplanation(**stamp(ONE, someone.document(ONE)), raison="Celui de Katia."))
        await someone.is_told("Un autre texte vient d’être enregistré")
        assert screen.texts()["raison"] == "Mon texte."
        await someone.press("f10", "v")
        await someone.choose("Katia Meyer")
        await someone.sees("− Celui de Katia.", "+ Mon texte.")
        await someone.press("r")
        assert screen.texts()["raison"] == "Celui de Katia."
        await someone.press("f10", "v")
        await someone.choose("jamais enregistré")


async def test_the_text_is_made_again_only_when_confirmed(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await write(someone, "Mon texte.")
        await someone.press("f5")
        await someone.sees("Refaire le texte ?")
        await someone.press("escape")
        assert screen.texts()["raison"] == "Mon texte."
        await someone.press("f5", "enter")
        await someone.is_told("Texte refait d’après les faits")
        assert screen.texts()["raison"].startswith("Nous avons recalculé")
        await someone.press("f10", "v")
        await someone.choose("jamais enregistré")
        await someone.sees("− Mon texte.")


async def test_the_letter_is_written_to_a_file_that_is_never_replaced(store):
    async with agent(store) as someone:
        await opened(someone)
        for name in ("explication-681-9100001-2026-11-12.txt", "explication-681-9100001-2026-11-12-2.txt"):
            await someone.press("f10", "x", "end", "f2")
            await someone.is_told("Lettre écrite")
            assert "Que pouvez-vous faire ?" in plain((store / "exports" / name).read_text(encoding="utf-8"))
        await someone.press("f10", "x", "end", "tab")
        await someone.paste("explication-681-9100001-2026-11-12")
        await someone.press("f2")
        await someone.is_told("existe déjà")


async def test_the_letter_is_previewed_and_copied_on_demand(store, monkeypatch):
    sent = []
    async with agent(store, SMALL) as someone:
        monkeypatch.setattr(type(someone.app), "copy_to_clipboard", lambda _, text: sent.append(text))
        await opened(someone)
        await someone.press("f6")
        await someone.sees("EXEMPLE Zoé", "Dossier n° 9100001")
        await someone.press("escape", "f10", "y")
        await someone.is_told("Texte envoyé au terminal")
        assert plain(sent[0]).startswith("Pourquoi ?")


async def test_a_number_that_must_not_be_written_is_masked(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await write(someone, "Votre compte FR76 3000 6000 0112 3456 7890 189 est crédité.")
        await someone.sees("À retirer")
        await someone.press("f10", "n", "enter")
        assert screen.texts()["raison"] == "Votre compte [numéro de compte retiré] est crédité."


async def test_facts_are_established_from_the_workshop(store):
    async with agent(store) as someone:
        await opened(someone)
        await someone.press("f3")
        await someone.sees("Les faits du trop-perçu")
        await someone.fill(None, "02/03/2026", "vous avez repris un emploi")
        await someone.press("f2")
        await someone.is_told("Faits enregistrés")
        await someone.sees("Date de l’événement : 02/03/2026")


@pytest.mark.parametrize("size", [(60, 16), SMALL, LARGE, (200, 50)], ids=lambda size: "x".join(map(str, size)))
async def test_every_section_is_reached_whatever_the_size(store, size):
    async with agent(store, size) as someone:
        screen = await opened(someone)
        seen = []
        for _ in range(4):
            assert screen.area().size.height > 1
            assert someone.app.cursor_position in screen.area().region
            seen.append(screen.section)
            await someone.press("tab")
        assert seen == ["raison", "calcul", "que_faire", "prochaine_fois"]
        await someone.resize(*SMALL)
        await someone.sees("Que pouvez-vous faire ?")
        await someone.resize(*LARGE)
        await someone.sees("Reçu 2 000,00 €")


async def test_hostile_texts_are_text(store):
    ugly = "".join(text[:60] for name, text in CORPUS.items() if name != "surrogates") + " mot" * 4_000
    async with agent(store) as someone:
        document = someone.document(ONE)
        given(store, facts(ONE, document, evenement=ugly[:2_000], connu_par=ugly[:500]))
        given(store, EditExplanation(**stamp(ONE, document), raison=ugly, calcul="[/b][@click=app.quit]x[/]"))
        await opened(someone)
        seen = [screen_output(someone.app)]
        for keys in (("tab",), ("f6",), ("escape", "f7"), ("f10", "l"), ("escape", "f10", "v"), ("escape", "f1")):
            await someone.press(*keys)
            seen.append(screen_output(someone.app))
        assert [leaks(output) for output in seen] == [[]] * len(seen)
        assert "[@click=app.quit]x[/]" in "".join(seen)
        assert someone.app.is_running


async def test_typing_waits_for_no_check_and_leaves_one_answer(store, monkeypatch):
    held = threading.Event()

    def slow(*given):
        held.wait(10)
        return check_all(*given)

    async with agent(store) as someone:
        screen = await opened(someone)
        monkeypatch.setattr(judging, "check_all", slow)
        try:
            await someone.pilot.press(*"bonjour ")
            await someone.until(lambda: screen.checking._asked > screen.checking._answered, "une question")
            await someone.pilot.press(*"Madame ")
            assert screen.texts()["raison"].startswith("bonjour Madame ")
        finally:
            held.set()
        await at_rest(someone)
        assert screen.checking.texte.whole.startswith("bonjour Madame ")


async def test_checks_appear_and_go_as_the_text_changes(store):
    async with agent(store) as someone:
        given(store, facts(ONE, someone.document(ONE)))
        screen = await opened(someone)
        assert [one.controle for one in screen.checking.report.results if one.bloquant and not one.ok] == []
        await someone.press("tab")
        calcul = screen.texts()["calcul"]
        await write(someone, calcul.replace("2\u00a0000,00", "2\u00a0100,00"))
        await someone.sees("✗ 3 montants", "✗ 3 montants : ")
        await someone.press("f7")
        assert "2\u00a0100,00" in screen.area().selected_text
        await someone.press("ctrl+z")
        await at_rest(someone)
        await someone.sees("✓ 3 montants")
        await someone.press("f2")
        await someone.is_told("Explication enregistrée.")
        assert "il reste" not in someone.footer


async def test_an_incomplete_text_is_saved_and_says_what_is_left(store):
    async with agent(store) as someone:
        await opened(someone)
        await write(someone, "Trop perçu.")
        await someone.press("f2")
        await someone.is_told("Explication enregistrée. Pour clôturer, il reste")
        await someone.is_told("5 cause")


async def test_a_check_is_passed_over_for_a_written_reason(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await someone.press("f10", "o")
        await someone.sees("Passer outre", "5 cause", "7 données d’un tiers")
        await someone.press("f2")
        await someone.sees("À remplir")
        await someone.paste("Vu avec la référente")
        await someone.press("f2")
        await someone.is_told("il reste 1 contrôle : 7 données d’un tiers")
        await someone.sees("→ 5 passé outre par Inès Faure", "Vu avec la référente")
        passage = letter(someone.document(ONE))["passages"][0]
        assert (passage["controle"], passage["motif"]) == (5, "Vu avec la référente")
        assert passage["couvre"]
        assert letter(someone.document(ONE))["explication"]["raison"] == screen.texts()["raison"]
        await someone.press("f10", "l")
        await someone.sees("passé outre par Inès Faure", "couvre : ")


async def test_a_semicolon_at_the_beginning_of_a_line_offers_blocks(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await write(someone, "Bonjour.")
        await someone.press("end", "enter", ";")
        await someone.choose("Reprise d’un travail")
        assert screen.texts()["raison"].startswith("Bonjour.\nLe [[à compléter")
        assert screen.area().selected_text == "[[à compléter : date de l’événement]]"
        await someone.type("2 mars")
        assert screen.texts()["raison"].startswith("Bonjour.\nLe 2 mars, vous avez commencé un travail")
        await someone.press("f8", "escape")
        assert isinstance(someone.app.screen, Workshop)


async def test_a_correction_proposed_is_applied_by_a_key(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await write(someone, "Nous avons procédé à la régularisation de votre indu.")
        finding = next(one for _, one in screen.checking.report.findings() if one.remplacer)
        screen.go_to(finding.start, finding.end)
        await someone.press("f12")
        await someone.is_told(f"Remplacé par « {finding.remplacer} »")
        assert finding.remplacer in screen.texts()["raison"]


async def test_a_word_no_dictionary_knows_is_replaced_by_one_it_proposes(store):
    async with agent(store) as someone:
        screen = await opened(someone)
        await write(someone, "Vous avez repris un emplloi.")
        await someone.press("f10", "i")
        await someone.choose("emplloi")
        await someone.choose("emploi")
        assert screen.texts()["raison"] == "Vous avez repris un emploi."


async def test_without_signs_nor_frames_checks_are_words(store):
    async with agent(store, SMALL, plain=True) as someone:
        await opened(someone)
        await someone.sees("5 cause : non", "oui : 1 2 3 4 6 8", "non 5 cause : Il reste à compléter")


def drawn(someone):
    """The whole screen, letters and styles: segments are compared, cut where the styles change."""
    return [list(Segment.simplify(strip)) for strip in someone.app.screen._compositor.render_strips()]


async def test_drawing_only_what_changed_leaves_nothing_behind(store):
    async with agent(store, SMALL) as someone:
        screen = await opened(someone)
        for put, keys in (
            ("", ("x", "y", "enter")),
            ("", ("down", "z", "backspace", "backspace")),
            ("Des_mots_et_encore_des_mots_jusqu’au_bord_de_la_", (*"fenêtre_et_bien_après_lui", "end")),
            ("", ("enter",) * 12),
            ("", ("pageup", "shift+down", "shift+down", "delete")),
            ("", ("tab", "a", "shift+tab", "b")),
            ("", ("ctrl+z", "ctrl+z")),
        ):
            screen.area().insert(put)
            await someone.press(*keys)
            await at_rest(someone)
            shown = drawn(someone)
            screen.area().notify_style_update()
            screen.refresh(layout=True)
            await someone.settled()
            assert drawn(someone) == shown, keys


async def test_the_letter_is_written_as_a_pdf(store):
    async with agent(store) as someone:
        await opened(someone)
        await someone.press("f10", "x", "f2")
        await someone.is_told("Lettre écrite : explication-681-9100001-2026-11-12.pdf")
        written = store / "exports" / "explication-681-9100001-2026-11-12.pdf"
        assert written.read_bytes().startswith(b"%PDF")
        assert written.stat().st_mode & 0o077 == 0


async def test_facts_are_behind_a_key_on_a_small_terminal(store):
    async with agent(store, SMALL) as someone:
        await opened(someone)
        assert "Reçu 2 000,00" not in plain(someone.screen)
        await someone.press("f3")
        await someone.sees("Reçu 2 000,00 € · dû 0,00 €", "Date de l’événement : à dire")
        await someone.press("enter")
        await someone.sees("Les faits du trop-perçu")


def test_two_versions_are_compared_line_by_line():
    old = Written("hier", {"raison": "même\navant\nenlevé", "calcul": ""})
    new = Written("ici", {"raison": "même\naprès", "calcul": "ajouté"})
    lines = unified(old, new, 40)
    assert lines[:2] == ["− hier", "+ ici"]
    assert lines[lines.index("Pourquoi ?") + 1 :][:4] == ["  même", "− avant", "+ après", "− enlevé"]
    beside = side_by_side(old, new, 43)
    assert "− avant              │ + après" in beside
    assert all(len(line) <= 43 for line in beside)
