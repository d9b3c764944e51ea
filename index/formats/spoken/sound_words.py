"""Words of notes on sounds, such as [laughs] or (applause): what a transcript holds and nobody said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.language.tokens import tokenize

_SOUND_TEXT = """laugh laughs laughing laughed laughter chuckle chuckles chuckling giggle giggles applause clapping
    claps applauds
    cheer cheers cheering music song singing sings jingle sigh sighs sighing cough coughs coughing sneeze sneezes
    sniff sniffs gasp gasps groan groans cry cries crying sob sobs sobbing scream screams whisper whispers whispering
    pause pauses silence noise clears throat snort snorts snaps fingers clicks hums humming whistles whistling shouts
    shouting blank audio sound sounds effect ding rings ringing knocking knocks
    slams creaks barks barking buzzing buzzes thunder rumbles explosion gunshot gunshots footsteps horn honks honking
    siren sirens engine revving birds chirping static feedback chatter murmuring murmurs booing boos grunts grunting
    exhales inhales yawns whoosh thud click beeping dramatic upbeat soft theme intro outro instrumental
    gelächter lachen lacht applaus beifall musik seufzt seufzen hustet jubel rauschen stille
    rires rire applaudissements musique soupir soupirs toux bruit
    risas risa ríe aplausos aplauso música suspira tos ruido
    risate risata applausi musica sospira rumore risos riso palmas gelach gelächter muziek zucht
    skratt applåder musik latter bifald klappsalver śmiech śmieje oklaski brawa muzyka smích potlesk hudba
    смех смеётся смеется аплодисменты музыка вздох вздыхает шум сміх оплески музика
    gülüşmeler alkış alkışlar müzik
    笑 笑い 笑い声 拍手 音楽 歓声 掌声 掌聲 笑声 笑聲 音乐 音樂 박수 웃음 웃음소리 음악"""
_UNTRANSCRIBED_TEXT = """inaudible unintelligible indistinct indiscernible indecipherable undecipherable
    incomprehensible garbled muffled crosstalk overlapping mumble mumbles mumbled mumbling speaking speaks foreign
    language beep beeps bleep bleeps bleeped expletive censored redacted"""
UNTRANSCRIBED = frozenset(_UNTRANSCRIBED_TEXT.split())
"""Words of a note on speech of which the transcript does not have the words."""
_SOUNDS = frozenset(tokenize(_SOUND_TEXT)) | UNTRANSCRIBED
_BESIDE_TEXT = "a the and of in with his her their both all loudly softly background long short audience crowd"
_BESIDE_SOUNDS = frozenset(_BESIDE_TEXT.split())
LONGEST_NOTE = 6
"""Words of a note."""

_LONGEST_DESCRIPTION = 3

_TIME = re.compile(r"[\d:.]+")


def are_sounds(tokens: Sequence[str]) -> bool:
    """Whether tokens name sounds, with nothing but small words and times beside them."""
    named = name_sounds(tokens)
    return bool(named) and all(token in _SOUNDS for token in named)


def name_a_sound(tokens: Sequence[str]) -> bool:
    """Whether tokens name a sound with something said of it: laughs nervously, phone ringing, speaking Spanish."""
    named = name_sounds(tokens)
    return 0 < len(named) <= _LONGEST_DESCRIPTION and not _SOUNDS.isdisjoint(named)


def name_sounds(tokens: Sequence[str]) -> list[str]:
    """Return the tokens of a note without the small words and times beside them."""
    return [token for token in tokens if token not in _BESIDE_SOUNDS and not _TIME.fullmatch(token)]
