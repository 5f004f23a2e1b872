"""The good practices."""
