"""Is ``data/raw`` what it says it is? Every table against its schema, then the rules that join tables."""

from helpers.checks.run import Report, check, descriptor_bytes, descriptor_of_accepted, record, require_valid

__all__ = ["Report", "descriptor_of_accepted", "check", "record", "require_valid", "descriptor_bytes"]
