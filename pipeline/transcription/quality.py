"""Quality checks for the text of a window: hallucinations, repetition loops, gaps; each threshold with its source.

Nothing here decodes or changes a text. The checks look at the text, at what the engine reports with it, and at the
speech in the window: spans in seconds from the window's start, found by voice activity detection.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from audio.timecode import Span, join_near
from index.language.tokens import fold_words
from index.transcript import Word
from pipeline.engines.base import WindowText

VERSION = 6
"""Part of a transcript's settings. Increment it with every change that can change a transcript: drafts that were made
by other rules are then discarded."""

Check = Literal[
    "compression ratio",
    "log-probability",
    "no speech",
    "ends early",
    "uncovered speech",
    "too fast",
    "repetition loop",
    "stock phrase",
    "gap",
    "repetition",
]
# Good texts fail these too, where people laugh or say a thing twice: such a window is decoded once more with a wider
# beam, but not sampled. In 21 minutes of telephone prompts five windows repeated sentences, all of them truly.
WEAK_CHECKS: frozenset[Check] = frozenset({"gap", "repetition", "compression ratio"})

# Whisper's own (Radford et al. 2022, section 4.5; openai-whisper, transcribe.py).
COMPRESSION_RATIO_THRESHOLD = 2.4
LOG_PROBABILITY_THRESHOLD = -1.0
NO_SPEECH_THRESHOLD = 0.6
# If most of a file's first windows are below this, they are in another language than assumed; chosen, not measured:
# good speech lies at -0.1 to -0.5.
WRONG_LANGUAGE_LOG_PROBABILITY = -1.2
WRONG_LANGUAGE_WINDOWS = 3  # at least: one or two may be a song or a crowd

# Seconds of speech; chosen so that the breath after a finished sentence passes.
MOST_SPEECH_AFTER_TEXT = 2.0
MOST_UNCOVERED_SHARE = 0.25  # of the speech in a window: above it the whole window is decoded again, not the gaps alone
SHORTEST_GAP = 0.8  # of speech without words: shorter is a laugh, an "mm", a breath
WORD_REACH = 0.2  # a word covers so much speech before and after it: its times and the detector's differ
SMALL_PAUSE = 0.3  # a pause up to this long does not end a span of speech
# The longest speech that a word covers: attention stretches the word next to a deletion over it. Measured on an hour of
# an interview (tiny.en): a "goat?" of 1.8 s stood for a whole sentence. In five hours of it the longest word that stood
# for nothing else was 0.7 s longer, "1958", and "there", 1.2 s longer, stood for two sentences.
LONGEST_SPOKEN, LONGEST_LETTER = 0.4, 0.1  # seconds, and so many more for each letter

# Measured with tiny.en on ten windows of a reading: at most 4.6 words a second over ten words. Twice as fast is
# faster than any speech.
FAST_WORDS, FASTEST = 10, 10.0  # words in a row, words a second

# A phrase that is repeated at once: a long one counts from its first repetition, a short one if it occurs more often.
LONG_PHRASE = 8  # words
MOST_OCCURRENCES = 5
LONGEST_LOOP = 40  # words of one phrase
# A repetition is plausible if it takes its time and the model is sure of it. Relative to the first occurrence:
LEAST_DURATION_SHARE = 0.5
LEAST_PROBABILITY = 0.3  # the mean of its words

# A sentence whose words have a mean probability below this is flagged; chosen, not measured.
LOW_SENTENCE_PROBABILITY = 0.5

# Whisper's known hallucinations on music and silence: the ends of the subtitles it was trained on.
STOCK_PHRASES: dict[str, tuple[str, ...]] = {
    "en": (
        "thank you", "thank you for watching", "thanks for watching", "thank you very much", "thank you so much",
        "please subscribe", "subscribe to my channel", "like and subscribe", "see you next time", "bye", "bye bye",
        "you", "so", "the end", "subtitles by the amara org community", "subtitles by", "transcription by castingwords",
        "transcribed by https otter ai", "well be right back", "ill see you next time", "ill see you in the next video",
    ),
    "es": (
        "gracias por ver el video", "gracias por ver", "suscribete al canal", "suscribete",
        "subtitulos realizados por la comunidad de amara org", "subtitulos por la comunidad de amara org", "gracias",
    ),
    "fr": (
        "merci d avoir regarde cette video", "sous titres realises par la communaute d amara org",
        "sous titrage st 501",
        "sous titrage societe radio canada", "merci", "abonnez vous",
    ),
    "de": (
        "vielen dank fur s zuschauen", "vielen dank", "untertitel der amara org community", "bis zum nachsten mal",
        "untertitel im auftrag des zdf fur funk 2017", "untertitelung des zdf 2020", "copyright wdr 2021", "tschuss",
    ),
    "it": ("sottotitoli creati dalla comunita amara org", "sottotitoli e revisione a cura di qtss", "grazie"),
    "pt": ("legendas pela comunidade amara org", "obrigado por assistir", "obrigado", "inscreva se no canal"),
    "nl": ("ondertitels ingediend door de amara org gemeenschap", "bedankt voor het kijken"),
    "pl": ("napisy stworzone przez spolecznosc amara org", "dziekuje za ogladanie"),
    "ru": ("продолжение следует", "субтитры сделал dimatorzok", "спасибо за просмотр", "редактор субтитров"),
    "ja": ("ご視聴ありがとうございました", "ありがとうございました"),
    "zh": ("谢谢观看", "請不吝點贊訂閱", "字幕由amara org社区提供", "多谢您的观看"),
    "ko": ("시청해주셔서 감사합니다", "구독과 좋아요 부탁드립니다"),
}  # fmt: skip
# Such a phrase is accepted if the model is fairly sure of it and its length fits the duration of the speech.
STOCK_LEAST_LOG_PROBABILITY = -0.5
STOCK_SECONDS_A_LETTER = (0.03, 0.2)


def find_failed_checks(text: WindowText, speech: Sequence[Span]) -> tuple[Check, ...]:
    """The quality checks that a window's text fails, in the order in which they are made."""
    failed: list[Check] = []
    words = text.words
    if text.compression_ratio > COMPRESSION_RATIO_THRESHOLD:
        failed.append("compression ratio")
    if words and text.mean_log_probability < LOG_PROBABILITY_THRESHOLD:
        failed.append("no speech" if text.no_speech_probability > NO_SPEECH_THRESHOLD else "log-probability")
    if speech_after(words, speech) > MOST_SPEECH_AFTER_TEXT:
        failed.append("ends early")
    total, gaps = sum(span.duration for span in speech), find_gaps(words, speech)
    hidden = max((_hidden_speech(word, speech) for word in words), default=0.0)
    if hidden >= SHORTEST_GAP or (total and sum(gap.duration for gap in gaps) > MOST_UNCOVERED_SHARE * total):
        failed.append("uncovered speech")
    elif gaps:
        failed.append("gap")
    if _is_too_fast(words):
        failed.append("too fast")
    if find_loops(words):
        failed.append("repetition loop")
    elif find_loops(words, only_implausible=False):
        failed.append("repetition")
    if is_stock_phrase(text, speech):
        failed.append("stock phrase")
    return tuple(failed)


def is_wrong_language(texts: Sequence[WindowText]) -> bool:
    """Whether the first windows of a file seem to be in another language than the one they were decoded in."""
    with_words = [text for text in texts if text.words]
    low = sum(text.mean_log_probability < WRONG_LANGUAGE_LOG_PROBABILITY for text in with_words)
    return low >= WRONG_LANGUAGE_WINDOWS and low > len(with_words) / 2


def rank_text(text: WindowText, speech: Sequence[Span]) -> tuple[float, ...]:
    """The sort key by which the best of several texts of one window is chosen: the greatest is the best."""
    covered = -sum(gap.duration for gap in find_gaps(text.words, speech))
    failed = len(find_failed_checks(text, speech))
    return (-failed, covered if failed else 0.0, text.mean_log_probability)


def speech_after(words: Sequence[Word], speech: Sequence[Span]) -> float:
    """Seconds of speech after the last word; 0 if there is none."""
    end = max((word.end for word in words), default=0.0) + (WORD_REACH if words else 0.0)
    return sum(max(0.0, span.end - max(span.start, end)) for span in speech)


def find_gaps(words: Sequence[Word], speech: Sequence[Span]) -> list[Span]:
    """The gaps: spans of at least SHORTEST_GAP seconds with speech and without words."""
    covered = [Span(max(0.0, word.start - WORD_REACH), _spoken_end(word) + WORD_REACH) for word in words]
    gaps: list[Span] = []
    at = 0
    for span in join_near(speech, SMALL_PAUSE):
        start = span.start
        while at < len(covered) and covered[at].end <= start:
            at += 1
        for word in covered[at:]:
            if word.start >= span.end:
                break
            gaps.append(Span(start, max(start, word.start)))
            start = max(start, word.end)
        gaps.append(Span(min(start, span.end), span.end))
    return [gap for gap in gaps if gap.duration >= SHORTEST_GAP and _speech_in(gap, speech) >= SHORTEST_GAP]


def _spoken_end(word: Word) -> float:
    return min(word.end, word.start + LONGEST_SPOKEN + LONGEST_LETTER * len(word.text.strip()))


def _hidden_speech(word: Word, speech: Sequence[Span]) -> float:
    """Seconds of speech in a word beyond what it takes to say it: attention stretches it over a missing sentence."""
    return _speech_in(Span(_spoken_end(word), word.end), speech)


def _speech_in(gap: Span, speech: Sequence[Span]) -> float:
    return sum(max(0.0, min(gap.end, span.end) - max(gap.start, span.start)) for span in speech)


def _is_too_fast(words: Sequence[Word]) -> bool:
    return any(
        last.end - first.start < FAST_WORDS / FASTEST
        for first, last in zip(words, words[FAST_WORDS - 1 :], strict=False)
    )


def find_loops(words: Sequence[Word], *, only_implausible: bool = True) -> list[tuple[int, int]]:
    """The runs of words that only repeat the phrase before them, as (first, after last), in order and apart.

    A phrase of LONG_PHRASE words and more counts from its first repetition, a shorter one if it occurs more than
    MOST_OCCURRENCES times; both only if the repetition has implausible times or low probabilities: people do repeat
    themselves. Without ``only_implausible`` every such repetition counts, because a model in a loop can be sure of
    itself: it is worth decoding such a window again.
    """
    tokens = [fold_words(word.text) for word in words]
    loops: list[tuple[int, int]] = []
    at = 0
    while at < len(tokens):
        found = _loop_at(tokens, words, at, only_implausible)
        if found:
            loops.append(found)
        at = found[1] if found else at + 1
    return loops


def _loop_at(tokens: Sequence[str], words: Sequence[Word], at: int, only_implausible: bool) -> tuple[int, int] | None:
    for size in range(1, min(LONGEST_LOOP, (len(tokens) - at) // 2) + 1):
        phrase = tokens[at : at + size]
        if not any(phrase):
            continue
        times = 1
        while tokens[at + times * size : at + (times + 1) * size] == phrase:
            times += 1
        if times == 1 or (size < LONG_PHRASE and times <= MOST_OCCURRENCES):
            continue
        copies = (at + size, at + times * size)
        if (
            not only_implausible
            or (size < LONG_PHRASE and times > 2 * MOST_OCCURRENCES)
            or _is_implausible(words, at, *copies, times - 1)
        ):
            return copies
    return None


def _is_implausible(words: Sequence[Word], at: int, first: int, after: int, times: int) -> bool:
    """Whether words ``first`` to ``after`` are too fast or too unsure to repeat those from ``at`` so many times."""
    once = words[first - 1].end - words[at].start
    each = (words[after - 1].end - words[first].start) / times
    known = [word.probability for word in words[first:after] if word.probability is not None]
    doubtful = bool(known) and sum(known) / len(known) < LEAST_PROBABILITY
    return each < LEAST_DURATION_SHARE * once or doubtful


def is_stock_phrase(text: WindowText, speech: Sequence[Span]) -> bool:
    """Whether a window's text is only a known hallucination, and the speech in it does not fit that text."""
    folded = fold_words("".join(word.text for word in text.words))
    phrases = STOCK_PHRASES["en"] + STOCK_PHRASES.get(text.language, ())
    if not folded or folded not in map(fold_words, phrases):
        return False
    fastest, slowest = (len(folded) * seconds for seconds in STOCK_SECONDS_A_LETTER)
    spoken = sum(span.duration for span in speech)
    plausible = fastest <= spoken <= max(slowest, 1.0)
    return not plausible or text.mean_log_probability < STOCK_LEAST_LOG_PROBABILITY
