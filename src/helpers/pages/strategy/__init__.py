"""The strategy and its governance."""
