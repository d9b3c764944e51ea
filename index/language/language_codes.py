"""Languages as people and files name them -> the codes that Whisper uses."""

from __future__ import annotations

import re
from functools import lru_cache

# openai-whisper, tokenizer.py: LANGUAGES and TO_LANGUAGE_CODE. Its own names, because OpenAI's API writes those.
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

_WHISPER_SAYS = {"fil": "tl", "jv": "jw", "nb": "no"}
"""Where Whisper's code is not the one that BCP 47 prefers."""

_UNDETERMINED = frozenset({"", "auto", "mis", "mul", "und", "zxx"})
"""Codes of ISO 639 for no one language, and what whisper.cpp writes where the sound is to decide."""

_PRIVATE_USE = re.compile(r"q[a-t][a-z]")
_PRIMARY = re.compile(r"[a-z]{2,3}(?=[-_])")


def language_code(name: object) -> str | None:
    """The code of a language: ``en`` from ``en``, ``eng``, ``en-US`` or ``English``; None for what is not a language.

    It is the code that Whisper uses or, for a language that Whisper does not know, the one that BCP 47 prefers.
    """
    return _find_code(name.strip().lower()) if isinstance(name, str) else None


def stated_language(name: object) -> str | None:
    """As ``language_code``, but what a file states that is not a language comes back as it stands, to be told of.

    None where the file states no language, or that it is undetermined.
    """
    code = language_code(name)
    stated = name.strip() if isinstance(name, str) else ""
    return code if code or stated.lower() in _UNDETERMINED else stated


@lru_cache(maxsize=1000)
def _find_code(name: str) -> str | None:
    if name in WHISPER_CODES:
        return name
    # Imported only for what is rarely written: it takes as long as all the rest of a short command.
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
    return _WHISPER_SAYS.get(code, code)
