"""Words that lead into the phrase after them, by language: a line of a subtitle does not end with one.

Collected for this project from each language's closed word classes; a missing word costs a line break that is less
good, never a word. All are folded as in index/language/tokens.py.
"""

from __future__ import annotations

_LEADING = {
    "en": """a an the of in on at to for with from by about as into onto upon over under between among through during
        without within against across behind beyond despite toward towards until till per via than like near beside
        before after above below and or but nor because if that which who whom whose when where while although though
        unless whether since so my your his her its our their this these those every each no some any very""",
    "ar": "في من على إلى الى عن مع بعد قبل بين حتى منذ عند أو او ثم لكن أن ان إن التي الذي لا ما هذا هذه",
    "de": """der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner mein meine dein
        deine sein seine ihr ihre unser unsere euer eure von vom in im an am zu zum zur fur mit auf aus bei beim nach
        uber unter vor hinter neben zwischen durch gegen ohne um seit bis wegen trotz wahrend als wie und oder aber
        denn sondern dass ob wenn weil obwohl damit nachdem bevor welche welcher welches jeder jede jedes dieser diese
        dieses sehr""",
    "es": """el la los las un una unos unas de del a al en con por para sin sobre entre desde hasta hacia segun contra
        tras durante y e o u ni pero sino que si porque cuando donde como aunque mientras quien cuyo cuya mi mis tu tus
        su sus nuestro nuestra este esta estos estas ese esa cada muy mas""",
    "fa": "از در به با برای بر تا که و یا اما این آن هر بی بین",
    "fr": """le la les un une des du de d' au aux a en dans sur sous par pour avec sans chez vers entre contre depuis
        pendant avant apres comme et ou mais ni car donc que qui quand si parce lorsque puisque dont mon ma mes ton ta
        tes son sa ses notre nos votre vos leur leurs ce cet cette ces chaque tres plus""",
    "he": "של על את עם אל מן בין לפני אחרי עד כמו או אבל כי אם אשר גם לא",
    "it": """il lo la i gli le un uno una di del dello della dei degli delle a al allo alla ai agli alle da dal dallo
        dalla dai dalle in nel nello nella nei nelle con su sul sulla sui sulle per tra fra e ed o ma che chi se quando
        dove come perche mentre mio mia miei mie tuo tua suo sua suoi sue nostro nostra questo questa ogni molto""",
    "nl": """de het een van in op aan te voor met door uit bij naar om over onder tussen tegen zonder na tot sinds als
        dan en of maar want dat die omdat wanneer terwijl hoewel mijn jouw je zijn haar ons onze hun dit deze elke
        iedere geen heel zeer""",
    "pl": """w we z ze na do od dla o po przez przed przy pod nad bez u i a oraz lub albo ale ze czy gdy jesli poniewaz
        ktory ktora ktore moj moja twoj jego jej nasz ich ten ta to bardzo nie""",
    "pt": """o a os as um uma uns umas de do da dos das em no na nos nas por pelo pela pelos pelas para com sem sobre
        entre ate desde contra e ou mas nem que se quando onde como porque embora enquanto meu minha teu tua seu sua
        seus suas nosso nossa este esta esse essa cada muito mais""",
    "ru": """в во на с со к ко по о об обо от до из у за над под при про для без через между и а но или что чтобы если
        когда где как который которая которые потому мой моя твой его ее их наш ваш этот эта это очень не ни""",
    "sv": """en ett den det de i pa av till fran med for om under over mellan genom utan mot vid hos efter fore och
        eller men att som nar dar eftersom min mitt mina din ditt sin sitt sina var vart deras denna detta varje mycket
        inte""",
}  # fmt: skip
"""Articles, prepositions, conjunctions, possessives and intensifiers."""

_CLOSE = {
    "en": """i you he she it we they there is are was were be been being am has have had do does did will would can
        could shall should may might must not i'm you're he's she's it's we're they're i've we've they've i'll we'll
        don't doesn't didn't isn't aren't wasn't can't won't wouldn't mr mrs ms dr""",
    "de": "ich du er sie es wir man ist sind war waren hat haben hatte wird werden kann konnte muss soll will nicht",
    "es": "yo me te se lo nos es son era ha han he hay esta estan puede no",
    "fr": "je tu il elle on nous vous ils elles me te se ne est sont etait a ont peut",
    "it": "io mi ti si ci e sono era ha hanno ho puo non",
    "nl": "ik je jij hij zij ze we wij er is zijn was heeft hebben had kan moet wordt niet",
    "pt": "eu me se ele ela e sao era tem ha pode nao",
}
"""Subject pronouns and auxiliaries, which are only better kept with the verb after them."""

LEADING_WORDS = {language: frozenset(words.split()) for language, words in _LEADING.items()}
CLOSE_WORDS = {language: frozenset(words.split()) for language, words in _CLOSE.items()}
