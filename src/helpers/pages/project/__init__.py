"""The page of one project of Misura 1."""
