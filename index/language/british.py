"""British spellings of English words, as American ones."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

_STEM = re.compile(r"(arm|behavi|col|endeav|fav|flav|harb|hon|hum|lab|neighb|rum|vap)our")
"""Within compounds, which lists do not have: colourblind."""
_DIRECTION_TEXT = "towards afterwards backwards forwards upwards downwards inwards outwards onwards"
_DIRECTIONS = frozenset(_DIRECTION_TEXT.split())
_OTHERS = {
    "ok": "okay", "donut": "doughnut", "donuts": "doughnuts", "whisky": "whiskey", "skilful": "skillful",
    "thru": "through", "tho": "though",
}  # fmt: skip
"""What is written in two ways everywhere."""


@lru_cache(maxsize=100_000)
def usual_spelling(token: str) -> str:
    """Return the American spelling of a token: colour -> color, organise -> organize."""
    if token in _DIRECTIONS:
        return token[:-1]
    listed = _OTHERS.get(token) or _british_to_american().get(token)
    if listed:
        return listed
    token = _STEM.sub(r"\1or", token)
    return re.sub(r"(?<=[a-z]{3})is(e|ed|es|er|ers|ing|ation|ations)$", r"iz\1", token) if len(token) > 5 else token


@lru_cache(maxsize=1)
def _british_to_american() -> dict[str, str]:
    # The list of openai-whisper's normalizer (Radford et al. 2022, appendix C). The package is located, not imported,
    # since that would load PyTorch.
    package = find_spec("whisper")
    if package is None or not package.submodule_search_locations:
        return {}
    file = Path(package.submodule_search_locations[0], "normalizers", "english.json")
    if not file.is_file():
        return {}
    words: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return words
