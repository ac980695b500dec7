"""Pure rules of a GCA's work: no clock, no file, no screen; pydantic and the standard library only."""
