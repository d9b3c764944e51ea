"""Check where the evidence of verified articles may be written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from audio.atomic_write import check_new_file, check_parent, raise_output_error
from audio.errors import UsageError, choose_other_file, correct_input
from index.storage.store import Store
from pipeline.answers import ArticleSource
from pipeline.hearing.recordings import check_target, real_path


def check_targets(
    store: Store,
    articles: Iterable[ArticleSource],
    report: str | Path | None,
    clips: str | Path | None,
    overwrite: bool,
) -> None:
    """Raise UsageError for a report or a folder of clips, where there is one, that could not be written."""
    if report is not None:
        files = [article for article in articles if isinstance(article, (str, Path))]
        check_report(store, Path(report), files, overwrite)
    if clips is not None:
        check_clip_folder(store, Path(clips))


def check_report(store: Store, report: Path, articles: Iterable[str | Path], overwrite: bool) -> None:
    """Raise UsageError for a report that is a recording, a file of the library, one of the articles or a folder.

    Also for one in a missing folder and, unless ``overwrite``, for one that exists.
    """
    check_target(store, report)
    if any(real_path(article) == real_path(report) for article in articles):
        raise UsageError(
            f"{report} is the article itself.", choose_other_file("Name another file for the report."), where=report
        )
    check_new_file(report, overwrite)


def check_clip_folder(store: Store, folder: Path) -> None:
    """Raise UsageError for a folder of clips that is a file, lies in the library, or in a missing folder."""
    check_target(store, folder)
    with raise_output_error(folder):
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} is not a folder.", correct_input("Name a folder for the clips."), where=folder)
        check_parent(folder)


def check_clips(store: Store, clips: Iterable[Path], overwrite: bool) -> None:
    """Raise UsageError for a clip that is a recording or a folder or, unless ``overwrite``, exists."""
    for clip in clips:
        check_target(store, clip)
        check_new_file(clip, overwrite, "folder")
