"""Is ``data/raw`` what it says it is? Every table against its schema, then the rules that join tables."""
