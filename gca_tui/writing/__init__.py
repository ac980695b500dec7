"""Drafts from templates, text blocks, spelling, PDF: what needs libraries around the pure checks of the domain."""
