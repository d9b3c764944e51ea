"""Tokens: the one that lets in, and the one without which nothing is changed."""

from __future__ import annotations

import hmac
from urllib.parse import urlencode

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.web.json_answers import error_answer
from pipeline.web.web_settings import WebSettings

PARAMETER, CHANGE_HEADER = "token", "x-airquote-token"
UNAUTHORIZED, FORBIDDEN = 401, 403
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
TOKEN_WANTED = "This library asks for a token."


class AccessCheck:
    """Lets in who has the access token, where one is asked for: for programs."""

    way_in = "Send it in the header Authorization: Bearer TOKEN."

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        await (self.choose(HTTPConnection(scope)) if scope["type"] == "http" else self._app)(scope, receive, send)

    def choose(self, asked: HTTPConnection) -> ASGIApp:
        """Return what answers a request."""
        wanted = self._settings.access_token
        if wanted is None or any(_is_equal(one, wanted) for one in self.access_tokens(asked)):
            return self._app
        return error_answer(UNAUTHORIZED, TOKEN_WANTED, self.way_in)

    def access_tokens(self, asked: HTTPConnection) -> list[str]:
        """Return the access tokens that a request carries."""
        scheme, _, value = asked.headers.get("authorization", "").partition(" ")
        return [value.strip()] if scheme.lower() == "bearer" else []


class TokenCheck(AccessCheck):
    """Lets in browsers, too, and lets change who has the token of the pages.

    The printed address carries the access token once: it is put into a cookie that no script reads and no other site
    sends, and the address is left without it.
    """

    way_in = "Open the address that the server printed."

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        super().__init__(app, settings)
        self._cookie = f"airquote_token_{settings.port}"  # browsers send cookies to all ports of a host

    def choose(self, asked: HTTPConnection) -> ASGIApp:
        """Return what answers a request."""
        if self._has_token_in_address(asked):
            return self._move_token_to_cookie(asked)
        answer = super().choose(asked)
        if answer is self._app and asked.scope["method"] not in SAFE_METHODS and not self._may_change(asked):
            return error_answer(FORBIDDEN, "This request may change nothing.", "Load the page again.")
        return answer

    def _has_token_in_address(self, asked: HTTPConnection) -> bool:
        wanted = self._settings.access_token
        given = asked.query_params.getlist(PARAMETER)
        return wanted is not None and asked.scope["method"] == "GET" and any(_is_equal(one, wanted) for one in given)

    def _move_token_to_cookie(self, asked: HTTPConnection) -> ASGIApp:
        rest = urlencode([pair for pair in asked.query_params.multi_items() if pair[0] != PARAMETER])
        path = "/" + asked.scope["path"].lstrip("/\\")  # never another host's address
        answer = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
        answer.set_cookie(self._cookie, self._settings.access_token or "", httponly=True, samesite="strict", path="/")
        return answer

    def access_tokens(self, asked: HTTPConnection) -> list[str]:
        """Return the access tokens that a request carries, that of the cookie among them."""
        return [*super().access_tokens(asked), asked.cookies.get(self._cookie, "")]

    def _may_change(self, asked: HTTPConnection) -> bool:
        return _is_equal(asked.headers.get(CHANGE_HEADER, ""), self._settings.change_token)


def _is_equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
