"""Common words, which phrases look up by bigrams with their neighbours ("common grams") instead of alone.

The lists are part of the index format: changing one requires a new FORMAT_VERSION in index/fulltext/manifest.py. The
English list is the 150 most frequent tokens of 1.4 million words of podcast transcripts, 65 % of all tokens there; the
others are function words, chosen by hand. All are folded as in index/language/tokens.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.language.tokens import stem_token

_LISTS = {
    "en": """the and to that a i of you it is in so we like this it's for have but just was on do what with are
        that's be or can think about not yeah if because as there i'm they at all really one your know people
        things then don't how out some my you're get kind an right me when from well more thing now which there's
        go up lot where would time going we're actually these way very something into had good our been say them
        those were want got other maybe us no has back doing also could stuff make much use work see who open even
        they're by i've did their different he here will gonna little oh okay need mean new sure first bit two why
        you've around we've over said she her his him talk great still being does many take should too any let's
        than i'd same give didn't always through before only might can't come down what's i'll he's she's""",
    "de": """der die das und ich ist nicht ja es wir sie zu in ein eine einen einem einer man so auch dass da
        mit auf war wenn was er den dem des im von fur an als aber wie noch schon oder hat haben bin sind wird
        kann mal dann doch hier uns mir mich dich dir du ihr sich aus bei nach um nur mehr sehr ganz jetzt
        immer also halt eben einfach vor uber durch am zum zur habe hatte sein werden weil nein""",
    "es": """de la que el en y a los se del las un por con no una su para es al lo como mas o pero sus le ha
        me si sin sobre este ya entre cuando todo esta ser son dos tambien fue habia era muy anos hasta desde
        mi porque que solo han yo hay vez puede todos asi nos ni parte tiene uno donde bien ese ahora esto eso
        bueno pues entonces aqui te tu va hacer""",
    "fr": """de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont
        avec ou son aux cette ont ses mais comme on tout nous sa fait ete aussi leur bien peut ces y deux je
        tu elle vous ils j'ai c'est d'un d'une qu'il n'est l'on moi toi lui si sans tres ca meme quand donc
        alors la oui non etait avait faire dit""",
    "it": """di che e la il un a per in una mi sono ho non ma lo ha le si ti i con cosa se io come da ci no
        questo qui hai sei del bene tu si solo mio me te della era gli l'ho quando lui dei al quello piu
        fatto stato alla nel anche essere o c'e perche cosi ora tutto""",
    "nl": """de het een en van ik te dat die in is je niet op zijn aan met er maar om dan zou of wat mijn men
        dit zo door over ze zich bij ook tot mij uit der daar haar naar heb hoe heeft hebben deze u want nog
        zal me zij nu ge geen omdat iets worden toch al waren veel meer doen toen moet ben zonder kan hun dus
        alles onder ja eens hier wie werd altijd doch wordt wezen kunnen ons zelf tegen na reeds wil kon""",
    "pt": """de a o que e do da em um para com nao uma os no se na por mais as dos como mas ao ele das a seu
        sua ou quando muito nos ja eu tambem so pelo pela ate isso ela entre depois sem mesmo aos seus quem
        nas me esse eles voce essa num nem suas meu as minha numa pelos elas qual nos lhe deles foi era ser
        tem ha estava esta entao la aqui gente""",
}

COMMON_WORDS = {language: frozenset(words.split()) for language, words in _LISTS.items()}


def common_words(language: str | None) -> frozenset[str]:
    """Return the common tokens of a language, none for a language without a list."""
    return COMMON_WORDS.get(language or "", frozenset())


def common_grams(tokens: Sequence[str], language: str | None) -> list[str]:
    """Return the bigrams of ``tokens`` that contain a common word, as ``first second``."""
    common = common_words(language)
    return [f"{first} {second}" for first, second in pairwise(tokens) if first in common or second in common]


def phrase_terms(tokens: Sequence[str], language: str | None) -> tuple[list[str], list[str]]:
    """Return the index terms of a phrase: its common-word bigrams, and the stems of the tokens that are in none."""
    grams = set(common_grams(list(tokens), language))
    common = common_words(language)
    paired = {
        place
        for place, token in enumerate(tokens)
        if len(tokens) > 1
        and any(
            0 <= other < len(tokens) and (token in common or tokens[other] in common)
            for other in (place - 1, place + 1)
        )
    }
    alone = {stem_token(token, language) for place, token in enumerate(tokens) if place not in paired}
    return sorted(grams), sorted(alone)
