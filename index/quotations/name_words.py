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
    aaron abbas abdul abdullah abebe abraham adam adebayo aditya adrian adriano agustín ahmad ahmed ahmet aidan ajay
    akash akio alain alan alastair albert alberto alec alejandro aleks aleksandr alessio alexander alexei alfie alfonso
    alfred alfredo alhassan ali alistair allan allen alonso alonzo alvaro alvin amadou amar amir amit amos anand anatoli
    anatoly anders andre andreas andrei andrew andré andrés andy angus anil anthony antoine anton antonio anwar arash
    archie arjun armando arne arno arnold arthur artur arturo arun arvid ashok ashwin asif atif atticus august auguste
    augustin aurélien austin axel ayodele baptiste barack barnaby barney barry bart bartholomew bartosz bashir bassam
    bastian ben benedict benito benjamin benjamín benny benoît bernard bernd bernhard bernie bert bhavesh bilal bill
    billy bjorn björn blake bob bobby bogdan bojan boris boubacar brad bradley bram brandon branko brendan brent brett
    brian bruce bruno bryan burak byron caio caleb callum calvin carl carlo carlos casper cassius cecil cedric cesar
    chad charles charlie cheikh chester chidi chike chinedu christoph christophe christopher christos clarence clark
    claude clifford clint clive clyde clément cody colin connor conor conrad constantin cormac cornelius cory craig
    cristian cristiano curtis cyril cyrus cédric césar damian damien damon dan daniel danilo danny dario darius darnell
    darrell darren darryl dave david dean deepak denis dennis derek dermot derrick des desmond dexter didier diego
    dieter dietmar dilip dimitri dimitrios dirk dmitri dmitry dominic dominik don donald donovan doug douglas duncan
    dustin dwayne dwight dylan earl ed eddie edgar edmund eduardo edvard edward edwin eero efraín eitan elias elijah
    elliot elliott elmer elon elton emeka emil emile emiliano emilio emmanuel enrico enrique enzo eric erich erik ernest
    ernesto ernst esteban ethan etienne eugene evan evander evgeny ezra fabian fabio fabrice fadi faisal farhan farid
    federico felipe felix femi ferdinand fergus fermín fernando fidel filip filippo finlay finn fiodor florian floyd
    francisco franck frank franklin franz françois fred freddie frederic frederick frederik friedrich fritz frédéric
    fyodor félix gabriel gareth garrett garth gary gaspard gaston gavin geoff geoffrey georg george georgios gerald
    gerard gerardo gerhard gervase gianluca gilbert giles gilles gino giorgio giovanni giuseppe glen glenn gonzalo gopal
    gordon graham grant greg gregor gregory guido guillaume guillermo gunnar gunther gus gustav gustavo guy gérard
    günter günther hakan hakeem hamid hamish hamza hank hannes hans harald harold harry hartmut harvey hasan hassan
    hector heinrich heinz helmut hendrik henri henrik henry herbert herman hermann hideki hideo hiro hiroshi hisham
    horst howard hubert hugh hugo humberto hussein héctor ian ibrahim idris ifeanyi ignacio igor ike ikechukwu imran
    ingmar ioannis iqbal isaac isaiah isamu ismail ivan ivo iván jabari jack jackson jacob jacques jafar jahangir jaime
    jake jamal james janek jared jaroslav jarvis jason jasper javad javed javier jay jed jeff jeffrey jens jeremiah
    jeremy jermaine jerome jerry jesper jesse jesús jim jimmy joachim joaquin joaquín jochen joe joel johan johann
    johannes john johnny jon jonah jonas jonathan jordi jorge josef joseph josh joshua josé joão juan julian julien
    julio justin jérôme jörg jürgen kabir kamal kareem karel karim karl karsten karthik kaspar kazuo keanu keith kelvin
    ken kenji kenneth kenny kevin khaled khalid kieran klaus knut kofi kojo konrad konstantin kristian kristoffer kunal
    kurt kwabena kwame kyle lachlan lamine lance larry lars lasse laszlo laurent lawrence leif len lennart leo leon
    leonard leonardo leonid leopold leroy lester levi lewis liam lionel lloyd logan lorenz lorenzo lothar louis lowell
    luc luca lucas lucien ludwig luigi luis lukas luke luther lutz luís lyle lászló maarten magnus mahmoud malcolm malik
    mamadou manfred manish manoj manuel marc marcel marcelo marco marcos marcus mariano mario marius mark markus marlon
    martin marvin massimo mateo mateusz mathias mathieu matt matteo matthew matthias matthieu maurice mauricio mauro max
    maxime maximilian maxwell mehdi mehmet mehmood melvin michael michał michel mick miguel mihai mikael mike mikhail
    milo miloš milton mirko mitch mitchell mohamed mohammad mohammed mohan moritz morton moses moussa muhammad murad
    murat murray musa mustafa nabil nadim naoki nasser nate nathan nathaniel naveen neal ned neil nelson niall nicholas
    nick nico nicolas nicolás niels nigel nikhil nikola nikolai nikos nils nnamdi noah noel nolan norbert norman obinna
    olaf olav oleg oleksandr oliver olivier oluwaseun omar orlando orville oscar oskar osman osvaldo otto owen pablo
    paddy paolo pascal patrick paul paulo pavel pedro percy pete peter phil philip philipp philippe phillip pierre
    pieter piotr prakash pranav rachid rafael rahul raimund raj rajesh rajiv ralf ralph ramesh ramiro ramón randall
    randy raphael rashid ravi ray raymond raymundo raúl reggie reginald reinhard remy renato rené reuben rex reza
    ricardo riccardo richard rick ricky rob robbie robert roberto rocco roderick rodney rodrigo roger rohan rohit roland
    rolf rollo romain roman ron ronald ronan ronnie rory roscoe ross roy ruben rubén rudolf rudy rufus rupert russell
    ryan rémi sachin sadiq salim salman salvador samir samuel sandeep sandro sanjay santiago saul scott sean sebastian
    sebastián seiji serge sergei sergey sergio seth seun shane shaun shawn shigeru sid siddharth siegfried sigmund
    silvio simon sipho slavko slobodan sofiane solomon spencer stan stanley stefan stefano stephan stephen steve steven
    stewart stuart stéphane sunil suresh sven sébastien taavi tadeusz takashi takeshi tarek tariq ted terence terrence
    thabo theo theodore thierry thomas thorsten tim timo timothy tobias toby todd tom tomas tomasz tommy tomás tony
    torsten travis trent trevor tristan troy tunde tyler tyrone udo ulrich umar umberto usman uwe vaclav valentin vasily
    vernon victor vijay vikas vikram viktor vince vincent vincenzo vivek vlad vladimir volker václav wade wallace walter
    warren waseem wayne wendell werner wes wesley wilbur wilfred wilhelm will willi william willie willy wim winston
    wojciech wolfgang xavier yann yannick yasin yaw yiannis yogesh yosef youssef yuri yusuf yves zachary zack zane
    zdeněk zeeshan zoltan zoltán álvaro émile étienne óscar
""")
FEMALE_NAMES = words_of("""
    abena abigail ada adaeze adaora adela adelaide adele adelina aditi adriana adwoa agata agatha agnes agnieszka
    agnès aiko aileen aisha aisling akosua akua alba alejandra aleksandra alena alessandra alexa alexandra alexia
    alice alicia alina alison aliya aliyah allison alma althea alyssa amalia amanda amara amaya amber amelia amina
    aminata amira amrita amy amélie ana anahita ananya anastasia anastasiya anca aneta angela angelica angelina
    angélica anika anisa anita anja anjali ann anna annabel annabelle anne anneke annelies annemarie annette annie
    annika anouk antje antonella antonia anuradha anya aoife aparna arabella araceli ariana ariane arlene asma asmaa
    astrid asuka audrey aurora aurélie ava ayaka ayako ayanda ayesha ayse ayşe azra aïcha aïssata barbara basma bea
    beata beate beatrice beatrix beatriz becky belinda belle bernadette bernice bertha beth bethany betsy betty
    beverly bianca bintou birgit birgitta birgitte blanca blanche bonnie bożena brenda bridget brigitte britney
    britta bronwyn brooke caitlin camila camilla camille candace candice cara carina carla carlotta carly carmen
    carol carole carolina caroline carolyn carrie cassandra cassie catalina catarina catherine cathy cecilia celeste
    celia celina chantal charlene charlotte chelsea cherie cheryl chiamaka chiara chidinma chloe chloé christa
    christiane christina christine ciara cindy claire clara clare clarissa claudette claudia clementine clémence
    colette colleen connie constance consuelo cora cordelia corinne cornelia courtney cristina crystal cynthia
    cécile dagmar daisy danica daniela daniella danielle daphne darlene dawn debbie deborah debra deepa deirdre
    delia delphine denise desiree diana diane dina divya dolly dolores donatella donna dora doreen doris dorota
    dorothea dorothy edith edna eileen ekaterina elaine eleanor eleanora elena eleni elfriede elif elisa elisabeth
    elise eliza elizabeth elke ella ellen ellie elly elodie eloise elsa elsie elvira emilia emily emine emma eniko
    erica erika erin esme esmeralda esperanza estelle esther ethel eugenia eunice eva evangeline evelyn ewa fabienne
    fabiola faith fanny farah farida fatemeh fatima fatimah fatma fatou fatoumata faye felicia felicity fernanda
    fiona flora florence frances francesca francine françoise freya frida frieda funmilayo gabriela gabriella
    gabrielle gail gaëlle geeta gemma genevieve geneviève georgia georgina geraldine gerda germaine gertrude gianna
    gillian gina ginny giovanna gisela giselle gisèle giulia giuliana gladys glenda gloria grace graciela greta
    gretchen grethe guadalupe gudrun gwen gwendolyn hadiya halima halyna hana hanna hannah hannelore harriet hatice
    hattie hazel heather hedwig heidi heike helen helena helene helga henrietta hermione hilary hilda hilde
    hildegard hillary holly hope huda hélène ida ifeoma ikram ilaria ilona ilse imelda imogen indira ines inga inge
    ingeborg ingrid ingvild inés irena irene irina iris irma isabel isabella isabelle isla isobel itziar ivana
    ivonne ivy iwona jacqueline jade jana jane janelle janet janice janine jasmin jasmine jeanette jeanne jeannette
    jeannie jelena jemima jenna jennifer jenny jessica jill joan joana joanna joanne jocelyn jodie johanna jolanta
    josefina josephine joy joyce juana juanita judith judy julia juliana julianne julie juliet julieta juliette june
    justine justyna jutta kamala kamila kanako kareen karen karin karina karla katarina katarzyna kate katharina
    katharine katherine kathleen kathryn kathy katia katie katja katrin katrina kavita kayla keiko keira kelly
    kendra keren kerstin khadija kimberly kinga kirsten kirsty klara kristen kristin kristina krisztina krystyna
    laila lakshmi lana lara latoya laura lauren lavinia lea leah leila lena leona leonie leonora leticia libby
    lieselotte ligia lila lilian liliana lillian lily lina linda lindsay lindsey lisa liv liz liza lois lola lora
    lorena loretta lorna lorraine lotte lottie louisa louise lourdes lucia luciana lucie lucille lucinda lucy lucía
    ludmila luisa luz lydia lynda lynn lynne mabel mackenzie maddie madeleine madeline madison mae maeve magda
    magdalena maggie maisie maite maja malala malgorzata mandy manon manuela mara marcela marcella marcia margaret
    margarete margarita margit margot margrethe marguerite maria mariam mariama mariana marianne maribel marie
    mariella mariko marilyn marina marisa marisol marjorie marlene marta martha martina mary maryam maría masako
    matilda maud maude maureen mavis maxine maya mayumi małgorzata meera meg megan meghan mei melanie melinda
    melissa mercedes meredith meryem mia michaela michelle michiko mila milagros mildred milena millicent millie
    mimi mina mindy minnie mira miranda mireille miriam misaki moira molly mona monica monika monique montserrat
    muriel myra myriam myrtle mónica nadia nadine nadja naima nancy naoko naomi nasreen natalia natalie natasha
    nathalie neha nell nellie nelly nerea nevena ngozi nicola nicole nigella nikki nina nkechi noelle noemi nora
    norma nuria núria octavia odette odile oksana olena olga olive olivia oona ophelia oprah orla ottavia paige
    paloma pamela paola parvati patience patricia patrizia patsy patty paula paulette paulina pauline pearl peggy
    penelope penny perla petra philippa phoebe phyllis pia pilar pippa polly pooja prisca priscilla priya prudence
    rachael rachel radha ramona rania raquel rebecca rebekah regina rekha renata renate renée reyhan rhoda rhonda
    ricarda rina rita roberta rocío romy rosa rosalie rosalind rosalyn rosamund rosanna rose roseanne rosemarie
    rosemary rosie roswitha rowena roxana roxanne ruby rukmini ruth ruxandra sabina sabine sabrina sadia sadie
    safiya saira sakura sally salma samantha samira sandra sanja sanna saoirse sara sarah saskia savannah scarlett
    selena selma serena shabnam shanice shanti shari sharon shauna sheila shelley shelly sherry shilpa shirin
    shirley shreya sibyl sigrid silke silvia simona simone sinéad siobhan sita siân sneha sofia sofía solange sonia
    sonja sophia sophie stacey stefania steffi stella stephanie stéphanie sue sumaya sunita susan susana susanna
    susanne susie suzanne svetlana swati sybil sylvia sylvie tabitha tahira tamara tamika tammy tamsin tania tanja
    tanya tara tasha tatiana tatyana teresa teri tess tessa thandi thandiwe thea thelma theodora theresa therese
    thérèse tiffany tilda tina tomoko tova tracey tricia trish trisha trudy uma una ursula ute valentina valeria
    valerie valérie vanessa vera verena veronica verónica vesna vicki vicky victoria vimala viola violet virginia
    virginie vivian viviane vivien vivienne véronique wanda wanjiku wendy whitney wilhelmina wilma winifred xenia
    ximena yasmin yasmine yesenia yetunde yoko yolanda yuko yulia yvette yvonne zainab zara zelda zeynep zoe zofia
    zoé zoë zsuzsanna zuzana élise élodie
""")
"""First names that nearly always are a man's or a woman's; those of both, such as Alex and Kim, are left out."""

FIRST_NAMES = dict.fromkeys(MALE_NAMES, "m") | dict.fromkeys(FEMALE_NAMES, "f")
TITLE_GENDERS = dict.fromkeys(MALE_TITLES, "m") | dict.fromkeys(FEMALE_TITLES, "f")
