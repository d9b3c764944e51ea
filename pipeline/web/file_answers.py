"""Answers that are files to be kept."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response


def file_answer(name: str, content: bytes, media_type: str) -> Response:
    """Return an answer that a browser stores under this name."""
    attached = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": attached})
