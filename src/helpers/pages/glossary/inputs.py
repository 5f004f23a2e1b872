"""What the page «Glossario» shows: words only, which belong to the code of the texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GlossaryInputs:
    """Nothing from the data: the entries stand in ``prose/<lang>/texts/glossary.toml``."""


def glossary_inputs() -> GlossaryInputs:
    """Cut what the page shows from the data."""
    return GlossaryInputs()
