"""What the site offers to machines: API, catalogue, feeds, cards to embed, metadata of pages, index of the search."""
