"""Sounds in imported files are kept and shown, marked as not spoken, and not in the way of a phrase or a verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_engine import airquote

from index.formats.reading import read_transcript
from index.formats.spoken.sounds import find_sounds


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("We will not [APPLAUSE] pay.", ["[APPLAUSE]"]),
        ("It is [MUSIC PLAYING], (audience laughing) and it is.", ["[MUSIC PLAYING],", "(audience laughing)"]),
        ("Well *sighs* yes (pause) no.", ["*sighs*", "(pause)"]),
        ("【拍手】ありがとう（笑）", ["【拍手】", "（笑）"]),
        ("[Musik] Ja. (Gelächter) Non. (rires) Sí. (aplausos) Да. (аплодисменты)",
         ["[Musik]", "(Gelächter)", "(rires)", "(aplausos)", "(аплодисменты)"]),
        ("- (DOOR SLAMS)\n- Who is there?", ["(DOOR SLAMS)"]),
        ("(door slams)", ["(door slams)"]),
        ("[inaudible 00:12:03] yes", ["[inaudible 00:12:03]"]),
        ("No (laughs nervously) yes (phone ringing) well (speaking Spanish) so.",
         ["(laughs nervously)", "(phone ringing)", "(speaking Spanish)"]),
        ("He left (and they laughed at me) again.", []),
        ("Call (202) 555-0100.", []),
        ("It was (or so he said) new.", []),
        ("(or so he said)", []),
        ("I *really* mean it.", []),
        ("The Bureau (FBI) said so.", []),
        ("Then words[0] and f(x) and a*b*c.", []),
        ("[We must leave this house now, he told us.]", []),
        ("(Never again)", []),
    ],
)  # fmt: skip
def test_what_is_a_sound(text: str, sounds: list[str]) -> None:
    flat = text.replace("\n", " ")
    assert [flat[start:end] for start, end in sorted(find_sounds(text, "en"))] == sounds


SRT = (
    "1\n00:00:01,000 --> 00:00:03,000\n>> We will not [APPLAUSE]pay for the ferry.\n\n"
    "2\n00:00:03,500 --> 00:00:06,000\n- It is not for sale, (laughs) and it never will be.\n- Really?\n\n"
    "3\n00:00:06,500 --> 00:00:08,000\n♪ Nobody ♪ resigned. [Music]\n\n"
    "4\n00:00:08,500 --> 00:00:10,000\n♪ We will rock you ♪\n\n"
    "5\n00:00:10,500 --> 00:00:14,000\nIt begins 【拍手】 *sighs* this (DOOR SLAMS) winter, they told us.\n\n"
)


@pytest.fixture
def imported(tmp_path: Path) -> None:
    (tmp_path / "talk.srt").write_text(SRT, encoding="utf-8")
    assert airquote("import", tmp_path / "talk.srt").code == 0


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(
    "phrase",
    ["we will not pay for the ferry", "not for sale and it never will be", "nobody resigned", "we will rock you"],
)
def test_a_phrase_goes_over_a_sound(phrase: str) -> None:
    assert len(airquote("search", f'"{phrase}"', "--json").answers) == 1


@pytest.mark.usefixtures("imported")
def test_a_sound_is_shown_and_not_searched() -> None:
    assert airquote("search", "applause OR laughs").code == 1
    assert airquote("search", "ferry", "--json").answer["text"] == "ferry."
    sentences = airquote("show", "talk", "--json").answers
    assert [(one["text"], one["flags"]) for one in sentences] == [
        ("We will not [APPLAUSE]pay for the ferry.", []),
        ("It is not for sale, (laughs) and it never will be.", []),
        ("Really?", []),
        ("♪ Nobody ♪ resigned.", []),
        ("[Music]", ["not spoken"]),
        ("♪ We will rock you ♪", ["sung"]),
        ("It begins 【拍手】 *sighs* this (DOOR SLAMS) winter, they told us.", []),
    ]
    assert airquote("export", "talk", "-f", "srt").out == SRT


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(
    "quotation",
    [
        "We will not pay for the ferry",
        "It is not for sale, and it never will be",
        "It begins this winter, they told us",
    ],
)
def test_a_sound_changes_no_verdict(tmp_path: Path, quotation: str) -> None:
    article = tmp_path / "article.txt"
    article.write_text(f"“{quotation}”, she said.\n", encoding="utf-8")
    assert [one["kind"] for one in airquote("verify", article, "--json").answers] == ["verbatim"]


def test_sounds_among_words_with_times(tmp_path: Path) -> None:
    words = [
        {"word": word, "start": float(row), "end": row + 0.5}
        for row, word in enumerate([" We", " (audience", " laughing)", " left."])
    ]
    text = "".join(str(word["word"]) for word in words)
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"text": text, "segments": [{"start": 0, "end": 4, "text": text, "words": words}]}))
    transcript = read_transcript(file)
    assert [(word.start, word.spoken) for word in transcript.words] == [
        (0.0, True), (1.0, False), (2.0, False), (3.0, True),
    ]  # fmt: skip
