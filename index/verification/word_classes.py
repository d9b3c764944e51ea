"""Word classes: which words a quotation may leave out without changing the meaning, which not, and what is no word.

In a language without lists every word counts as content, so that
no difference is taken for a small one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from index.formats.spoken.sound_words import LONGEST_NOTE, UNTRANSCRIBED, are_sounds
from index.language.spelling import split_contraction
from index.language.tokens import tokenize

Kind = Literal["filler", "hedge", "small", "content", "negation", "number", "name"]

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
_HEDGES = {"en": ("i think", "i guess", "i suppose", "i mean", "i believe", "i would say")}
# "What I think is", "I think about it": there the words are part of the clause.
_NOT_BEFORE_HEDGES = {
    "en": "what how who whom whose which where when why do did does don't didn't than as if that all like to",
}
_NOT_AFTER_HEDGES = {"en": "about of so in through him her them you what how who not otherwise"}
_SET_APART = {"en": "right well so okay ok yeah oh like actually basically literally look listen anyway now"}
_NEGATIONS = {
    "en": """not no never nothing nobody none nor neither nowhere without cannot hardly barely scarcely unless nope
        nah seldom rarely n't""",
    "de": "nicht kein keine keinen keinem keiner keines nie niemals nichts niemand nirgends ohne weder nein kaum",
    "es": "no nunca jamas nada nadie ningun ninguno ninguna ni sin tampoco apenas",
    "fr": "ne pas jamais rien personne aucun aucune ni sans non guere n'est n'a n'ai n'y n'en n'etait",
    "it": "non mai niente nulla nessuno nessuna ne senza no neanche nemmeno neppure",
    "nl": "niet geen nooit niets niemand nergens zonder nee noch nauwelijks",
    "pt": "nao nunca jamais nada ninguem nenhum nenhuma nem sem tampouco",
    "ar": "لا ولا فلا لم ولم لن ولن ليس وليس ليست لست لسنا ليسوا غير بدون مش مو",
    "bn": "না নয় নেই নি",
    "ca": "no mai res ningu sense tampoc",
    "cs": "ne nikdy nic nikdo bez zadny",
    "da": "ikke ej aldrig ingen intet ingenting uden",
    "el": "δεν δε μη μην οχι ποτε τιποτα κανεις κανενας χωρις",
    "fa": "نه هیچ بدون نیست نیستم نبود نمی ندارم ندارد نکرد",
    "fi": "ei en et emme ette eivat ala ikina",
    "he": "לא ולא שלא אין ואין שאין בלי ללא אינו אינה אינם אינני איננו",
    "hi": "नहीं नही मत ना न बिना",
    "hu": "nem ne soha semmi senki nelkul",
    "id": "tidak tak bukan jangan belum tanpa",
    "mr": "नाही नको नाहीत",
    "no": "ikke aldri ingen ingenting uten",
    "pl": "nie nigdy nic nikt bez zaden",
    "ro": "nu nici niciodata nimic nimeni fara",
    "ru": "не нет ни никогда ничего никто нельзя без",
    "sv": "inte ej aldrig ingen inget inga ingenting utan",
    "ta": "இல்லை",
    "te": "లేదు కాదు",
    "tr": "degil degilim degiliz yok hayir asla hic",
    "uk": "не ні ніколи нічого ніхто без",
    "ur": "نہیں نہ مت بغیر",
    "vi": "không chưa chẳng đừng",
}
_ANSWERING_TEXT = "no nope nah nein non nee nao nej nei ne nie nu nem hayır нет ні όχι không"
_CLAUSE_MARK = re.compile(r"[,.;:!?…—–，。、；：！？｡､،؛؟।॥]")
_NO_SPACES = frozenset({"th", "lo", "km", "my"})
"""Languages that write a space only between clauses."""

_BEFORE_SPAN = {
    "zh": r"(?:(?<!差)不(?!过|過|仅|僅|但|管|论|論|错|錯|久)|[没沒](?!关系|關係)|[无無](?![论論])|未(?![来來])"
    r"|(?<![特分区區级級性告个個])[别別](?!人|的)|勿|莫|非(?!常|洲)).{0,3}$",
    "yue": r"[唔冇未咪].{0,3}$",
    "ja": r"[不無非未]$",
    "ko": r"(?:^|\s)[안못]\s*$",
    "th": r"(?<!หรือ)(?:ไม่(?!ว่า)|อย่า(?!ง)|ห้าม|ไร้).{0,4}$",
    "lo": r"ບໍ່.{0,4}$",
    "km": r"(?:មិន|គ្មាន).{0,4}$",
}
"""Negations that precede what they negate, in scripts in which they are not words between spaces."""

_AFTER_SPAN = {
    "zh": r"不[了到起动動得见見成完清懂上下来來去]",
    "ja": r".{0,7}?(?:(?<![少危切汚幼])な(?:い|かっ|く(?![なすし]))|ませ|ず(?=に|$))",
    "ko": r"\s*(?:(?:수|것은|것이|건|게|줄|적이|적)\s*)?(?:않|못하|못해|못했|없|아니|아닌|마세|말아)",
    "th": r"\s*ไม่",
    "lo": r"\s*ບໍ່",
}
"""Negations that follow it."""

_CONNECTIVES = {"ja": r"けど|けれど|ので|から|のに|たら|れば"}
"""Words that begin another clause where no mark does."""

_WORDS_BETWEEN = {"ar": 1, "fa": 1, "he": 1, "hi": 1, "mr": 1, "bn": 1, "ur": 1}
"""Words that may stand between a negation and what it negates, in scripts without capitals."""

_FOLLOWS = {"hi", "mr", "bn", "ur", "fa", "ta", "te", "tr"}
"""Languages with spaces whose negation follows what it negates."""

_ENDS_CLAUSES = {"de", "nl", "da", "sv", "no"}
"""Languages whose negation is one of the last words of its clause."""

_LAST_WORDS = 3
_FOLLOWS_VERBS = {"fr": frozenset({"pas", "jamais", "rien"}), "en": frozenset({"not", "never"})}
_AUXILIARY_TEXT = """am is are was were be been have has had do does did can could will would shall should may might
    must"""
_AUXILIARIES = {"en": frozenset(_AUXILIARY_TEXT.split())}
"""After which English negates: behind any other word "not" begins another part of the sentence."""

# Articles, prepositions, conjunctions, auxiliaries, pronouns of things. Personal pronouns, modals and quantifiers are
# excluded on purpose: substituting "we" for "I", "can" for "could" or "all" for "some" changes the meaning.
_SMALL = {
    "en": """a an the this that these those and but so or then of in on at to for with from by about as into onto upon
        over up out off down than is are was were be been being am has have had having do does did doing it its there
        here just very really quite actually also too one okay well oh yeah which who whom when where while because
        through around s re ve m us basically literally""",
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
_OPPOSITES = """to/from in/out on/off up/down over/under and/or and/but here/there into/out into/from with/from for/from
    for/with is/was are/were have/had has/had do/did does/did when/while because/but"""
_OPPOSITE_WORDS = """true/false right/wrong good/bad better/worse best/worst more/less most/least more/fewer
    always/never yes/no all/none everything/nothing everyone/nobody everybody/nobody before/after first/last old/new
    old/young early/late high/low higher/lower big/small large/small long/short hot/cold warm/cold hard/easy hard/soft
    difficult/easy easy/hard fast/slow faster/slower strong/weak rich/poor open/closed open/shut up/down left/right
    love/hate loved/hated like/dislike liked/disliked win/lose won/lost buy/sell bought/sold give/take gave/took
    come/go came/went start/stop started/stopped begin/end began/ended increase/decrease increased/decreased
    rise/fall rose/fell accept/reject accepted/rejected allow/forbid allowed/forbade agree/disagree succeed/fail
    success/failure safe/dangerous happy/sad alive/dead live/die lived/died guilty/innocent legal/illegal
    possible/impossible necessary/unnecessary important/unimportant honest/dishonest friend/enemy friends/enemies
    war/peace day/night near/far inside/outside public/private many/few much/little often/rarely same/different
    cheap/expensive heavy/light full/empty clean/dirty strength/weakness positive/negative useful/useless
    careful/careless hopeful/hopeless both/neither present/absent forget/remember forgot/remembered"""
_NEGATING_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non", "mis")
_DEGREE_TEXT = "just very really quite actually basically literally too also"
DEGREES = frozenset(_DEGREE_TEXT.split())
"""Small words that count after a negation: "not really happy" is not "not happy"."""
_CONDITIONS = {"en": "if unless whether", "de": "falls ob wenn", "fr": "si", "nl": "indien"}
"""Words before a clause that is not said to be so."""
_REFERRING = {
    "en": "he she they him her them",
    "de": "er sie ihn ihm ihnen",
    "es": "el ella ellos ellas",
    "fr": "il elle ils elles",
}
_ANSWERS = {
    "en": """yes yeah yep no nope okay ok right sure exactly absolutely totally definitely correct true thanks thank
        please hello hi bye wow great good nice cool well maybe perhaps really indeed of course i know you see so""",
}
_NUMBER_TEXT = "hundreds thousands millions billions dozen dozens half double twice triple quarter"
_NUMBER_WORDS = frozenset(_NUMBER_TEXT.split())


def _table(lists: dict[str, str]) -> dict[str, frozenset[str]]:
    return {language: frozenset(tokenize(words)) for language, words in lists.items()}


_FILLER_WORDS, _APART, _NEGATION_WORDS, _SMALL_WORDS = map(_table, (_FILLERS, _SET_APART, _NEGATIONS, _SMALL))
_CONDITION_WORDS = _table(_CONDITIONS)
_SMALL_PAIRS = [pair.split("/") for pair in _OPPOSITES.split()]
_SMALL_OPPOSITES = {
    word: frozenset(one for pair in _SMALL_PAIRS if word in pair for one in pair if one != word)
    for word in frozenset().union(*_SMALL_PAIRS)
}
_OPPOSITE_WORD_PAIRS = frozenset(frozenset(pair.split("/")) for pair in _OPPOSITE_WORDS.split())
_ANSWERING_NO = frozenset(tokenize(_ANSWERING_TEXT))
_PATTERNS_BEFORE, _PATTERNS_AFTER, _OTHER_CLAUSE = (
    {language: re.compile(pattern) for language, pattern in patterns.items()}
    for patterns in (_BEFORE_SPAN, _AFTER_SPAN, _CONNECTIVES)
)
_ANSWER_WORDS, _BEFORE_CLAUSES, _AFTER_CLAUSES = map(_table, (_ANSWERS, _NOT_BEFORE_HEDGES, _NOT_AFTER_HEDGES))
_REFERRING_WORDS = frozenset().union(*_table(_REFERRING).values())


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


def find_negation_before(text: str, language: str | None, *, cased: bool) -> str:
    """Return the negation, or condition, at the end of a text that turns what comes after it, "" if there is none.

    In scripts with capitals (``cased``) it is the word before; in others a word or a few characters may be between.
    """
    known = language or ""
    clause = _clauses_of(text, known)[-1]
    if known in _PATTERNS_BEFORE:
        found = _PATTERNS_BEFORE[known].search(clause)
        return found[0].strip() if found else ""
    reach = 1 if cased else 1 + _WORDS_BETWEEN.get(known, 0)
    nearest = list(reversed(clause.split()))[:reach]
    conditions = _CONDITION_WORDS.get(known, frozenset())
    condition = next((word for word in nearest if not conditions.isdisjoint(tokenize(word))), "")
    return condition or _find_negation_word(nearest, known)


def find_hedge_before(text: str, language: str | None) -> str:
    """Return the hedge at the end of a text, "I think", "" if there is none."""
    words = _clauses_of(text, language or "")[-1].split()
    for phrase in hedge_phrases(language):
        last = words[-len(phrase) :]
        if tokenize(" ".join(last)) == phrase:
            before = tokenize(" ".join(words[: -len(phrase)]))[-1:]
            return " ".join(last) if is_hedge(before[0] if before else "", "", language) else ""
    return ""


def find_negation_after(last: str, text: str, language: str | None) -> str:
    """Return the negation at the beginning of a text that negates what comes before it, of which ``last`` is a word."""
    known = language or ""
    if _CLAUSE_MARK.search(last.strip()[-1:]):
        return ""
    clause, *more = _clauses_of(text, known)
    if known in _PATTERNS_AFTER:
        found = _PATTERNS_AFTER[known].match(clause)
        return found[0].strip() if found else ""
    words = clause.split()
    if known in _FOLLOWS:
        return _find_negation_word(words[:2], known)
    if known in _ENDS_CLAUSES and len(words) <= _LAST_WORDS and more:
        return _find_negation_word(words, known)
    auxiliary = known not in _AUXILIARIES or not _AUXILIARIES[known].isdisjoint(tokenize(last))
    follows = words and auxiliary and not _FOLLOWS_VERBS.get(known, frozenset()).isdisjoint(tokenize(words[0]))
    return words[0] if follows else ""


def _clauses_of(text: str, language: str) -> list[str]:
    """Return the clauses of a text; the last one is empty if a mark ends it."""
    marked = _OTHER_CLAUSE[language].sub(",", text) if language in _OTHER_CLAUSE else text
    return _CLAUSE_MARK.split(marked.strip().replace(" ", ",") if language in _NO_SPACES else marked)


def _find_negation_word(words: Sequence[str], language: str) -> str:
    negations = _NEGATION_WORDS.get(language, frozenset())
    for word in words:
        token = tokenize(word)[-1:]
        parts = split_contraction(token[0])[-1:] if token and language == "en" else token
        if not negations.isdisjoint(parts):
            return word
    return ""


def may_precede_name(word: str, language: str | None) -> bool:
    """Whether before a capital, as of "I" or a name, it tells too little: a negation that also answers, or "if"."""
    return not (_ANSWERING_NO | _CONDITION_WORDS.get(language or "", frozenset())).isdisjoint(tokenize(word))


def set_apart_fillers(language: str | None) -> frozenset[str]:
    """Return words that are fillers if punctuation sets them apart: "right, so we left", not "the right side"."""
    return _APART.get(language or "", frozenset())


def filler_phrases(language: str | None) -> tuple[tuple[str, ...], ...]:
    """Return token sequences that are fillers together, such as "you know"."""
    return tuple(tuple(phrase.split()) for phrase in _FILLER_PHRASES.get(language or "", ()))


def hedge_phrases(language: str | None) -> tuple[tuple[str, ...], ...]:
    """Return token sequences that only say how sure the speaker is, and can be left out of a clause: "I think"."""
    return tuple(tuple(phrase.split()) for phrase in _HEDGES.get(language or "", ()))


def is_hedge(before: str, after: str, language: str | None) -> bool:
    """Whether such a phrase between these words is a hedge, and not part of the clause as in "what I think is"."""
    known = language or ""
    return before not in _BEFORE_CLAUSES.get(known, ()) and after not in _AFTER_CLAUSES.get(known, ())


def is_answer(token: str, language: str | None) -> bool:
    """Whether a word alone answers or agrees, so that it stands in every conversation."""
    return token in _ANSWER_WORDS.get(language or "", ())


def refers_to_somebody(token: str) -> bool:
    """Whether a word is a pronoun for which writers put whom it means: "engineers" for "they"."""
    return token in _REFERRING_WORDS


def are_antonyms(one: str, other: str) -> bool:
    """Whether two words say the opposite: true and false, legal and illegal, encouraging and discouraging."""
    if frozenset((one, other)) in _OPPOSITE_WORD_PAIRS:
        return True
    shorter, longer = sorted((one, other), key=len)
    if any(longer == prefix + shorter for prefix in _NEGATING_PREFIXES):
        return True
    return longer.startswith("dis") and shorter == "en" + longer[3:]


def opposites_of(word: str) -> frozenset[str]:
    """Return the small words that change the meaning if they replace this one: "from" for "to", "or" for "and"."""
    return _SMALL_OPPOSITES.get(word, frozenset())


# Stage directions: bracketed sounds and notes, which nobody said.


def find_stage_directions(texts: Sequence[str], *, spoken: bool) -> list[bool]:
    """Return for each word whether it belongs to a stage direction, such as [laughs], (applause) or ♪, and is not said.

    In a transcript (``spoken``) everything in square brackets is a note; in a quotation they also mark words that the
    writer put in.
    """
    silent = ["♪" in text or "♫" in text for text in texts]
    for first, end, inside in _find_brackets(texts):
        square = texts[first].strip().startswith("[")
        if are_sounds(inside) or (spoken and square and _closes_word(texts[end])):
            silent[first : end + 1] = [True] * (end + 1 - first)
    return silent


def find_untranscribed(texts: Sequence[str]) -> list[bool]:
    """Return for each word of a transcript whether it only notes speech that was not transcribed: [inaudible]."""
    noted = [False] * len(texts)
    for first, end, inside in _find_brackets(texts):
        square = texts[first].strip().startswith("[")
        if not UNTRANSCRIBED.isdisjoint(inside) and (square or are_sounds(inside)):
            noted[first : end + 1] = [True] * (end + 1 - first)
    return noted


def _find_brackets(texts: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield the first and last word of each short bracket that begins a word, and the tokens in it."""
    after = 0
    for number, text in enumerate(texts):
        opening = text.strip()[:1]
        if number < after or opening not in ("[", "("):
            continue
        end = _find_end(texts, number, "]" if opening == "[" else ")")
        if end is not None:
            yield number, end, tokenize(" ".join(texts[number : end + 1]))
            after = end + 1


def _find_end(texts: Sequence[str], start: int, closing: str) -> int | None:
    """Return the word in which a bracket is closed, behind which only punctuation stands."""
    for number in range(start, min(len(texts), start + LONGEST_NOTE)):
        if closing in texts[number]:
            return number if not tokenize(texts[number].rpartition(closing)[2]) else None
    return None


def _closes_word(text: str) -> bool:
    return not tokenize(text.rpartition("]")[2])
