"""The tables: what others published, what is derived from it, editions, and what was read."""
