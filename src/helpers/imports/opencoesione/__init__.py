"""The official feed of OpenCoesione."""
