"""For tests: databases of both engines in a moment, and firms and clients to fill them.

What authors of plugins use is here and in `web.testing`; pytest finds its fixtures by itself.
"""
