"""How each boundary was reached."""
