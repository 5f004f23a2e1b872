"""The catalogue of the data."""
