"""The least a Textual program can be: what every start is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """One widget, one line of text."""

    def compose(self) -> ComposeResult:
        """Show the greeting."""
        yield Static("Hello, World!")


if __name__ == "__main__":
    Hello().run()
