"""The report of a district, and its printed sheet."""
