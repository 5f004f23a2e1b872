"""The sheets of the indicators."""
