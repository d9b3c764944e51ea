"""Words of attributions by language: reporting verbs, auxiliaries, pronouns, and what introduces a clause."""

from __future__ import annotations


def words_of(words: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(words.split())


VERBS = {
    "en": words_of("""
    said says say told tells tell adds added recalled recalls explained explains wrote writes asked asks replied
    replies answered answers argued argues insisted insists noted notes joked jokes admitted admits confirmed confirms
    continued continues concluded concludes remarked remarks observed observes declared declares announced announces
    warned warns claimed claims stated states remembered remembers quipped quips tweeted tweets posted posts agreed
    agrees acknowledged acknowledges reflected reflects responded responds shouted shouts whispered whispers called
    calls described describes promised promises predicted predicts suggested suggests laughed laughs maintains
    maintained recounted recounts denied denies revealed reveals shared shares teased teases stressed stresses conceded
    concedes countered counters cautioned cautions clarified clarifies commented comments complained complains
    confessed confesses confided confides cried cries emphasized emphasizes emphasised emphasises exclaimed exclaims
    fumed fumes gushed gushes hinted hints implied implies informed informs interjected interjects lamented laments
    mused muses mentioned mentions murmured muttered mutters objected objects opined opines pleaded pleads pointed
    points pondered proclaimed proclaims pronounced protested protests put puts quoted recommended recommends
    reiterated reiterates repeated repeats reported reports retorted retorts sighed sighs shrugged snapped snaps
    slammed slams speculated speculates spoke speaks summed sums summarized summarised swore testified testifies texted
    thundered urged urges uttered volunteered volunteers vowed vows went wondered wonders worried worries yelled yells
    admonished advised advises affirmed affirms alleged alleges apologized apologised asserted asserts blasted blasts
    boasted boasts branded brands chimed chuckled chuckles credited decried decries deadpanned deadpans defends
    disclosed discloses dismisses disputed disputes echoed echoes elaborated elaborates enthused enthuses estimated
    estimates grinned grins grumbled grumbles hailed hails jested joined labeled labelled sings sang began begins
    likened likens marveled marvels praised praises pledged pledges preached proposed proposes ranted rants reasoned
    reasons reasserted reassured rebuffed rebuked recited refuted rejected rejoined remonstrated ruled rules scoffed
    scoffs shot smiled smiles snarled sobbed stammered tells touted touts trumpeted underlined underlines underscored
    underscores bragged brags characterized characterizes characterised summarises summarizes ventured ventures voiced
    narrates narrated opened
"""),
    "de": words_of("""
    versprach verspricht sagte sagt erklärte erklärt meinte meint betonte betont erzählte erzählt antwortete antwortet
    fragte fragt schrieb schreibt berichtete berichtet kritisierte kritisiert forderte fordert warnte warnt ergänzte
    ergänzt fügte versicherte versichert bestätigte bestätigt räumte erinnerte erinnert behauptete behauptet kündigte
    scherzte scherzt verriet verrät bekräftigte entgegnete nannte nennt rief teilte beschreibt beschrieb findet glaubt
    erwiderte erwidert mahnte mahnt klagte klagt lobte lobt spottete spottet gestand gesteht urteilte urteilt verlangte
    verlangt lachte lacht kommentierte kommentiert äußerte verkündete verkündet flüsterte flüstert schilderte schildert
    resümierte resümiert
"""),
    "fr": words_of("""
    dit déclare déclarait explique expliquait raconte racontait affirme affirmait ajoute ajoutait précise précisait
    assure assurait confie confiait souligne soulignait répond répondait estime estimait poursuit conclut rappelle
    rappelait demande lance insiste reconnaît résume souvient exclame indique avoue écrit rétorque rétorquait réplique
    répliquait plaisante plaisantait promet promettait admet admettait amuse amusait soupire soupirait ironise
    ironisait renchérit lâche glisse glissait étonne étonnait inquiète regrette regrettait martèle observait notait
    constate constatait défend dénonce jugeait interroge interrogeait justifie témoigne témoignait
"""),
    "es": words_of("""
    dijo dice explicó explica afirmó afirma añadió añade contó cuenta recordó recuerda señaló señala aseguró asegura
    declaró declara respondió responde preguntó pregunta insistió insiste comentó comenta subrayó subraya confesó
    confiesa escribió escribe admitió admite concluyó concluye agregó agrega advirtió advierte replicó sostuvo sostiene
    apuntó apunta indicó indica manifestó manifiesta bromeó bromea lamentó lamenta reconoció reconoce zanjó zanja
    matizó matiza defendió defiende denunció denuncia exclamó exclama pidió pide pedía relató relata detalló detalla
    reveló revela prometió promete sentenció sentencia contestó contesta
"""),
    "it": words_of("""
    disse dice spiegò spiega aggiunse aggiunge raccontò racconta rispose risponde afferma affermò ricorda
"""),
    "pt": words_of("""
    disse diz explicou explica afirmou afirma acrescentou acrescenta contou conta respondeu lembrou lembra
"""),
    "nl": words_of("zei zegt vertelde vertelt verklaarde verklaart schreef schrijft antwoordde vroeg aldus"),
}
"""Reporting verbs by language, in the forms used next to a quotation; Dutch "aldus" has the same function."""

SAYING = frozenset[str]().union(*VERBS.values())

GESTURES = words_of("""
    sang sings laughed laughs smiled smiles grinned grins shrugged sighed sighs sobbed spoke speaks went shot began
    begins opened joined chuckled chuckles
""")
"""Of the reporting verbs, those that introduce speech only with a comma or a colon: he smiled, “...”"""

THINKING_VERBS = words_of("""
    thinks thought believes believed feels felt hopes hoped considers considered views viewed sees saw wants wanted
    knows knew expects expected regards regarded fears feared finds found likes liked loves loved seeks sought plans
    planned refers referred compares compared uses used accuses accused blames blamed criticized criticizes criticised
    lauded thanked thanks mocked mocks ridiculed ridicules rejects rejected dismisses dismissed
""")
"""English verbs that govern quoted words inside a sentence, but do not follow a quotation: she felt “quite alone”."""

GOVERNING = SAYING | THINKING_VERBS

PARTICIPLES = words_of("""
    dit déclaré expliqué raconté affirmé ajouté précisé assuré confié souligné répondu estimé poursuivi conclu rappelé
    demandé lancé insisté reconnu résumé indiqué avoué écrit dicho explicado afirmado añadido contado recordado
    señalado asegurado declarado comentado subrayado admitido detto spiegato aggiunto raccontato risposto affermato
    said told added explained recalled written joked admitted argued insisted described called claimed stated warned
    suggested posted promised denied revealed acknowledged confirmed noted gesagt erklärt betont erzählt geschrieben
    gezegd verteld verklaard
""")
"""Follow an auxiliary: a dit, ha dicho, has said."""

PRESENT_PARTICIPLES = words_of("""
    saying adding noting explaining telling recalling writing insisting arguing claiming admitting joking calling
    describing stating warning concluding declaring asking replying stressing emphasizing emphasising promising
    suggesting revealing acknowledging remarking observing confirming denying predicting quipping continuing commenting
    complaining responding vowing urging
""")
"""Report what the subject of their sentence said: Keller shook her head, adding: “...”"""

AUXILIARIES = words_of("""
    a ont avait ha han había has have had hat haben heeft have've would will can could might may did does do
""")
PASSIVES = words_of("was were been is are being be wurde wird got")
"""Before a participle they make its subject the person who is told or described, not who speaks."""

ADVERBS = words_of("""
    used to also later then once still again always often never simply just even only further not n't since already now
    repeatedly famously recently previously both ever soon first dann auch noch weiter ensuite aussi luego también
""")
"""Stand between a subject and its verb."""

INVERTED_PRONOUNS = words_of("il elle ils elles on je")
"""French appends them to the verb: dit-il, a-t-elle ajouté."""

MASCULINE = words_of("he er il él lui ele hij his him himself sein seine")
FEMININE = words_of("she sie elle ella lei ela zij ze her hers herself ihr ihre")
PRONOUNS = words_of("he she er sie il elle él ella lui lei ele ela hij zij ze")
"""Third person singular, in the languages above."""

ACCORDING_TO = (
    "according to",
    "laut",
    "nach den worten von",
    "nach angaben von",
    "selon",
    "d'après",
    "d’après",
    "según",
    "secondo",
    "segundo",
    "volgens",
)

SPEECH_NOUNS = words_of("""
    answer reply response verdict message words advice explanation comment remark statement conclusion warning promise
    point view argument assessment reaction motto description summary take rule entry letter email e-mail message post
    tweet diary note thesis theory mantra motto line slogan theory philosophy catchphrase
""")
"""What a person gives in words: her answer was short, in Keller's words."""

SUBORDINATORS = words_of("""
    although though while when whenever as if since because after before until once asked despite unless whereas given
    during in on at by for from with without to like upon following
""")
"""Begin a clause or a phrase before the main one, whose subject follows a comma."""

PREPOSITIONS = words_of("""
    of to with for from by in on at against about after before into over under between during near like behind beside
    beyond despite toward towards upon without within among around across than via per alongside including featuring
    starring auf im am an um unter vor hinter neben ohne seit wegen trotz gegenüber von mit bei nach aus zu für gegen
    über de du des à avec pour par chez sur sous con por para en del al sobre di da per su van voor met naar
""")
CONJUNCTIONS = words_of("""
    and or but nor so yet that which who whom whose where when while because although though if as since whether how
    why what und oder aber dass wenn als et ou mais que qui où y o pero que quien e ma che of en maar dat
""")

ASKING_VERBS = words_of("""
    wissen asked asks wondered wonders inquired enquired questioned fragte fragt demande preguntó pregunta vroeg
""")
"""After one of these the next words are another person's."""

ANSWERING_VERBS = words_of("""
    answered answers replied replies responded responds retorted retorts antwortete antwortet entgegnete répond
    répondait respondió responde contestó contesta rispose risponde respondeu antwoordde
""")
"""With one of these somebody else speaks than who asked."""

FIRST_PERSON = words_of("""
    i i'm i've i'd i'll we we're we've we'd we'll me my mine our ours us myself ourselves ich wir mich mir mein meine
    uns unser je j'ai nous moi mon ma mes notre nos yo nosotros mi mis nuestro nuestra io noi mio mia eu nós meu minha
    ik wij mijn ons onze
""")
"""By these a sentence is someone's own speech."""

SECOND_PERSON = words_of("""
    you your you're you've you'd you'll yours yourself du dich dir dein deine deinen sie ihnen ihr ihre ihren tu te toi
    ton ta tes vous votre vos usted ustedes tú ti tus le les você tuo tua voi jij je jouw u uw
""")
"""By these a question is put to somebody."""
