"""Draw the picture of the page for the README: docs/page.png, of the sample interview as tiny.en hears it.

PYTHONPATH=.:tests python tests/page_picture.py
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.engines.choose import EngineSpec
from playwright.sync_api import sync_playwright
from web_pages import CHROMIUM, FLAGS
from web_server import running_server

from pipeline.library import Library
from pipeline.transcription.options import TranscriptionOptions

ROOT = Path(__file__).resolve().parent.parent
SAMPLE, PICTURE = ROOT / "tests" / "data" / "interview.mp3", ROOT / "docs" / "page.png"
WINDOW = {"width": 1200, "height": 760}
ASKED = "?q=roof"


def draw_picture(target: Path) -> None:
    """Transcribe the sample, search it on the page, open the best hit, and keep what the window shows."""
    with TemporaryDirectory() as folder:
        directory = Path(folder, "library")
        with Library.open(directory, create=True) as library:
            library.transcribe([SAMPLE], TranscriptionOptions(EngineSpec(model="tiny.en")))
        with running_server(directory) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which(CHROMIUM), args=FLAGS)
            page = browser.new_page(viewport=WINDOW, color_scheme="light")
            page.goto(f"{server.address}/{ASKED}")
            page.locator("#hits a").first.click()
            page.locator("[data-word]").first.wait_for()
            page.screenshot(path=target)
            browser.close()


if __name__ == "__main__":
    draw_picture(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
