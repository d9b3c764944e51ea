"""Ask the sound where a quotation and the transcript differ: which of the two texts does it fit?

Both are scored under the model by teacher forcing, on the same few seconds (docs/listening.md). A verdict on words
that differ becomes "verbatim" if the sound fits the quoted ones better, and "cannot tell" if it fits both.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from audio.clip import read_samples
from audio.errors import MediaError, UsageError
from audio.samples import SAMPLE_RATE, WINDOW_SAMPLES
from index.fulltext.maintenance import OpenIndex
from index.storage.transcript_reader import TranscriptFacts
from index.verification.judging import CLEANED, MARKED, Sound, Verdict, judge_match, rate_verdict
from index.verification.locate import Match
from index.verification.significance import PlacePrior, WordRarity
from pipeline.articles.selection import Selection
from pipeline.engines.base import Engine, TextScore
from pipeline.errors import ModelError
from pipeline.hearing.recordings import find_recording
from pipeline.progress import ProgressCallback, ignore_progress
from pipeline.verification.checks import JudgedCallback, verify_articles
from pipeline.verification.hypotheses import (
    CONTEXT_WORDS,
    NARROW_WORDS,
    DifferingWords,
    find_differing_words,
    make_hypotheses,
)
from pipeline.verification.results import CheckedArticle, Listening
from pipeline.verification.scope import Scope

_log = logging.getLogger("airquote.listening")

MOST_SECONDS, SECONDS_A_QUOTATION = 25.0, 1.25
"""The time to listen, in seconds: so much, and for more than twenty quotations so much for each.

Nothing is begun after it; what is under way then takes seconds at most, so that twenty quotations take 30 s at most.
"""

MOST_RUNS = 5
"""Runs of differing words that are asked about in one quotation; with more, another sentence was said."""

MOST_WORDS = 12
"""Words of a run, recognised or quoted."""

SURE_PLACE = 0.5
"""Least similarity of a place whose sound is asked: at least half of the quotation was recognised there."""

SILENCE = np.zeros(3 * SAMPLE_RATE, np.float32)
"""What the model expects to be said is measured on silence."""

SAME_TOKEN = 0.05
"""Difference of two log-probabilities of one token in the same place, by rounding; more is another token."""

FITS, FAR, GRAVE = 0.0, 5.5, 3.0
"""Bounds in nats, and what negations and numbers are held to more strictly, because they turn what was said.

Chosen with tiny.en on made speech (docs/listening.md). Without GRAVE a turned negation is as near as a misheard name.
"""


@dataclass(frozen=True, slots=True)
class Fit:
    """How the recognised and the quoted words fit the same sound.

    ``margin`` is the log-probability of the recognised text minus that of the quoted one with CONTEXT_WORDS on each
    side, ``narrow`` the same with NARROW_WORDS. ``bias`` is the margin on silence: what the model expects whatever is
    said. ``recognised`` and ``quoted`` are the log-probabilities of the first token in which the two texts differ.
    ``grave``: a negation or a number differs.
    """

    margin: float
    narrow: float
    bias: float
    recognised: float
    quoted: float
    grave: bool

    @property
    def margins(self) -> tuple[float, float]:
        """How much better the recognised words fit, in nats: in the whole text, and in the first differing token.

        Of grave words both are raised by GRAVE.
        """
        raised = GRAVE if self.grave else 0.0
        return (self.margin + self.narrow) / 2 + raised, self.recognised - self.quoted + raised

    @property
    def sound(self) -> Sound:
        """Which words fit: those quoted if they win on the whole, those recognised if they win clearly by both."""
        if sum(self.margins) < FITS:
            return "fits quotation"
        return "fits transcript" if min(self.margins) >= FAR else "undecided"


@dataclass(frozen=True, slots=True)
class Examination:
    """The place whose sound was asked, its runs of differing words, and how each fits."""

    match: Match
    runs: tuple[DifferingWords, ...]
    fits: tuple[Fit, ...]

    @property
    def sound(self) -> Sound:
        """Which text fits: the quotation if all its runs do, the transcript if one of its does."""
        return join_sounds([fit.sound for fit in self.fits])


def join_sounds(sounds: Sequence[Sound]) -> Sound:
    """Return what the sound says of a quotation from what it says of its runs."""
    ranks: tuple[Sound, ...] = ("fits transcript", "undecided", "fits quotation")
    return min(sounds, key=ranks.index)


def compare_scores(
    run: DifferingWords, wide: Sequence[TextScore], narrow: Sequence[TextScore], silent: Sequence[TextScore]
) -> Fit:
    """Compare the scores of the texts of a run, the recognised one first, on two windows and on silence."""
    best = max(range(1, len(wide)), key=lambda number: wide[number].total)
    recognised, quoted = wide[0].log_probabilities, wide[best].log_probabilities
    pairs = zip(recognised, quoted, strict=False)
    first, other = next(((one, two) for one, two in pairs if abs(one - two) > SAME_TOKEN), (0.0, 0.0))
    margin, closer = (scores[0].total - max(score.total for score in scores[1:]) for scores in (wide, narrow))
    return Fit(margin, closer, silent[0].total - silent[best].total, first, other, run.grave)


class Listener:
    """Asks the sound about verdicts, within a bounded time; models and recordings are opened when first needed."""

    def __init__(
        self,
        index: OpenIndex,
        load: Callable[[TranscriptFacts], Engine],
        quotations: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``load`` returns the model to ask about a transcript, or raises ModelError. ``quotations`` is the number of
        verdicts that will be asked about."""
        self._index, self._load, self._clock = index, load, clock
        self.seconds = max(MOST_SECONDS, SECONDS_A_QUOTATION * quotations)
        self._files: dict[str, Path | MediaError] = {}
        self._spent = 0.0
        self._models: set[str] = set()
        self._asked = 0
        self._not_asked: Counter[str] = Counter()

    @property
    def report(self) -> Listening:
        """What was asked, with which models, and what was not, by reason."""
        return Listening(
            tuple(sorted(self._models)), self._asked, round(self._spent, 1), tuple(self._not_asked.most_common())
        )

    def ask(self, verdict: Verdict) -> Verdict:
        """Return the verdict after asking the sound; unchanged if no words differ or the sound cannot be asked."""
        examined = self.examine(verdict)
        return self._judge(verdict, examined) if examined else verdict

    def examine(self, verdict: Verdict) -> Examination | None:
        """Return what the sound says of the words that differ; None if there are none or it cannot be asked."""
        match = _place_to_hear(verdict)
        runs = _runs_to_hear(match) if match else ()
        if match is None or not runs:
            return None
        if self._spent >= self.seconds:
            self._not_asked["the time for listening was over"] += 1
            return None
        began = self._clock()
        try:
            fits = self._hear(match, runs)
        except (MediaError, ModelError, UsageError) as error:
            _log.info("not asked: %s", error)
            self._not_asked[error.message] += 1
            return None
        finally:
            self._spent += self._clock() - began
        self._asked += 1
        return Examination(match, runs, fits)

    def _hear(self, match: Match, runs: Sequence[DifferingWords]) -> tuple[Fit, ...]:
        store = self._index.store
        facts = store.facts(match.episode.id)
        if facts is None:
            raise MediaError(f"The transcript of {match.episode.id} is gone.", where=match.episode.id)
        file = self._file(match)
        engine = self._load(facts)
        self._models.add(engine.model)
        offset = max(0, runs[0].first - CONTEXT_WORDS)
        words = store.words(match.transcript, offset, runs[-1].stop + CONTEXT_WORDS)
        wide, narrow = (
            [make_hypotheses(run, words, offset, context) for run in runs] for context in (CONTEXT_WORDS, NARROW_WORDS)
        )
        sound = self._index.store.sound(match.episode.id)
        windows = [
            *(read_samples(file, one.span, sound)[:WINDOW_SAMPLES] for one in (*wide, *narrow)),
            *([SILENCE] * len(runs)),
        ]
        texts = [one.texts for one in (*wide, *narrow, *wide)]
        scores = engine.score_texts(windows, texts, facts.language or "en")
        parts = (scores[part * len(runs) : (part + 1) * len(runs)] for part in range(3))
        return tuple(compare_scores(*of_run) for of_run in zip(runs, *parts, strict=True))

    def _file(self, match: Match) -> Path:
        episode = match.episode
        if episode.id not in self._files:
            try:
                self._files[episode.id] = find_recording(episode, self._index.store.directory)
            except MediaError as error:
                self._files[episode.id] = error
        known = self._files[episode.id]
        if isinstance(known, MediaError):
            raise known
        return known

    def _judge(self, verdict: Verdict, examined: Examination) -> Verdict:
        """Return the verdict that follows from how the runs fit: all must fit for the quotation to fit."""
        match, runs, sound = examined.match, examined.runs, examined.sound
        recognised, quoted = _name_texts(
            [run for run, fit in zip(runs, examined.fits, strict=True) if fit.sound == sound]
        )
        if sound == "fits transcript":
            reason = f"{verdict.reason} The sound was asked: it fits {recognised}, recognised, not {quoted}, quoted."
            return replace(verdict, reason=reason, sound=sound)
        if sound == "undecided":
            reason = (
                f"Perhaps said there: the sound was asked, and may be {quoted}, quoted, or {recognised}, recognised."
            )
            untold = replace(verdict, kind="cannot tell", parts=(match,), reason=reason, closest=None, sound=sound)
            return self._rate(untold, match)
        heard = self._judge_as_quoted(verdict, match, runs)
        reason = f"{heard.reason} The sound was asked: it fits {quoted}, quoted, better than {recognised}, recognised."
        judged = replace(verdict, kind=heard.kind, parts=(match,), confidence=heard.confidence, closest=None)
        return replace(judged, reason=reason, sound=sound)

    def _rate(self, verdict: Verdict, match: Match) -> Verdict:
        """Return the verdict with its confidence, now that its place is taken for sure."""
        return rate_verdict(verdict, (match,), PlacePrior(self._index, {match.transcript}), self._index.store)

    def _judge_as_quoted(self, verdict: Verdict, match: Match, runs: Sequence[DifferingWords]) -> Verdict:
        """Return the verdict if the quoted words had been recognised in the place of those that differ."""
        edits = match.edits
        for run in reversed(runs):
            edits = (*edits[: run.edits.start], *run.as_quoted, *edits[run.edits.stop :])
        rarity = WordRarity(self._index)
        facts = self._index.store.facts(match.episode.id)
        evidence = rarity.weigh_edits(edits, facts.language if facts else None)
        heard = replace(match, edits=edits, similarity=1.0, evidence=evidence)
        prior = PlacePrior(self._index, {match.transcript})
        return self._rate(judge_match(verdict.quotation, heard, prior, self._index.store), heard)


def verify_by_sound(
    selected: Sequence[Selection],
    index: OpenIndex,
    scope: Scope,
    context: int,
    load: Callable[[TranscriptFacts], Engine],
    progress: ProgressCallback = ignore_progress,
    told: JudgedCallback | None = None,
) -> tuple[list[CheckedArticle], Listening]:
    """Judge the quotations of articles as ``verify_articles`` does, and ask the sound where words differ."""
    listener = Listener(index, load, sum(len(one.quotations) for one in selected))
    return verify_articles(selected, index, scope, context, listener.ask, progress, told), listener.report


def _place_to_hear(verdict: Verdict) -> Match | None:
    """Return the one place whose words differ from the quotation, if it is sure enough to ask its sound."""
    if verdict.kind == "not found":
        match = verdict.closest
    elif verdict.kind in ("altered", "paraphrase", "cannot tell") and len(verdict.parts) == 1:
        match = verdict.parts[0]
    else:
        match = None
    return match if match is not None and match.similarity >= SURE_PLACE else None


def _runs_to_hear(match: Match) -> tuple[DifferingWords, ...]:
    """Return the runs of differences that count, or of small words if there are no others; none if too many."""
    runs = find_differing_words(match.edits, match.first, CLEANED)
    runs = runs or find_differing_words(match.edits, match.first, MARKED)
    return tuple(runs) if len(runs) <= MOST_RUNS and all(run.longest <= MOST_WORDS for run in runs) else ()


def _name_texts(runs: Sequence[DifferingWords]) -> tuple[str, str]:
    """Return the words recognised and those quoted, for a reason."""
    recognised = [f"“{run.recognised}”" if run.recognised else "no word" for run in runs]
    quoted = [f"“{run.quoted}”" if run.quoted else "no word" for run in runs]
    return ", ".join(recognised), ", ".join(quoted)
