"""The names of a site's files, and the address at which it will be."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from urllib.parse import quote, urlsplit

from audio.errors import UsageError, correct_input
from index.credentials import without_credentials
from index.storage.episode_names import file_stem, name_episode
from index.storage.untrusted import is_address

PAGES, FEEDS = "episodes", "feeds"
FOLDERS = (PAGES, FEEDS, "search", "search/words", "search/texts", "assets")
"""The folders of a site; each is made by it."""
INDEX, SEARCH, SITEMAP = "index.html", "search.html", "sitemap.xml"
ROOT_FILES = (INDEX, SEARCH, SITEMAP)
"""The files that lie in the folder itself."""


def name_files(names: Iterable[str], stem_of: Callable[[str], str] = file_stem) -> dict[str, str]:
    """Return a file name without ending for each name; they differ also where case and the form of accents do not."""
    stems: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(set(names)):
        stem = unique = stem_of(name)
        number = 1
        while (key := unicodedata.normalize("NFC", unique).casefold()) in taken:
            number += 1
            unique = f"{stem}-{number}"
        taken.add(key)
        stems[name] = unique
    return stems


def name_feeds(shows: Iterable[str]) -> dict[str, str]:
    """Return the place of the feed of each show in the folder of the site."""
    stems = name_files(shows, lambda show: file_stem(name_episode(show)))
    return {show: f"{FEEDS}/{stem}.xml" for show, stem in stems.items()}


def link_file(name: str) -> str:
    """Return a file of a site as a relative address."""
    return quote(name)


def check_site_address(address: str | None) -> str | None:
    """Return the address of a site with a slash at its end. Raises UsageError for one that cannot be that."""
    if address is None:
        return None
    fault = None
    if not is_address(address):
        fault = "is not an http(s) address"
    elif without_credentials(address) != address:
        fault, address = "has a name or a password, which everybody would read", without_credentials(address)
    elif urlsplit(address).query or urlsplit(address).fragment:
        fault = "has a query or a fragment, and no page lies below such an address"
    if fault:
        advice = correct_input("Give the address of the folder, such as https://example.com/archive/.")
        raise UsageError(f"{address} {fault}.", advice, where=address)
    return address.rstrip("/") + "/"
