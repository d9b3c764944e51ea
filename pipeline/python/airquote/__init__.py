"""Find where on air something was said, and hear it, from Python.

A library directory contains transcripts, their index and references to the recordings. ``Library.open`` opens one. Its
methods return the value types below, with times in seconds, and raise an ``AirquoteError`` on failure. It logs to the
logger ``airquote``, and reports progress to the callback that ``Library.open`` is given, if any.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from audio.errors import (
    AirquoteError,
    InputError,
    MachineError,
    MediaError,
    MediaMovedError,
    OutputError,
    PlayerError,
    TimeError,
    TruncatedMediaError,
    UsageError,
    WayOut,
)
from audio.recording.chapters import Chapter
from audio.timecode import Span, format_time, parse_time
from audio.voices.voice_count import VoiceCount
from index.errors import EpisodeError, LibraryError, QueryError, TranscriptFileError
from index.notes import Person
from index.query.periods import Period
from index.transcript import Episode, Flaw, State, Timing, WordsFrom
from pipeline.answers import (
    ArticleAddress,
    ArticleSource,
    ArticleStream,
    ClipFile,
    EpisodeSentences,
    FacetCounts,
    FacetValue,
    Finding,
    FoundStatement,
    HitCount,
    ListedArticles,
    ListedEpisode,
    ListedQuotation,
    ModelListing,
    Moment,
    Outcome,
    Place,
    Placed,
    Played,
    Removed,
    SearchAnswer,
    SearchOptions,
    ShownSentence,
    SpokenWord,
    TimedText,
    TimedWord,
)
from pipeline.backups.backup_values import Backup, Restored
from pipeline.citing.citations import Citable, Citation
from pipeline.citing.styles import format_citation
from pipeline.descriptions.episode_descriptions import DescribedEpisodes, EpisodeDescription, NumberedPlace
from pipeline.episodes.chosen_episodes import EpisodeSelection
from pipeline.episodes.episode_changes import (
    EditedEpisode,
    EpisodeChanges,
    FieldChange,
    Relinked,
    RelinkedEpisode,
    Whereabouts,
)
from pipeline.episodes.word_corrections import WordCorrection
from pipeline.errors import ArticleError, ClusterError, LanguageError, ModelError, SoundNotHereError
from pipeline.exported import Exported, ExportOutcome
from pipeline.imported.comparison import Comparison, ReadingDifference, ReadingKind
from pipeline.imported.word_origin import WordOrigin
from pipeline.library import Library, list_models, list_quotations, syntax_page
from pipeline.progress import (
    BatchStarted,
    DownloadAdvanced,
    FeedRemarked,
    FeedsAdvanced,
    FeedsLeftOut,
    FileAdvanced,
    FileArrived,
    FileClosed,
    FileScanned,
    FilesCompared,
    FilesLeftOut,
    FileStarted,
    IndexAdvanced,
    IndexReplaced,
    LibraryChecked,
    LibraryCopied,
    ModelChosen,
    ModelDownloading,
    ProgressCallback,
    ProgressEvent,
    QuotationsAdvanced,
    RepeatsAdvanced,
    SiteAdvanced,
    SoundFolderLinked,
    SpeakersNotTold,
    UpdatePlanned,
    VoicesAdvanced,
    WorkerJoined,
    WorkerLeft,
)
from pipeline.reading.episode_transcript import (
    EpisodeSpeaker,
    EpisodeTranscript,
    RecurringPassage,
    SentenceColumns,
    SoundPlace,
    TitledSpan,
    WordColumns,
)
from pipeline.reading.selected_words import SelectedWords
from pipeline.shows.show_choices import ShowChoices, WantedTranscripts
from pipeline.shows.subscriptions import (
    ExportedFeeds,
    ListedItem,
    ListedShow,
    Refreshed,
    RefreshStatus,
    Subscribed,
    Unsubscribed,
)
from pipeline.shows.updates.updated_episodes import UpdatedEpisode, UpdateStatus
from pipeline.site.site_files import PublishedSite, SiteEpisode, SiteFile, SiteOptions
from pipeline.transcription.glossary import Glossary, GlossaryName, read_glossary
from pipeline.transcription.options import EngineSpec, TranscriptionOptions
from pipeline.trends.trend import Trend, TrendPoint
from pipeline.verification.results import (
    ArticleRead,
    CheckedArticle,
    CheckedQuotation,
    FoundPlace,
    Listening,
    LocatedStatement,
    QuotationJudged,
    RecognisedWord,
    SpokenEdit,
    VerifiedArticles,
)
from pipeline.voices.spoken_voices import EpisodeVoice, LibraryVoice, NameEvidence, ProfileState, VoiceChange

_LOADED_WHEN_NAMED = {
    "Article": "pipeline.articles.article",
    "Clip": "audio.clip",
    "ConfidenceWord": "index.verification.confidence",
    "Difference": "index.verification.edits",
    "EpisodeHits": "pipeline.reading.episode_hits",
    "HitWords": "pipeline.reading.episode_hits",
    "Edit": "index.verification.edits",
    "Origin": "pipeline.network.addresses",
    "PassedOver": "index.quotations.extraction",
    "Quotation": "index.quotations.extraction",
    "Repeats": "index.search.searcher",
    "Sort": "index.search.searcher",
    "Sound": "index.verification.verdicts",
    "VerdictKind": "index.verification.verdicts",
    "WavFile": "audio.seeking.wav_file",
    "WholeSound": "pipeline.hearing.episode_sound",
}
"""Values whose modules take longer to load than the rest: PyAV, search, alignment, patterns of languages, networks."""

if TYPE_CHECKING:
    from audio.clip import Clip
    from audio.seeking.wav_file import WavFile
    from index.quotations.extraction import PassedOver, Quotation
    from index.search.searcher import Repeats, Sort
    from index.verification.confidence import ConfidenceWord
    from index.verification.edits import Difference, Edit
    from index.verification.verdicts import Sound, VerdictKind
    from pipeline.articles.article import Article
    from pipeline.hearing.episode_sound import WholeSound
    from pipeline.network.addresses import Origin
    from pipeline.reading.episode_hits import EpisodeHits, HitWords
else:  # a type checker takes a module with __getattr__ for one that has every name

    def __getattr__(name: str) -> Any:
        if name not in _LOADED_WHEN_NAMED:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_LOADED_WHEN_NAMED[name]), name)


__all__ = [
    "AirquoteError",
    "Article",
    "ArticleAddress",
    "ArticleError",
    "ArticleRead",
    "ArticleSource",
    "ArticleStream",
    "Backup",
    "BatchStarted",
    "Chapter",
    "CheckedArticle",
    "CheckedQuotation",
    "Citable",
    "Citation",
    "Clip",
    "ClipFile",
    "ClusterError",
    "Comparison",
    "ConfidenceWord",
    "DescribedEpisodes",
    "Difference",
    "DownloadAdvanced",
    "Edit",
    "EditedEpisode",
    "EngineSpec",
    "Episode",
    "EpisodeChanges",
    "EpisodeDescription",
    "EpisodeError",
    "EpisodeHits",
    "EpisodeSelection",
    "EpisodeSentences",
    "EpisodeSpeaker",
    "EpisodeTranscript",
    "EpisodeVoice",
    "ExportOutcome",
    "Exported",
    "ExportedFeeds",
    "FacetCounts",
    "FacetValue",
    "FeedRemarked",
    "FeedsAdvanced",
    "FeedsLeftOut",
    "FieldChange",
    "FileAdvanced",
    "FileArrived",
    "FileClosed",
    "FileScanned",
    "FileStarted",
    "FilesCompared",
    "FilesLeftOut",
    "Finding",
    "Flaw",
    "FoundPlace",
    "FoundStatement",
    "Glossary",
    "GlossaryName",
    "HitCount",
    "HitWords",
    "IndexAdvanced",
    "IndexReplaced",
    "InputError",
    "LanguageError",
    "Library",
    "LibraryChecked",
    "LibraryCopied",
    "LibraryError",
    "LibraryVoice",
    "ListedArticles",
    "ListedEpisode",
    "ListedItem",
    "ListedQuotation",
    "ListedShow",
    "Listening",
    "LocatedStatement",
    "MachineError",
    "MediaError",
    "MediaMovedError",
    "ModelChosen",
    "ModelDownloading",
    "ModelError",
    "ModelListing",
    "Moment",
    "NameEvidence",
    "NumberedPlace",
    "Origin",
    "Outcome",
    "OutputError",
    "PassedOver",
    "Period",
    "Person",
    "Place",
    "Placed",
    "Played",
    "PlayerError",
    "ProfileState",
    "ProgressCallback",
    "ProgressEvent",
    "PublishedSite",
    "QueryError",
    "Quotation",
    "QuotationJudged",
    "QuotationsAdvanced",
    "ReadingDifference",
    "ReadingKind",
    "RecognisedWord",
    "RecurringPassage",
    "RefreshStatus",
    "Refreshed",
    "Relinked",
    "RelinkedEpisode",
    "Removed",
    "Repeats",
    "RepeatsAdvanced",
    "Restored",
    "SearchAnswer",
    "SearchOptions",
    "SelectedWords",
    "SentenceColumns",
    "ShowChoices",
    "ShownSentence",
    "SiteAdvanced",
    "SiteEpisode",
    "SiteFile",
    "SiteOptions",
    "Sort",
    "Sound",
    "SoundFolderLinked",
    "SoundNotHereError",
    "SoundPlace",
    "Span",
    "SpeakersNotTold",
    "SpokenEdit",
    "SpokenWord",
    "State",
    "Subscribed",
    "TimeError",
    "TimedText",
    "TimedWord",
    "Timing",
    "TitledSpan",
    "TranscriptFileError",
    "TranscriptionOptions",
    "Trend",
    "TrendPoint",
    "TruncatedMediaError",
    "Unsubscribed",
    "UpdatePlanned",
    "UpdateStatus",
    "UpdatedEpisode",
    "UsageError",
    "VerdictKind",
    "VerifiedArticles",
    "VoiceChange",
    "VoiceCount",
    "VoicesAdvanced",
    "WantedTranscripts",
    "WavFile",
    "WayOut",
    "Whereabouts",
    "WholeSound",
    "WordColumns",
    "WordCorrection",
    "WordOrigin",
    "WordsFrom",
    "WorkerJoined",
    "WorkerLeft",
    "format_citation",
    "format_time",
    "list_models",
    "list_quotations",
    "parse_time",
    "read_glossary",
    "syntax_page",
]
