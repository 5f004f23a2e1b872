"""``python -m helpers`` is the command ``wecare``."""

from .cli import main

main()
