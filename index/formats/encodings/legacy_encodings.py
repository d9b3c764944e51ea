"""Detect the encoding of text that is not Unicode: the decoding that is most probable as text of a language."""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

from index.formats.encodings.language_models import language_model, read_words

_WEST = ("English", "French", "German", "Spanish", "Italian", "Portuguese", "Dutch", "Swedish", "Danish",
         "Norwegian_Bokmal", "Finnish", "Icelandic", "Catalan", "Galician")  # fmt: skip
_CENTRAL = ("English", "Polish", "Czech", "Slovak", "Hungarian", "Croatian", "Slovenian", "Romanian", "German")
_CYRILLIC = ("English", "Russian", "Ukrainian", "Belarusian", "Bulgarian", "Serbian", "Macedonian")
_BALTIC = ("English", "Lithuanian", "Latvian", "Estonian")
_LANGUAGES: dict[str, tuple[str, ...]] = {
    "cp1252": _WEST, "iso8859-15": _WEST, "mac_roman": _WEST, "cp850": _WEST,
    "cp1250": _CENTRAL, "iso8859-2": _CENTRAL, "cp852": _CENTRAL, "mac_latin2": _CENTRAL,
    "cp1251": _CYRILLIC, "koi8-r": _CYRILLIC, "koi8-u": _CYRILLIC, "cp866": _CYRILLIC, "iso8859-5": _CYRILLIC,
    "mac_cyrillic": _CYRILLIC,
    "cp1253": ("English", "Greek"), "iso8859-7": ("English", "Greek"), "cp737": ("English", "Greek"),
    "cp1254": ("English", "Turkish"), "cp857": ("English", "Turkish"),
    "cp1255": ("English", "Hebrew"), "iso8859-8": ("English", "Hebrew"), "cp862": ("English", "Hebrew"),
    "cp1256": ("English", "Arabic", "Persian", "Urdu"), "iso8859-6": ("English", "Arabic"),
    "cp1257": _BALTIC, "iso8859-13": _BALTIC, "iso8859-4": _BALTIC, "cp775": _BALTIC,
    "cp1258": ("English", "Vietnamese"),
    "cp874": ("English",),
    "gb18030": ("English",), "big5hkscs": ("English",), "cp950": ("English",), "cp932": ("English",),
    "euc_jp": ("English",), "cp949": ("English", "Korean"),
}  # fmt: skip
"""The encodings that are tried, with the languages that are written in them, by the names of justext's word lists."""

_TWO_BYTES = frozenset({"gb18030", "big5hkscs", "cp950", "cp932", "euc_jp", "cp949"})
_SAMPLE_BYTES = 20_000
_SAMPLE_WORDS = 400
_MARGIN = 5.0
"""How much more probable the best decoding must be than the next, as a natural logarithm: 150 times."""

_LEAST_LIKELY = -4.3
"""The mean logarithm per byte of words that are not ASCII: words of a known language have -2 to -3.5."""

_RARE = ("mac_roman", "mac_latin2", "mac_cyrillic", "cp850", "cp852", "cp866", "cp737", "cp857", "cp862", "cp775",
         "cp874", "iso8859-4")  # fmt: skip
_RARENESS = {"cp1252": 0.0, **dict.fromkeys(_RARE, 6.0)}
"""Natural logarithms of how much rarer encodings are than Windows-1252; one that is not named is 2.7 times rarer."""

_OTHER_LANGUAGE = -4.0
_ODD_CASE = _LONE_LETTER = -6.0
_THAI_LETTERS = frozenset(map(chr, range(0x0E01, 0x0E5C)))
_MIXED_SCRIPTS = -15.0
_ODD_SYMBOL = -12.0
_TYPOGRAPHY = {
    **dict.fromkeys("“”„‚‘’«»‹›–—…¿¡•·、。「」『』，！？：；（）《》〈〉~～♪♫\xa0\u3000", -4.0),
    **dict.fromkeys("€£¥$§°№½¼¾²³´×©®™", -6.0),
}
_OPENING = frozenset("“„‚‘«‹–—…¿¡•·「『（《〈【♪♫\xa0\u3000№§©")
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这那个们中来上大为和国地到以说时要就出会可也你对生能而子得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重並這個們來為國說時會"
    "對發後過還進開從實無與長機關點業將兩間問樣現當動經學種著裡沒嗎呢吧啊嘛哦請謝谢请让讓給给话話"
)
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_WORD = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+(?:'(?:[^\W\d_]|[{_MARKS}])+)*")
_INSIDE = re.compile(r"(?<=[^\W\d_])[^\w\s](?=[^\W\d_])")
_BEFORE_LETTER = re.compile(rf"([^\w\s{_MARKS}])((?<=\s.)[^\W\d_])?")
_SYMBOLS = ("Sc", "Sk", "Sm", "So", "No")
_TAG = re.compile(rb"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}|\\[nNh]")


def detect_encoding(data: bytes) -> str | None:
    """Return the name of the encoding of bytes that are not UTF-8, None if that is unsure."""
    sample = _sample(data)
    best: dict[str, _Decoding] = {}
    for encoding in _LANGUAGES:
        decoding = _decode(data, sample, encoding)
        if decoding is not None and (
            decoding.text not in best or best[decoding.text].log_probability < decoding.log_probability
        ):
            best[decoding.text] = decoding
    ranked = sorted(best.values(), key=lambda one: one.log_probability, reverse=True)
    if not ranked or ranked[0].per_byte < _LEAST_LIKELY:
        return None
    if len(ranked) > 1 and ranked[0].log_probability - ranked[1].log_probability < _MARGIN:
        return None
    return ranked[0].encoding


@dataclass(frozen=True, slots=True)
class _Decoding:
    encoding: str
    text: str
    log_probability: float
    per_byte: float
    """Mean over the bytes of words that are not ASCII."""


def _sample(data: bytes) -> bytes:
    """Return the lines with bytes beyond ASCII from the beginning and from the middle, without tags."""
    lines = [line for line in re.split(rb"[\r\n]+", data) if not line.isascii()]
    half = len(lines) // 2
    return _TAG.sub(
        b" ", _head(lines) if sum(map(len, lines)) <= _SAMPLE_BYTES else _head(lines[:half]) + _head(lines[half:])
    )


def _head(lines: list[bytes]) -> bytes:
    kept, length = [], 0
    for line in lines:
        if length + len(line) > _SAMPLE_BYTES:
            break
        kept.append(line)
        length += len(line)
    return b"\n".join(kept or [line[:_SAMPLE_BYTES] for line in lines[:1]]) + b"\n"


def _decode(data: bytes, sample: bytes, encoding: str) -> _Decoding | None:
    try:
        codecs.decode(data, encoding)
        text = "\n" + unicodedata.normalize("NFC", sample.decode(encoding, "replace"))
    except UnicodeDecodeError:
        return None
    if any(unicodedata.category(letter) in ("Cc", "Co", "Cn") and letter not in "\t\n\r\f" for letter in set(text)):
        return None
    if any(unicodedata.category(letter) in _SYMBOLS for letter in _INSIDE.findall(text)):
        return None
    words = Counter(_WORD.findall(text.replace("’", "'")))
    kept = words.most_common(_SAMPLE_WORDS)
    total, beyond, letters = _score_words(kept, encoding)
    symbols = [pair for pair in _BEFORE_LETTER.findall(text) if not pair[0].isascii()]
    total += sum(_symbol(*pair) for pair in symbols) - _RARENESS.get(encoding, 1.0)
    if not letters:
        plausible = all(symbol in _TYPOGRAPHY for symbol, _ in symbols)
        return _Decoding(encoding, text, total, 0.0 if plausible else _LEAST_LIKELY - 1)
    return _Decoding(encoding, text, total, beyond / letters)


def _symbol(symbol: str, following: str) -> float:
    """Return the log-probability of a character that is not a letter; few stand in front of a letter."""
    score = _TYPOGRAPHY.get(symbol, _ODD_SYMBOL)
    return score + (_ODD_SYMBOL if following and symbol not in _OPENING else 0.0)


def _score_words(words: list[tuple[str, int]], encoding: str) -> tuple[float, float, int]:
    """Return the log-probability of all words, that of words that are not ASCII, and the bytes of these."""
    by_language = {name: [_score(word, name, encoding) for word, _ in words] for name in _LANGUAGES[encoding]}
    main = max(by_language, key=lambda name: sum(by_language[name]))
    total = beyond = 0.0
    letters = 0
    for row, (word, _) in enumerate(words):
        value = max(scores[row] + (0 if name == main else _OTHER_LANGUAGE) for name, scores in by_language.items())
        total += value
        if not word.isascii():
            beyond += max(scores[row] for scores in by_language.values())
            letters += len(word)
    return total, beyond, letters * (2 if encoding in _TWO_BYTES else 1)


def _score(word: str, language: str, encoding: str) -> float:
    scripts = {_script(letter) for letter in word}
    if scripts & _WITHOUT_MODEL:
        score = sum(_letter_score(letter, encoding) for letter in word) + (_LONE_LETTER if word in _THAI_LETTERS else 0)
        return score if scripts <= {"Han", "Kana"} or len(scripts) == 1 else score + _MIXED_SCRIPTS
    score = language_model(language).log_probability(word.lower())
    if not (word.islower() or word.isupper() or word[1:].islower() or word.lower() == word.upper()):
        score += _ODD_CASE
    return score + (_MIXED_SCRIPTS if len(scripts) > 1 else 0)


_WITHOUT_MODEL = {"Han", "Kana", "Hangul", "Thai"}
_SCRIPTS = {"Cjk": "Han", "Ideographic": "Han", "Hiragana": "Kana", "Katakana": "Kana", "Katakana-Hiragana": "Kana",
            "Halfwidth": "Kana", "Right": "Latin", "Modifier": "Latin", "Combining": "Latin"}  # fmt: skip


@cache
def _script(letter: str) -> str:
    if letter in "'’":
        return "Latin"
    first = unicodedata.name(letter, "?").split()[0].title()
    return _SCRIPTS.get(first, first)


@cache
def _letter_score(letter: str, encoding: str) -> float:
    """Return the log-probability of a letter of a script with many letters, or without spaces between words."""
    script = _script(letter)
    if script == "Thai":
        return _THAI
    standard, first, last = _LEVEL_1.get(encoding, ("ascii", 0, 0))
    if script == "Kana":
        foreign = standard != "euc_jp" or "HALFWIDTH" in unicodedata.name(letter)
        return _RARE_HAN if foreign else _KANA
    if script == "Hangul":
        return _syllables().get(letter, _RARE_HAN)
    try:
        coded = letter.encode(standard)
    except UnicodeEncodeError:
        return _RARE_HAN
    if len(coded) != 2 or not first <= coded[0] <= last:
        return _RARE_HAN
    return _FREQUENT_HAN if letter in _COMMON_HAN else _USUAL_HAN


_THAI, _KANA, _FREQUENT_HAN, _USUAL_HAN, _RARE_HAN = -4.1, -4.3, -6.0, -8.3, -12.5
_LEVEL_1 = {
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5hkscs": ("big5", 0xA4, 0xC6), "cp950": ("big5", 0xA4, 0xC6),
    "cp932": ("euc_jp", 0xB0, 0xCF), "euc_jp": ("euc_jp", 0xB0, 0xCF),
}  # fmt: skip
"""The lead bytes of the characters that a national standard calls the usual ones (level 1)."""


@cache
def _syllables() -> dict[str, float]:
    counts = Counter(letter for word in read_words("Korean") for letter in word)
    total = sum(counts.values())
    return {letter: math.log(count / total) for letter, count in counts.items()}
