"""Runs notebooks: jobs (template × parameters) → executed notebooks in ``reports/``."""
