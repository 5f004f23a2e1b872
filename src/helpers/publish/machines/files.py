"""All files for machines, made again only when something they rest on has changed."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

from ... import config, processed, raw
from ..memory import Memory, digest
from .api import api_files
from .base import site_url
from .cards import card_files
from .catalog import catalog_files
from .geo import geo_files
from .social import social_files
from .web import feed_files

#: Where they are kept from one publication to the next.
KEPT = config.BUILD / "machines.json"

#: What the words, pages and data of these files are made by.
CODE = ("*.py", "*.toml")


def machine_files(
    published: Iterable[str], quarto_yml: Path = config.QUARTO_YML, kept: Path = KEPT
) -> dict[str, bytes]:
    """Every file for machines by its address.

    Parameters
    ----------
    published
        Addresses of the data files that the site has besides.
    quarto_yml
        The site's description, for its address on the web.
    kept
        Where the files are kept; removing it only costs time.
    """
    url, names = site_url(quarto_yml), sorted(published)
    memory = Memory(kept)
    key = digest(repr((url, names, *map(digest, _inputs()))).encode())
    known = memory.get(key)
    if known is None:
        geometry = geo_files()
        files = {
            **geometry,
            **api_files(url),
            **catalog_files([*names, *geometry], url),
            **feed_files(url),
            **card_files(url),
            **social_files(),
        }
        known = {name: base64.b64encode(content).decode() for name, content in files.items()}
        memory.put(key, known)
    memory.save()
    return {name: base64.b64decode(text) for name, text in known.items()}


def _inputs() -> Iterable[bytes]:
    """Content of all that these files rest on."""
    yield raw.content()
    yield from (raw.content(name) for name in raw.tables())
    yield from (path.read_bytes() for path in processed.level_files())
    yield from (path.read_bytes() for pattern in CODE for path in sorted(config.HELPERS.rglob(pattern)))
