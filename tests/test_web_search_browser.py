"""The search page in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from libraries import add_text
from web_pages import NARROW, OpenPage, check_accessibility, is_wider_than_its_window
from web_server import RunningServer, running_server

from index.storage.store import Store

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of a library with one episode."""
    folder = tmp_path_factory.mktemp("library")
    with Store.open(folder, create=True) as store:
        add_text(store, "Talk", "There is more to come.")
    with running_server(folder) as running:
        yield running


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible(server: RunningServer, open_page: OpenPage, scheme: str) -> None:
    page = open_page(server.address + "/", bypass_csp=True, color_scheme=scheme)
    check_accessibility(page)


def test_a_narrow_window_needs_no_scrolling_sideways(server: RunningServer, open_page: OpenPage) -> None:
    assert not is_wider_than_its_window(open_page(server.address + "/", viewport=NARROW))
