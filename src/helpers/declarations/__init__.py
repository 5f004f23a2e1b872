"""The indicators, declared once."""
