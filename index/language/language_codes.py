"""Languages as files name them -> the codes that Whisper uses."""

from __future__ import annotations

import re

_CODE = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")
_NAMES = {
    "arabic": "ar", "chinese": "zh", "dutch": "nl", "english": "en", "french": "fr", "german": "de",
    "hindi": "hi", "italian": "it", "japanese": "ja", "korean": "ko", "polish": "pl", "portuguese": "pt",
    "russian": "ru", "spanish": "es", "swedish": "sv", "turkish": "tr", "ukrainian": "uk",
}  # fmt: skip


def language_code(name: object) -> str | None:
    """``en`` from ``en``, ``en-US`` or ``English`` (OpenAI's API writes names); None for what is no language."""
    if not isinstance(name, str):
        return None
    code = _CODE.match(name.strip())
    return code[0].lower() if code else _NAMES.get(name.strip().lower())
