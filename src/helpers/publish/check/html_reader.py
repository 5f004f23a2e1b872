"""Reads a page once for all who want to know something of it: finding the tags is most of the work."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Protocol


class Reader(Protocol):
    """Who wants to know something of a page; a tag that closes itself is told as begun and ended."""

    def handle_starttag(self, tag: str, given: Mapping[str, str], twice: bool) -> None:
        """An element begins, with the attributes given; ``twice`` if one is given more than once."""

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""

    def handle_data(self, data: str) -> None:
        """Text, with its character references resolved."""


def read(text: str, *readers: Reader) -> None:
    """Tell every reader what stands in a page, in order."""
    parser = _Parser(readers)
    parser.feed(text)
    parser.close()


class _Parser(HTMLParser):
    def __init__(self, readers: tuple[Reader, ...]):
        super().__init__(convert_charrefs=True)
        self.readers = readers

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        twice = len(given) < len(attrs)
        for reader in self.readers:
            reader.handle_starttag(tag, given, twice)

    def handle_endtag(self, tag: str) -> None:
        for reader in self.readers:
            reader.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        for reader in self.readers:
            reader.handle_data(data)

    def updatepos(self, i: int, j: int) -> int:
        """Nobody asks for lines, and counting them takes time."""
        return j
