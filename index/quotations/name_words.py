"""Words by which names of persons are told from other capitalised words: titles, roles, places, organisations."""

from __future__ import annotations

from index.quotations.speech_words import words_of

PARTICLES = words_of("de del della di da dos van von der den la le el al bin ibn ter zu y e du des")
"""May occur inside a name, in lower case."""

ABBREVIATIONS = words_of("""
    Mr Mrs Ms Dr Prof Sen Rep Gov Rev Hon Capt Col Gen Lt Sgt Maj St Sr Jr Sra Mme Mlle Hr Fr M Mx
""")
"""Titles that are written with a full stop, which ends no sentence."""

MALE_TITLES = words_of("mr sr sir lord herr hr m king prince father brother monsieur señor don")
FEMALE_TITLES = words_of("""
    mrs ms miss sra mme mlle lady dame frau fr queen princess sister madame mademoiselle señora doña
""")

MALE_ROLES = words_of("""
    actor spokesman chairman businessman congressman policeman fireman fisherman salesman frontman man father son
    husband brother king prince waiter grandfather uncle nephew boyfriend widower
""")
FEMALE_ROLES = words_of("""
    actress spokeswoman chairwoman businesswoman congresswoman policewoman frontwoman woman mother daughter wife sister
    queen princess waitress grandmother aunt niece girlfriend widow hostess sprecherin bürgermeisterin
""")

MALE_KIN = words_of("""
    father son husband brother grandfather grandson uncle nephew stepfather stepson ex-husband fiancé vater sohn mann
    ehemann bruder großvater enkel onkel neffe père fils mari frère oncle neveu padre hijo marido esposo hermano abuelo
    nieto tío sobrino
""")
FEMALE_KIN = words_of("""
    mother daughter wife sister grandmother granddaughter aunt niece stepmother stepdaughter ex-wife fiancée mutter
    tochter frau ehefrau schwester großmutter enkelin tante nichte mère fille femme épouse sœur nièce madre hija mujer
    esposa hermana abuela nieta tía sobrina
""")
KIN = MALE_KIN | FEMALE_KIN | words_of("cousin twin sibling spouse partner primo prima")
"""Nouns of relatives: with a possessor they mean one person (her brother)."""

INVERSE_KIN = {
    "child": (words_of("son daughter stepson stepdaughter sohn tochter fils fille hijo hija"), "parent"),
    "parent": (words_of("father mother stepfather stepmother vater mutter père mère padre madre"), "child"),
    "spouse": (words_of("""
    husband wife ex-husband ex-wife spouse partner ehemann ehefrau mann frau mari épouse femme marido esposo esposa
    mujer
"""), "spouse"),
    "grandchild": (words_of("grandson granddaughter enkel enkelin nieto nieta"), "grandparent"),
    "grandparent": (words_of("grandfather grandmother großvater großmutter abuelo abuela"), "grandchild"),
    "sibling": (words_of("brother sister twin sibling bruder schwester frère sœur hermano hermana"), "sibling"),
}  # fmt: skip
"""Kinds of relatives, each with its nouns and with what the other one is: my sister's brother is I."""

ROLES = (
    MALE_ROLES
    | FEMALE_ROLES
    | KIN
    | words_of("""
    gastgeber gastgeberin moderator moderatorin periodista animatrice animateur president vice-president premier
    chancellor minister secretary senator representative governor mayor councillor councilor councilman councilwoman
    alderman ambassador judge justice magistrate attorney lawyer barrister solicitor prosecutor sheriff officer
    detective inspector constable commissioner chief captain commander general colonel major lieutenant sergeant
    corporal private admiral pilot astronaut engineer scientist professor doctor dr nurse surgeon physician
    psychologist psychiatrist researcher historian economist analyst expert teacher principal dean rector lecturer
    student graduate ceo cfo cto coo founder co-founder cofounder owner manager director executive president chair
    chairperson boss entrepreneur investor banker broker partner employee worker farmer baker chef cook restaurateur
    builder carpenter plumber electrician mechanic driver sailor keeper gardener host co-host cohost presenter anchor
    broadcaster journalist reporter correspondent editor columnist writer author novelist poet playwright screenwriter
    critic blogger photographer artist painter sculptor designer architect musician singer songwriter singer-songwriter
    rapper guitarist drummer bassist pianist violinist cellist composer conductor producer filmmaker cinematographer
    comedian comic star celebrity model dancer choreographer performer entertainer player coach trainer athlete striker
    midfielder defender goalkeeper quarterback pitcher runner swimmer cyclist champion winner nominee laureate medalist
    medallist veteran native resident neighbor neighbour volunteer activist campaigner organizer organiser leader
    spokesperson advocate candidate lawmaker legislator politician democrat republican conservative liberal mp bishop
    priest pastor reverend rabbi imam pope cardinal archbishop monk nun deputy assistant consultant adviser advisor
    strategist developer programmer coder hacker technician librarian curator archivist translator interpreter witness
    victim suspect defendant plaintiff survivor patient caller guest listener billionaire millionaire mogul magnate
    tycoon podcaster youtuber influencer streamer newcomer frontrunner pensioner retiree parent grandparent teenager
    boy girl lady gentleman guy biologist chemist physicist geologist astronomer meteorologist ecologist glaciologist
    sociologist superintendent moderator interviewer élu élue colleague friend ecologist botanist zoologist
    veterinarian vet dentist pharmacist paramedic firefighter fisher shopkeeper butcher barber hairdresser tailor
    watchmaker brewer winemaker vintner innkeeper landlord tenant trustee treasurer warden ranger caretaker headteacher
    headmaster provost fellow scholar philosopher theologian linguist kapitän sprecher sprecherin bürgermeister
    bürgermeisterin direktor direktorin präsident präsidentin kanzler kanzlerin minister ministerin trainer trainerin
    autor autorin professorin doktor leiter leiterin chefin schauspieler schauspielerin sänger sängerin richter
    richterin pfarrer wirt wirtin bauer bäuerin directeur directrice président présidente maire ministre chanteur
    chanteuse acteur actrice écrivain alcalde alcaldesa concejal presidente presidenta director directora ministro
    ministra cantante escritor escritora sindaco presidente direttore direttrice burgemeester directeur voorzitter
    canon vicar curate chaplain deacon abbot abbess prior minstrel organist tenor soprano baritone countertenor
    chorister cantor archaeologist anthropologist mathematician statistician epidemiologist midwife shepherd beekeeper
    blacksmith potter weaver publisher bookseller printer engraver sexton verger groundsman referee umpire goalie
    winger skipper jockey manageress ferryman boatman lighthouse-keeper bell-ringer postman postwoman firewoman
    bus-driver eurodéputé députée député sénateur sénatrice préfet préfète avocat avocate juge procureur médecin
    infirmière professeur professeure enseignant enseignante chercheur chercheuse historien historienne sociologue
    économiste journaliste réalisateur réalisatrice comédien comédienne humoriste musicien musicienne romancier
    romancière poète peintre sculpteur photographe agriculteur agricultrice boulanger boulangère boucher gardien
    gardienne berger bergère pêcheur patron patronne entrepreneur entrepreneuse porte-parole entraîneur entraîneuse
    joueur joueuse capitaine champion championne retraité retraitée invité invitée présentateur présentatrice
    intervieweur conseiller conseillère adjoint adjointe regidor regidora edil portavoz diputado diputada senador
    senadora juez jueza fiscal abogado abogada médico médica enfermero enfermera profesor profesora maestro maestra
    investigador investigadora historiador historiadora economista presentador presentadora locutor locutora actriz
    cineasta cómico cómica músico música guitarrista pintor pintora escultor escultora fotógrafo fotógrafa agricultor
    agricultora panadero panadera pescador pescadora farero vecino vecina empresario empresaria entrenador entrenadora
    jugador jugadora capitán campeón campeona jubilado jubilada invitado invitada candidato candidata reporterin
    journalist journalistin redakteur redakteurin staatsanwalt staatsanwältin anwalt anwältin arzt ärztin
    krankenschwester pfleger pflegerin lehrer lehrerin forscher forscherin wissenschaftler wissenschaftlerin historiker
    historikerin agent publicist rep promoter scout busker trader tutor guide negotiator surveyor accountant auditor
    handyman foreman supervisor attendant clerk cashier cleaner porter bouncer roofer welder miner trucker mayor-elect
    whistleblower legend ace hero heroine icon pal exec staffer aide pollster pundit strategist influencer barman
    barmaid barista co-presenter newsreader insider colleague skipper hunk hitmaker frontperson headliner favourite
    favorite beauty bassoonist harpist organist trumpeter saxophonist soloist vocalist technologist criminologist
    economist intendant intendantin kämmerer oberbürgermeister oberbürgermeisterin statist bühnenmeister
    bühnenmeisterin representante exjugador artista intérprete ökonom ökonomin regisseur regisseurin komiker komikerin
    musiker musikerin dichter dichterin maler malerin bildhauer bildhauerin fotograf fotografin landwirt landwirtin
    bäcker bäckerin fischer fischerin unternehmer unternehmerin spieler spielerin torwart torhüter stürmer meisterin
    rentner rentnerin gast abgeordnete abgeordneter senatorin tonmeister tonmeisterin geschäftsführer geschäftsführerin
    gründer gründerin
""")
)
"""Nouns of persons: before a name they are no part of it (Judge Mary Sommer), alone they are a role (the judge)."""

SUPPORTING = words_of("""
    manager keeper coach captain producer owner boss director judge justice magistrate attorney lawyer barrister
    solicitor prosecutor sheriff officer detective inspector constable commissioner spokesman spokeswoman spokesperson
    witness victim suspect defendant plaintiff neighbor neighbour reporter correspondent journalist interviewer
    moderator analyst expert critic doctor nurse caller guest assistant deputy aide president vice-president premier
    chancellor minister secretary senator representative governor mayor councillor councilor councilman councilwoman
    ambassador official congressman congresswoman lawmaker superintendent principal dean chairman chairwoman chair
    chief king queen prince princess pope bishop archbishop man woman boy girl father mother son daughter husband wife
    brother sister employee worker resident student patient listener partner boyfriend girlfriend widow widower
    bürgermeister bürgermeisterin sprecher sprecherin maire alcalde alcaldesa sindaco burgemeester concejal ministre
    ministro ministra présidente presidenta
""")
"""Roles of persons beside whom a text is about: without a name they may be anybody."""

ORGANISATION_NOUNS = words_of("""
    group company firm start-up startup charity agency band newspaper magazine website site organisation organization
    nonprofit non-profit think-tank union network channel broadcaster publisher team club retailer maker manufacturer
    bank airline university college school museum brand label studio platform service department ministry committee
    commission council institute consultancy lender insurer restaurant hotel festival podcast show town city village
    société entreprise groupe association collectif firme unternehmen firma gesellschaft konzern verein behörde empresa
    compañía sociedad grupo asociación discográfica
""")
"""Nouns that tell that the name beside them is no person's."""

DOCUMENT_NOUNS = words_of("""
    report statement letter note sign plaque card notice poster petition survey study post message email e-mail memo
    memorandum document contract patent manual headline caption advertisement ad book article leaflet brochure label
    banner inscription transcript clip recording file minutes agenda catalogue guidance website
""")
"""Nouns of what can be read: no pronoun of a person means one."""

TITLES = (
    MALE_TITLES
    | FEMALE_TITLES
    | {one.lower() for one in ABBREVIATIONS}
    | words_of("sen rep gov rev hon capt col gen lt sgt maj prof dr mx madam professor doctor saint ex former")
)

EPITHETS = words_of("""
    star singer actor actress author native winner nominee veteran comedian musician rapper athlete champion democrat
    republican billionaire millionaire mogul magnate laureate medalist medallist songwriter singer-songwriter
    entertainer performer performer celebrity frontman frontwoman retiree pensioner filmmaker novelist poet artist
    painter guitarist drummer pianist violinist chef cook baker farmer gardener fisherman writer director scientist
    historian biologist glaciologist conductor teacher designer architect photographer entrepreneur founder pilot
    astronaut carpenter watchmaker sculptor composer cellist dancer comic podcaster playwright professor researcher
    explorer sailor brewer winemaker butcher restaurateur actriz schauspieler schauspielerin sänger sängerin autor
    autorin trainer trainerin kapitän élu élue chanteur chanteuse acteur actrice écrivain cantante escritor escritora
    engineer economist legend ace hero heroine icon favourite favorite beauty exec skipper hitmaker midfielder striker
    defender goalkeeper batsman bowler pollster pundit barista intérprete artista
""")
"""Roles that texts use as another name of the person whom they are about."""

NOT_NAMES = words_of("""
    a an the this that these those he she it they we you i my your his her its their our in on at by for from to of à
    with as and but or so if when while after before since then there here what who why how yes no not now later asked
    also still once one two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty forty
    fifty hundred hundreds thousands dozens several few last next der die das den dem des ein eine einen einem einer er
    sie es wir ihr ich sein seine ihre und aber oder doch wenn als wie nach vor bei mit am im zum zur auf aus für über
    unter dann da hier dort auch noch nun was wer warum le la les un une il elle ils elles ce cette ces son sa ses leur
    mais et ou donc car si quand dans sur sous pour par avec sans après avant depuis puis en au aux du el los las una
    uno él ella ellos pero y o cuando tras según con sin desde entonces su sus according laut selon although though
    despite during because instead however meanwhile despite until unless whether even just only perhaps maybe well oh
    some many most all both each every another other others critics fans people everyone everybody nobody someone
    somebody something nothing anyone noting speaking adding recalling writing talking looking more less much any such
    q a mit ohne ha let's don't didn't is are was were do does did has have had can could will would should may might
    must been being never always today het een de hij zij ze wij maar of van uit voor bij zo lui lei ele ela não sim sì
    seit seitdem where nor yet between among under over above about against into onto upon within without toward
    towards further moreover furthermore finally additionally earlier previously recently ultimately eventually again
    perhaps indeed similarly likewise thus hence therefore nevertheless nonetheless otherwise neither either stop
    please thanks nächste nächsten nächstes letzte letzten vergangene asked reached pressed told following given
    regarding concerning like unlike near behind beyond
""")
"""Capitalised at the start of a sentence, but not names; the same words in lower case end a description."""

CALENDAR = words_of("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december today yesterday tomorrow montag dienstag mittwoch donnerstag freitag samstag
    sonntag januar februar märz mai juni juli oktober dezember anfang ende mitte gestern heute lundi mardi mercredi
    jeudi vendredi samedi dimanche hoy ayer lunes martes miércoles jueves viernes sábado domingo spring summer autumn
    winter christmas easter thanksgiving
""")
"""Capitalised in some language, but not part of a name that they follow: Keller Monday."""

MONTH_NAMES = words_of("june april may august")
"""Months that are first names too."""

NO_FIRST_NAMES = (NOT_NAMES | CALENDAR) - MONTH_NAMES

TIMES = words_of("""
    year years day days week weeks month months hour hours minute minutes decade decades ago morning evening night
    afternoon time times
""")
"""Nouns that end a phrase of time: for thirty years Anna Keller has climbed the stairs."""

ORGANISATION_ENDINGS = words_of("""
    podcast show times post guard university street road avenue park house group company council party news radio
    magazine journal institute school college museum theater theatre club union press bank festival city county state
    states kingdom river lake mountain mountains island islands coast bay court office ministry department association
    foundation zeitung sender verlag verein universität musée théâtre université teatro universidad ayuntamiento corp
    corporation inc ltd llc plc co motors airlines airways pictures studios records entertainment media network
    networks agency authority commission committee congress senate parliament assembly army navy police force forces
    service services society organization organisation league federation board bureau administration government team
    band orchestra choir church cathedral hospital clinic hotel restaurant bar cafe café center centre hall building
    tower bridge station airport port harbor harbour beach valley hills hill forest square plaza awards award prize cup
    series trilogy movie film book album song tour conference summit treaty act bill law case trial project program
    programme initiative campaign movement report review herald tribune gazette chronicle observer guardian telegraph
    daily weekly tv fm reuters tonight today sachs watch cross nations york angeles francisco mexico zealand africa
    america britain ireland scotland korea arabia lanka kong carolina dakota virginia jersey hampshire diego vegas
    orleans antonio district region province village town borough high elementary academy prep polytechnic grammar
""")
"""Last words of names that are not a person's."""

ORGANISATIONS = words_of("""
    congress parliament senate washington london paris berlin moscow beijing brussels hollywood broadway wall twitter
    facebook instagram tiktok youtube google apple amazon microsoft tesla netflix spotify disney meta reddit bloomberg
    reuters variety deadline billboard vogue forbes fortune politico axios vox slate wired newsweek democrats
    republicans labour tories conservatives liberals america britain england scotland wales ireland france germany
    spain italy russia ukraine china japan india canada australia mexico brazil israel iran iraq egypt turkey poland
    greece sweden norway denmark finland holland europe asia africa california texas florida boston chicago americans
    british germans french russians chinese english german russian spanish italian american christian god nasa nato bbc
    cnn nbc abc cbs npr pbs fbi cia eu un uk us usa nhs fda cdc
""")
"""Single names that look like a surname before a verb, and are none."""

PLACE_LEADS = words_of("in at near across throughout outside aus à en desde hacia")
"""A capitalised word after one of these is a place."""

WORK_LEADS = words_of("""
    podcast podcasts pódcast show program programme book novel film movie song album play newspaper magazine series
    zeitung sendung film buch émission journal livre programa diario libro
""")
"""Precede the name of a work more often than a person's."""

DETERMINERS = words_of("""
    the a an this that der die das den dem ein eine einer le la les un une l el los las lo una il gli uno o os um uma
    het een another one some many
""")
DEFINITE = words_of("the this that der die das den dem le la les l el los las lo il gli o os het")
COPULAS = words_of("is was ist war est était es era fue fut")
"""Between a description and a name, or a name and its description: the first witness was Anna Keller."""

POSSESSIVES = words_of("""
    his her their my our your its sein seine ihr ihre son sa ses leur su sus suo sua seu zijn haar
""")
MALE_NAMES = words_of("""
    aaron abdul abdullah abraham adam adrian ahmad ahmed aidan alan alastair albert alberto alec alejandro alexander
    alfie alfonso alfred ali alistair allan allen alonso alvin amir anders andre andreas andrei andrew andré andrés
    andy angus anthony anton antonio archie armando arnold arthur artur arturo atticus august auguste augustin aurélien
    austin barack barnaby barney barry bart bartholomew bastian ben benedict benjamin benny bernard bernd bernhard
    bernie bert bill billy bjorn björn blake bob bobby boris brad bradley brandon brendan brent brett brian bruce bruno
    bryan byron callum calvin carl carlo carlos cecil cedric cesar chad charles charlie chester christoph christophe
    christopher clarence clark claude clifford clive clyde clément cody colin connor conor conrad constantin cornelius
    craig curtis cyril cyrus cédric césar damian damien damon dan daniel darren darryl dave david dean denis dennis
    derek dermot des desmond dexter didier diego dieter dietmar dirk dmitri dominic dominik don donald donovan doug
    douglas duncan dustin dwayne dwight dylan earl ed eddie edgar edmund eduardo edward edwin elias elijah elliot
    elliott elmer elon emil emile emilio emmanuel enrique eric erich erik ernest ernesto ernst esteban ethan eugene
    evan fabian fabio federico felipe ferdinand fergus fermín fernando finn florian floyd francisco franck frank
    franklin franz françois fred freddie frederic frederick fritz frédéric félix gareth garrett gary gavin geoff
    geoffrey georg george gerald gerard gerhard gilbert gilles giovanni giuseppe glen glenn gonzalo gordon graham grant
    greg gregor gregory guido guillaume guillermo gus gustav gustavo guy gérard günter günther hamish hank hannes hans
    harald harold harry hartmut hassan hector heinrich heinz helmut henri henrik henry herbert herman hermann horst
    howard hubert hugh hugo humberto hussein héctor ian ibrahim ignacio igor ike isaac isaiah ivan ivo iván jack
    jackson jacob jacques jaime jake james jared jason jasper javier jay jed jeff jeffrey jens jeremiah jeremy jermaine
    jerome jerry jesús jim jimmy joachim joaquín jochen joe joel johan johann johannes john johnny jon jonah jonas
    jonathan jordi jorge josef joseph josh joshua josé juan julian julien julio justin jérôme jörg jürgen karim karl
    karsten keith kelvin ken kenneth kenny kevin khalid klaus konrad konstantin kurt kyle lance larry lars laurent
    lawrence len lennart leo leon leonard leonardo leopold leroy lester lewis liam lionel lloyd logan lorenz lorenzo
    louis lowell luc luca lucas ludwig luigi luis lukas luke luther lutz lyle maarten magnus malcolm malik manfred
    manuel marc marcel marco marcos marcus mario mark markus martin marvin mateo mathias mathieu matt matteo matthew
    matthias matthieu maurice mauricio max maximilian maxwell melvin michael michel mick miguel mike milo milton mitch
    mitchell mohamed mohammad mohammed morton moses muhammad murray mustafa nathan nathaniel neal ned neil nelson niall
    nicholas nick nicolas nicolás niels nigel nikolai nils noah noel nolan norbert norman olaf oleg oliver olivier omar
    orlando orville oscar oskar osman osvaldo otto owen pablo paddy paolo pascal patrick paul pedro percy pete peter
    phil philip philipp philippe phillip pierre piotr rafael raimund raj ralf ralph ramón randall randy raphael rashid
    ravi ray raymond raúl reginald reinhard remy rené rex ricardo richard rick ricky rob robert roberto rocco roderick
    rodney rodrigo roger roland rolf rollo roman ron ronald ronnie rory roscoe ross roy ruben rubén rudolf rudy rufus
    rupert russell ryan salvador samuel santiago saul scott sean sebastian sebastián sergei sergio seth shane shaun
    shawn sid sigmund simon solomon spencer stan stanley stefan stefano stephan stephen steve steven stewart stuart
    stéphane sven sébastien ted terence terrence theo theodore thierry thomas thorsten tim timothy tobias toby todd tom
    tommy tomás tony torsten travis trent trevor tristan tyler tyrone udo ulrich umberto uwe vernon vijay vikram vince
    vincent vincenzo vladimir volker wade wallace walter warren wayne wendell werner wes wesley wilbur wilfred wilhelm
    will willi william willy winston wolfgang xavier yann yannick yusuf yves zachary zane émile óscar
""")
FEMALE_NAMES = words_of("""
    abigail ada adela adelaide adele adriana agatha agnes agnès aisha alba alejandra alessandra alexandra alice alicia
    alina alison allison alma alyssa amalia amanda amara amaya amber amelia amina amy amélie ana anastasia angela
    angelica angelina anika anita anja ann anna annabel annabelle anne annette annie annika antonia anya aoife arabella
    ariana astrid audrey aurora ava aïcha aïssata barbara bea beate beatrice beatrix beatriz becky belinda belle
    bernadette bernice bertha beth bethany betsy betty beverly bianca birgit birgitta blanca blanche bonnie brenda
    bridget brigitte britta brooke caitlin camila camilla camille candace candice cara carina carla carly carmen carol
    carole carolina caroline carolyn carrie cassandra cassie catalina catherine cathy cecilia celeste celia charlene
    charlotte chelsea cherie cheryl chiara chloe chloé christa christina christine ciara cindy claire clara clare
    clarissa claudia clementine colleen connie constance consuelo cora cordelia corinne cornelia courtney cristina
    crystal cynthia cécile dagmar daisy danica daniela daniella danielle daphne dawn debbie deborah debra deirdre delia
    delphine denise desiree diana diane dolores donatella donna dora dorothea dorothy edith edna eileen elaine eleanor
    eleanora elena elisa elisabeth elise eliza elizabeth elke ella ellen ellie eloise elsa elsie elvira emilia emily
    emma erica erika erin esme esmeralda esperanza estelle esther ethel eugenia eunice eva evangeline evelyn fabienne
    faith farah fatima fatou felicia felicity fiona flora florence frances francesca francine françoise freya frieda
    gabriela gabriella gabrielle gail gemma genevieve geneviève georgia georgina geraldine gerda gertrude gillian gina
    ginny gisela giselle giulia gladys gloria grace graciela greta gretchen guadalupe gudrun gwen gwendolyn halyna
    hannah hannelore harriet hattie hazel heather heidi heike helen helena helene helga henrietta hermione hilda
    hildegard hillary holly hope hélène ida ilona ilse imogen ines inga ingrid ingvild inés irene irina iris irma
    isabel isabella isabelle isla isobel ivana ivy jacqueline jade jana jane janet janice janine jasmine jeanette
    jeanne jeannie jemima jenna jennifer jenny jessica jill joan joana joanna joanne jocelyn jodie johanna josefina
    josephine joy joyce juanita judith judy julia juliana julianne julie juliet juliette june jutta kamala karen karin
    karina karla katarina kate katharina katharine katherine kathleen kathryn kathy katie katja katrin katrina kayla
    keira kendra kerstin kimberly kirsten kirsty klara kristen kristin kristina lara latoya laura lauren lavinia lea
    leah leila lena leonie leonora leticia libby lieselotte lila lilian lillian lily linda lindsay lisa liv liz liza
    lois lola lorena lorna lorraine lottie louisa louise lourdes lucia lucille lucinda lucy lucía luisa lydia lynn
    lynne mabel mackenzie maddie madeleine madeline madison mae maeve magda magdalena maggie maisie mandy manuela
    marcela marcella marcia margaret margarete margarita margot marguerite maria mariam marianne maribel marie mariella
    marilyn marina marisa marisol marjorie marlene marta martha martina mary maría matilda maud maureen mavis maxine
    maya meg megan melanie melinda melissa mercedes meredith mia michaela michelle mildred millie mimi mina mindy
    minnie mira miranda miriam moira molly mona monica monika monique muriel myra myrtle mónica nadia nadine nancy
    naomi natalia natalie natasha nathalie nell nellie nerea nicola nicole nigella nina nora norma nuria núria octavia
    odette odile olga olive olivia oona ophelia oprah orla ottavia paloma pamela patience patricia patsy patty paula
    paulette paulina pauline pearl peggy penelope penny perla petra philippa phoebe phyllis pilar pippa polly priscilla
    priya prudence rachel raquel rebecca rebekah regina renata renate renée rhoda rhonda ricarda rita roberta rocío
    romy rosa rosalie rosalind rosalyn rosamund rosanna rose roseanne rosemarie rosemary rosie rowena roxanne ruby ruth
    sabina sabine sabrina sadie sally salma samantha sandra sara sarah saskia savannah scarlett selena selma serena
    sharon sheila shelley sherry shirley sigrid silke silvia simone sinéad siobhan siân sofia sofía solange sonia sonja
    sophia sophie stacey steffi stella stephanie sue susan susana susanna susanne susie suzanne svetlana sybil sylvia
    sylvie tabitha tamara tamsin tania tanya tara tasha tatiana teresa teri tess tessa thelma theodora theresa therese
    tiffany tilda tina tracey tricia trish trudy uma una ursula ute valentina valeria valerie vanessa vera verena
    veronica verónica vicky victoria viola violet virginia viviane vivienne véronique wanda wendy whitney wilhelmina
    wilma winifred ximena yasmin yasmine yolanda yvette yvonne zainab zara zelda zoe zoé zoë élise
""")
"""First names that nearly always are a man's or a woman's; those of both, such as Alex and Kim, are left out."""

FIRST_NAMES = dict.fromkeys(MALE_NAMES, "m") | dict.fromkeys(FEMALE_NAMES, "f")
TITLE_GENDERS = dict.fromkeys(MALE_TITLES, "m") | dict.fromkeys(FEMALE_TITLES, "f")
