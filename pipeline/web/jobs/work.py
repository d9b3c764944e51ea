"""What a job does: one call of the facade, and what came of it in words for the page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from audio.errors import AirquoteError
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.jobs.job import NO_RESULT, JobRequest, JobResult, JobState
from pipeline.library import Library
from pipeline.settings import load_settings
from pipeline.shows.show_choices import ShowChoices
from pipeline.uploads.upload_folders import find_upload

if TYPE_CHECKING:
    from pipeline.answers import Outcome
    from pipeline.shows.updates.updated_episodes import UpdatedEpisode

    AnyOutcome = Outcome | UpdatedEpisode

_NAMED_FAILURES = 3
"""The most episodes of one job whose failures are told."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of one part of a job."""

    failed: bool
    episode: str | None
    reason: str | None
    advice: str | None


class _NamedBytes(BytesIO):
    """The content of a file, called by its name alone: the library does not keep its path."""

    def __init__(self, file: Path) -> None:
        super().__init__(file.read_bytes())
        self.name = file.name


def do_job(
    library: Library, request: JobRequest, stopped: Callable[[], bool], *, allow_private: bool
) -> tuple[JobState, JobResult]:
    """Do a job, and return how it ended and what came of it. ``stopped`` is asked whether to end before that."""
    try:
        told = [_tell(outcome) for outcome in _call(library, request, stopped, allow_private)]
    except AirquoteError as error:
        told = [_Told(True, None, *explain(error))]
    if stopped() and not (told and request.upload):
        return "stopped", NO_RESULT
    state, result = _sum_up(told)
    return state, _hide_folders(result, library.directory, request)


def explain(error: AirquoteError) -> tuple[str, str | None]:
    """Return what happened, and what can be done, in words for a page."""
    return error.message, error.way_out.advice if error.way_out else None


def _call(
    library: Library, request: JobRequest, stopped: Callable[[], bool], allow_private: bool
) -> Sequence[AnyOutcome]:
    settings = load_settings({"language": request.language})
    options = settings.transcription_options(partial=False, force=False)
    dates = (request.date,) if request.date else ()
    match request.kind:
        case "transcribe":
            return library.transcribe(
                [find_upload(library.directory, *request.targets)], options,
                show=request.show, title=request.title, date=dates, stopped=stopped,
            )  # fmt: skip
        case "import":
            return library.import_transcripts(
                [_NamedBytes(find_upload(library.directory, *request.targets))],
                language=request.language, show=request.show, title=request.title, date=dates,
            )  # fmt: skip
        case "fetch":
            return library.transcribe(
                request.targets, options, show=request.show, title=request.title, date=dates,
                choices=ShowChoices(request.latest), allow_private=allow_private, origin="server", stopped=stopped,
            )  # fmt: skip
        case "update":
            return library.update(request.targets, options=options, allow_private=allow_private, stopped=stopped)
        case "download":
            selection = EpisodeSelection(request.targets)
            return library.download(selection, options, transcribe=True, allow_private=allow_private, stopped=stopped)
        case "voices":
            return library.find_voices(
                EpisodeSelection(request.targets), speakers=settings.speakers, min_speakers=settings.min_speakers,
                max_speakers=settings.max_speakers, accept_above=settings.accept_above, stopped=stopped,
            )  # fmt: skip


def _tell(outcome: AnyOutcome) -> _Told:
    """Return what is told of one outcome: one that was skipped without an episode has failed for now."""
    episode: str | None = getattr(outcome, "episode", None)
    failed = outcome.status == "failed" or (outcome.status == "skipped" and episode is None)
    if outcome.error is not None:
        return _Told(failed, episode, *explain(outcome.error))
    advice = getattr(outcome, "advice", None)
    return _Told(failed, episode, outcome.reason, advice.advice if advice else None)


def _sum_up(told: Sequence[_Told]) -> tuple[JobState, JobResult]:
    episodes = tuple(dict.fromkeys(one.episode for one in told if one.episode is not None and not one.failed))
    failures = [one for one in told if one.failed]
    shown = failures or (told if len(told) == 1 else [])
    reasons = [one.reason for one in shown if one.reason]
    if len(reasons) > _NAMED_FAILURES:
        reasons[_NAMED_FAILURES:] = [f"And {len(reasons) - _NAMED_FAILURES} more."]
    advice = next((one.advice for one in shown if one.advice), None)
    return "failed" if failures else "done", JobResult(episodes, " ".join(reasons) or None, advice)


def _hide_folders(result: JobResult, library: Path, request: JobRequest) -> JobResult:
    """Leave out of texts where the library lies on this machine: who reads the page may sit at another."""
    return JobResult(result.episodes, *(_shorten(text, library, request) for text in (result.reason, result.advice)))


def _shorten(text: str | None, library: Path, request: JobRequest) -> str | None:
    for folder in _folders(library, request) if text is not None else ():
        text = (text or "").replace(f"{folder}{os.sep}", "")
    return text


def _folders(library: Path, request: JobRequest) -> Iterator[Path]:
    if request.upload is not None:
        yield library / "media" / request.upload
    yield library
