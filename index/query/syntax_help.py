"""The help page on query syntax, made of examples that all parse."""

from __future__ import annotations

SYNTAX = (
    (
        "Words",
        (
            ("ferry harbour", "passages that hold both words, in any form (ferries, harbours)"),
            ("ferry OR boat", "either; ferry | boat and ferry || boat are the same"),
            ("ferry NOT night", "passages without the second word"),
            ("ferry -night", "the same; !night too"),
            ("+ferry && harbour", "+, && and AND are understood, and not needed: all words are required"),
            ("(ferry OR boat) storm", "brackets"),
        ),
    ),
    (
        "Phrases",
        (
            ('"there is more to come"', "exactly these words in this order, even across sentences"),
            ('"storm harbour"~5', "exactly these words in any order, with at most five others among them"),
            ("near(ferry, storm, 30s)", "all of these within 30 seconds, even across sentences"),
            ('near("more to come", (ferry OR boat), 1m)', "phrases and alternatives are allowed too"),
        ),
    ),
    (
        "Numbers, in figures or in words",
        (
            ("100", "100, a hundred, one hundred and $100; never 1,100 or 100%"),
            ("twenty-five", "twenty-five, twenty five and 25; twenty alone is also the word, as in twenty-five"),
            ('"over 40,000 people"', "also over 40K people, over forty thousand people"),
            ("$5", "$5 and five dollars, never 5; ranges, ratios, percentages and versions are kinds of their own too"),
            ("9am", "9 a.m. and nine a.m."),
        ),
    ),
    (
        "Words that you are not sure of",
        (
            ("presid*", "words with this beginning; * is any number of letters, anywhere in a word"),
            ("wom?n", "? is one letter; at the end of a word it may also be a question mark"),
            ("duchovny~", "words that are one letter away"),
            ("duchovny~2", "two letters"),
            ("sounds:hutchins", "words that sound like it (Hutchens)"),
        ),
    ),
    (
        "Fields, joined to what follows, narrow a search",
        (
            ('show:"fail better" ferry', "in shows with these words in their name"),
            ("title:stars ferry", "in episodes with this word in their title"),
            ("chapter:brexit ferry", "inside of chapters with this word in their title"),
            ("notes:duchovny ferry", "in episodes with this word in their notes, or in the names of their people"),
            ("episode:the-roof ferry", "in the episode with this id, or with ids that begin with it"),
            ("speaker:bob ferry", "said by a speaker with this name"),
            ("date:2024 ferry", "in episodes of a year, a month (2024-05) or a day (2024-05-31)"),
            ("date:2023-05..2024 ferry", "from one to the other; date:2023.. and date:..2024 are open ranges"),
            ("date:[2023 TO 2024] ferry", "the same as date:2023..2024; date:>=2023 as date:2023.."),
            ("lang:en ferry", "in transcripts in this language"),
            ("speaker:(bob OR ann) ferry", "the field of each of the words in brackets"),
            ("(show:news OR date:2024) ferry -speaker:bob", "fields combine like words"),
        ),
    ),
    (
        "Titles, chapters and notes alone find what publishers wrote, not speech",
        (
            ("title:stars", "episodes, transcribed or not, with this word in their title"),
            ("chapter:brexit", "chapters, from where they begin"),
            ('notes:"david duchovny" date:2024', "episodes by their notes; other fields narrow this too"),
            ("title:storm OR chapter:storm", "either"),
        ),
    ),
)
"""Headings, each with examples and what they find."""

SYNTAX_NOTES = """\
Operators are written in capitals; "and", "or" and "not" in small letters are words like any other.
Everything in quotation marks is text. Operators that only other search engines have (ferry^2, /ferr.*/, w/5, NEAR/5,
site:, 1..5) are not searched as words: an error says what to type instead.
Case, accents and the form of apostrophes make no difference. A URL and "Star Wars: A New Hope" are text.
Numbers are read as in the library's languages; *, ~ and fields look at the characters: 15* finds 1500, not fifteen \
hundred."""
"""What holds for all of them."""


def syntax_page() -> str:
    """Return the help page on query syntax: examples, with what each finds."""
    width = max(len(example) for _, examples in SYNTAX for example, _ in examples)
    lines: list[str] = []
    for heading, examples in SYNTAX:
        lines.append(heading)
        lines += [f"  {example:<{width}}  {meaning}" for example, meaning in examples]
        lines.append("")
    return "\n".join([*lines, SYNTAX_NOTES])
