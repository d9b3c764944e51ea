"""Tokens: the one that lets in, and the one without which nothing is changed."""

from __future__ import annotations

import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.web.json_answers import error_answer
from pipeline.web.web_settings import WebSettings

COOKIE, PARAMETER, CHANGE_HEADER = "airquote_token", "token", "x-airquote-token"
UNAUTHORIZED, FORBIDDEN = 401, 403
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
TOKEN_WANTED = "This library asks for a token."


class TokenCheck:
    """Lets in who has the access token, where one is asked for, and lets change who has the token of the pages.

    The printed address carries the access token once: it is put into a cookie that no script reads and no other site
    sends, and the address is left without it.
    """

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        await (self._choose(scope) if scope["type"] == "http" else self._app)(scope, receive, send)

    def _choose(self, scope: Scope) -> ASGIApp:
        """Return what answers a request."""
        headers, wanted = Headers(scope=scope), self._settings.access_token
        if wanted is not None and not has_access(headers, wanted):
            return self._let_in(scope, wanted)
        if scope["method"] not in SAFE_METHODS and not self._may_change(headers):
            return error_answer(FORBIDDEN, "This request may change nothing.", "Load the page again.")
        return self._app

    def _let_in(self, scope: Scope, wanted: str) -> ASGIApp:
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if scope["method"] == "GET" and any(name == PARAMETER and _is_equal(value, wanted) for name, value in pairs):
            rest = urlencode([pair for pair in pairs if pair[0] != PARAMETER])
            path = "/" + scope["path"].lstrip("/\\")  # never another host's address
            answer = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
            answer.set_cookie(COOKIE, wanted, httponly=True, samesite="strict", path="/")
            return answer
        return error_answer(UNAUTHORIZED, TOKEN_WANTED, "Open the address that the server printed.")

    def _may_change(self, headers: Headers) -> bool:
        return is_own_origin(headers) and _is_equal(headers.get(CHANGE_HEADER, ""), self._settings.change_token)


class AccessCheck:
    """Lets in who has the access token, where one is asked for, and no page of another site: for programs."""

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        await (self._choose(Headers(scope=scope)) if scope["type"] == "http" else self._app)(scope, receive, send)

    def _choose(self, headers: Headers) -> ASGIApp:
        wanted = self._settings.access_token
        if not is_own_origin(headers):
            return error_answer(FORBIDDEN, "Pages of other sites may not ask.")
        if wanted is not None and not has_access(headers, wanted):
            return error_answer(UNAUTHORIZED, TOKEN_WANTED, "Send it in the header Authorization: Bearer TOKEN.")
        return self._app


def is_own_origin(headers: Headers) -> bool:
    """Whether no page, or one of the server itself, sends a request."""
    return set(headers.getlist("origin")) <= {f"{scheme}://{headers.get('host')}" for scheme in ("http", "https")}


def has_access(headers: Headers, wanted: str) -> bool:
    """Whether a request carries the access token ``wanted``."""
    return any(_is_equal(one, wanted) for one in _access_tokens(headers))


def _access_tokens(headers: Headers) -> list[str]:
    """Return the access tokens that a request carries."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    given = [value.strip()] if scheme.lower() == "bearer" else []
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        cookie = None
    return [*given, cookie.value] if cookie else given


def _is_equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
