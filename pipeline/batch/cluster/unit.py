"""Units of work for the workers of a cluster, and what the workers tell of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.batch.running.executor import Work

EngineSettings = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class FileUnit:
    """A part of the work on one file: all of it, some of its groups, or its voices."""

    key: str
    work: Work


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """What a worker is: the ``host`` that it runs on, its airquote's ``version``, its engine with its ``settings`` and
    ``threads`` on a CPU, and whether it can find voices. ``lacks`` says why it cannot work; ``needs_weights`` is
    whether weights would help."""

    host: str
    version: str | None
    engine: str = ""
    model: str = ""
    device: str = ""
    threads: int = 0
    settings: EngineSettings | None = None
    voices: bool = False
    lacks: str | None = None
    needs_weights: bool = False

    def describe(self) -> str:
        """The worker in words: tiny.en, faster-whisper, CPU int8, 2 threads."""
        precision = f" {self.settings['compute_type']}" if self.settings and "compute_type" in self.settings else ""
        device = "GPU" if self.device == "cuda" else self.device.upper()
        threads = [f"{self.threads} {'thread' if self.threads == 1 else 'threads'}"] if self.device == "cpu" else []
        return ", ".join([self.model, self.engine, f"{device}{precision}", *threads])
