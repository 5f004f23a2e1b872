"""The site while it is worked on: built by a warm process after each edit, served to this machine's browser."""
