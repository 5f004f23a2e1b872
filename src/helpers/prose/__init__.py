"""Facts in, sentences out: templates and labels per language, rules that choose between sentences."""

from __future__ import annotations

from helpers.prose.labels import label, labels
from helpers.prose.render import render, render_text

__all__ = ["label", "labels", "render", "render_text"]
