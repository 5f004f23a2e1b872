"""The page «Glossario»."""
