"""Importers: bring in what others published; the only writers of the tables of ``data/raw``."""
