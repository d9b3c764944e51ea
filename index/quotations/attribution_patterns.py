"""Patterns of attributions: names, reporting verbs, and their word order in several languages."""

from __future__ import annotations

import regex

VERBS = {
    "en": """said says say told tells added adds recalled recalls explained explains wrote writes asked asks replied
        replies answered answers argued argues insisted insists noted notes joked jokes admitted admits confirmed
        confirms continued continues concluded concludes remarked remarks observed observes declared declares announced
        announces warned warns claimed claims stated states remembered remembers quipped quips tweeted posted agreed
        agrees acknowledged acknowledges reflected reflects responded responds shouted whispered called calls described
        describes promised promises predicted predicts suggested suggests
        laughed maintains maintained recounted recounts
        denied denies revealed reveals shared shares teased stressed stresses""",
    "de": """sagte sagt erklärte erklärt meinte meint betonte betont erzählte erzählt antwortete antwortet fragte fragt
        schrieb schreibt berichtete berichtet kritisierte kritisiert forderte fordert warnte warnt ergänzte ergänzt
        fügte versicherte versichert bestätigte bestätigt räumte erinnerte erinnert behauptete behauptet kündigte
        scherzte scherzt verriet verrät bekräftigte entgegnete nannte nennt rief""",
    "fr": """dit déclare déclarait explique expliquait raconte racontait affirme affirmait ajoute ajoutait précise
        précisait assure assurait confie confiait souligne soulignait répond répondait estime estimait poursuit
        conclut rappelle rappelait demande lance insiste reconnaît résume souvient exclame indique avoue écrit""",
    "es": """dijo dice explicó explica afirmó afirma añadió añade contó cuenta recordó recuerda señaló señala aseguró
        asegura declaró declara respondió responde preguntó pregunta insistió insiste comentó comenta subrayó subraya
        confesó confiesa escribió escribe admitió admite concluyó concluye agregó agrega advirtió advierte""",
    "it": "disse dice spiegò spiega aggiunse aggiunge raccontò racconta rispose risponde afferma affermò ricorda",
    "pt": "disse diz explicou explica afirmou afirma acrescentou acrescenta contou conta respondeu lembrou lembra",
    "nl": "zei zegt vertelde vertelt verklaarde verklaart schreef schrijft antwoordde vroeg aldus",
}
"""Reporting verbs by language, in the forms used next to a quotation; Dutch "aldus" has the same function."""

PARTICIPLES = """dit déclaré expliqué raconté affirmé ajouté précisé assuré confié souligné répondu estimé poursuivi
    conclu rappelé demandé lancé insisté reconnu résumé indiqué avoué écrit dicho explicado afirmado
    añadido contado recordado señalado asegurado declarado comentado subrayado admitido detto
    spiegato aggiunto raccontato risposto affermato said told added explained recalled written joked
    admitted"""
"""Follow an auxiliary: a dit, ha dicho, has said."""

AUXILIARIES = "a ont avait ha han había has have had"

INVERTED_PRONOUNS = "il elle ils elles on je"
"""French appends them to the verb: dit-il, a-t-elle ajouté."""

PRONOUNS = "he she er sie il elle él ella lui lei ele ela hij zij ze"
"""Third person singular, in the languages above."""

ACCORDING_TO = ["according to", "laut", "nach den worten von", "nach angaben von", "selon", "d'après", "d’après"]

ACCORDING_TO += ["según", "secondo", "segundo", "volgens"]

PARTICLES = "de del della di da dos van von der den la le el al bin ibn ter zu y e du des"
"""May occur inside a name, in lower case."""

NOT_NAMES = """a an the this that these those he she it they we you i my your his her its their our in on at by for
    from to of à with as and but or so if when while after before since then there here what who why
    how yes no not now later asked also still once one two three four five six seven eight nine ten
    last next der die das den dem des ein eine einen einem einer er sie es wir ihr ich sein seine
    ihre und aber oder doch wenn als wie nach vor bei mit am im zum zur auf aus für über unter dann
    da hier dort auch noch nun was wer warum le la les un une il elle ils elles ce cette ces son sa
    ses leur mais et ou donc car si quand dans sur sous pour par avec sans après avant depuis puis
    en au aux du el los las una uno él ella ellos pero y o cuando tras según con sin desde entonces
    su sus according laut selon"""
"""Capitalised at the start of a sentence, but not names; the same words in lower case end a description."""

CALENDAR = """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december today yesterday montag dienstag mittwoch donnerstag freitag samstag sonntag
    januar februar märz mai juni juli oktober dezember anfang ende mitte gestern heute lundi mardi mercredi jeudi
    vendredi samedi dimanche hoy ayer lunes martes miércoles jueves viernes sábado domingo"""
"""Capitalised in some language, but not part of a name that they follow: Keller Monday."""

FOLLOWERS = """during who whose whom about over into through again recently earlier gegenüber während bezüglich
    über al del durante para ante lors face devant chez à jeudi this per naar aan"""
"""Words that end the name before them, in addition to those that begin sentences."""

NON_PERSON_ENDINGS = """podcast show times post guard university street road avenue park house group company council
    party news radio magazine journal institute school college museum theater theatre club union press bank festival
    city county state states kingdom river lake mountain island coast bay court office ministry department association
    foundation zeitung sender verlag verein universität journal musée théâtre université teatro universidad
    ayuntamiento"""
"""Last words of names that are not a person's."""

NON_PERSON_LEADS = """the in at on from near across aus bei nach à en desde hacia podcast podcasts pódcast show program
    programme book novel film movie song album play newspaper magazine series zeitung sendung film
    buch émission journal livre programa diario libro"""
"""Precede the name of a place or a work more often than a person's."""


def _any_of(words: str | list[str]) -> str:
    entries = words.split() if isinstance(words, str) else words
    return "|".join(regex.escape(entry) for entry in sorted(set(entries), key=len, reverse=True))


_CAPITALISED = (
    r"(?:[\p{Lu}\p{Lt}](?:\.(?:[\p{Lu}]\.)*|['’][\p{Lu}])?[\p{L}\p{M}]*+(?:[-'’](?!s\b)[\p{L}][\p{L}\p{M}]*+)*+)"
)
_TITLES = "Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|St|Sr|Sra|Mme|Mlle|Hr|Fr"
_TITLE = rf"(?:(?:{_TITLES}|M)\.?\s)"
_STARTERS = f"{NOT_NAMES} {CALENDAR}"
_FIRST = rf"(?!(?i:{_any_of(_STARTERS)})\b){_CAPITALISED}"
_FURTHER = (
    rf"\s(?:(?:{_any_of(PARTICLES)})\s){{0,2}}"
    rf"(?!(?i:{_any_of(CALENDAR)})\b){_CAPITALISED}(?![\p{{L}}\p{{M}}])"
)
_NAME = rf"(?:{_TITLE}?{_FIRST}(?![\p{{L}}\p{{M}}])(?:{_FURTHER}){{0,4}}+)"
_FULL_NAME = rf"(?:{_TITLE}?{_FIRST}(?![\p{{L}}\p{{M}}])(?:{_FURTHER}){{1,4}}+)"
_VERBS = _any_of(" ".join(VERBS.values()))
_FOREIGN_VERBS = _any_of(" ".join(verbs for language, verbs in VERBS.items() if language != "en"))
_INVERTED = rf"-(?:t-)?(?P<inverted>{_any_of(INVERTED_PRONOUNS)})\b"
_WITH_AUXILIARY = rf"(?:{_any_of(AUXILIARIES)})\s(?:\p{{Ll}}+\s)?(?:{_any_of(PARTICIPLES)})"
_SAYS = rf"\b(?:{_WITH_AUXILIARY}|(?:l[’']|s[’'])?(?:{_VERBS})|put\sit)\b(?!-)"
_PRONOUN = rf"(?P<pronoun>(?i:{_any_of(PRONOUNS)}))\b"
_ADVERBS = r"(?:(?!(?:and|und|et|y)\b)\p{Ll}+\s){0,2}?"
_APPOSITION = r"(?:,\s[^,.;:!?]{1,80},|\s\([^()]{1,60}\)|,)?"
_DESCRIPTION = (
    r"(?:(?:(?:the|a|an|der|die|das|le|la|el)\s|l[’'])(?:[\p{L}-]+\s){1,4}?"
    rf"|(?:(?!(?:{_any_of(_STARTERS)})\b)\p{{Ll}}[\p{{L}}-]*\s){{1,4}}?)"
)
_FOLLOWS_A_NAME = rf"(?=[\s,.;:]*$|[,.;:)]|\s(?i:{_any_of(f'{_STARTERS} {FOLLOWERS}')})\b)"

AFTER = regex.compile(
    rf"""[\s,.;:–—-]*+(?:
        (?:{_any_of(AUXILIARIES)}|(?:{_VERBS}))?{_INVERTED}
      | (?:{_SAYS}\s(?:{_PRONOUN}|(?:(?P<name>{_NAME})|{_DESCRIPTION}(?P<name>{_FULL_NAME})){_FOLLOWS_A_NAME}))
      | (?:{_PRONOUN}\s{_ADVERBS}{_SAYS})
      | (?:(?:{_DESCRIPTION}(?P<name>{_FULL_NAME})|(?P<name>{_NAME})){_APPOSITION}\s{_ADVERBS}{_SAYS})
      | (?i:{_any_of(ACCORDING_TO)})\s(?P<name>{_NAME})(?!['’]s\b)
      | so\s(?P<name>{_NAME})(?=[,.]|\s(?:am|im|in|bei|gegenüber|weiter)\b)
    )""",
    regex.VERBOSE,
)
"""After a quotation: said Anna Keller, Keller told the host, he said, dit-il, so Weber."""

AFTER_UNNAMED = regex.compile(rf"[\s,.;:–—-]*+(?:(?!{_SAYS})[\p{{L}}\p{{M}}'’-]+\s){{1,6}}+{_SAYS}")
"""After a quotation, with a speaker who is not named: the crowd shouted."""

BEFORE = regex.compile(
    rf"""\b(?:
        (?i:{_any_of(ACCORDING_TO)})\s(?P<name>{_NAME})(?!['’]s\b)
      | {_PRONOUN}\s{_ADVERBS}{_SAYS}
      | (?P<name>{_NAME}){_APPOSITION}\s{_ADVERBS}{_SAYS}
      | (?:{_FOREIGN_VERBS}|said|says)\s(?:{_PRONOUN}|(?P<name>{_NAME}){_FOLLOWS_A_NAME})
    )""",
    regex.VERBOSE,
)
"""Before a quotation: Keller told the host, according to Keller, dijo Ana."""

LABEL = regex.compile(rf"^\W*+(?P<name>{_NAME})(?:\s\([^()]*\))?\s?:\s*$")
"""A whole line before a quotation, in an interview: Keller:"""

SIGNATURE = regex.compile(rf"[\s>]*[–—―-]{{1,2}}\s*(?P<name>{_NAME})[^.!?\n]{{0,60}}$")
"""A separate line after a quotation: — Anna Keller, farmer"""

SENTENCE_END = regex.compile(
    rf"(?<!\b(?:{_TITLES}|\p{{Lu}}))[.!?…。！？][’)\]]*+(?=\s+[\p{{Lu}}\p{{Lo}}\p{{N}}¿¡\ufffc]|\s*$)"
)
"""In narration: not an abbreviation, and followed by what may begin a sentence."""

ENDS = regex.compile(r"[.!?…。！？][^\w\s]*$")
"""A sentence-final mark at the end of a text."""

A_NAME = regex.compile(rf"(?<![\p{{L}}\p{{N}}]){_NAME}")
"""Any name in narration."""

BEFORE_UNNAMED = regex.compile(rf"{_SAYS},?\s*$")
"""Before a quotation: a reporting verb, whatever its subject."""

REMARK = regex.compile(
    rf""",\s(?:(?:{_any_of(AUXILIARIES)}){_INVERTED}\s(?:\p{{Ll}}+\s)?(?:{_any_of(PARTICIPLES)})|(?:{_VERBS}){_INVERTED})
          (?:\s\p{{Ll}}+){{0,4}}+(?:,\s|(?=[.!?…]?\s?$))
      | \s?[—–]\s?(?:{_SAYS})\s(?:{_PRONOUN}|(?P<name>{_NAME}))[^—–\n]{{0,60}}[—–][,.;]?\s?""",
    regex.VERBOSE,
)
"""Attribution inside the marks: , dit-il, in French and —dijo Juan—, in Spanish."""
