"""All that a page shows, cut out of the tables before it runs.

A page reads nothing else, so these inputs decide whether it must run again. Values of other territories are rounded to
what is printed: an edit too small to be seen elsewhere re-runs only the district it belongs to.
"""
