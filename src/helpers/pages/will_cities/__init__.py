"""The cities of WILL."""
