"""The simulator of criteria."""
