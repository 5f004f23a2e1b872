"""Small pages and files."""
