"""What a page shows, by name: the fields of a dataclass, or a mapping as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def by_name(shown: Mapping[str, Any] | DataclassInstance) -> Mapping[str, Any]:
    """The values by their names; those inside stay as they are."""
    return shown if isinstance(shown, Mapping) else vars(shown)
