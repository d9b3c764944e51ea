"""Errors and ways out in the wording of the command line."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from audio.errors import correct_input
from pipeline.answers import Outcome

if TYPE_CHECKING:
    from audio.errors import AirquoteError, WayOut
    from pipeline.exported import ExportOutcome
    from pipeline.shows.subscriptions import Subscribed
    from pipeline.shows.updates.updated_episodes import UpdatedEpisode

WORDS = {
    # audio/errors.py
    "overwrite": "Name another {what}, or add --overwrite.",
    "take_partial": "Download it again, or use what is there with --partial.",
    "reinstall": "Reinstall: pip install --force-reinstall {requirement!q}",
    # index/errors.py
    "learn_syntax": "How queries are written: airquote search --syntax",
    "list_episodes": "See them all with: airquote list{library}",
    "list_episodes_or_hit": "Give the number of a hit without a time. See all episodes with: airquote list{library}",
    "list_shows": "See them all with: airquote shows{library}",
    "reindex": "Run: airquote reindex{library}",
    "make_room_and_reindex": (
        "The transcripts are safe in the library; free disk space and run: airquote reindex{library}"
    ),
    "make_room_and_resume": "What was finished is saved; free disk space and run the same command again.",
    "make_library": (
        "Create one with: airquote transcribe{library}{model} FILE_OR_FOLDER{download}"
        " (or airquote import{library} TRANSCRIPT)."
    ),
    "choose_other_library": "Name another folder with --library.",
    "update_or_choose_other_library": (
        "It was made by a newer airquote: update this one, or name another folder with --library."
    ),
    "restore_or_choose_other_library": (
        "Restore a backup with airquote restore{library} FILE, or name another folder with --library; it contains no"
        " audio files."
    ),
    "replace_library": "Name another folder with --library, or add --force, which replaces it by the backup.",
    "restore_or_transcribe_again": (
        "Restore a backup with airquote restore{library} FILE, or transcribe that episode again with --force."
    ),
    "align_text": "Text without times gets them from its recording: add --align and --audio RECORDING.",
    "name_encoding": "Name it with --encoding, such as --encoding cp1251 or --encoding gb18030.",
    "examine": "Run: airquote doctor{library}",
    # pipeline/errors.py
    "choose_model": "Choose --model {model}.",
    "name_english_or_choose_model": "Add --language en, or choose --model {model}.",
    "choose_local_model": "Available on this machine: --model {model}.",
    "choose_or_get_model": "Use one of these with --model, such as --model {model}; or get {wanted}: {get}",
    "get_model": "{get}; or pip install 'airquote[tiny]'",
    "install_other_model": "Offline, {install} provides --model {model}.",
    "use_engine": "Use it with --engine {engine}.",
    "use_engine_with_weights": "They are available for the other engine: --engine {engine}.",
    "go_on": "What was finished is saved: the same command goes on from there.",
    "choose_cpu": "Choose --device cpu, or leave --device out.",
    "name_language": (
        "Is that the language? Set --language and choose a model that knows it, or transcribe it anyway with --force."
    ),
    "transcribe_anew": "--force does it anew",
    "find_number_of_voices": "airquote voices find{library} {episode!q} --speakers {number} finds so many",
    "find_voices_between": (
        "airquote voices find{library} {episode!q} --min-speakers {fewest} --max-speakers {most} finds so many"
    ),
    "replace_recording": "To replace it, add --force.",
    "replace_transcript": "To replace its transcript, add --force.",
    "import_anew": "--force replaces its transcript; a copy with another name is a new episode",
    "name_weights": "Name them with --model {model!q}, or another model.",
    "transcribe_again": "Run the same command again.",
    "tolerate_flaws": "Correct it, or leave out --strict.",
    "use_less_memory": (
        "It may have run out of memory: try fewer --jobs or a smaller --model. What was finished is saved."
    ),
    "resume_transcription": "Resume with: airquote transcribe {source!q}{library}",
    "transcribe_download": "Transcribe it with: airquote download{library} {episode!q} --transcribe",
    "get_published": "Look for one with: airquote update{library} --transcripts both",
    "export_published": "It can be read as it is: airquote export{library} {episode!q} --publisher",
    "transcribe_beside": (
        "Transcribe its sound, and these words are kept beside: airquote download{library} {episode!q} --transcribe"
    ),
    "import_again": "Import it again with: airquote import {source!q}{library}{audio}",
    "add_recording": "Add its recording with: airquote import {source!q}{library} --audio FILE",
    "download_sound": "Download it with: airquote download{library} {episode!q}",
    "transcribe_new_sound": "Transcribe what is offered now with: airquote download{library} {episode!q} --transcribe",
    "link_again": "If it was moved, link it again with: airquote relink{library} FOLDER",
    "put_back_or_transcribe": (
        "Put the old file back, or transcribe the new one: airquote transcribe {source!q}{library}{model}{download}"
    ),
    "put_back_or_import": (
        "Put the old file back, or import the transcript with the new one:"
        " airquote import {source!q}{library}{audio} --force"
    ),
    "remove_first": "To replace it, first: airquote remove{library} {episode!q}",
    "state_language": (
        "The language of {count} is not known, so words are found in {them} only as they stand there. State it:"
        " airquote edit{library} {episode!q} --language CODE"
    ),
    "find_voices": "Tell them apart with: airquote voices find{library} {episode!q}",
    "list_voices_first": "First: airquote voices{library} EPISODE",
    "name_voices": "{told}Name a voice with: airquote voices name{library} EPISODE NUMBER NAME",
    "show_gaps": "airquote show{library} {episode!q} --gaps",
    "allow_private": "If it can be trusted, add --allow-private.",
    "name_article": "Give a file, an http(s) address, or - for stdin.",
    "subscribe_first": "First: airquote subscribe{library} FEED",
    "transcribe_first": "First: airquote transcribe{library}{model} FILE{download}",
    "search_first": "First: airquote search{library} QUERY",
    "search_otherwise": "Search for something else: airquote search{library} QUERY",
    "search_fuzzily": "There are similar hits with --fuzzy, which also matches misspelt and misrecognised words.",
    "reindex_or_search": "The next search repairs it, or run: airquote reindex{library}",
    "write_clip_or_play": (
        "Install one, or write the sound to a file with airquote clip. With mpv this would play it:\n    {command}"
    ),
    "name_one_file": "Leave --{option} out, or name one file.",
    "install_player": "Install mpv, ffplay or VLC to use play.",
}
"""The sentence of the command line for each kind of way out, with the way out's facts in braces.

``{fact!q}`` is quoted for a shell. ``{library}`` is the option that names the library: that of the way out, or else the
one of this command; empty for the default one. Beside ``{download}``, which says what would be downloaded, ``{model}``
is an option: it names a model on this machine where another would be downloaded. ``{get}`` is how to get the model
``wanted``. For other kinds the way out's own advice is printed."""

WHICH_EPISODES = correct_input("Name them, or choose them by --show, --since or --until; '*' is every episode.")
ANSWER_YES = correct_input("Look at them with --dry-run, then add --yes.")
"""Ways out that only the command line has."""

_used_library: Path | None = None


def name_library(library: Path | None) -> None:
    """Set the library that this command uses, which advice with other commands names; None when it has ended."""
    global _used_library
    _used_library = library


def quote_for_shell(text: str, windows: bool = sys.platform == "win32") -> str:
    """Return a text as one word for the shell: of POSIX, or PowerShell, which doubles a quote inside quotes."""
    quoted = shlex.quote(text)
    return "'" + text.replace("'", "''") + "'" if windows and quoted != text else quoted


class _ShellFormatter(Formatter):
    def convert_field(self, value: Any, conversion: Any) -> Any:
        return quote_for_shell(value) if conversion == "q" else super().convert_field(value, conversion)


def explain(error: AirquoteError) -> str:
    """Return the text of an error for a terminal: what happened, and what to do."""
    return "\n".join(explain_in_lines(error))


def explain_in_lines(error: AirquoteError) -> list[str]:
    """Return the lines of that text; a line break within one comes from a file name or a title."""
    advice, *more = _lines_of_way_out(error.way_out) if error.way_out else [""]
    if not error.in_lines:
        return [f"{error.message} {advice}".strip(), *more]
    return [*error.message.split("\n"), *filter(None, [advice]), *more]


def explain_way_out(way_out: WayOut) -> str:
    """Return what to do, with the commands and options that do it."""
    return "\n".join(_lines_of_way_out(way_out))


def advise(kind: str, facts: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Return the lines of WORDS for a kind of way out with these facts."""
    words, given = WORDS[kind], _words_of_facts(facts)
    if "{download}" in words:
        given |= _words_of_model(facts.get("library"))
    return [_ShellFormatter().vformat(line, (), given) for line in words.split("\n")]


def _lines_of_way_out(way_out: WayOut) -> list[str]:
    return advise(way_out.kind, way_out.facts) if way_out.kind in WORDS else [way_out.advice]


def explain_outcome(outcome: Outcome | ExportOutcome | Subscribed | UpdatedEpisode) -> str | None:
    """Return why a source of a batch was skipped or failed, or a remark on it; None without either."""
    if outcome.error:
        return explain(outcome.error)
    advice: WayOut | None = getattr(outcome, "advice", None)
    between = " " if (outcome.reason or "").endswith(".") else "; "
    return f"{outcome.reason}{between}{explain_way_out(advice)}" if advice else outcome.reason


def how_to_get(model: str, install: str | None) -> str:
    """Return how to get a model: by the command ``install``, else by using it."""
    return install or f"airquote transcribe --model {model} downloads it"


def _words_of_facts(facts: Mapping[str, str]) -> dict[str, str]:
    words = dict(facts)
    library = facts.get("library", _used_library)
    words["library"] = _library_option(library) if library else ""
    if facts.get("audio"):
        words["audio"] = f" --audio {quote_for_shell(facts['audio'])}"
    if "wanted" in facts:
        words["get"] = how_to_get(facts["wanted"], facts["install"])
    return words


def _words_of_model(library: str | None) -> dict[str, str]:
    from pipeline.library import model_to_name
    from pipeline.settings import load_settings

    model = model_to_name(Path(library) if library else _used_library or load_settings({}).library)
    return {
        "model": f" --model {model.name}" if model and model.place else "",
        "download": "" if model is None or model.place else f" (which downloads {model.megabytes} MB first)",
    }


def _library_option(library: str | Path) -> str:
    from pipeline.settings import load_settings

    default = load_settings({}).library
    return "" if Path(library) == default else f" --library {quote_for_shell(str(library))}"
