"""What one subject of the site knows: its rows, keys and words of the sources."""
