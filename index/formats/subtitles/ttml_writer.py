"""Write TTML (https://www.w3.org/TR/ttml2/) in the profile of IMSC 1.1 for text, which players and editors open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from index.formats.spoken.spoken_cues import cues_to_write
from index.formats.subtitles.timestamps import format_clock
from index.formats.word_split import trim_lines, writable
from index.transcript import Cue, Transcript

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""

_SPACES = re.compile(r"[ \t]{2}|\t")
"""White space that is collapsed to one space unless it is to be preserved."""

_RIGHT_TO_LEFT = frozenset(("ar", "arc", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"))
"""Languages whose lines are laid out from the right."""

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
    xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"
    ttp:profile="http://www.w3.org/ns/ttml/profile/imsc1/text" ttp:timeBase="media" xml:lang={language}>
  <head>
{metadata}    <styling>
      <style xml:id="text" tts:fontFamily="proportionalSansSerif" tts:fontSize="80%" tts:color="white"{direction}/>
    </styling>
    <layout>
      <region xml:id="below" tts:origin="10% 80%" tts:extent="80% 15%" tts:displayAlign="after" tts:textAlign="center"/>
    </layout>
  </head>
  <body region="below" style="text">
    <div>
"""
_FOOT = """\
    </div>
  </body>
</tt>
"""


def write_ttml(transcript: Transcript) -> str:
    """Write one paragraph for each cue or sentence, with its speaker as an agent."""
    return write_ttml_cues([[cue] for cue in cues_to_write(transcript, "ttml")], transcript.language)


def write_ttml_cues(paragraphs: Sequence[Sequence[Cue]], language: str | None) -> str:
    """Write a paragraph for each run of cues: one, or lines of different speakers that are shown together."""
    agents = _number_speakers(cue for cues in paragraphs for cue in cues)
    metadata = "".join(
        f'      <ttm:agent xml:id="{number}" type="person"><ttm:name type="full">{_text(name)}</ttm:name></ttm:agent>\n'
        for name, number in agents.items()
    )
    head = _HEAD.format(
        language=quoteattr(language or ""),
        metadata=f"    <metadata>\n{metadata}    </metadata>\n" if metadata else "",
        direction=' tts:direction="rtl"' if language in _RIGHT_TO_LEFT else "",
    )
    return head + "".join(_paragraph(cues, agents) for cues in paragraphs) + _FOOT


def _number_speakers(cues: Iterable[Cue]) -> dict[str, str]:
    """Return an identifier for each name."""
    names = dict.fromkeys(name for cue in cues if (name := _name(cue)))
    return {name: f"speaker{row}" for row, name in enumerate(names, start=1)}


def _paragraph(cues: Sequence[Cue], agents: dict[str, str]) -> str:
    start, end = (format_clock(time, hours=True, mark=".") for time in (cues[0].start, cues[-1].end))
    texts = [_lines(cue) for cue in cues]
    marks = [_agent(cue, agents) for cue in cues]
    if len(set(marks)) == 1:
        mark, said = marks[0], "<br/>".join(texts)
    else:
        mark, said = "", "<br/>".join(f"<span{one}>{text}</span>" for one, text in zip(marks, texts, strict=True))
    space = ' xml:space="preserve"' if _SPACES.search(said) else ""
    return f'      <p begin="{start}" end="{end}"{mark}{space}>{said}</p>\n'


def _agent(cue: Cue, agents: dict[str, str]) -> str:
    name = _name(cue)
    return f' ttm:agent="{agents[name]}"' if name else ""


def _name(cue: Cue) -> str:
    return " ".join(_writable(cue.speaker or "").split())


def _lines(cue: Cue) -> str:
    said = cue.text if cue.payload is None else cue.payload
    return "<br/>".join(map(_text, trim_lines(_writable(said)).split("\n")))


def _text(text: str) -> str:
    return escape(_writable(text))


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", writable(text))
