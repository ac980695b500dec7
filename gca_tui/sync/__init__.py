"""Exchanges with the remote store: the wire's own types, and the engine that pushes, pulls and replays."""
