"""For tests: databases of both engines in a moment, and firms and clients to fill them."""
