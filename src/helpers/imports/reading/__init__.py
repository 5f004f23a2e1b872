"""The one room in which every importer reads what a person gives.

file → `containers` (what kind of file) → `grids` (rows of cells) → `find` (which rows are the table of a layout)
→ `table` (cells with their places, typed columns, an account of every row).
"""

from helpers.imports.reading.table import AGAIN, LISTED, Account, Table, read_table

__all__ = ["AGAIN", "LISTED", "Account", "Table", "read_table"]
