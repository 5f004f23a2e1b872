"""The regions compared."""
