"""Library behind the notebooks of Osservatorio WE.CA.RE.; ``docs/architecture.md`` is its map."""

import sys

__version__ = "0.1.0"

# jsonschema, which comes with every reading of a notebook, would build the grammar of this optional format when it is
# imported: a second or more for every command, and nothing here checks such a format.
sys.modules.setdefault("rfc3987_syntax", None)
