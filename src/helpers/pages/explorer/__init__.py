"""The explorer of districts."""
