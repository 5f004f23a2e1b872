"""WILL."""
