"""Is ``data/raw`` what it says it is? Every table against its schema, then the rules that join tables."""

from helpers.checks.run import Report, accepted, check, record, require_valid, written

__all__ = ["Report", "accepted", "check", "record", "require_valid", "written"]
