"""The page «Come cambia il Piemonte»."""
