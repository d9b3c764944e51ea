"""Normalise names and codes of languages to the codes that Whisper uses."""

from __future__ import annotations

import re
from functools import lru_cache

from audio.errors import UsageError, correct_input

# openai-whisper, tokenizer.py: LANGUAGES and TO_LANGUAGE_CODE; OpenAI's API returns these names.
_NAMES = {
    "af": "afrikaans", "am": "amharic", "ar": "arabic", "as": "assamese", "az": "azerbaijani", "ba": "bashkir",
    "be": "belarusian", "bg": "bulgarian", "bn": "bengali", "bo": "tibetan", "br": "breton", "bs": "bosnian",
    "ca": "catalan|valencian", "cs": "czech", "cy": "welsh", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish|castilian", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fo": "faroese", "fr": "french", "gl": "galician", "gu": "gujarati", "ha": "hausa", "haw": "hawaiian",
    "he": "hebrew", "hi": "hindi", "hr": "croatian", "ht": "haitian creole|haitian", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "is": "icelandic", "it": "italian", "ja": "japanese", "jw": "javanese",
    "ka": "georgian", "kk": "kazakh", "km": "khmer", "kn": "kannada", "ko": "korean", "la": "latin",
    "lb": "luxembourgish|letzeburgesch", "ln": "lingala", "lo": "lao", "lt": "lithuanian", "lv": "latvian",
    "mg": "malagasy", "mi": "maori", "mk": "macedonian", "ml": "malayalam", "mn": "mongolian", "mr": "marathi",
    "ms": "malay", "mt": "maltese", "my": "myanmar|burmese", "ne": "nepali", "nl": "dutch|flemish", "nn": "nynorsk",
    "no": "norwegian", "oc": "occitan", "pa": "punjabi|panjabi", "pl": "polish", "ps": "pashto|pushto",
    "pt": "portuguese", "ro": "romanian|moldavian|moldovan", "ru": "russian", "sa": "sanskrit", "sd": "sindhi",
    "si": "sinhala|sinhalese", "sk": "slovak", "sl": "slovenian", "sn": "shona", "so": "somali", "sq": "albanian",
    "sr": "serbian", "su": "sundanese", "sv": "swedish", "sw": "swahili", "ta": "tamil", "te": "telugu",
    "tg": "tajik", "th": "thai", "tk": "turkmen", "tl": "tagalog", "tr": "turkish", "tt": "tatar",
    "uk": "ukrainian", "ur": "urdu", "uz": "uzbek", "vi": "vietnamese", "yi": "yiddish", "yo": "yoruba",
    "yue": "cantonese", "zh": "chinese|mandarin",
}  # fmt: skip
WHISPER_CODES = frozenset(_NAMES)
WHISPER_NAMES = {name: code for code, names in _NAMES.items() for name in names.split("|")}

_WHISPER_ALIASES = {"fil": "tl", "jv": "jw", "nb": "no"}
"""BCP 47's preferred code to Whisper's, where they differ."""

_UNDETERMINED = frozenset({"", "auto", "mis", "mul", "und", "zxx"})
"""ISO 639 codes for no single language, and whisper.cpp's value for automatic detection."""

_PRIVATE_USE = re.compile(r"q[a-t][a-z]")
_PRIMARY = re.compile(r"[a-z]{2,3}(?=[-_])")


def language_code(name: object) -> str | None:
    """Return the code of a language: ``en`` for ``en``, ``eng``, ``en-US`` or ``English``; None for what is not one.

    It is Whisper's code or, for a language unknown to Whisper, the one that BCP 47 prefers.
    """
    return _find_code(name.strip().lower()) if isinstance(name, str) else None


def language_name(code: str) -> str:
    """Return the English name of a language that Whisper knows, as ``German`` for ``de``; other codes as they are."""
    return _NAMES[code].partition("|")[0].title() if code in _NAMES else code


def parse_language(text: str) -> str:
    """Return the ``language_code`` of what a user entered. Raises UsageError for text that does not name a language."""
    code = language_code(text)
    if code is None:
        advice = correct_input("Write its code or its English name, such as de or German.")
        raise UsageError(f"{text!r} is not a language.", advice, where=text)
    return code


def stated_language(name: object) -> str | None:
    """Return the ``language_code`` of what a file states; if that is not a language, the text itself, to be reported.

    None where the file states no language, or an undetermined one.
    """
    code = language_code(name)
    stated = name.strip() if isinstance(name, str) else ""
    return code if code or stated.lower() in _UNDETERMINED else stated


@lru_cache(maxsize=1000)
def _find_code(name: str) -> str | None:
    if name in WHISPER_CODES:
        return name
    # langcodes is imported only for rare names: it takes as long as the rest of a short command.
    return WHISPER_NAMES.get(name) or _standard_code(name)


def _standard_code(name: str) -> str | None:
    import langcodes
    from langcodes.tag_parser import LanguageTagError

    try:
        tag = langcodes.standardize_tag(name, macro=True)
    except LanguageTagError:
        written = _PRIMARY.match(name)  # en_US.UTF-8
        tag = langcodes.standardize_tag(written[0], macro=True) if written else ""
    code = tag.partition("-")[0]
    if code in _UNDETERMINED or _PRIVATE_USE.fullmatch(code) or not langcodes.tag_is_valid(code):
        return None
    return _WHISPER_ALIASES.get(code, code)
