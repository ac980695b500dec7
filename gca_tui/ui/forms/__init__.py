"""Small forms over the dossier: declared as fields, validated as typed, kept as drafts. Imported when one opens."""

from gca_tui.ui.forms.fields import ChoiceField, DateField, Field, FieldValue, FormSpec, Reading, TextField, TimeField
from gca_tui.ui.forms.screen import FormScreen, FormValues

__all__ = [
    "ChoiceField",
    "DateField",
    "Field",
    "FieldValue",
    "FormScreen",
    "FormSpec",
    "FormValues",
    "Reading",
    "TextField",
    "TimeField",
]
