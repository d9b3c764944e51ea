"""Subtitles that keep to reading habits, whatever was said."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.subtitles.line_breaks import is_wide
from index.formats.subtitles.reading_habits import (
    GAP_MS,
    LEAST_MS,
    LINE_CHARACTERS,
    MOST_LATE_MS,
    MOST_MS,
    MOST_PER_SECOND,
    WIDE_LINE_CHARACTERS,
    WIDE_MOST_PER_SECOND,
    Subtitle,
    SubtitleLine,
    make_subtitles,
)
from index.formats.writing import write_subtitles
from index.language.phrase_words import LEADING_WORDS
from index.transcript import Segment, Transcript, Word


def spoken(*turns: tuple[str | None, str], seconds: float = 0.4, language: str = "en") -> Transcript:
    """One sentence for each turn, its words ``seconds`` long; in scripts without spaces for each character."""
    words: list[Word] = []
    segments: list[Segment] = []
    for speaker, text in turns:
        first = len(words)
        parts = [f" {word}" for word in text.split()] if " " in text or text.isascii() else list(text)
        for part in parts:
            start = len(words) * seconds
            words.append(Word(part, start, start + seconds))
        segments.append(Segment(first, len(words) - 1, speaker))
    return Transcript(language, "e", "m", "{}", "aligned", tuple(words), tuple(segments))


def lines(transcript: Transcript) -> list[list[str]]:
    return [[line.text for line in cue.lines] for cue in make_subtitles(transcript).cues]


def width_limit(text: str) -> int:
    return WIDE_LINE_CHARACTERS if 2 * sum(map(is_wide, text)) >= len(text) else LINE_CHARACTERS


def reading_seconds(cue: Subtitle) -> float:
    text = "\n".join("- " * line.turn + line.text for line in cue.lines)
    wide = sum(map(is_wide, text))
    return (len(text) - wide) / MOST_PER_SECOND + wide / WIDE_MOST_PER_SECOND


TEXTS = st.text(max_size=6) | st.sampled_from(
    (
        *(
            " the",
            " of",
            " house,",
            " Donaudampfschifffahrtsgesellschaftskapitänsmütze",
            " a",
            " end.",
            "-old",
            "!",
            "  ",
        ),
        *(
            "你",
            "好。",
            "「",
            "ー",
            "っ",
            " ไทย",
            "한국어",
            " שלום",
            " مرحبا",
            " iPhone",
            " 1,000",
            " —",
            "\n",
            " e\u0301",
        ),
    )
)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Words with any times that starts in order allow, in any script, by several speakers."""
    seconds = st.sampled_from([0.0, 0.05, 0.3, 0.5, 2.0, 9.0, 3600.0]) | st.floats(0, 20)
    start, words = 0.0, []
    for text in draw(st.lists(TEXTS, max_size=60)):
        start += draw(seconds)
        words.append(Word(text, start, start + draw(seconds)))
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(words) - 1))))) if len(words) > 1 else []
    borders = [0, *cuts, len(words)] if words else []
    names = st.sampled_from([None, "Ann", "Bob"])
    segments = [Segment(first, after - 1, draw(names)) for first, after in pairwise(borders)]
    language = draw(st.sampled_from(["en", "de", "ja", "ar", None]))
    return Transcript(language, "e", "m", "{}", "aligned", tuple(words), tuple(segments))


@given(transcripts())
def test_subtitles_are_the_words_in_order_and_break_no_limit(transcript: Transcript) -> None:
    made = make_subtitles(transcript)
    shown = "".join(line.text for cue in made.cues for line in cue.lines)
    assert "".join(shown.split()) == "".join(transcript.text.replace("\0", "\ufffd").split())
    for before, after in pairwise(made.cues):
        assert after.start - before.end >= GAP_MS
    told = "\n".join(made.notes)
    for cue in made.cues:
        assert LEAST_MS <= cue.end - cue.start <= MOST_MS
        assert 1 <= len(cue.lines) <= 2
        for line in cue.lines:
            room = width_limit(line.text) - 2 * line.turn
            # What stands between two places where a line may end is a single word.
            assert len(line.text) <= room or not re.search(r"\S\s+\S", line.text)
            assert len(line.text) <= width_limit(line.text) or "longer than a line" in told
        late = 1000 * reading_seconds(cue) > cue.end - cue.start + 1
        assert not late or "faster than" in told or "longer than a line" in told


@given(transcripts())
def test_subtitles_come_with_the_words(transcript: Transcript) -> None:
    made = make_subtitles(transcript)
    starts = [1000 * word.start for word in transcript.words if word.text.strip()]
    for cue in made.cues:
        assert cue.start + 1 >= starts[0]
    if made.cues:
        assert abs(made.cues[0].start - starts[0]) <= 1


def test_speech_that_can_be_read_is_shown_slowly_enough_and_in_time() -> None:
    text = "We walked along the river until the old bridge came into sight, and then it began to rain again. " * 20
    transcript = spoken(("Ann", text), seconds=0.35)
    made = make_subtitles(transcript)
    assert made.notes == ()
    starts = {round(1000 * word.start) for word in transcript.words}
    for cue in made.cues:
        assert 1000 * reading_seconds(cue) <= cue.end - cue.start
        assert any(0 <= cue.start - start <= 1000 for start in starts)


def test_what_is_too_fast_to_be_read_stays_with_the_sound_and_is_told() -> None:
    transcript = spoken(("Ann", "extraordinarily complicated circumstances notwithstanding, " * 60), seconds=0.2)
    made = make_subtitles(transcript)
    assert any("faster than 20 characters a second" in note for note in made.notes)
    assert any("late" in note for note in made.notes)
    assert made.cues[-1].start / 1000 <= transcript.words[-1].end + MOST_LATE_MS / 1000


def test_lines_end_at_clauses_and_never_after_an_article_or_a_preposition() -> None:
    text = (
        "The council has decided to close the market on the south side of the river for the whole of the winter, "
        "because the roof of the old hall, which was built in the year of the great flood, can no longer bear the "
        "weight of the snow that falls in the months after the turn of the year, and nobody knows who is going to pay."
    )
    shown = lines(spoken((None, text)))
    ends = [line.split()[-1].lower() for cue in shown for line in cue]
    assert set(ends) & LEADING_WORDS["en"] == set()
    assert any(len(cue) == 2 for cue in shown)
    assert sum(cue[-1][-1] in ",." for cue in shown) >= len(shown) // 2
    assert all(abs(len(cue[0]) - len(cue[1])) <= 21 for cue in shown if len(cue) == 2)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "de",
            "Der Rat hat beschlossen den Markt auf der anderen Seite von dem Fluss für den ganzen Winter zu schließen",
        ),
        (
            "fr",
            "Le conseil a décidé de fermer le marché sur la rive gauche de la rivière pour la durée de tout un hiver",
        ),
        ("es", "El consejo ha decidido cerrar el mercado de la orilla del río durante todo el invierno para la obra"),
        ("ru", "Совет решил закрыть рынок на другом берегу реки на всю зиму потому что крыша в этом году упала на пол"),
    ],
)
def test_other_languages_have_their_own_leading_words(language: str, text: str) -> None:
    shown = lines(spoken((None, text), language=language))
    ends = [line.split()[-1].lower() for cue in shown for line in cue][:-1]
    assert set(ends) & LEADING_WORDS[language] == set()
    assert len(ends) > 1


def test_a_change_of_speaker_is_a_dash_or_a_voice() -> None:
    turns = ("Ann", "Are you coming?"), ("Bob", "No."), ("Bob", "I have to wait for the delivery until noon, so go on.")
    transcript = spoken(*turns, seconds=0.25)
    made = make_subtitles(transcript)
    assert made.cues[0].lines == (
        SubtitleLine("Are you coming?", "Ann", False),
        SubtitleLine("No.", "Bob", True),
    )
    srt, vtt, ttml = (write_subtitles(made, "en", format) for format in ("srt", "vtt", "ttml"))
    assert "\nAre you coming?\n- No.\n" in srt
    assert "- I have" not in srt
    assert "\n<v Ann>Are you coming?\n<v Bob>No.\n" in vtt
    assert '<span ttm:agent="speaker1">Are you coming?</span><br/><span ttm:agent="speaker2">No.</span>' in ttml


def test_scripts_without_spaces_have_shorter_lines_that_no_mark_begins() -> None:
    text = (
        "市議会は昨日、川の南側にある古い市場の屋根を来年の春までに修理することを決めたが、費用はまだ決まっていない。"
    )
    shown = lines(spoken((None, text), seconds=0.15, language="ja"))
    assert "".join(line for cue in shown for line in cue) == text
    assert all(len(line) <= 16 and line[0] not in "、。ー" for cue in shown for line in cue)
    assert max(len(line) for cue in shown for line in cue) > 10


def test_a_line_from_the_right_is_one_though_it_begins_with_another_script() -> None:
    hebrew = spoken((None, "NASA הודיעה אתמול על משימה חדשה לירח"), language="he")
    plain = spoken((None, "הודיעה אתמול"), language="he")
    for format in ("srt", "vtt"):
        assert "\u200fNASA" in write_subtitles(make_subtitles(hebrew), "he", format)
        assert "\u200f" not in write_subtitles(make_subtitles(plain), "he", format)
    assert 'tts:direction="rtl"' in write_subtitles(make_subtitles(hebrew), "he", "ttml")


def test_silence_has_no_subtitles() -> None:
    assert make_subtitles(Transcript("en", "e", "m", "{}", "aligned", (), ())).cues == ()
