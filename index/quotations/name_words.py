"""Words by which names of persons are told from other capitalised words: titles, roles, places, organisations."""

from __future__ import annotations

PARTICLES = "de del della di da dos van von der den la le el al bin ibn ter zu y e du des"
"""May occur inside a name, in lower case."""

ABBREVIATIONS = "Mr Mrs Ms Dr Prof Sen Rep Gov Rev Hon Capt Col Gen Lt Sgt Maj St Sr Jr Sra Mme Mlle Hr Fr M Mx"
"""Titles that are written with a full stop, which ends no sentence."""

MALE_TITLES = "mr sr sir lord herr hr m king prince father brother monsieur señor don"
FEMALE_TITLES = "mrs ms miss sra mme mlle lady dame frau fr queen princess sister madame mademoiselle señora doña"

MALE_ROLES = """actor spokesman chairman businessman congressman policeman fireman fisherman salesman frontman man
    father son husband brother king prince waiter grandfather uncle nephew boyfriend widower"""
FEMALE_ROLES = """actress spokeswoman chairwoman businesswoman congresswoman policewoman frontwoman woman mother
    daughter wife sister queen princess waitress grandmother aunt niece girlfriend widow hostess sprecherin
    bürgermeisterin"""

MALE_KIN = """father son husband brother grandfather grandson uncle nephew stepfather stepson ex-husband fiancé vater
    sohn mann ehemann bruder großvater enkel onkel neffe père fils mari frère oncle neveu padre hijo marido esposo
    hermano abuelo nieto tío sobrino"""
FEMALE_KIN = """mother daughter wife sister grandmother granddaughter aunt niece stepmother stepdaughter ex-wife fiancée
    mutter tochter frau ehefrau schwester großmutter enkelin tante nichte mère fille femme épouse sœur nièce madre hija
    mujer esposa hermana abuela nieta tía sobrina"""
KIN = f"{MALE_KIN} {FEMALE_KIN} cousin twin sibling spouse partner primo prima"
"""Nouns of relatives: with a possessor they mean one person (her brother)."""

INVERSE_KIN = {
    "child": ("son daughter stepson stepdaughter sohn tochter fils fille hijo hija", "parent"),
    "parent": ("father mother stepfather stepmother vater mutter père mère padre madre", "child"),
    "spouse": ("husband wife ex-husband ex-wife spouse partner ehemann ehefrau mann frau mari épouse femme marido "
               "esposo esposa mujer", "spouse"),
    "sibling": ("brother sister twin sibling bruder schwester frère sœur hermano hermana", "sibling"),
}  # fmt: skip
"""Kinds of relatives, each with its nouns and with what the other one is: my sister's brother is I."""

ROLES = f"""gastgeber gastgeberin moderator moderatorin periodista animatrice animateur {MALE_ROLES} {FEMALE_ROLES}
    president vice-president premier chancellor minister secretary senator representative governor mayor councillor
    councilor councilman councilwoman alderman ambassador judge justice magistrate attorney lawyer barrister
    solicitor prosecutor sheriff officer detective inspector constable commissioner chief captain commander general
    colonel major lieutenant sergeant corporal private admiral pilot astronaut engineer scientist professor doctor dr
    nurse surgeon physician psychologist psychiatrist researcher historian economist analyst expert teacher principal
    dean rector lecturer student graduate ceo cfo cto coo founder co-founder cofounder owner manager director
    executive president chair chairperson boss entrepreneur investor banker broker partner employee worker farmer
    baker chef cook restaurateur builder carpenter plumber electrician mechanic driver sailor keeper gardener host
    co-host cohost presenter anchor broadcaster journalist reporter correspondent editor columnist writer author
    novelist poet playwright screenwriter critic blogger photographer artist painter sculptor designer architect
    musician singer songwriter singer-songwriter rapper guitarist drummer bassist pianist violinist cellist composer
    conductor producer filmmaker cinematographer comedian comic star celebrity model dancer choreographer performer
    entertainer player coach trainer athlete striker midfielder defender goalkeeper quarterback pitcher runner
    swimmer cyclist champion winner nominee laureate medalist medallist veteran native resident neighbor neighbour
    volunteer activist campaigner organizer organiser leader spokesperson advocate candidate lawmaker legislator
    politician democrat republican conservative liberal mp bishop priest pastor reverend rabbi imam pope cardinal
    archbishop monk nun deputy assistant consultant adviser advisor strategist developer programmer coder hacker
    technician librarian curator archivist translator interpreter witness victim suspect defendant plaintiff survivor
    patient caller guest listener billionaire millionaire mogul magnate tycoon podcaster youtuber influencer streamer
    newcomer frontrunner pensioner retiree parent grandparent teenager boy girl lady gentleman guy biologist chemist
    physicist geologist astronomer meteorologist ecologist glaciologist sociologist superintendent moderator
    interviewer élu élue colleague friend ecologist botanist zoologist veterinarian vet dentist pharmacist paramedic
    firefighter fisher shopkeeper butcher barber hairdresser tailor watchmaker brewer winemaker vintner innkeeper
    landlord tenant trustee treasurer warden ranger caretaker headteacher headmaster provost fellow scholar
    philosopher theologian linguist kapitän sprecher sprecherin bürgermeister bürgermeisterin direktor direktorin
    präsident präsidentin kanzler kanzlerin minister ministerin trainer trainerin autor autorin professorin doktor
    leiter leiterin chefin schauspieler schauspielerin sänger sängerin richter richterin pfarrer wirt wirtin bauer
    bäuerin directeur directrice président présidente maire ministre chanteur chanteuse acteur actrice écrivain
    alcalde alcaldesa concejal presidente presidenta director directora ministro ministra cantante escritor escritora
    sindaco presidente direttore direttrice burgemeester directeur voorzitter canon vicar curate chaplain deacon
    abbot abbess prior minstrel organist tenor soprano baritone countertenor chorister cantor archaeologist
    anthropologist mathematician statistician epidemiologist midwife shepherd beekeeper blacksmith potter weaver
    publisher bookseller printer engraver sexton verger groundsman referee umpire goalie winger skipper jockey
    manageress ferryman boatman lighthouse-keeper bell-ringer postman postwoman firewoman bus-driver eurodéputé
    députée député sénateur sénatrice préfet préfète avocat avocate juge procureur médecin infirmière professeur
    professeure enseignant enseignante chercheur chercheuse historien historienne sociologue économiste journaliste
    réalisateur réalisatrice comédien comédienne humoriste musicien musicienne romancier romancière poète peintre
    sculpteur photographe agriculteur agricultrice boulanger boulangère boucher gardien gardienne berger bergère
    pêcheur patron patronne entrepreneur entrepreneuse porte-parole entraîneur entraîneuse joueur joueuse capitaine
    champion championne retraité retraitée invité invitée présentateur présentatrice intervieweur conseiller
    conseillère adjoint adjointe regidor regidora edil portavoz diputado diputada senador senadora juez jueza fiscal
    abogado abogada médico médica enfermero enfermera profesor profesora maestro maestra investigador investigadora
    historiador historiadora economista presentador presentadora locutor locutora actriz cineasta cómico cómica
    músico música guitarrista pintor pintora escultor escultora fotógrafo fotógrafa agricultor agricultora panadero
    panadera pescador pescadora farero vecino vecina empresario empresaria entrenador entrenadora jugador jugadora
    capitán campeón campeona jubilado jubilada invitado invitada candidato candidata reporterin journalist
    journalistin redakteur redakteurin staatsanwalt staatsanwältin anwalt anwältin arzt ärztin krankenschwester
    pfleger pflegerin lehrer lehrerin forscher forscherin wissenschaftler wissenschaftlerin historiker historikerin
    ökonom ökonomin regisseur regisseurin komiker komikerin musiker musikerin dichter dichterin maler malerin
    bildhauer bildhauerin fotograf fotografin landwirt landwirtin bäcker bäckerin fischer fischerin unternehmer
    unternehmerin spieler spielerin torwart torhüter stürmer meisterin rentner rentnerin gast abgeordnete
    abgeordneter senatorin tonmeister tonmeisterin geschäftsführer geschäftsführerin gründer gründerin {KIN}"""
"""Nouns of persons: before a name they are no part of it (Judge Mary Sommer), alone they are a role (the judge)."""

SUPPORTING = """manager keeper coach captain producer owner boss director judge justice magistrate attorney lawyer
    barrister solicitor prosecutor sheriff officer detective inspector constable commissioner spokesman spokeswoman
    spokesperson witness victim suspect defendant plaintiff neighbor neighbour reporter correspondent journalist
    interviewer moderator analyst expert critic doctor nurse caller guest assistant deputy aide president
    vice-president premier chancellor minister secretary senator representative governor mayor councillor councilor
    councilman councilwoman ambassador official congressman congresswoman lawmaker superintendent principal dean
    chairman chairwoman chair chief king queen prince princess pope bishop archbishop man woman boy girl father
    mother son daughter husband wife brother sister employee worker resident student patient listener partner
    boyfriend girlfriend widow widower bürgermeister bürgermeisterin sprecher sprecherin maire alcalde alcaldesa
    sindaco burgemeester concejal ministre ministro ministra présidente presidenta"""
"""Roles of persons beside whom a text is about: without a name they may be anybody."""

ORGANISATION_NOUNS = """group company firm start-up startup charity agency band newspaper magazine website site
    organisation organization nonprofit non-profit think-tank union network channel broadcaster publisher team club
    retailer maker manufacturer bank airline university college school museum brand label studio platform service
    department ministry committee commission council institute consultancy lender insurer restaurant hotel festival
    podcast show town city village"""
"""Nouns that tell that the name beside them is no person's."""

DOCUMENT_NOUNS = """report statement letter note sign plaque card notice poster petition survey study post message email
    e-mail memo memorandum document contract patent manual headline caption advertisement ad book article leaflet
    brochure label banner inscription transcript clip recording file minutes agenda catalogue guidance website"""
"""Nouns of what can be read: no pronoun of a person means one."""

TITLES = f"""{MALE_TITLES} {FEMALE_TITLES} {ABBREVIATIONS.lower()} sen rep gov rev hon capt col gen lt sgt maj prof
    dr mx madam professor doctor saint ex former"""

EPITHETS = """star singer actor actress author native winner nominee veteran comedian
    musician rapper athlete champion democrat republican billionaire millionaire mogul magnate laureate medalist
    medallist songwriter singer-songwriter entertainer performer performer celebrity frontman frontwoman retiree
    pensioner filmmaker novelist poet artist painter guitarist drummer pianist violinist chef cook baker farmer
    gardener fisherman writer director scientist historian biologist glaciologist conductor teacher designer
    architect photographer entrepreneur founder pilot astronaut carpenter watchmaker sculptor composer cellist dancer
    comic podcaster playwright professor researcher explorer sailor brewer winemaker butcher restaurateur actriz
    schauspieler schauspielerin sänger sängerin autor autorin trainer trainerin kapitän élu élue chanteur chanteuse
    acteur actrice écrivain cantante escritor escritora engineer economist"""
"""Roles that texts use as another name of the person whom they are about."""

NOT_NAMES = """a an the this that these those he she it they we you i my your his her its their our in on at by for
    from to of à with as and but or so if when while after before since then there here what who why how yes no not
    now later asked also still once one two three four five six seven eight nine ten eleven twelve thirteen fifteen
    twenty thirty forty fifty hundred hundreds thousands dozens several few last next der die das den dem des ein
    eine einen einem einer er sie es wir ihr ich sein seine ihre und aber oder doch wenn als wie nach vor bei mit am
    im zum zur auf aus für über unter dann da hier dort auch noch nun was wer warum le la les un une il elle ils
    elles ce cette ces son sa ses leur mais et ou donc car si quand dans sur sous pour par avec sans après avant
    depuis puis en au aux du el los las una uno él ella ellos pero y o cuando tras según con sin desde entonces su
    sus according laut selon although though despite during because instead however meanwhile despite until unless
    whether even just only perhaps maybe well oh some many most all both each every another other others critics fans
    people everyone everybody nobody someone somebody something nothing anyone noting speaking adding recalling
    writing talking looking more less much any such q a mit ohne ha let's don't didn't is are was were do does did
    has have had can could will would should may might must been being never always today het een de hij zij ze wij
    maar of van uit voor bij zo lui lei ele ela não sim sì seit seitdem where nor yet between among under over above
    about against into onto upon within without toward towards further moreover furthermore finally additionally
    earlier previously recently ultimately eventually again perhaps indeed similarly likewise thus hence therefore
    nevertheless nonetheless otherwise neither either stop please thanks nächste nächsten nächstes letzte letzten
    vergangene asked reached pressed told following given regarding concerning like unlike near behind beyond"""
"""Capitalised at the start of a sentence, but not names; the same words in lower case end a description."""

CALENDAR = """monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december today yesterday tomorrow montag dienstag mittwoch donnerstag freitag
    samstag sonntag januar februar märz mai juni juli oktober dezember anfang ende mitte gestern heute lundi mardi
    mercredi jeudi vendredi samedi dimanche hoy ayer lunes martes miércoles jueves viernes sábado domingo spring
    summer autumn winter christmas easter thanksgiving"""
"""Capitalised in some language, but not part of a name that they follow: Keller Monday."""

MONTH_NAMES = "june april may august"
"""Months that are first names too."""

TIMES = """year years day days week weeks month months hour hours minute minutes decade decades ago morning evening
    night afternoon time times"""
"""Nouns that end a phrase of time: for thirty years Anna Keller has climbed the stairs."""

ORGANISATION_ENDINGS = """podcast show times post guard university street road avenue park house group company
    council party news radio magazine journal institute school college museum theater theatre club union press bank
    festival city county state states kingdom river lake mountain mountains island islands coast bay court office
    ministry department association foundation zeitung sender verlag verein universität musée théâtre université
    teatro universidad ayuntamiento corp corporation inc ltd llc plc co motors airlines airways pictures studios
    records entertainment media network networks agency authority commission committee congress senate parliament
    assembly army navy police force forces service services society organization organisation league federation board
    bureau administration government team band orchestra choir church cathedral hospital clinic hotel restaurant bar
    cafe café center centre hall building tower bridge station airport port harbor harbour beach valley hills hill
    forest square plaza awards award prize cup series trilogy movie film book album song tour conference summit
    treaty act bill law case trial project program programme initiative campaign movement report review herald
    tribune gazette chronicle observer guardian telegraph daily weekly tv fm reuters tonight today sachs watch cross
    nations york angeles francisco mexico zealand africa america britain ireland scotland korea arabia lanka kong
    carolina dakota virginia jersey hampshire diego vegas orleans antonio district region province village town
    borough"""
"""Last words of names that are not a person's."""

ORGANISATIONS = """congress parliament senate washington london paris berlin moscow beijing brussels hollywood
    broadway wall twitter facebook instagram tiktok youtube google apple amazon microsoft tesla netflix spotify
    disney meta reddit bloomberg reuters variety deadline billboard vogue forbes fortune politico axios vox slate
    wired newsweek democrats republicans labour tories conservatives liberals america britain england scotland wales
    ireland france germany spain italy russia ukraine china japan india canada australia mexico brazil israel iran
    iraq egypt turkey poland greece sweden norway denmark finland holland europe asia africa california texas florida
    boston chicago americans british germans french russians chinese english german russian spanish italian american
    christian god nasa nato bbc cnn nbc abc cbs npr pbs fbi cia eu un uk us usa nhs fda cdc"""
"""Single names that look like a surname before a verb, and are none."""

PLACE_LEADS = """in at near across throughout outside aus à en desde hacia"""
"""A capitalised word after one of these is a place."""

WORK_LEADS = """podcast podcasts pódcast show program programme book novel film movie song album play newspaper
    magazine series zeitung sendung film buch émission journal livre programa diario libro"""
"""Precede the name of a work more often than a person's."""

DETERMINERS = """the a an this that der die das den dem ein eine einer le la les un une l el los las lo una il gli
    uno o os um uma het een another one some many"""
DEFINITE = "the this that der die das den dem le la les l el los las lo il gli o os het"
COPULAS = "is was ist war est était es era fue fut"
"""Between a description and a name, or a name and its description: the first witness was Anna Keller."""

POSSESSIVES = "his her their my our your its sein seine ihr ihre son sa ses leur su sus suo sua seu zijn haar"
MALE_NAMES = """james john robert michael david william richard joseph thomas charles christopher daniel matthew anthony
    mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald jason edward jeffrey ryan jacob gary
    nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander patrick raymond
    jack dennis jerry tyler aaron adam nathan henry peter zachary kyle walter ethan jeremy harold carl keith roger
    gerald sean austin arthur lawrence joe albert philip alan bruce ralph roy eugene louis vincent bobby johnny tom
    tim jim bill bob mike dave steve ben dan matt tony greg jeff fred ted ken hugh simon neil oliver barack
    elon vladimir boris alec josé juan carlos luis jorge miguel pedro pablo antonio francisco diego fernando javier
    hans klaus jürgen wolfgang heinz uwe stefan thorsten matthias florian lukas pierre jacques françois olivier marcel
    giovanni marco luca matteo giuseppe emmanuel mohammed muhammad ahmed ali omar ibrahim"""
FEMALE_NAMES = """mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra
    margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca laura helen sharon
    cynthia kathleen amy angela shirley anna brenda pamela emma nicole samantha katherine christine debra rachel
    carolyn janet maria catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly christina joan
    evelyn judith hannah martha cheryl megan alice ann anne jane grace sophia teresa sara gloria janice julia marie
    madison isabella rose charlotte clara ella lucy kate katie beth sue sally susanna ursula ingrid petra sabine claudia
    monika birgit heike kirsten annette brigitte nathalie isabelle sylvie chloé camille carmen lucía sofía elena pilar
    dolores rosa giulia chiara francesca fatima aisha hillary kamala oprah halyna"""
"""First names that nearly always are a man's or a woman's; those of both, such as Alex and Kim, are left out."""
