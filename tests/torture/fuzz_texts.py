"""Mutated texts for everything that reads text: a value or an error of ours, never another exception."""

from __future__ import annotations

import io
import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from torture.result import Result

from audio.errors import AirquoteError
from audio.timecode import parse_time
from index.formats.reading import parse_file
from index.language.language_codes import parse_language
from index.query.parser import parse_query
from index.quotations.extraction import extract_quotations
from pipeline.answers import ArticleStream
from pipeline.articles.article import read_article
from pipeline.batch.episode_details import parse_date
from pipeline.transcription.glossary import read_glossary

_CUES = "1\n00:00:01,000 --> 00:00:02,500\nANN: More <i>to</i> come.\n\n2\n00:00:03,000 --> 00:00:04,000\n- Yes.\n"
_ARTICLE = "“We never stopped,” said Ann Lee. He called it ‘a storm’. <blockquote>“More … to [it]”</blockquote>\n" * 3
_HTML = f"<!doctype html><html><head><meta charset=utf-8><title>T</title></head><body><p>{_ARTICLE}</p></body></html>"
_SEGMENT = {"id": 0, "start": 3.0, "end": 4.5, "text": " Never.", "words": [{"word": " Never.", "start": 3, "end": 4}]}
_WHISPER = {"text": " Never.", "language": "en", "segments": [_SEGMENT]}
_PODCAST = {"version": "1.0", "segments": [{"startTime": 1, "endTime": 2, "speaker": "Ann", "body": "More."}]}
_CPP = {"transcription": [{"offsets": {"from": 0, "to": 900}, "text": " More."}], "result": {"language": "en"}}
SCRAPS = (
    "\0", "\x1b]52;c;x\a", "\u202e", "\ud7ff", "\U0010ffff", "\ufeff", "\r", "\n\n", "\t", "ı", "ﬁ", "١٢٣",
    "-->", "<", "</", "<v ", "&#x110000;", "WEBVTT\n", "00:00:00", "99:99:99,999", "9" * 400, "1e308", "-1", "NaN",
    "Infinity", "null", '"', "“", "…", "'", "(", ")", "[", "{", "~2", "*", "NEAR/", ":", "\\",
)  # fmt: skip


def _read_stream(data: bytes) -> None:
    read_article(ArticleStream(io.BytesIO(data), "fuzzed"))


def _read_quotations(data: bytes) -> None:
    extract_quotations(data.decode("utf-8", "replace"))


def _as_text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "replace"))


def _targets(workspace: Path) -> dict[str, tuple[Callable[[bytes], object], list[str]]]:
    """What reads text, each with texts to mutate."""

    def read_names(data: bytes) -> None:
        file = workspace / "glossary.txt"
        file.write_bytes(data)
        read_glossary(file)

    transcripts = [_CUES, "WEBVTT\n\n" + _CUES.replace(",", "."), "start\tend\ttext\n1000\t2000\tMore.\n"]
    transcripts += [json.dumps(one) for one in (_WHISPER, _PODCAST, _CPP, [_SEGMENT])]
    queries = [
        '"more to come" AND (storm OR roof~2) -wind show:"Fail Better"',
        "sto* NEAR/5 roof",
        "date:2024-05..2025",
    ]
    return {
        "transcripts": (lambda data: parse_file(data, Path("fuzzed.srt")), transcripts),
        "articles": (_read_stream, [_ARTICLE, _HTML]),
        "quotations": (_read_quotations, [_ARTICLE]),
        "queries": (_as_text(parse_query), queries),
        "times": (_as_text(parse_time), ["1:02:03.5", "754.2", "1h2m3s"]),
        "dates": (_as_text(parse_date), ["2024-05-31"]),
        "languages": (_as_text(parse_language), ["en", "German", "pt-BR"]),
        "glossaries": (read_names, ["Ann Lee\nOkafor = Akhofer\n# names\n"]),
    }


def mutate(text: str, dice: random.Random) -> bytes:
    """Return a text after a few random insertions, deletions, repetitions and changed bytes."""
    data = bytearray(text.encode())
    for _ in range(dice.randint(1, 6)):
        place = dice.randint(0, len(data))
        end = min(len(data), place + dice.choice((1, 4, 40)))
        match dice.randrange(5):
            case 0:
                data[place:place] = dice.choice(SCRAPS).encode()
            case 1:
                del data[place:end]
            case 2:
                data[place:place] = data[place:end] * dice.choice((1, 3, 30))
            case 3 if data:
                data[min(place, len(data) - 1)] = dice.randrange(256)
            case _:
                data[place:place] = dice.randbytes(dice.choice((1, 8)))
    return bytes(data)


def run(workspace: Path, tries: int | None = None, seconds: float | None = None, seed: int = 0) -> Iterator[Result]:
    """Yield a result for each reader of text, after this number of tries or these seconds each."""
    workspace.mkdir(exist_ok=True)
    for name, (read, texts) in _targets(workspace).items():
        dice, done, wrong = random.Random(f"{name} {seed}"), 0, []
        ends = time.monotonic() + (seconds or 0)
        while done < tries if tries is not None else time.monotonic() < ends:
            data = mutate(dice.choice(texts), dice)
            done += 1
            try:
                read(data)
            except AirquoteError:
                pass
            except Exception as error:  # noqa: BLE001 - what is looked for
                wrong.append(f"{error!r} for {data!r}")
        yield Result("fuzzed texts", name, done, len(wrong), wrong[0][:500] if wrong else "")
