"""Where a browser may be sent because it asked to: into this site, and nowhere else."""

from __future__ import annotations


def inside(path: str) -> str:
    """The path if it stays on this site, otherwise the start.

    Browsers read a backslash as a slash and drop tabs and line ends, so `/\\t/host` leaves it.
    """
    stays = path.startswith("/") and path.isprintable() and "\\" not in path
    return path if stays and not path.startswith("//") else "/"
