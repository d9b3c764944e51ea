"""Words of titles, products, places and firms, by which a capitalised phrase that looks like a name is none.

Words that are surnames of many (Hall, Day, Summer, Waters) are left out.
"""

from __future__ import annotations

from index.quotations.name_words import ORGANISATION_ENDINGS, ORGANISATION_NOUNS, ORGANISATIONS, WORK_LEADS
from index.quotations.speech_words import words_of

_SURNAMES = words_of("""
    house park hall center bill law case bay hill hills lake beach bridge church post day christian disney bloomberg
    forbes london german english french ireland england france wall holland
""")
"""Names of organisations and places, and their endings, that are surnames too."""

_ENDINGS = words_of("""
    diary diaries trailer teaser edition episode episodes season seasons special live remastered remake reloaded
    revisited returns explained reviewed preview recap rewatch collection stories story tales tale adventures adventure
    chronicles letters notes papers files lessons habits secrets memoir memoirs biography novel novels playlist anthem
    remix soundtrack scene scenes finale pilot sequel saga quest challenge wedding christmas halloween theory effect
    experience exhibit exhibition interview interviews podcasts shows videos video newsletter blog website app apps
    women men girls boys kids people friends lovers sisters brothers mothers hearts smile smiles dreams habit windows
    fashion beauty cream cooking kitchen food recipes garden gardens forest falls highway freeway island canyon ocean
    desert cave caves trail road boulevard lane texas italy peninsula music capital consulting partners lab labs
    productions production technologies technology systems software solutions ventures holdings industries jewellery
    jewelry premium sessions trio quartet quintet ensemble symphony cloud beta boot learning intelligence change flight
    kit gear fellowship scholarship medal grant grants thing things again now forever approved screaming gloom fools
    period power springs division hour moon day days night nights week weekend year years time money business
    health science culture society politics history art arts design code coding web data security network world life
    love war peace death freedom fundación fundacion fondation stiftung gesellschaft gmbh ag asociación esteem snogging
    thongs vibes energy mode model models method project plan plans guide guides handbook workbook manual course
    courses workshop webinar bootcamp summit meetup festival conference keynote panel
    everybody everyone anybody discuss discusses join joins update updates profile picture resident bitcoin keywords
""")
NO_SURNAMES = (ORGANISATION_ENDINGS | ORGANISATIONS | _ENDINGS) - _SURNAMES
"""Last words of phrases that are no names of persons."""

FIRST_NAMES_TOO = words_of("""
    april may june august summer autumn joy hope faith grace rose daisy lily ruby pearl amber ivy holly iris olive
    violet hazel heather will art austin sydney madison charlotte victoria florence sierra savannah brooklyn chelsea
    paris carolina georgia virginia dakota dallas houston jackson lincoln washington jordan israel chad santiago santa
    diego milan verona siena india asia geneva adelaide alexandria swift jade crystal dawn eve star melody harmony
    christian sunny bliss destiny chance major prince duke rich marine marina sol luna victor rosa
""")
"""First names that are words or places too: alone they do not show that a phrase is a name."""

THINGS_BEFORE = (
    ORGANISATION_NOUNS
    | WORK_LEADS
    | words_of("""
    mansion castle fortress estate manor palace island town city village county street river lake mountain ship boat
    game games brand product app musical opera track single album albums movies films books novels novella trilogy
    franchise classic memoir
""")
)
"""Nouns before the name of what they mean: the crumbling mansion Milton Magna."""

TALKING = words_of("""
    interview interviews conversation conversations talk talks talking talked chat chats chatting chatted speak speaks
    speaking spoke sit sits sat down together joined discuss discusses discussion episode live along back here catch
    catches caught sprechen spricht sprach gespräch reden redet interviews diskutiert unterhalten entretien discute
    parle discussion conversación conversamos hablamos habla hablar charla charlamos conversa falamos entrevista
""")
"""Words before "with" and a name."""
