"""What the lists of clients and of contacts share: filters, columns, and the address of a list."""
