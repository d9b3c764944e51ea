"""Words in labels before a colon: roles of speakers, and words with which a text begins that is no speaker's."""

from __future__ import annotations

from index.language.tokens import tokenize

_ROLE_TEXT = """speaker spk s host cohost guest interviewer interviewee narrator moderator announcer presenter anchor
    reporter correspondent commentator man woman boy girl male female child kid voice voiceover operator dispatcher
    caller audience crowd participant panelist panellist person attendee unknown unidentified agent customer client
    student teacher professor doctor patient judge lawyer attorney witness clerk officer president chairman
    chairwoman chair senator mayor minister channel track
    sprecher sprecherin moderatorin interviewerin gast erzähler erzählerin mann frau reporterin
    locuteur locutrice intervenant intervenante présentateur présentatrice invité invitée homme femme journaliste
    locutor locutora hablante presentador presentadora entrevistador entrevistadora invitado invitada hombre mujer
    orador intervistatore intervistato conduttore ospite uomo donna apresentador apresentadora convidado homem mulher"""
ROLES = frozenset(tokenize(_ROLE_TEXT))

_NO_NAME_TEXT = """note notes remember reminder warning caution attention danger notice important disclaimer spoiler
    spoilers breaking news update updates headline headlines weather sport sports traffic business question questions
    answer answers example examples today tonight tomorrow yesterday now then first second third fourth fifth finally
    lastly next last however because so and but or also plus yes no okay ok well look listen see fact facts rule rules
    step steps tip tips trick lesson lessons chapter part section point points result results conclusion summary
    title subject re date time place location topic theme correction bonus problem solution reason reasons goal
    verdict bottom line quote quotation translation source sources credit credits music lyrics transcript subtitle
    subtitles caption captions captioning sponsor advertisement ad ads chorus verse bridge intro outro episode season
    mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday
    montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica
    here there this that these those what who why when where how which the a an my your his her its our their it he
    she we they you i in on at by for from with of to if one two three
    achtung hinweis merke frage antwort beispiel heute morgen gestern erstens zweitens drittens erinnerung warnung
    eilmeldung nachrichten wetter fazit ergebnis thema titel untertitel quelle also und aber oder das der die es wir
    remarque rappel exemple réponse aujourd'hui demain hier enfin premièrement deuxièmement conclusion résultat titre
    sujet sous-titres source et mais ou donc le la les il elle nous vous
    nota recuerda recuerden aviso atención pregunta respuesta ejemplo hoy mañana ayer primero segundo tercero
    conclusión resultado título tema subtítulos fuente y pero o el los ella
    ricorda attenzione domanda risposta esempio oggi domani ieri primo secondo infine risultato titolo lembrete
    lembre atenção pergunta resposta exemplo hoje amanhã ontem let opmerking vraag antwoord voorbeeld vandaag morgen"""
NO_NAMES = frozenset(tokenize(_NO_NAME_TEXT)) - frozenset(("s", "q", "a", "o", "y", "i", "e"))
"""Words that stand before a colon in speech, as in "Remember: stay at home"."""
