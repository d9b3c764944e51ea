"""The arguments of the tools: what each takes, and its limits. None is a path."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

MOST_RESULTS = 50
MOST_SENTENCES = 300

_Name = Annotated[str, Field(min_length=1, max_length=300)]
_Date = Annotated[str, Field(max_length=10)]

QueryArgument = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2_000,
        description='Words (all required, in any inflection), "exact phrases", AND, OR, NOT, brackets, presid*, name~, '
        "sounds:name, near(a, b, 30s), and fields such as speaker: and date:. More: airquote://query-syntax",
    ),
]
QuotationArgument = Annotated[str, Field(min_length=1, max_length=10_000, description="The quoted words, in full.")]
ArticleText = Annotated[
    str, Field(min_length=1, max_length=200_000, description="The whole text of the article: plain, or HTML.")
]
ArticleWebAddress = Annotated[
    str, Field(min_length=1, max_length=2_000, description="Instead of the text: its public http(s) address.")
]
EpisodeArgument = Annotated[
    str, Field(min_length=1, max_length=300, description="An episode's id, a unique prefix of it, or its title.")
]
WithinEpisode = Annotated[_Name | None, Field(description="Only this episode: its id, a prefix of that, or title.")]
ShowArgument = Annotated[_Name | None, Field(description="Only this show, or shows with these words in their name.")]
SpeakerArgument = Annotated[_Name | None, Field(description="Only what is said by a speaker with this name.")]
SinceArgument = Annotated[_Date | None, Field(description="Only episodes from 2023, 2023-05 or 2023-05-31 on.")]
UntilArgument = Annotated[_Date | None, Field(description="Only episodes up to such a date.")]
LanguageArgument = Annotated[_Name | None, Field(description="Only transcripts in this language, such as en.")]
SortArgument = Annotated[Literal["score", "date", "time"], Field(description="Best, newest or oldest first.")]
RepeatsArgument = Annotated[
    Literal["all", "fold", "omit"] | None,
    Field(description="Hits in passages that recur, such as advertisements: all, one for each passage, or none."),
]
EpisodeSortArgument = Annotated[
    Literal["show", "date", "length", "title", "episode"] | None,
    Field(description="By show and date, newest first (date), longest first (length), or by a name."),
]
PatternArgument = Annotated[
    _Name | None, Field(description="An id, a prefix of one, a title, or a pattern of these: * is any letters.")
]
_Time = Annotated[str, Field(max_length=40)] | float
TimeArgument = Annotated[_Time, Field(description="Seconds from the start, or a text such as 1:02:33.4 or 1h2m33s.")]
StartArgument = Annotated[_Time | None, Field(description="From this time on, instead of from a sentence's number.")]
EndArgument = Annotated[_Time | None, Field(description="A later time, or +5: five seconds after the start.")]
SentencesAround = Annotated[int, Field(ge=0, le=20, description="Sentences around it.")]
LimitArgument = Annotated[int, Field(ge=1, le=MOST_RESULTS, description="The most results of this answer.")]
SentencesArgument = Annotated[int, Field(ge=1, le=MOST_SENTENCES, description="The most sentences of this answer.")]
OffsetArgument = Annotated[
    int, Field(ge=0, le=10_000_000, description="Results to skip: next_offset of the answer before.")
]
StyleArgument = Annotated[
    Literal["plain", "markdown", "html", "apa", "chicago", "bibtex", "ris", "csl-json"],
    Field(description="The style of the citation."),
]
VoiceArgument = Annotated[int, Field(ge=1, le=10_000, description="The number of the voice, as list_voices has it.")]
NewName = Annotated[str, Field(max_length=200, description="Who it is; an empty name takes the name back.")]
NewTitle = Annotated[Annotated[str, Field(min_length=1, max_length=500)] | None, Field(description="The new title.")]
NewDate = Annotated[_Date | None, Field(description="The date of publication: 2024, 2024-05 or 2024-05-31.")]
