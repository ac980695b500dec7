"""`python -m gca_tui`."""

from gca_tui.main import main

main()
