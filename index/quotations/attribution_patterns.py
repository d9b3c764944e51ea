"""What an attribution looks like: names, verbs of saying, and how texts put them together, as patterns."""

from __future__ import annotations

import regex

from index import saying


def _any_of(words: str | list[str]) -> str:
    entries = words.split() if isinstance(words, str) else words
    return "|".join(regex.escape(entry) for entry in sorted(set(entries), key=len, reverse=True))


_CAPITALISED = (
    r"(?:[\p{Lu}\p{Lt}](?:\.(?:[\p{Lu}]\.)*|['’][\p{Lu}])?[\p{L}\p{M}]*+(?:[-'’](?!s\b)[\p{L}][\p{L}\p{M}]*+)*+)"
)
_TITLES = "Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|St|Sr|Sra|Mme|Mlle|Hr|Fr"
_TITLE = rf"(?:(?:{_TITLES}|M)\.?\s)"
_STARTERS = f"{saying.NO_NAMES} {saying.CALENDAR}"
_FIRST = rf"(?!(?i:{_any_of(_STARTERS)})\b){_CAPITALISED}"
_FURTHER = (
    rf"\s(?:(?:{_any_of(saying.PARTICLES)})\s){{0,2}}"
    rf"(?!(?i:{_any_of(saying.CALENDAR)})\b){_CAPITALISED}(?![\p{{L}}\p{{M}}])"
)
_NAME = rf"(?:{_TITLE}?{_FIRST}(?![\p{{L}}\p{{M}}])(?:{_FURTHER}){{0,4}}+)"
_FULL_NAME = rf"(?:{_TITLE}?{_FIRST}(?![\p{{L}}\p{{M}}])(?:{_FURTHER}){{1,4}}+)"
_VERBS = _any_of(" ".join(saying.VERBS.values()))
_FOREIGN_VERBS = _any_of(" ".join(verbs for language, verbs in saying.VERBS.items() if language != "en"))
_HUNG = rf"-(?:t-)?(?P<hung>{_any_of(saying.INVERTED_PRONOUNS)})\b"
_WITH_AUXILIARY = rf"(?:{_any_of(saying.AUXILIARIES)})\s(?:\p{{Ll}}+\s)?(?:{_any_of(saying.PARTICIPLES)})"
_SAYS = rf"\b(?:{_WITH_AUXILIARY}|(?:l[’']|s[’'])?(?:{_VERBS})|put\sit)\b(?!-)"
_PRONOUN = rf"(?P<pronoun>(?i:{_any_of(saying.PRONOUNS)}))\b"
_ADVERBS = r"(?:(?!(?:and|und|et|y)\b)\p{Ll}+\s){0,2}?"
_APPOSITION = r"(?:,\s[^,.;:!?]{1,80},|\s\([^()]{1,60}\)|,)?"
_DESCRIPTION = (
    r"(?:(?:(?:the|a|an|der|die|das|le|la|el)\s|l[’'])(?:[\p{L}-]+\s){1,4}?"
    rf"|(?:(?!(?:{_any_of(_STARTERS)})\b)\p{{Ll}}[\p{{L}}-]*\s){{1,4}}?)"
)
_FOLLOWS_A_NAME = rf"(?=[\s,.;:]*$|[,.;:)]|\s(?i:{_any_of(f'{_STARTERS} {saying.FOLLOWERS}')})\b)"

BEHIND = regex.compile(
    rf"""[\s,.;:–—-]*+(?:
        (?:{_any_of(saying.AUXILIARIES)}|(?:{_VERBS}))?{_HUNG}
      | (?:{_SAYS}\s(?:{_PRONOUN}|(?:(?P<name>{_NAME})|{_DESCRIPTION}(?P<name>{_FULL_NAME})){_FOLLOWS_A_NAME}))
      | (?:{_PRONOUN}\s{_ADVERBS}{_SAYS})
      | (?:(?:{_DESCRIPTION}(?P<name>{_FULL_NAME})|(?P<name>{_NAME})){_APPOSITION}\s{_ADVERBS}{_SAYS})
      | (?i:{_any_of(saying.ACCORDING_TO)})\s(?P<name>{_NAME})(?!['’]s\b)
      | so\s(?P<name>{_NAME})(?=[,.]|\s(?:am|im|in|bei|gegenüber|weiter)\b)
    )""",
    regex.VERBOSE,
)
"""Behind a quotation: said Anna Keller, Keller told the host, he said, dit-il, so Weber."""

BEHIND_UNNAMED = regex.compile(rf"[\s,.;:–—-]*+(?:(?!{_SAYS})[\p{{L}}\p{{M}}'’-]+\s){{1,6}}+{_SAYS}")
"""Behind a quotation: the crowd shouted; somebody says it whom the text does not name."""

BEFORE = regex.compile(
    rf"""\b(?:
        (?i:{_any_of(saying.ACCORDING_TO)})\s(?P<name>{_NAME})(?!['’]s\b)
      | {_PRONOUN}\s{_ADVERBS}{_SAYS}
      | (?P<name>{_NAME}){_APPOSITION}\s{_ADVERBS}{_SAYS}
      | (?:{_FOREIGN_VERBS}|said|says)\s(?:{_PRONOUN}|(?P<name>{_NAME}){_FOLLOWS_A_NAME})
    )""",
    regex.VERBOSE,
)
"""Before a quotation: Keller told the host, according to Keller, dijo Ana."""

LABEL = regex.compile(rf"^\W*(?P<name>{_NAME})(?:\s\([^()]*\))?\s?:\s*$")
"""A whole line before a quotation, in an interview: Keller:"""

SIGNATURE = regex.compile(rf"[\s>]*[–—―-]{{1,2}}\s*(?P<name>{_NAME})[^.!?\n]{{0,60}}$")
"""A line of its own behind a quotation: — Anna Keller, farmer"""

SENTENCE_END = regex.compile(
    rf"(?<!\b(?:{_TITLES}|\p{{Lu}}))[.!?…。！？][’)\]]*+(?=\s+[\p{{Lu}}\p{{Lo}}\p{{N}}¿¡\ufffc]|\s*$)"
)
"""In narration; no abbreviation, and something behind it that may begin a sentence."""

ENDS = regex.compile(r"[.!?…。！？][^\w\s]*$")
"""The end of a text that ends as a sentence does."""

A_NAME = regex.compile(rf"(?<![\p{{L}}\p{{N}}]){_NAME}")
"""Any name in narration."""

BEFORE_UNNAMED = regex.compile(rf"{_SAYS},?\s*$")
"""Before a quotation: a verb of saying, whoever says it."""

REMARK = regex.compile(
    rf""",\s(?:(?:{_any_of(saying.AUXILIARIES)}){_HUNG}\s(?:\p{{Ll}}+\s)?(?:{_any_of(saying.PARTICIPLES)})|(?:{_VERBS}){_HUNG})
          (?:\s\p{{Ll}}+){{0,4}}+(?:,\s|(?=[.!?…]?\s?$))
      | \s?[—–]\s?(?:{_SAYS})\s(?:{_PRONOUN}|(?P<name>{_NAME}))[^—–\n]{{0,60}}[—–][,.;]?\s?""",
    regex.VERBOSE,
)
"""Inside the marks: , dit-il, in French and —dijo Juan—, in Spanish."""
