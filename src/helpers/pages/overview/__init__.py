"""Home and list of districts."""
