"""Tests of what people say of each other's names: who is who among the voices of an episode."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.voices.recognition.introductions import LATEST_OWN_NAME, Clue, NamedVoice, SpokenTurn, find_introductions


def find(*turns: tuple[str, str], known: Sequence[str] = ()) -> dict[tuple[str, str], set[Clue]]:
    found = find_introductions([SpokenTurn(*turn) for turn in turns], known)
    return {(one.voice, one.name): set(one.clues) - {"says"} for one in found}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Hello, I'm Ann Lee, and this is the show.", "Ann Lee"),
        ("I am your host, Jan van der Berg.", "Jan van der Berg"),
        ("Hi. My name is Nuria.", "Nuria"),
        ("Clara Finch here.", "Clara Finch"),
        ("This is Clara Finch speaking.", "Clara Finch"),
        ("Herzlich willkommen, ich bin Jörg Müller und das ist die Sendung.", "Jörg Müller"),
        ("Guten Tag, mein Name ist Käthe Braun.", "Käthe Braun"),
        ("Hola, soy María José García, y esto es la radio.", "María José García"),
        ("Les saluda Nuria Pérez.", "Nuria Pérez"),
        ("Bonjour, je suis Léa Dubois, et voici l'émission.", "Léa Dubois"),
        ("Olá, eu sou o João da Silva, e este é o programa.", "João da Silva"),
    ],
)
def test_who_says_a_name_as_the_own_one_has_it(said: str, name: str) -> None:
    assert find(("1", said), ("2", "Good morning.")) == {("1", name): {"itself"}}


@pytest.mark.parametrize(
    "said",
    [
        "My guest today is Ann Lee.",
        "I'm joined today by my good friend Ann Lee, who writes books.",
        "Joining me is Ann Lee.",
        "With us as always is Ann Lee.",
        "Ann Lee is joining us from Leeds.",
        "Mein Gast ist heute Ann Lee.",
        "Mi invitada de hoy es Ann Lee.",
        "Mon invitée aujourd'hui est Ann Lee.",
        "Minha convidada de hoje é Ann Lee.",
    ],
)
def test_who_is_introduced_is_the_next_new_voice(said: str) -> None:
    turns = [("1", "Hello."), ("2", "Hi."), ("1", said), ("2", "Great."), ("3", "It is good to be here.")]
    assert find(*turns) == {("3", "Ann Lee"): {"introduced"}}


@pytest.mark.parametrize(
    ("said", "clue"),
    [
        ("Welcome to the show, Ann.", "welcomed"),
        ("Ann, welcome back.", "welcomed"),
        ("Thank you so much for joining us, Ann.", "welcomed"),
        ("Willkommen, Ann.", "welcomed"),
        ("So Ann, how did it begin?", "called"),
        ("What do you think, Ann?", "addressed"),
    ],
)
def test_who_is_spoken_to_answers(said: str, clue: str) -> None:
    assert find(("1", "Hello."), ("2", "Hi."), ("1", said), ("2", "Well.")) == {("2", "Ann"): {clue}}


def test_who_is_thanked_for_the_invitation_has_spoken_before() -> None:
    assert find(("1", "Good morning."), ("2", "Thanks for having me, Bob."), ("3", "Yes.")) == {
        ("1", "Bob"): {"thanked"}
    }


def test_names_that_several_phrases_say_are_one_person() -> None:
    turns = [("1", "My guest is Ann Lee."), ("2", "Hello."), ("1", "So Ann, tell us."), ("2", "Well.")]
    assert find(*turns) == {("2", "Ann Lee"): {"introduced", "called"}}


def test_a_given_name_that_two_have_is_nobodys() -> None:
    turns = [("1", "I'm joined by Ann Lee and Ann Ray."), ("2", "Hello."), ("1", "What now, Ann?"), ("2", "Well.")]
    assert all("addressed" not in clues for clues in find(*turns).values())


def test_spellings_of_a_surname_that_a_voice_says_of_itself_are_one_person() -> None:
    turns = [
        ("1", "I'm Daniel Akhofer."),
        ("2", "Thank you, Daniel."),
        ("1", "This was the show, and I'm Daniel Akafir."),
    ]
    assert find(*turns) == {("1", "Daniel Akhofer"): {"itself", "answered"}}
    others = [("1", "I'm Daniel Akhofer."), ("2", "And I'm Daniel Akafir.")]
    assert find(*others) == {("1", "Daniel Akhofer"): {"itself"}, ("2", "Daniel Akafir"): {"itself"}}
    played = [("1", "I'm Ann Lee."), ("2", "Good."), ("1", "I'm Daniel Akafir.")]
    assert len(find(*played)) == 2, "another given name is another person's"


def test_a_name_fits_the_known_person_whose_it_can_be() -> None:
    assert find(("1", "What now, Ann?"), ("2", "Well."), known=["Ann Lee", "Bob Ray"]) == {
        ("2", "Ann Lee"): {"addressed"}
    }


def test_a_voice_that_says_a_name_is_counted_as_saying_it() -> None:
    (found,) = find_introductions([SpokenTurn("1", "What now, Ann?"), SpokenTurn("2", "Well. Ann is my name.")])
    assert (found.voice, found.clues["says"]) == ("2", 1)


@pytest.mark.parametrize(
    "said",
    [
        "You're welcome.", "I'm Canadian.", "I am not sure.", "PRs welcome.", "We're here.", "Anyway, let us go on.",
        "I've worked with Elixir, Haskell, and Python.", "Mein Gast ist heute krank.", "Same here.", "Basically, yes.",
    ],
)  # fmt: skip
def test_other_words_are_no_names(said: str) -> None:
    assert find(("1", "Hello."), ("2", said), ("1", "Yes."), ("3", "No.")) == {}


def test_late_in_its_speech_a_voice_plays_or_quotes_others() -> None:
    late = "word " * (LATEST_OWN_NAME // 5 + 1)
    assert find(("1", late), ("2", "Yes."), ("1", "And he says: I'm Ann Lee.")) == {}


def test_nothing_is_found_in_nothing() -> None:
    assert find_introductions([]) == []
    assert find_introductions([SpokenTurn("1", "")]) == []
    assert find_introductions([SpokenTurn("1", "Well, Ann.")], ["", " "]) == []


def test_the_first_sentence_that_says_so_is_kept() -> None:
    (found,) = find_introductions([SpokenTurn("1", "Hello. I'm Ann Lee. Yes, I'm Ann Lee.")])
    assert found == NamedVoice("1", "Ann Lee", found.clues, "I'm Ann Lee.", by_itself=True)
    assert found.clues["itself"] == 2
