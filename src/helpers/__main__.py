"""``python -m helpers`` is the command ``wecare``."""

from helpers.cli.main import main

main()
