"""Whether an explanation is complete, exact and readable: facts, what a text mentions, the twelve checks."""
