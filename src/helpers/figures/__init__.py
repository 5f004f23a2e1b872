"""Figures: frame in, exhibit out (chart, message caption, text alternative, data table)."""
