"""The program with an action that raises what nobody foresaw, and a widget that does: `sort` and `theme`."""

from dataclasses import replace

from gca_tui.main import main
from gca_tui.ui.actions import registry


def _raise(*_):
    raise ZeroDivisionError("nobody foresaw this")


registry.BY_ID["sort"] = replace(registry.BY_ID["sort"], run=_raise)
registry.BY_ID["theme"] = replace(registry.BY_ID["theme"], run=lambda screen: screen.call_later(_raise))
main()
