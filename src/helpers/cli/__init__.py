"""The command ``wecare``: words to the person, no logic."""
