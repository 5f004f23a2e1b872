"""The interregional laboratory."""
