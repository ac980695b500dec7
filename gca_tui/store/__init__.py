"""The local store: one SQLite file, its tables, the queue's windows, the search, the outbox."""
