"""What notebooks call: each module makes one kind of page, piece by piece, in the order of the page."""
