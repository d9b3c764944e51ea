"""Phrases with which people say their own name, and introduce, welcome and thank each other, in five languages."""

from __future__ import annotations

import regex

_TIMES = (
    r"(?: (?:today|tonight|again|now|here|also|always|as always|as usual|once again|on the (?:show|line|podcast)),?)*"
)
"""English words of time and place inside a phrase: joined today by, with us as always is."""

_I_AM = (
    rf"(?:i[’']m|i am|my name is|my name[’']s){_TIMES}"
    r"(?: (?:your|the|one of your|one of the|your other) (?:co-?)?hosts?,?)?",
    r"(?:your|my) host,?",
    r"(?:ich bin|ich hei(?:ß|ss)e|mein name ist|am mikrofon ist|am mikrofon begrüßt (?:sie|euch))"
    r"(?: (?:der|die|euer|eure|ihr|ihre)(?: gastgeber(?:in)?| moderator(?:in)?)?,?)?",
    r"(?:soy|me llamo|mi nombre es|(?:les|te|os) (?:habla|saluda))"
    r"(?: (?:el|la|su|tu|vuestr[oa])(?: (?:anfitri[óo]na?|presentadora?))?,?)?",
    r"(?:je suis|je m[’']appelle|moi,? c[’']est|mon nom est)(?: votre (?:hôte|animat(?:eur|rice)),?)?",
    r"(?:eu sou|sou|me chamo|chamo-me|meu nome é|aqui (?:é|fala|quem fala é))"
    r"(?: [oa](?: (?:seu|sua) (?:apresentadora?|anfitri(?:ão|ã)))?,?)?",
)
_INTRODUCES = (
    rf"(?:my|our|today[’']s|this week[’']s) (?:very )?(?:\w++ )?(?:guests?|co-?hosts?){_TIMES}"
    r"(?: this (?:week|time|episode)| on (?:today[’']s|this) (?:show|episode|podcast))?,?(?: is| are| was)?:?",
    rf"(?:joined|accompanied){_TIMES},? by",
    rf"joining (?:me|us){_TIMES},? (?:is|are)",
    rf"with (?:me|us){_TIMES},? (?:is|are|i have|we have)",
    rf"(?:i[’']m|we[’']re|i am|we are) (?:here|back|sitting down|talking|speaking|chatting){_TIMES},? with",
    r"(?:please welcome|introducing|i[’']d like to (?:welcome|introduce))",
    r"(?:mein|meine|unser|unsere) (?:heutiger? )?(?:gast|gäste|gesprächspartner(?:in)?)(?: (?:heute|ist|sind|hier))*:?",
    r"(?:bei (?:mir|uns)|zu gast|im gespräch mit|ich spreche(?: heute)? mit|ich begrüße)"
    r"(?: (?:heute|ist|sind|hier|im studio))*",
    r"(?:mi|nuestr[oa]s?) invitad[oa]s?(?: (?:de hoy|hoy|es|son|de esta semana))*:?",
    r"(?:nos|me) acompañan?(?: hoy)?",
    r"(?:estamos|estoy|hablamos|converso|conversamos)(?: (?:hoy|aquí))? con",
    r"damos la bienvenida a",
    r"(?:mon|notre|nos) invitée?s?(?: (?:aujourd[’']hui|du jour|de la semaine|est|sont|c[’']est))*,?",
    r"(?:je reçois|nous recevons|on reçoit|j[’']accueille|en compagnie de|avec (?:moi|nous))(?: aujourd[’']hui)?,?",
    r"(?:meu|minha|noss[oa]) convidad[oa]s?(?: (?:de hoje|hoje|é|são))*:?",
    r"(?:comigo|conosco|connosco)(?: (?:está|estão|hoje|aqui))*",
    r"(?:recebo|recebemos|converso com|falo com|estamos com)(?: hoje)?",
)
_IS_INTRODUCED = (
    rf",?(?: is| are)?{_TIMES} (?:joining|joins) (?:me|us)\b",
    rf",?(?: is| are)?{_TIMES} with (?:me|us)\b",
    r" (?:is|are) (?:here|my guest|our guest)\b",
    r" ist (?:heute )?(?:bei (?:mir|uns)|zu gast|mein gast)\b",
    r",? (?:nos acompaña|está (?:hoy )?con nosotros)\b",
    r",? est (?:notre|mon) invitée?\b",
    r",? está (?:hoje )?(?:conosco|connosco|comigo)\b",
)
_WELCOMES = (
    r"welcome(?: back)?(?: to [^,.?!]{1,40})?",
    r"(?:glad|good|great|nice|happy) to (?:have|see) you(?: (?:back|here|again|on))?",
    r"(?:thanks|thank you)(?: so much| very much| again)?(?: you)? for"
    r" (?:joining|coming|being|taking|sitting)[^,.?!]{0,40}",
    r"willkommen(?: zurück)?",
    r"schön,? dass (?:du|sie) da (?:bist|sind)",
    r"bienvenid[oa]s?",
    r"gracias por (?:venir|estar|acompañarnos)[^,.?!]{0,30}",
    r"bienvenue",
    r"merci d[’'](?:être|avoir accepté)[^,.?!]{0,30}",
    r"bem[ -]vind[oa]s?",
    r"obrigad[oa] por (?:vir|estar|aceitar)[^,.?!]{0,30}",
)
_THANKS = (
    r"(?:thanks|thank you)(?: so much| very much| again)? for (?:having|inviting) (?:me|us)"
    r"(?: (?:on|back|here|again|on the (?:show|podcast)))*",
    r"dank(?:e)?,? dass ich [^,.?!]{0,30}",
    r"dank(?:e)? für die einladung",
    r"gracias por (?:invitarme|la invitación|tenerme|recibirme)(?: aquí)?",
    r"merci (?:beaucoup )?(?:de m[’']inviter|de m[’']avoir invitée?|de me recevoir|pour l[’']invitation)",
    r"obrigad[oa] (?:pelo convite|por me (?:receber|convidar))",
)
_REPLIES = r"(?i:thanks|thank you|hi|hey|hello|yeah|yes|danke|hallo|gracias|hola|merci|bonjour|salut|obrigad[oa]|olá)"
_OPENERS = (
    r"(?:(?i:so|and|well|but|now|okay|ok|alright|all right|oh|right|no|also|ja|nein|gut|sí|bueno|oui|non|alors|sim|não"
    rf"|bom|então|{_REPLIES}),? ){{0,3}}+"
)

_PARTICLES = "d[aeo]s?|di|du|v[ao]n|de[lnr]|la|ter|bin|ibn|al|y"
_CAPITAL = r"(?:\p{Lu}\.|(?:[OD][’'])?\p{Lu}[\p{L}\p{M}]*+(?:-\p{L}[\p{L}\p{M}]++)*+(?![’']\p{L}))"
NAME_PATTERN = rf"{_CAPITAL}(?:(?: (?:{_PARTICLES})){{0,2}} {_CAPITAL}){{0,3}}+"
"""Up to four words with capitals, with particles between them: Ann, J. D. Lee, Jan van der Berg."""

_WORD_START = r"(?<![\p{L}\p{M}’'-])"
_FILLERS = r"(?:[\p{Ll}’'-]++,? |(?:Dr|Mr|Mrs|Ms|Prof)\. ){0,6}?"
"""Between an introduction and the name: the author and my good friend."""


def _any_of(phrases: tuple[str, ...]) -> str:
    return f"(?i:{'|'.join(phrases)})"


NAME = regex.compile(NAME_PATTERN)
NAME_WORD = regex.compile(_CAPITAL)
SINGLE_NAME = regex.compile(r"\p{Lu}\p{Ll}++(?:-\p{Lu}?\p{Ll}++)?")
SAYS_OWN_NAME = regex.compile(
    rf"\b{_any_of(_I_AM)} ({NAME_PATTERN})(?=[,.;:!?…]| (?:and|und|y|et|e|from|with|here|von|de|del|do|da)\b|$)"
    rf"|^(?:(?i:hi|hey|hello|and),? )?(?:(?i:this is) )?({NAME_PATTERN}) (?:here|speaking)(?=[,.!])"
)
INTRODUCES = regex.compile(rf"\b{_any_of(_INTRODUCES)} {_FILLERS}(?=\p{{Lu}})")
IS_INTRODUCED = regex.compile(rf"{_WORD_START}({NAME_PATTERN}){_any_of(_IS_INTRODUCED)}")
WELCOMES = regex.compile(
    rf"(?:{_WORD_START}({NAME_PATTERN}),? )?\b{_any_of(_WELCOMES)}(?:,? ({NAME_PATTERN}))?(?=[,.!?…]|$)"
)
THANKS = regex.compile(rf"\b{_any_of(_THANKS)},? ({NAME_PATTERN})(?=[,.!?…]|$)")
ADDRESSES_FIRST = regex.compile(rf"^{_OPENERS}({NAME_PATTERN})(?:,|\.\.\.|…| ?--?)(?= )")
ADDRESSES_LAST = regex.compile(rf", ({NAME_PATTERN})[.?!…]+$")
REPLIES = regex.compile(rf"^{_REPLIES}\b")
BETWEEN_NAMES = regex.compile(r",? (?:and|und|y|e|et|as well as|sowie)(?: also| auch)? |, ")
SENTENCE_END = regex.compile(r"(?<=[.?!…]['”\"]?)(?<!\b(?:Mr|Mrs|Ms|Dr|Prof|St|\p{Lu})\.)\s+")
