"""Is ``data/raw`` what it says it is? Every table against its schema, then the rules that join tables."""

from helpers.checks.run import Report, check, record, require_valid

__all__ = ["Report", "check", "record", "require_valid"]
