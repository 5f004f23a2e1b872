"""Library behind the notebooks of Osservatorio WE.CA.RE.; ``docs/architecture.md`` is its map."""

__version__ = "0.1.0"
