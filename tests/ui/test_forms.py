from datetime import date

import pytest
from hostile import CORPUS, LONG_LINE, leaks, screen_output
from textual import events
from textual.app import App
from textual.binding import Binding

from gca_tui.domain.calendar import Calendar
from gca_tui.ui.forms import ChoiceField, DateField, FormScreen, FormSpec, TextField, TimeField
from gca_tui.ui.forms.dates import full_day, read_day, read_time, spoken_time
from gca_tui.ui.forms.editors import LINE_LIMIT, TEXT_LIMIT, LineInput, NoteArea
from gca_tui.ui.forms.pause import DRAFT_DELAY
from gca_tui.ui.sanitise import Sanitise
from gca_tui.ui.themes import THEMES
from gca_tui.ui.widgets.choice import Choice

TODAY = date(2026, 11, 12)
SIZES = ((80, 24), (120, 40))
CANAUX = {"telephone": "téléphone", "courriel": "courriel", "courrier": "courrier", "accueil": "accueil"}
SPEC = FormSpec(
    title="Contact",
    subtitle="681·0123456 MARTIN Zoé",
    kind="contact",
    target="T1",
    fields=(
        ChoiceField("canal", "Canal", CANAUX, default="telephone"),
        DateField("le", "Date", default=TODAY, check=lambda day: "Un contact a déjà eu lieu." if day > TODAY else None),
        TimeField("heure", "Heure", required=False),
        TextField("qui", "Interlocuteur", required=True, check=lambda text: "Trop court." if len(text) < 2 else None),
        TextField("texte", "Compte rendu", multiline=True),
    ),
)


def test_days_as_agents_type_them():
    calendar = Calendar([date(2026, 12, 25)])
    read = {
        "12/11/2026": date(2026, 11, 12),
        " 1/2/2027 ": date(2027, 2, 1),
        "01.02.27": date(2027, 2, 1),
        "01022027": date(2027, 2, 1),
        "2026-12-24": date(2026, 12, 24),
        "demain": date(2026, 11, 13),
        "Après-demain": date(2026, 11, 14),
        "aujourd’hui": TODAY,
        "HIER": date(2026, 11, 11),
        "vendredi": date(2026, 11, 13),
        "jeudi": date(2026, 11, 19),
        "lundi prochain": date(2026, 11, 16),
        "jeudi dernier": date(2026, 11, 5),
        "mercredi dernier": date(2026, 11, 11),
        "+5": date(2026, 11, 17),
        "- 3 j": date(2026, 11, 9),
        "+2s": date(2026, 11, 26),
        "+10o": date(2026, 11, 26),
        "+31o": date(2026, 12, 28),
    }
    assert {text: read_day(text, TODAY, calendar) for text in read} == read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("30/02/2026", "n’existe pas"),
        ("12/13/2026", "n’existe pas"),
        ("12/11/0206", "hors du possible"),
        ("+9999s", "hors du possible"),
        ("bientôt", "Date non comprise"),
        ("12/11", "Date non comprise"),
        ("+10o", "Date non comprise"),
        ("2026-02-30", "n’existe pas"),
    ],
)
def test_days_that_cannot_be(text, words):
    with pytest.raises(ValueError, match=words):
        read_day(text, TODAY)


def test_days_and_hours_in_full():
    assert full_day(TODAY) == "jeudi 12 novembre 2026"
    assert full_day(date(2026, 8, 1)) == "samedi 1er août 2026"
    assert spoken_time("10:30") == "10\xa0h\xa030"
    assert spoken_time("09:00") == "9\xa0h"


def test_hours_as_agents_type_them():
    read = {"10 h 30": "10:30", "10:30": "10:30", "1030": "10:30", "10h": "10:00", "9": "09:00", "930": "09:30"}
    read |= {"10\xa0H\xa005": "10:05", "0:00": "00:00", "23h59": "23:59"}
    assert {text: read_time(text) for text in read} == read
    for text in ("24:00", "10:60", "10h7", "midi", "10:30:00", "-1"):
        with pytest.raises(ValueError, match=r"Heure non comprise|n’existe pas"):
            read_time(text)


def test_defaults_read_back():
    for field in SPEC.fields:
        if field.start(TODAY):
            assert field.read(field.start(TODAY), TODAY).error == ""
    assert TimeField("h", "H", default="10:30").read("10\xa0h\xa030", TODAY).value == "10:30"


def test_a_text_is_composed_and_stripped():
    reading = TextField("t", "T").read("  e\u0301te\u0301\x1b[2J\r\nfin \n", TODAY)
    assert reading.value == "été[2J\nfin"


def test_a_draft_of_an_option_that_is_gone():
    assert ChoiceField("c", "C", CANAUX).read("fax", TODAY).error == "À choisir."
    assert ChoiceField("c", "C", CANAUX, required=False).read("fax", TODAY).value == ""


class FormApp(App[None]):
    """Opens one form and keeps what it gives."""

    def __init__(self, spec=SPEC, callback=True, **options):
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "gca-sombre"
        self.drafts = []
        self.results = []
        if callback:
            options["on_draft"] = self.drafts.append
        self.opening = (spec, options)

    def get_line_filters(self):
        return [*super().get_line_filters(), Sanitise()]

    def on_mount(self):
        spec, options = self.opening
        self.form = FormScreen(spec, today=TODAY, **options)
        self.push_screen(self.form, self.results.append)

    def box(self, name):
        return next(box for box in self.form.boxes if box.field.name == name)

    def sees(self, words):
        shown = "\n".join(strip.text for strip in self.screen._compositor.render_strips())
        return words.replace("\xa0", " ") in shown.replace("\xa0", " ")


async def until(pilot, condition):
    """Wait for the program's own timers, not for a length of time."""
    for _ in range(500):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("never happened")


async def type_text(pilot, text):
    await pilot.press(*("space" if char == " " else char for char in text))


@pytest.mark.parametrize("size", SIZES)
async def test_every_field_typed_and_saved(size):
    app = FormApp()
    async with app.run_test(size=size) as pilot:
        await pilot.press("right", "enter")
        await type_text(pilot, "hier")
        assert app.sees("mercredi 11 novembre 2026")
        await pilot.press("enter")
        await type_text(pilot, "930")
        assert app.sees("9 h 30")
        await pilot.press("tab")
        await type_text(pilot, "Mme Noël")
        await pilot.press("enter")
        await type_text(pilot, "Échangé")
        await pilot.press("enter")
        await type_text(pilot, "à revoir")
        await pilot.press("f2")
        assert app.results == [
            {
                "canal": "courriel",
                "le": date(2026, 11, 11),
                "heure": "09:30",
                "qui": "Mme Noël",
                "texte": "Échangé\nà revoir",
            }
        ]
        assert app.drafts[-1]["texte"] == "Échangé\nà revoir"


async def test_a_key_then_f2_at_once_loses_nothing():
    app = FormApp(initial={"qui": "Mme Noë"})
    async with app.run_test() as pilot:
        app.box("qui").editor.focus()
        await pilot.pause()
        app.post_message(events.Key("l", "l"))
        app.post_message(events.Key("f2", None))
        await until(pilot, lambda: app.results)
        assert app.results[0]["qui"] == "Mme Noël"
        assert app.drafts[-1]["qui"] == "Mme Noël"


@pytest.mark.parametrize("size", SIZES)
async def test_a_save_refused_says_why_and_goes_there(size):
    app = FormApp()
    async with app.run_test(size=size) as pilot:
        assert not app.sees("À remplir.")
        await pilot.press("f2")
        await pilot.pause()
        assert app.results == []
        assert app.focused is app.box("qui").editor
        assert app.sees("Rien n’est enregistré : 1 champ à corriger, d’abord « Interlocuteur ».")
        assert app.sees("À remplir.")
        await type_text(pilot, "M")
        assert app.sees("Trop court.")
        assert not app.sees("Rien n’est enregistré")
        await type_text(pilot, "a")
        assert not app.sees("Trop court.")
        await pilot.press("f2")
        assert app.results[0]["qui"] == "Ma"


async def test_errors_come_as_typed():
    app = FormApp()
    async with app.run_test() as pilot:
        await pilot.press("tab")
        await type_text(pilot, "31/02")
        assert app.sees("Date non comprise : écrivez 12/11/2026, demain, jeudi ou +5.")
        await type_text(pilot, "/2026")
        assert app.sees("Ce jour n’existe pas dans le calendrier.")
        await pilot.press("shift+home", "delete")
        assert app.sees("À remplir.")
        await type_text(pilot, "demain")
        assert app.sees("vendredi 13 novembre 2026")
        assert app.sees("Un contact a déjà eu lieu.")


@pytest.mark.parametrize("size", SIZES)
async def test_title_keys_and_the_field_in_hand_stay_in_sight(size):
    lines = tuple(TextField(f"f{number}", f"Champ {number}") for number in range(12))
    app = FormApp(FormSpec("Long formulaire", "", lines, "long"))
    async with app.run_test(size=size) as pilot:
        for number in range(12):
            await pilot.pause()
            assert app.sees("Long formulaire")
            assert app.sees("F2 Enregistrer")
            assert app.sees(f"▸ Champ {number} ")
            await pilot.press("enter" if number % 2 else "tab")
        assert app.focused is not None


async def test_tab_goes_round_and_back():
    app = FormApp()
    async with app.run_test() as pilot:
        names = []
        for _ in range(6):
            names.append(next(name for name in app.form.values if app.box(name).has_focus_within))
            await pilot.press("tab")
        assert names == ["canal", "le", "heure", "qui", "texte", "canal"]
        await pilot.press("shift+tab", "shift+tab")
        assert app.focused is app.box("texte").editor


async def test_enter_in_the_last_line_says_how_to_save():
    app = FormApp(FormSpec("Note", "", (TextField("t", "Texte"),), "note"))
    async with app.run_test() as pilot:
        await pilot.press("a", "enter")
        assert app.sees("Dernier champ : F2 pour enregistrer.")
        assert app.results == []


async def test_typing_without_a_pause_is_kept_all_along():
    assert DRAFT_DELAY <= 0.3
    app = FormApp(FormSpec("Note", "", (TextField("texte", "Note", multiline=True),), "note"))
    async with app.run_test() as pilot:
        typed = ""
        while len(app.drafts) < 2 and len(typed) < 2_000:
            await pilot.press("a")
            typed += "a"
        first, second = (draft["texte"] for draft in app.drafts)
        assert typed.startswith(second)
        assert len(first) < len(second)
        await until(pilot, lambda: app.drafts[-1]["texte"] == typed)
        kept = len(app.drafts)
        await pilot.press("right")
        await pilot.pause()
        assert len(app.drafts) == kept


async def test_escape_closes_and_hands_over_the_last_key():
    app = FormApp()
    async with app.run_test() as pilot:
        app.box("qui").editor.focus()
        await pilot.press("Z", "escape")
        assert app.results == [None]
        assert app.drafts[-1] == {"canal": "telephone", "le": "12/11/2026", "heure": "", "qui": "Z", "texte": ""}


async def test_a_form_left_as_it_was_makes_no_draft():
    app = FormApp()
    async with app.run_test() as pilot:
        await pilot.press("tab", "tab", "escape")
        assert app.results == [None]
    assert app.drafts == []


async def test_the_end_of_the_program_hands_over_the_last_key():
    app = FormApp(FormSpec("Note", "", (TextField("t", "Texte"),), "note"))
    async with app.run_test() as pilot:
        await pilot.press("a")
    assert app.drafts[-1] == {"t": "a"}


async def test_a_form_that_keeps_no_draft_promises_none():
    for callback in (True, False):
        app = FormApp(callback=callback)
        async with app.run_test():
            assert app.sees("Fermer en gardant le brouillon") is callback
            assert app.sees("Fermer")


async def test_a_draft_comes_back():
    app = FormApp(initial={"qui": "M", "le": "bientôt", "canal": "fax"}, resumed="12/11/2026 à 10 h 30")
    async with app.run_test() as pilot:
        assert app.sees("Brouillon du 12/11/2026 à 10 h 30 repris")
        assert app.sees("Date non comprise")
        assert app.form.values == {"canal": "", "le": "bientôt", "heure": "", "qui": "M", "texte": ""}
        await pilot.press("f2")
        assert app.results == []
        assert app.focused is app.box("canal").editor


async def test_keys_can_be_bound_elsewhere():
    app = FormApp(FormSpec("Note", "", (TextField("t", "Texte"),), "note"))
    app.set_keymap({"form.save": "f12"})
    async with app.run_test() as pilot:
        assert app.sees("F12 Enregistrer")
        await pilot.press("a", "f12")
        assert app.results == [{"t": "a"}]


async def test_the_mouse_does_what_the_keys_do():
    app = FormApp(FormSpec("Note", "", (TextField("t", "Texte"),), "note"))
    async with app.run_test() as pilot:
        await pilot.press("a")
        assert await pilot.click("KeyHint")
        assert app.results == [{"t": "a"}]


async def test_a_form_at_rest_sends_nothing():
    app = FormApp()
    async with app.run_test() as pilot:
        await pilot.press("tab", "tab", "tab", "a", "tab", "b")
        await until(pilot, lambda: app.drafts and app.drafts[-1]["texte"] == "b")
        assert [editor.cursor_blink for editor in app.form.query("LineInput, NoteArea")] == [False] * 4
        running = [timer for editor in app.form.query("LineInput, NoteArea") for timer in editor._timers]
        assert all(not timer._active.is_set() for timer in running)


async def test_a_paste_of_several_lines():
    app = FormApp()
    async with app.run_test() as pilot:
        app.box("qui").editor.focus()
        await pilot.pause()
        app.post_message(events.Paste("Mme\rNoe\u0308l\x1b[2J\u202e\r\n"))
        await until(pilot, lambda: app.form.values["qui"])
        assert app.form.values["qui"] == "Mme Noël[2J"
        await pilot.press("tab")
        app.post_message(events.Paste("un\rdeux\r\ntrois\x07"))
        await until(pilot, lambda: app.form.values["texte"])
        assert app.form.values["texte"] == "un\ndeux\ntrois"


async def test_a_huge_paste_is_cut_and_says_so():
    app = FormApp()
    async with app.run_test(notifications=True) as pilot:
        for name, limit in (("qui", LINE_LIMIT), ("texte", TEXT_LIMIT)):
            app.box(name).editor.focus()
            await pilot.pause()
            app.post_message(events.Paste(LONG_LINE))
            await until(pilot, lambda name=name: app.form.values[name])
            assert app.form.values[name] == "A" * limit
        assert [note.title for note in app._notifications] == ["Texte coupé", "Texte coupé"]


def hostile_spec(text):
    fields = (
        TextField("ligne", text, hint=text),
        TextField("texte", text, multiline=True, hint=text, required=True, check=lambda _: text),
        DateField("le", text, hint=text),
        ChoiceField("canal", text, {"a": text, "b": "autre"}),
        ChoiceField("loin", text, {str(number): text + "x" * 30 for number in range(5)}, default="0"),
    )
    return FormSpec(text, text, fields, "note", confirm=text)


@pytest.mark.parametrize("part", range(4))
async def test_no_part_of_a_form_lets_anything_through(part):
    app = FormApp()
    async with app.run_test(size=(120, 40)) as pilot:
        for name, text in list(CORPUS.items())[part::4]:
            form = FormScreen(hostile_spec(text), today=TODAY, initial={"ligne": text, "texte": text}, resumed=text)
            await app.push_screen(form)
            form.action_save()
            await pilot.pause()
            output = screen_output(app)
            assert (name, leaks(output)) == (name, [])
            assert output.encode()
            assert (name, leaks("".join(form.values.values()))) == (name, [])
            assert app.sees("À remplir.")
            await app.pop_screen()
        assert app.is_running


class ChoiceApp(App[None]):
    BINDINGS = [Binding("enter", "note", "Entrée", show=False)]  # noqa: RUF012  # as Textual declares it

    def __init__(self, options=CANAUX, value="telephone"):
        super().__init__()
        self.choice = Choice(options, value)
        self.changes = []

    def compose(self):
        yield self.choice

    def on_choice_changed(self, message):
        assert message.control is message.choice is self.choice
        self.changes.append(message.value)

    def line(self):
        return self.choice.render().plain


async def test_a_choice_by_keyboard():
    app = ChoiceApp()
    async with app.run_test() as pilot:
        assert app.line() == "● téléphone  ○ courriel  ○ courrier  ○ accueil"
        await pilot.press("right", "space", "left", "left", "left", "end", "home")
        assert app.changes == ["courriel", "courrier", "courriel", "telephone", "accueil", "telephone"]
        assert app.line().startswith("● téléphone")


async def test_a_choice_by_its_first_letters():
    app = ChoiceApp({**CANAUX, "echeance": "échéance"})
    async with app.run_test() as pilot:
        await pilot.press("c")
        assert app.choice.value == "courriel"
        await pilot.press("c")
        assert app.choice.value == "courrier"
        await pilot.press("e")
        assert app.choice.value == "echeance"
        await pilot.press("left", "C", "O", "U", "R", "R", "I", "E", "R")
        assert app.choice.value == "courrier"
        await pilot.press("t", "é")
        assert app.choice.value == "telephone"
        await pilot.press("z")
        assert app.choice.value == "telephone"


async def test_a_choice_by_mouse():
    app = ChoiceApp()
    async with app.run_test() as pilot:
        await pilot.click(app.choice, offset=(16, 0))
        assert app.changes == ["courriel"]
        await pilot.click(app.choice, offset=(11, 0))
        await pilot.click(app.choice, offset=(70, 0))
        assert app.changes == ["courriel"]


async def test_a_choice_too_long_for_the_line():
    options = {str(number): f"un libellé assez long, numéro {number}" for number in range(5)}
    app = ChoiceApp(options, "3")
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.line() == "‹ un libellé assez long, numéro 3 › 4/5"
        await pilot.click(app.choice, offset=(10, 0))
        await pilot.click(app.choice, offset=(0, 0))
        assert app.changes == ["4", "3"]
        await pilot.resize_terminal(20, 24)
        await pilot.pause()
        assert app.line() == "‹ un libellé … › 4/5"
        assert len(app.line()) == 20


async def test_a_choice_with_nothing_chosen():
    app = ChoiceApp(value="")
    async with app.run_test() as pilot:
        assert app.line() == "○ téléphone  ○ courriel  ○ courrier  ○ accueil"
        await pilot.press("left")
        assert app.changes == ["accueil"]


def test_a_choice_refuses_what_is_no_option():
    with pytest.raises(ValueError, match="fax"):
        Choice(CANAUX, "fax")
    with pytest.raises(ValueError, match="options"):
        Choice({})


async def test_a_choice_is_marked_without_colour():
    app = ChoiceApp()
    async with app.run_test():
        focused = [span.style for span in app.choice.render().spans]
        assert any(style.reverse for style in focused)


class EditorsApp(App[None]):
    def compose(self):
        yield LineInput(LONG_LINE[:5_000])
        yield NoteArea("un\rdeux\x1b[2J")

    def get_line_filters(self):
        return [*super().get_line_filters(), Sanitise()]


async def test_editors_begin_clean():
    app = EditorsApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.query_one(NoteArea).text == "un\ndeux[2J"
        assert leaks(screen_output(app)) == []
