"""The printed sheet of a district: content in, PDF out."""
