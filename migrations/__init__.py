"""Histories of the schemas, by Alembic."""
