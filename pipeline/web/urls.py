"""The addresses of the server: its pages, its API and what belongs to them."""

from __future__ import annotations

SEARCH_PAGE = "/"
EPISODE_PAGE = "/e/{episode}"
CHECK_PAGE = "/check"
LIBRARY_PAGE = "/library"
API = "/api"
API_PAGE = "/docs"
API_DESCRIPTION = "/openapi.json"
STATIC = "/static"
SOUND = "/sound/{episode}.wav"
