"""Word classes: which words a quotation may leave out without changing the meaning, and which it may not.

The lists are folded as in index/language/tokens.py. In a language without lists every word counts as content, so that
no difference is taken for a small one.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["filler", "small", "content", "negation", "number", "name"]

_FILLERS = {
    "en": "um uh er erm uhm umm uhh ah hmm hm mm mhm mmm huh eh",
    "de": "ah ahm hm hmm mhm tja",
    "es": "eh em mmm",
    "fr": "euh heu hein bah ben",
    "it": "ehm eh mah boh",
    "nl": "eh ehm uh uhm",
    "pt": "ahn hum eh",
}
_FILLER_PHRASES = {"en": ("you know", "i mean", "sort of", "kind of"), "es": ("o sea",), "de": ("sag ich mal",)}
_SET_APART = {"en": "right well so okay ok yeah oh like actually basically literally look listen anyway now"}
_NEGATIONS = {
    "en": """not no never nothing nobody none nor neither nowhere without cannot hardly barely scarcely unless nope
        nah seldom rarely""",
    "de": "nicht kein keine keinen keinem keiner keines nie niemals nichts niemand nirgends ohne weder nein kaum",
    "es": "no nunca jamas nada nadie ningun ninguno ninguna ni sin tampoco apenas",
    "fr": "ne pas jamais rien personne aucun aucune ni sans non guere n'est n'a n'ai n'y n'en n'etait",
    "it": "non mai niente nulla nessuno nessuna ne senza no neanche nemmeno neppure",
    "nl": "niet geen nooit niets niemand nergens zonder nee noch nauwelijks",
    "pt": "nao nunca jamais nada ninguem nenhum nenhuma nem sem tampouco",
}
# Articles, prepositions, conjunctions, auxiliaries, pronouns of things. Personal pronouns, modals and quantifiers are
# excluded on purpose: substituting "we" for "I", "can" for "could" or "all" for "some" changes the meaning.
_SMALL = {
    "en": """a an the this that these those and but so or then of in on at to for with from by about as into onto upon
        over up out off down than is are was were be been being am has have had having do does did doing it its there
        here just very really quite also too one okay well oh yeah which who whom when where while because through
        around back again s re ve m us""",
    "de": """der die das den dem des ein eine einen einem einer und aber so also dann von in im an am zu zum zur fur
        mit auf aus bei als wie ist sind war waren sein hat haben hatte es da hier ja doch mal halt eben schon auch
        sehr dass""",
    "es": """el la los las un una y pero o entonces de del en a al para por con como es son era ser ha han lo que pues
        muy""",
    "fr": """le la les un une des et mais ou alors de du en a au aux pour par avec comme est sont etait ce c'est que
        qui y""",
    "it": "il lo la i gli le un una e ma o allora di del in a al per con come e sono era ha hanno che ci molto",
    "nl": "de het een en maar of dan van in op aan te voor met door als is zijn was heeft hebben er hier ook dat die",
    "pt": "o a os as um uma e mas ou entao de do da em no na para por com como e sao era ser tem que muito la",
}
_OPPOSITES = """to/from in/out on/off up/down over/under and/or and/but here/there into/out with/from for/from is/was
    are/were have/had has/had do/did does/did when/while because/but"""
_NUMBER_TEXT = "hundreds thousands millions billions dozen dozens half double twice triple quarter"
_NUMBER_WORDS = frozenset(_NUMBER_TEXT.split())


def _table(lists: dict[str, str]) -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in lists.items()}


_FILLER_WORDS, _APART, _NEGATION_WORDS, _SMALL_WORDS = map(_table, (_FILLERS, _SET_APART, _NEGATIONS, _SMALL))
_OPPOSITE_PAIRS = frozenset(frozenset(pair.split("/")) for pair in _OPPOSITES.split())


def kind_of(token: str, language: str | None) -> Kind:
    """Return the kind of one folded token, without context: never a name."""
    known = language or ""
    if token in _FILLER_WORDS.get(known, ()):
        return "filler"
    if token in _NEGATION_WORDS.get(known, ()):
        return "negation"
    if token in _NUMBER_WORDS or any(map(str.isdigit, token)):
        return "number"
    return "small" if token in _SMALL_WORDS.get(known, ()) else "content"


def set_apart_fillers(language: str | None) -> frozenset[str]:
    """Return words that are fillers if punctuation sets them apart: "right, so we left", not "the right side"."""
    return _APART.get(language or "", frozenset())


def filler_phrases(language: str | None) -> tuple[tuple[str, ...], ...]:
    """Return token sequences that are fillers together, such as "you know"."""
    return tuple(tuple(phrase.split()) for phrase in _FILLER_PHRASES.get(language or "", ()))


def are_opposites(one: str, other: str) -> bool:
    """Whether substituting these small words changes the meaning: "to" and "from", "and" and "or", "is" and "was"."""
    return frozenset((one, other)) in _OPPOSITE_PAIRS
