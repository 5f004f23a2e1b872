"""Need and equity."""
