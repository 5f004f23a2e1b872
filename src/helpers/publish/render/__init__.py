"""The publishers: what is laid out → pages."""
