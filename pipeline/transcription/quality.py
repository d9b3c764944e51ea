"""What a window's text looks like when it is wrong: every threshold of the checks, and where it comes from.

Nothing here decodes or changes anything. A window is judged on its text, its facts, and the speech in it: spans in
seconds from the window's start, where the voice detector heard somebody speak.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from audio.timecode import Span, join_near
from index.language.tokens import fold_words
from index.transcript import Word
from pipeline.engines.base import WindowText

VERSION = 4
"""Raised with every change that can change a transcript: drafts made by other rules are not gone on with."""

Fault = Literal[
    "repetitive",
    "improbable",
    "no speech",
    "ends early",
    "uncovered",
    "too fast",
    "loop",
    "stock phrase",
    "gap",
    "repeat",
]
# Found in good texts too, where people laugh or say a thing twice: such a window is searched once more, wider, but
# nothing is drawn by chance. In 21 minutes of telephone prompts five windows repeated sentences, all of them truly.
DOUBTS: frozenset[Fault] = frozenset({"gap", "repeat", "repetitive"})

# Whisper's own (Radford et al. 2022, section 4.5; openai-whisper, transcribe.py).
MOST_COMPRESSION = 2.4
LEAST_LOG_PROBABILITY = -1.0
MOST_NO_SPEECH = 0.6
# Where most of a file's first windows are below this, the model understands little; chosen, not measured:
# good speech lies at -0.1 to -0.5.
FOREIGN_LOG_PROBABILITY = -1.2
FEWEST_FOREIGN = 3  # windows: one or two may be a song or a crowd

# Seconds of speech; chosen so that a finished sentence's last breath is no fault.
MOST_SPEECH_AFTER_TEXT = 2.0
MOST_UNCOVERED_SHARE = 0.25  # of the speech in a window: then all of it is decoded again, not the holes alone
SHORTEST_GAP = 0.8  # of speech without words: shorter is a laugh, an "mm", a breath
REACH = 0.2  # a word covers speech so far around it: its times and the detector's are not the same
SMALL_PAUSE = 0.3  # speech goes on over a pause as long
# A word covers no more speech than it can fill: attention stretches the word beside lost ones over them. Measured on an
# hour of an interview (tiny.en): a "goat?" of 1.8 s stood for a whole sentence.
LONGEST_SPOKEN, LONGEST_LETTER = 0.4, 0.1  # seconds, and as many more for each letter

# Measured with tiny.en on ten windows of a reading: at most 4.6 words a second over ten words. Twice that, nobody says.
FAST_WORDS, FASTEST = 10, 10.0  # words in a row, words a second

# A phrase said at once again: one of at least so many words is no figure of speech, and so many times is none either.
LONG_REPEAT = 8
MOST_SAID = 5
LONGEST_LOOP = 40  # words of one phrase
# A repetition is real if it takes its time and the model is sure of it. Against the first time it was said:
LEAST_DURATION_SHARE = 0.5
LEAST_PROBABILITY = 0.3  # the mean of its words

# A sentence whose words have a mean probability below this is flagged; chosen, not measured.
LOW_SENTENCE_PROBABILITY = 0.5

# What Whisper is known to write under music and silence: the ends of the subtitles it was trained on.
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
# Such a phrase is believed if it is most of what could be said in the time: speech for it, not for three times as much.
STOCK_LEAST_LOG_PROBABILITY = -0.5
STOCK_SECONDS_A_LETTER = (0.03, 0.2)


def find_faults(text: WindowText, speech: Sequence[Span]) -> tuple[Fault, ...]:
    """What is wrong with a window's text, in the order of the checks; empty for one that can be believed."""
    faults: list[Fault] = []
    words = text.words
    improbable = text.mean_log_probability < LEAST_LOG_PROBABILITY
    if text.compression_ratio > MOST_COMPRESSION:
        faults.append("repetitive")
    if words and improbable:
        faults.append("no speech" if text.no_speech_probability > MOST_NO_SPEECH else "improbable")
    if speech_after(words, speech) > MOST_SPEECH_AFTER_TEXT:
        faults.append("ends early")
    total, gaps = sum(span.duration for span in speech), find_gaps(words, speech)
    if total and sum(gap.duration for gap in gaps) > MOST_UNCOVERED_SHARE * total:
        faults.append("uncovered")
    elif gaps:
        faults.append("gap")
    if _is_too_fast(words):
        faults.append("too fast")
    if find_loops(words):
        faults.append("loop")
    elif find_loops(words, believed=False):
        faults.append("repeat")
    if is_stock_phrase(text, speech):
        faults.append("stock phrase")
    return tuple(faults)


def is_foreign(texts: Sequence[WindowText]) -> bool:
    """Whether the first windows of a file sound as if their language were another than the one they were decoded as."""
    told = [text for text in texts if text.words]
    low = sum(text.mean_log_probability < FOREIGN_LOG_PROBABILITY for text in told)
    return low >= FEWEST_FOREIGN and low > len(told) / 2


def rank(text: WindowText, speech: Sequence[Span]) -> tuple[float, ...]:
    """By this the best of several texts of one window is chosen; the greatest is the best."""
    covered = -sum(gap.duration for gap in find_gaps(text.words, speech))
    faults = len(find_faults(text, speech))
    return (-faults, covered if faults else 0.0, text.mean_log_probability)


def speech_after(words: Sequence[Word], speech: Sequence[Span]) -> float:
    """Seconds of speech after the last word; 0 if there is none."""
    end = max((word.end for word in words), default=0.0) + (REACH if words else 0.0)
    return sum(max(0.0, span.end - max(span.start, end)) for span in speech)


def find_gaps(words: Sequence[Word], speech: Sequence[Span]) -> list[Span]:
    """The stretches of at least SHORTEST_GAP seconds where somebody speaks and no word is."""
    covered = [Span(max(0.0, word.start - REACH), _spoken_end(word) + REACH) for word in words]
    gaps: list[Span] = []
    at = 0
    for stretch in join_near(speech, SMALL_PAUSE):
        start = stretch.start
        while at < len(covered) and covered[at].end <= start:
            at += 1
        for word in covered[at:]:
            if word.start >= stretch.end:
                break
            gaps.append(Span(start, max(start, word.start)))
            start = max(start, word.end)
        gaps.append(Span(min(start, stretch.end), stretch.end))
    return [gap for gap in gaps if gap.duration >= SHORTEST_GAP and _speech_in(gap, speech) >= SHORTEST_GAP]


def _spoken_end(word: Word) -> float:
    return min(word.end, word.start + LONGEST_SPOKEN + LONGEST_LETTER * len(word.text.strip()))


def _speech_in(stretch: Span, speech: Sequence[Span]) -> float:
    return sum(max(0.0, min(stretch.end, span.end) - max(stretch.start, span.start)) for span in speech)


def _is_too_fast(words: Sequence[Word]) -> bool:
    return any(
        last.end - first.start < FAST_WORDS / FASTEST
        for first, last in zip(words, words[FAST_WORDS - 1 :], strict=False)
    )


def find_loops(words: Sequence[Word], *, believed: bool = True) -> list[tuple[int, int]]:
    """The words that only repeat what was just said, (first, after last), in order and apart.

    A phrase of LONG_REPEAT words and more counts from its first repetition, a shorter one from its sixth; both only
    if the repetition has implausible times or low probabilities: people do repeat themselves. With ``believed`` false
    every long repetition counts, for a model in a loop can be sure of itself: such a window is worth hearing again.
    """
    tokens = [fold_words(word.text) for word in words]
    loops: list[tuple[int, int]] = []
    at = 0
    while at < len(tokens):
        found = _loop_at(tokens, words, at, believed)
        if found:
            loops.append(found)
        at = found[1] if found else at + 1
    return loops


def _loop_at(tokens: Sequence[str], words: Sequence[Word], at: int, believed: bool) -> tuple[int, int] | None:
    for size in range(1, min(LONGEST_LOOP, (len(tokens) - at) // 2) + 1):
        phrase = tokens[at : at + size]
        if not any(phrase):
            continue
        times = 1
        while tokens[at + times * size : at + (times + 1) * size] == phrase:
            times += 1
        if times == 1 or (size < LONG_REPEAT and times <= MOST_SAID):
            continue
        copies = (at + size, at + times * size)
        if (
            not believed
            or (size < LONG_REPEAT and times > 2 * MOST_SAID)
            or _is_unlikely(words, at, *copies, times - 1)
        ):
            return copies
    return None


def _is_unlikely(words: Sequence[Word], at: int, first: int, after: int, times: int) -> bool:
    """Whether words ``first`` to ``after`` are too fast or too unsure to repeat those from ``at`` so many times."""
    once = words[first - 1].end - words[at].start
    each = (words[after - 1].end - words[first].start) / times
    known = [word.probability for word in words[first:after] if word.probability is not None]
    doubtful = bool(known) and sum(known) / len(known) < LEAST_PROBABILITY
    return each < LEAST_DURATION_SHARE * once or doubtful


def is_stock_phrase(text: WindowText, speech: Sequence[Span]) -> bool:
    """Whether a window holds nothing but what Whisper writes where nobody speaks, without the speech to bear it."""
    folded = fold_words("".join(word.text for word in text.words))
    phrases = STOCK_PHRASES["en"] + STOCK_PHRASES.get(text.language, ())
    if not folded or folded not in map(fold_words, phrases):
        return False
    fastest, slowest = (len(folded) * seconds for seconds in STOCK_SECONDS_A_LETTER)
    spoken = sum(span.duration for span in speech)
    plausible = fastest <= spoken <= max(slowest, 1.0)
    return not plausible or text.mean_log_probability < STOCK_LEAST_LOG_PROBABILITY
