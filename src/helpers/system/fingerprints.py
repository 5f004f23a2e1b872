"""Short hashes by which one content is told from another."""

from __future__ import annotations

import hashlib
import json

#: Hexadecimal digits of a fingerprint: 128 bits.
DIGITS = 32


def sha256(content: bytes) -> str:
    """The whole SHA-256 of a content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def recorded_form(content: bytes) -> str:
    """The hash of a file as a data package records it."""
    return f"sha256:{sha256(content)}"


def fingerprint(content: bytes) -> str:
    """Fingerprint of a content.

    Examples
    --------
    >>> fingerprint(b"Torino")
    '2e56b9d7dab4468f96beb6daca9d3560'
    """
    return sha256(content)[:DIGITS]


def fingerprint_of_value(value: object) -> str:
    """Fingerprint of a plain value: numbers, texts, lists, dicts by text; anything else counts as its text."""
    return fingerprint(json.dumps(value, sort_keys=True, default=str).encode())
