"""The check of where a request comes from: other sites in a browser may link here, and nothing else.

Without it a site could not read answers, but could measure how long a search takes, and so guess what is found.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.web.json_answers import error_answer

FORBIDDEN = 403


class OriginCheck:
    """Refuses requests of other sites, other ports of this host among them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and is_of_another_site(scope["method"], Headers(scope=scope)):
            answer = error_answer(FORBIDDEN, "This request comes from another site.", "Open the page itself.")
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


def is_of_another_site(method: str, headers: Headers) -> bool:
    """Whether the headers Origin and Sec-Fetch-Site tell so; programs that are no browsers send neither.

    A link that is followed comes from another site, too, and is let through.
    """
    own = {f"{scheme}://{headers.get('host')}" for scheme in ("http", "https")}
    if not own.issuperset(headers.getlist("origin")):
        return True
    follows_link = method == "GET" and headers.get("sec-fetch-dest") == "document"
    return headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not follows_link
