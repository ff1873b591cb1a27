"""Lists that stay fast at a million rows: filters, orders, pages that go on from a neighbour."""
