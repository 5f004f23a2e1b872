"""The papermill engine that runs cells in a forked child of a warm process.

Papermill loads this package by its entry point while it is being imported itself; importing papermill here first makes
that order hold whichever of the two is imported first.
"""

import papermill  # noqa: F401
