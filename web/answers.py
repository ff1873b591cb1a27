"""Answers of views that are no pages: files, pictures, and HTML that stands in a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from web.assets import A_YEAR

if TYPE_CHECKING:
    from crm_core.context import Download, Framed, Picture


def is_wanted() -> bool:
    """Whether somebody asked for this: not for its head alone, nor in case they ask later."""
    purpose = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return request.method == "GET" and "prefetch" not in purpose


def download(answer: Download) -> Response:
    """A file for the viewer's computer."""
    response = Response(answer.chunks, content_type=answer.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=answer.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if answer.size is not None:
        response.content_length = answer.size
    return response


def picture(answer: Picture) -> Response:
    """A picture of ours, which nothing in it can leave."""
    response = Response(answer.content, content_type=answer.content_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if answer.lasting:
        response.headers["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    return response


def framed(answer: Framed) -> Response:
    """HTML that a page of ours shows in a frame, where it can do nothing."""
    response = Response(answer.html)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
