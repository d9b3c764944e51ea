"""Abbreviations whose full stop does not end a sentence, and common sentence openers, for a few languages.

Collected for this project from each language's ordinary abbreviations; a missing one causes a superfluous sentence
boundary, never a lost word. Every entry is lower case, without its last full stop.
"""

from __future__ import annotations

TITLES = {
    "en": "mr mrs ms mx dr prof st sen gov col capt lt sgt rev pres supt messrs mt ft vs approx dept",
    "de": "hr fr dr prof st ca bzw evtl ggf inkl exkl vgl sog usf dipl ing geb gest mag str ehem jh",
    "es": "sr sra srta dr dra prof lic ing gral ud uds d dña sto sta aprox",
    "fr": "m mm mme mlle mlles dr pr me st ste mgr env cf",
    "pt": "sr sra srta dr dra prof profa eng exmo exma sto sta gen aprox",
    "it": "sig sigg dott prof avv ing geom on gen mons ca cfr",
    "nl": "dhr mevr mw dr drs prof ir ing mr st ca bijv nl evt incl excl resp",
}
"""Abbreviations that never end a sentence."""

COUNTED = {
    "en": "no nos p pp vol fig ch sec art par jan feb mar apr jun jul aug sept sep oct nov dec",
    "de": "nr s abs art bd kap jan feb apr aug sept okt nov dez",
    "es": "núm n art pág págs cap vol",
    "fr": "n no art p pp chap vol",
    "pt": "n núm art pág págs cap vol",
    "it": "n art pag pagg cap vol",
    "nl": "nr art p blz hfst",
}
"""Abbreviations only before a number; otherwise their full stop ends the sentence."""

OFTEN_LAST = {
    "en": "inc corp ltd co bros jr sr etc",
    "de": "usw etc co",
    "es": "etc cía",
    "fr": "etc",
    "pt": "etc cia",
    "it": "ecc etc",
    "nl": "enz etc",
}
"""May stand inside a sentence or end it, like ``U.S.`` and ``a.m.``; decided by the pause and the next word."""

OPENERS = {
    "en": "i i'm i've we we're he he's she she's it it's they they're you the a an and but so that that's "
    "this these those what who when where why how if then there there's my our your his her in on as "
    "at for now well yeah yes no okay or not let let's because some most all just do did is are was "
    "can",
    "de": "ich wir er sie es ihr du der die das ein eine und aber so dann da wenn wie was wo warum mein in "
    "im auf ja nein also doch man",
    "es": "yo él ella nosotros ellos el la los las un una y pero entonces que qué cuando cómo si sí no en es esto eso",
    "fr": "je j'ai il elle on nous vous ils elles le la les un une et mais alors donc c'est ce ça quand si oui non en",
    "pt": "eu ele ela nós eles o a os as um uma e mas então que quando como se sim não em é isso",
    "it": "io lui lei noi loro il lo la i gli le un una e ma allora che quando come se sì no in è questo quello",
    "nl": "ik hij zij ze wij we jij je u het de een en maar dus dan wat wie waar als ja nee in dat dit er",
}
"""Frequent first words of a sentence."""

DOTTED_INSIDE = frozenset(
    (
        "e.g",
        "i.e",
        "z.b",
        "d.h",
        "u.a",
        "z.t",
        "s.o",
        "o.ä",
        "v.a",
        "i.d.r",
        "p.ej",
        "b.v",
        "d.w.z",
        "m.a.w",
        "c.f",
    )
)
"""Abbreviations with inner full stops that never end a sentence."""

ORDINAL_STOP = frozenset(("de", "nl", "da", "no", "nb", "nn", "fi", "cs", "sk", "pl", "hu", "et", "lv", "sl", "hr"))
"""Languages that write an ordinal as a number with a full stop: ``14. Oktober``."""

FALLBACK = "en"
"""The language whose tables are used for languages without their own."""


def table(entries: dict[str, str], language: str | None) -> frozenset[str]:
    """Return the words of one language from one of the tables above."""
    return frozenset(entries.get(language or FALLBACK, entries[FALLBACK]).split())
