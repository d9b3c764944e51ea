"""Guess the language of a text from its letters and its common words.

The lists are function words, chosen by hand, of every language that has a stemmer and of those that are easily taken
for one of them; tests/test_index_language_guess.py says what they were tried on. Unlike the lists of common_words.py
they are no part of the index.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from index.language.common_words import COMMON_WORDS
from index.language.tokens import tokenize

LEAST_SHARE = 0.12
"""Share of common words from which they are the text's language; of the texts of software in 60 languages that the
lists were tried on, those in languages without a list mostly have less."""

_WORDS = {
    # Latin letters
    "ca": """el la els les de del dels que i a en un una uns unes per amb no és son es va ser al als com més però si
        aquest aquesta això també hi ha ho seu seva molt quan fins sobre entre perquè doncs jo tu ell nosaltres
        vostè pot han tots sense només aquí ara bé gràcies""",
    "cs": """a v se na je že to s z do o i k pro ale jako by ve za si jsem jsou jsme byl bylo byla tak jen když po od
        už který která které aby co až ne ano jak při nebo než má může tento tato této podle mezi také ještě tady
        protože není nejsou všechny""",
    "da": """og i at det er en den til af på for med de der ikke et som har var jeg om du men han kan vi sig så fra
        hvad skal vil også mig dig blev efter være nu noget nogle hvor eller når hun meget ud op os mellem sådan
        fordi kunne denne dette ved""",
    "et": """ja on ei et see mis ma ta kui oma ka siis aga nii kes või selle seda olen oli ole mida veel juba kas ning
        väga ära üks saab peale kuidas meie teie nad nende pole olla sest nagu selles siin""",
    "eu": """eta da ez bat du dira hau hori ere baina egin izan zen den dute ditu bere edo baino zer nola bai dago
        gure zure nire hemen oso beste guztiak behar baten batean egiten dela duen duten gabe arte ezin""",
    "fi": """ja on ei että se hän oli mutta kun niin myös ovat en mitä jos kuin tai sitten vain joka olen ole tämä nyt
        minä sinä me te he siitä sen ne nämä kanssa mikä olla voi vielä jo kaikki hyvin koska siis tässä ettei""",
    "ga": """an na agus a i ar is go ag le do ní tá sé bhí seo sin nach raibh atá as sa leis mar ó mé tú sí siad muid
        cad cén gur nó ach dá níl féidir faoi chun bheith aon gach den don""",
    "hu": """a az és hogy nem is egy ez volt de meg van csak már ha mint vagy azt ezt el ki még sem én te ő mi nagyon
        akkor lehet mert után kell aki ami között szerint pedig ezek azok nincs minden itt most igen be""",
    "id": """yang dan di itu ini dengan untuk tidak dari dalam akan pada saya kita kami ada adalah juga ke karena bisa
        sudah atau kalau jadi orang oleh mereka dia lebih seperti apa bukan telah banyak lagi tapi hanya bahwa
        aku kamu anda""",
    "lt": """ir yra kad tai į ne su bet kaip iš o ar jau buvo man tik savo taip dar kai už mes jis ji jie aš tu šis
        apie kas po nuo iki gali būti labai ką čia prie dėl per mano nėra arba""",
    "no": """og i det er en av på til for med de ikke et som har var jeg om du men han kan vi seg så fra hva skal vil
        også meg deg ble etter være nå noe noen hvor eller når hun mye ut opp oss mellom sånn fordi kunne denne
        dette ved bare må""",
    "pl": """i w na nie to się z że do jest o jak a ale po co tak za od już jego dla czy przez ja ty on są był było
        była być może tylko tego tym mnie mi bardzo które który która jeszcze żeby albo lub oraz przy bo tu tam
        ma można""",
    "ro": """și de a în la nu că o un cu pe se din pentru mai este sunt ce care ca dar sau fi au am fost lui el ea ei
        să al ale le prin cum când foarte dacă acest această aceasta acum aici bine fie despre după între doar
        toate""",
    "sr": """i je u da se na za od sa su ne to što kao ali koji koja koje iz bi sam samo ili nije biti ako može kako
        već ovo ovaj ova sve tako još jer vreme gde ovde posle uvek pre ko šta nešto и је у да се на за од са су
        не то што као али који која које из би сам само или није бити ако може како већ ово овај ова све тако још
        јер време где овде после увек пре ко шта""",
    "sv": """och i att det som en på är av för med den till inte har de ett om jag men var vi så kan han från när hon
        vad eller ska vill också mig dig blev efter vara nu något några där sig mycket ut upp oss mellan sådan
        eftersom kunde denna detta vid bara måste""",
    "tr": """ve bir bu için de da ne ile çok daha ama gibi o var kadar en mi mı olarak olan ben sen biz siz onlar
        değil her yok sonra şey şu ki ise olduğu evet hayır nasıl bunu diye çünkü ya veya tüm""",
    # Neighbours of these without a stemmer
    "sk": """a v sa na je že to s z do o aj k pre ale ako by vo za si som sú sme bol bolo bola tak len keď po od už
        ktorý ktorá ktoré aby čo až nie áno pri alebo než má môže tento táto tejto podľa medzi tiež ešte tu
        pretože všetky""",
    "hr": """i je u da se na za od s su ne to što kao ali koji koja koje iz bi sam samo ili nije biti ako može kako
        već ovo ovaj ova sve tako još jer vrijeme gdje ovdje poslije uvijek prije tko nešto također nije""",
    "sl": """in je v da se na za od so ne to kar kot pa ki iz bi sem samo ali ni biti če lahko kako že ta te tega vse
        tako še ker čas kje tukaj potem vedno pred kdo kaj nekaj tudi bil bila pri z s ga jih mi""",
    "gl": """o a de e que do da en un unha para con non os as no na por máis como pero se ao dos das é foi son ser ten
        há tamén moi xa cando todo este esta isto eu el ela nós vostede pode sen só entre ata porque onde""",
    "af": """die van en in is te dat nie het om vir met op aan was sy hy ek jy ons hulle ook as by maar kan sal wat
        hierdie word wees uit oor nog so een of dit my baie geen moet""",
    "ms": """yang dan di itu ini dengan untuk tidak dari dalam akan pada saya kita kami ada ialah juga ke kerana boleh
        sudah atau kalau jadi orang oleh mereka dia lebih seperti apa bukan telah banyak lagi tetapi hanya bahawa
        awak anda""",
    "lv": """un ir ka tas uz no ar bet kā nav vai par es tu viņš viņa mēs jūs bija kas to tā lai pie pēc arī tikai jau
        var būt ļoti ko šeit tad kad jo šis šī savu vēl""",
    "is": """og að í er á það sem en við ekki um til hann ég var með af fyrir hún því þú þetta þess eru frá hafa svo
        eða þegar ef vera mjög hvað núna allt upp út eftir""",
    "sq": """dhe e në të i një për me nga që është nuk se si ka ai ajo kjo ky por më u do janë ishte unë ti ne ju nëse
        apo ose kur vetëm shumë mund pas edhe""",
    "cy": """y yr a i o yn ar mae wedi bod ei am fel ond gan hyn oedd ni hi nid eu os bydd i'r o'r a'r sydd mewn roedd
        oes gyda dim hwn hon wrth""",
    "vi": """và là của có không được cho một các này đó với những trong để người tôi bạn anh chị khi đã đến như thì mà
        ở rất nhiều cũng từ về""",
    # Cyrillic letters
    "ru": """и в не на я что он с как это а то все она так его но да ты к у же вы за бы по только мне было вот от меня
        еще о из ему теперь когда даже ну если уже или ни быть был него до вас опять нас их чем была для мы тебя
        их есть чтобы мой этот эти где кто при без""",
    "uk": """і в не на я що він з як це а то все вона так його але та ти до у ж ви за би по тільки мені було від мене
        ще про із йому коли навіть ну якщо вже або ні бути був нас їх ніж була для ми тебе є щоб мій цей ці де
        хто при без й дуже після також між чи""",
    "be": """і у не на я што ён з як гэта а то ўсе яна так яго але ды ты да ж вы за бы па толькі мне было ад мяне яшчэ
        пра калі нават ну калі ўжо або ні быць быў нас іх чым была для мы цябе ёсць каб мой гэты гэтыя дзе хто
        пры без""",
    "bg": """и в не на аз че той с как това а то всички тя така го но да ти към у же вие за би по само ми беше от мен
        още до ако вече или ни ще съм сме са е се ли при без кой където какво много след между като бил бъде може
        тази този""",
    "mk": """и во не на јас дека тој со како ова а тоа сите таа така го но да ти кон вие за би по само ми беше од мене
        уште до ако веќе или ни ќе сум сме се е ли при без кој каде што многу меѓу бил биде може оваа овој""",
    # Arabic letters
    "ar": """في من على أن إلى عن هذا هذه التي الذي ما لا كان مع هو هي لم قد أو كل بعد إن بين كما لن كانت وقد ذلك حتى
        إذا أنا نحن هناك عند يكون غير تم ليس""",
    "fa": """و در به از که این را با است برای آن یک خود تا کرد بر هم نیز بود شد ما شما من او می اما یا هر اگر های شده
        باید دارد نیست همه پس چه چون دیگر است""",
    "ur": """کے میں کی ہے اور سے کا کو اس پر کہ ہیں نے ایک یہ وہ بھی کر تو جو نہیں ہو تھا تھی تھے ہم آپ اپنے گیا لیے
        ہی""",
    # Hebrew letters
    "he": """של את לא על זה הוא היא אני עם כל גם יש אם מה כי אבל או רק אין הם היה אתה אנחנו כמו יותר כדי
        אחרי בין הזה""",
    "yi": """די און איז אין דער פון צו נישט האט דאס מיט אויף וואס ער זיי איך מיר האבן ווי אז זיך אויך פאר איר זענען
        נאר געווען אן אבער""",
    # Devanagari letters
    "hi": """के में की है और से का को पर कि हैं ने एक यह वह भी कर तो जो नहीं हो था थी थे हम आप अपने गया लिए ही इस या""",
    "ne": """छ र को मा ले लाई पनि हो यो त्यो भने छन् गर्न गरेको भएको छैन हुन् थियो तपाईं हामी यस एक तर वा का की बाट""",
    "mr": """आहे आणि या ते ही हे तो मी आम्ही नाही होते होता केली केले व च तर पण एक का आहेत साठी त्या असे""",
}

_LISTS = {**{language: " ".join(words) for language, words in COMMON_WORDS.items()}, **_WORDS}

_ONLY_IN = {"GREEK": "el", "ARMENIAN": "hy", "TAMIL": "ta"}
"""Letters, by the first word of their names in Unicode, that one language is written in."""


def guess_language(texts: Iterable[str]) -> str | None:
    """Guess the language whose common words are the largest share of those in ``texts``; None if that is too small.

    A language that alone has letters of its own is known by these, if most words are written in them.
    """
    counts = Counter(token for text in texts for token in tokenize(text))
    total = counts.total()
    alphabets: Counter[str] = Counter()
    shares: Counter[str] = Counter()
    owners = _owners()
    for token, times in counts.items():
        if not token.isascii():
            alphabets[_ONLY_IN.get(_alphabet_of(token), "")] += times
        for language in owners.get(token, ()):
            shares[language] += times
    alphabets.pop("", None)
    for best, found in alphabets.most_common(1):
        if found > total / 2:
            return best
    best = max(_LISTS, key=lambda language: shares[language])  # the first of equals
    return best if shares[best] and shares[best] >= total * LEAST_SHARE else None


@lru_cache(maxsize=10_000)
def _alphabet_of(token: str) -> str:
    return unicodedata.name(token[0], "").partition(" ")[0]


@cache
def _owners() -> Mapping[str, Sequence[str]]:
    """The languages in which each word is common, by the folded word."""
    owners = defaultdict(list)
    for language, words in _LISTS.items():
        for token in {*tokenize(words)}:
            owners[token].append(language)
    return owners
