"""Importers: bring in what others published; the only writers of ``data/raw``."""
