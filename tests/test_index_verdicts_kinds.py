"""Each kind of verdict means one thing: short quotations, opposites, fabrications, articles, sounds and splices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import add_text, make_library, make_transcript
from quoting import OTHER, SPEECH, quote, verify

from index.fulltext.maintenance import OpenIndex, open_index
from index.language.tokens import tokenize
from index.storage.store import Store
from index.transcript import Segment
from index.verification.edits import Edit
from index.verification.judging import CLEANED, MARKED
from index.verification.verdicts import Verdict, verify_quotation, verify_together
from index.verification.word_classes import opposites_of

TALK = """Welcome to the workshop. The lantern keepers I think are somewhat more patient people than most sailors. We
    had $600 in the tin box. I row a lot, it's true. It should be that 100%. Most visitors were encouraging.
    Auto-healing now is a possibility. It's that boiling [laughs] and nobody minded the noise. We counted the
    boats twice before supper, and we never sold the blue one. (applause) They shouldn't care about where this
    leaves, the ferry is late. We repaired the bell between 4 and 5 in the morning. The beacon burned for three
    nights. My grandmother kept a charismatic parrot in the pantry and it swore at the priest. The government of the
    island bought [inaudible 00:12:03] lamps from a separate company, and definitely not (indistinct) [crosstalk] the
    cheapest compass. Later my cousin Christopher tuned the piano."""
FAR = """The parliament debated the railway budget for eleven hours. A senator from the north asked who would pay for
    the bridges, and the minister of finance said that the bonds were sold in Geneva. Yes. We know the river
    floods in April."""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIndex]:
    """A library of three episodes: an index that is open."""
    with make_library(tmp_path_factory.mktemp("workshop"), [TALK, FAR, OTHER]) as store, open_index(store) as index:
        yield index


def judge(index: OpenIndex, text: str) -> Verdict:
    return verify_quotation(quote(text), index)


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("I row a lot, it's false", "altered", "“false” for “true.”"),
        ("It should be that 10%", "altered", "another number"),
        ("Most visitors were discouraging", "altered", "other words"),
        ("We had $600,000 in the tin box", "altered", "another number"),
        ("We counted the boats three times before supper", "altered", "twice"),
        ("we sold the blue one", "altered", "a negation differs"),
        ("They should not care about where this lives, the ferry is late", "altered", "“lives,” for “leaves,”"),
        ("Sailors should not care about where this leaves, the ferry is late", "altered", "“Sailors” for “They”"),
        ("The beacon burned for three weeks", "altered", "other words"),
        ("Auto-heeling now is a possibility", "altered", "another spelling (“Auto-heeling” for “Auto-healing”)"),
        ("The goverment of the island bought", "altered", "another spelling (“goverment” for “government”)"),
        ("lamps from a seperate company", "altered", "another spelling (“seperate” for “separate”)"),
        ("three nights. My grandmther kept a charismatic parrot", "altered", "another spelling"),
        ("compass. Later my cousin Christophen tuned the piano", "altered", "another name"),
        ("The government of the island bought lamps", "verbatim", "speech between these words was not transcribed"),
        ("government of the island bought forty lamps from a separate company", "cannot tell", "“forty” was not trans"),
        ("company, and definitely not the cheapest compass", "verbatim", "was not transcribed"),
        ("from a separate company, and definitely not always the cheapest compass", "cannot tell", "“always” was not"),
        ("from a separate firm, and definitely not always the cheapest compass", "altered", "“firm,” for “company,”"),
        ("It's that boiling [laughs].", "verbatim", "just these words"),
        ("It's that boiling (laughter)", "verbatim", "just these words"),
        ("It's that boiling and nobody minded the noise", "verbatim", "just these words"),
        ("never sold the blue one. They shouldn't care", "verbatim", "just these words"),
        (
            "The lantern keepers are somewhat more patient people than most sailors",
            "cleaned",
            "a hedge left out (“I think” left out)",
        ),
        ("keepers are somewhat more patient people than most sailors", "cleaned", "a hedge left out"),
        ("Without that lantern, the harbour would never have existed", "not found", ""),
        ("I used to live in Bulgaria before I moved to Geneva", "not found", ""),
        ("We have more s— that's going to come out in ensuing legal filings and so forth", "not found", ""),
        ("It swore at our priest, this charismatic parrot that grandmother kept down in the pantry", "paraphrase", ""),
    ],
)
def test_short_and_doubtful_quotations(workshop: OpenIndex, text: str, kind: str, told: str) -> None:
    verdict = judge(workshop, text)
    assert verdict.kind == kind, verdict.reason
    assert told in verdict.reason
    assert len(verdict.parts) == (0 if kind == "not found" else 1)


NUMBERS = """I slept maybe 4-5 hours a night for months on end. The 80/20 rule applies to the nets. We shipped 20-25
    crates in two months. I open the shed somewhere between 8 and 9 in the morning. We have over 1,100
    lanterns in the store.
    """


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("I slept maybe 45 hours a night for months on end", {"altered"}),
        ("I slept maybe four to five hours a night for months on end", {"verbatim", "cleaned"}),
        ("The 8020 rule applies to the nets", {"altered"}),
        ("We shipped 2,025 crates in two months", {"altered"}),
        ("I open the shed somewhere between 8:00 and 9:00 in the morning", {"verbatim", "cleaned"}),
        ("We have over 100 lanterns in the store", {"altered"}),
    ],
)
def test_a_number_is_one_reading(tmp_path: Path, text: str, kinds: set[str]) -> None:
    with make_library(tmp_path, [NUMBERS + TALK, FAR]) as store:
        verdict = verify(store, text)
    assert verdict.kind in kinds, verdict.reason


@pytest.mark.parametrize("text", ["Yes.", "No.", "Right.", "Absolutely!", "Sure, okay.", "Thank you."])
def test_what_is_too_short_has_no_place(workshop: OpenIndex, text: str) -> None:
    verdict = judge(workshop, text)
    assert (verdict.kind, verdict.parts, verdict.closest) == ("cannot tell", (), None)
    assert verdict.reason == "Not looked for: it is too short to have a place."


def test_an_unrelated_library_is_not_near_anything(tmp_path: Path) -> None:
    with make_library(tmp_path, [FAR]) as store, open_index(store) as index:
        for sentence in TALK.split(". "):
            if len(sentence.split()) > 4:
                verdict = judge(index, sentence)
                assert (verdict.kind, verdict.closest) == ("not found", None), sentence


def filler(number: int) -> str:
    """Speech of an episode that has nothing to do with the others."""
    return " ".join(
        f"{word}{chr(97 + number)}{place % 7}" for place, word in enumerate(["barn", "dune", "fig", "hull"] * 90)
    )


def test_what_stands_in_order_is_altered_and_no_paraphrase(tmp_path: Path) -> None:
    speech = f"{OTHER} We sold cakes every Friday for a year, and then we sold the kitchen as well. Nobody minded."
    with make_library(tmp_path, [speech]) as store:
        verdict = verify(store, "I sold the kitchen")
    assert verdict.kind == "altered", verdict.reason
    assert "“I” for “we”" in verdict.reason


OPPOSITES = [(one, other) for one in ("up", "down", "in", "out", "on", "off", "over", "under", "into", "from", "to",
             "and", "or", "but", "is", "was", "here", "there") for other in sorted(opposites_of(one))]  # fmt: skip


@pytest.mark.parametrize("line", ["the lift in the old tower was {}.", "{} it they told us a long story."])
@pytest.mark.parametrize(("said", "quoted"), OPPOSITES)
def test_a_small_word_that_means_the_opposite_counts_at_the_edges_too(
    tmp_path: Path, line: str, said: str, quoted: str
) -> None:
    with make_library(tmp_path, [f"{TALK} They say {line.format(said)} Then came the rain.", FAR]) as store:
        verdict = verify(store, line.format(quoted))
    assert verdict.kind == "altered", verdict.reason
    assert f"“{quoted}" in verdict.reason


@pytest.mark.parametrize(
    ("said", "quoted", "kind"),
    [
        ("Never trust the banks of the green river.", "Trust the banks of the green river", "altered"),
        ("Don't touch the green bottles on the shelf.", "Touch the green bottles on the shelf.", "altered"),
        ("Not all sailors drink green tea at night.", "All sailors drink green tea at night", "altered"),
        ("We never saw the green river at night.", "never saw the green river at night", "verbatim"),
        ("Never trust the banks of the green river.", "trust the banks of the green river", "verbatim"),
        ("No, trust the banks of the green river.", "Trust the banks of the green river", "verbatim"),
        ("We said no. Trust the banks of the green river.", "Trust the banks of the green river", "verbatim"),
    ],
)
def test_a_sentence_does_not_begin_after_its_negation(tmp_path: Path, said: str, quoted: str, kind: str) -> None:
    with make_library(tmp_path, [f"{OTHER} {said} Then we left.", FAR]) as store:
        assert verify(store, quoted).kind == kind


def test_what_is_denied_at_one_of_two_places_is_not_cleaned_speech_of_the_other(tmp_path: Path) -> None:
    denied = "That isn't the island we live on today."
    said = "So I asked myself if that the island we live on today would last."
    with make_library(tmp_path, [f"{TALK} {said}", f"{FAR} {denied}", OTHER]) as store:
        verdict = verify(store, "That is the island we live on today")
    assert verdict.kind == "altered"
    assert "negation" in verdict.reason


def test_a_negation_in_the_next_sentence_is_not_next_to_a_place(tmp_path: Path) -> None:
    with make_library(tmp_path, [f"{TALK} I will row all night with you, Pablo. Not that I like it.", FAR]) as store:
        verdict = verify(store, "I will row all night with you, Pedro")
    assert verdict.kind == "altered"
    assert verdict.reason == "Said there, but differently: another name (“Pedro” for “Pablo.”)."


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIndex]:
    """Thirty episodes that all have a few words, two of which have whole sentences besides."""
    common = "and then a charismatic leader came along"
    with make_library(tmp_path_factory.mktemp("many"), []) as store:
        for number in range(15):
            add_text(store, f"near {number}", f"{filler(number)} {common} {filler(number)}")
        add_text(store, "the talk", f"{TALK} {common} {SPEECH}")
        for number in range(15, 29):
            add_text(store, f"late {number}", f"{filler(number % 26)} {common} {filler(number % 26)}")
        with open_index(store) as index:
            yield index


OTHERS = [
    "My grandmother kept a charismatic parrot in the pantry",
    "the school sold cakes every Friday for a year",
    "We counted the boats twice before supper",
]


def test_a_fragment_in_thirty_places_says_so(many: OpenIndex) -> None:
    verdict = judge(many, "a charismatic leader")
    assert (verdict.kind, verdict.parts) == ("cannot tell", ())
    assert verdict.reason == "It was said in 30 places: too common to have one place."
    assert verdict.closest is not None


def test_the_other_quotations_of_an_article_give_a_short_one_its_episode(many: OpenIndex) -> None:
    *_, short = verify_together([*map(quote, OTHERS), quote("a charismatic leader")], many)
    (part,) = short.parts
    assert (short.kind, part.episode.title) == ("verbatim", "the talk")
    assert "in 29 places more" in short.reason


def test_each_quotation_keeps_its_place_in_the_order_and_repeated_ones_their_verdict(many: OpenIndex) -> None:
    texts = [OTHERS[0], "a charismatic leader", OTHERS[1], OTHERS[0], "xylophone music at dawn", "a charismatic leader"]
    verdicts = verify_together([quote(text) for text in texts], many)
    assert [verdict.quotation.text for verdict in verdicts] == texts
    assert verdicts[0].parts == verdicts[3].parts
    assert verdicts[1].parts == verdicts[5].parts


@pytest.mark.parametrize("whole", [0, 1])
def test_of_an_episode_sent_twice_the_one_with_all_quotations_is_meant(tmp_path: Path, whole: int) -> None:
    sent = [f"{SPEECH} {filler(0)}", f"{SPEECH} {filler(1)}"]
    sent[whole] += f" {TALK}"
    with make_library(tmp_path, [*sent, FAR]) as store, open_index(store) as index:
        verdicts = verify_together(
            [quote(text) for text in (OTHERS[1], "stars. Um, the first builder", OTHERS[0])], index
        )
    assert {part.episode.title for verdict in verdicts for part in verdict.parts} == {f"episode {'ab'[whole]}"}


def test_one_quotation_judges_itself_alone(many: OpenIndex) -> None:
    for text in OTHERS:
        assert verify_together([quote(text)], many) == [judge(many, text)]


def test_what_differs_and_stands_in_several_episodes_has_no_sure_place(many: OpenIndex) -> None:
    verdict = judge(many, "and then a charismatic dentist came along")
    assert (verdict.kind, verdict.parts) == ("not found", ())
    assert verdict.closest is not None
    assert "several episodes" in verdict.reason


@pytest.mark.parametrize(
    ("speakers", "told"), [(("Ann", "Ann"), "Ann speaks at all of them"), (("Ann", "Ben"), "Ann and Ben speak there")]
)
def test_a_splice_tells_whose_words_it_joins(tmp_path: Path, speakers: tuple[str, str], told: str) -> None:
    transcript = make_transcript(SPEECH)
    middle = len(transcript.words) // 2
    segments = (Segment(0, middle - 1, speakers[0]), Segment(middle, len(transcript.words) - 1, speakers[1]))
    with make_library(tmp_path, [OTHER, "x"]) as store:
        store.save_transcript("episode-b", replace(transcript, segments=segments))
        verdict = verify(store, "The wind took half of the roof and they stay for the wine")
    assert verdict.kind == "spliced"
    assert told in verdict.reason


@pytest.mark.parametrize(
    ("said", "quoted", "kind", "told"),
    [
        ("I think he hid the keys of the tower.", "He hid the keys of the tower", "cleaned", "'I think'"),
        ("I think he hid the keys of the tower.", "he hid the keys of the tower", "verbatim", "just these words."),
        ("What I think he hid in the tower is mine.", "He hid in the tower is mine", "verbatim", "just these words."),
        ("They rowed and I think he hid the keys.", "They rowed and he hid the keys", "cleaned", "“I think” left out"),
        ("They rowed but I guess he hid the keys.", "They rowed but he hid the keys", "cleaned", "“I guess” left out"),
        ("Nobody knows if he hid the keys of the tower.", "He hid the keys of the tower", "altered", "'if' before"),
        ("They left if I could hide the keys.", "I could hide the keys", "verbatim", "just these words."),
        ("He actually hid the keys of the tower.", "He hid the keys of the tower", "cleaned", "“actually” left out"),
        ("He was not really hiding the keys.", "He was not hiding the keys", "altered", "“really” left out"),
        (
            "He was probably hiding the keys of the tower.",
            "He was hiding the keys of the tower",
            "altered",
            "“probably”",
        ),
        (
            "He stood in the boat, not on the boat.",
            "He stood on the boat, not in the boat.",
            "altered",
            "“on” for “in”",
        ),
        ("He was hiding the keys of the tower again.", "He was hiding the keys of the tower back", "altered", "“back"),
        ("The painter was colorblind, they told us.", "The painter was colourblind, they told us", "verbatim", ""),
    ],
)
def test_hedges_and_degrees(tmp_path: Path, said: str, quoted: str, kind: str, told: str) -> None:
    with make_library(tmp_path, [f"{TALK} {said} Then the rain came.", FAR]) as store:
        verdict = verify(store, quoted)
    assert verdict.kind == kind, verdict.reason
    assert told in verdict.reason


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("She resigned from the board of the lantern club.", "She re-signed from the board of the lantern club"),
        ("We re-sent the letter to the lantern club.", "We resent the letter to the lantern club"),
        ("We'll go to the lantern club with the crew.", "Well, go to the lantern club with the crew"),
        ("We're going to the lantern club with the crew.", "We were going to the lantern club with the crew"),
        ("We did trust the lantern club.", "We did[n't] trust the lantern club"),
        ("We did trust the lantern club.", "We did [not] trust the lantern club"),
        ("We trust the lantern club and its crew.", "We [never] trust the lantern club and its crew"),
        ("We trust the lantern club and its crew.", "We trust the lantern club (not really) and its crew"),
        ("Use C, not C++, for the lantern club.", "Use C++, not C, for the lantern club"),
        ("He wrote it in C# for the lantern club.", "He wrote it in C++ for the lantern club"),
        ("The answer is A+ for the lantern club.", "The answer is A- for the lantern club"),
    ],
)
def test_signs_hyphens_and_brackets_do_not_hide_another_word(tmp_path: Path, said: str, quoted: str) -> None:
    with make_library(tmp_path, [f"{TALK} {said} Then the rain came.", FAR]) as store:
        assert verify(store, quoted).kind == "altered"


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("He wrote it in C plus plus for the lantern club.", "He wrote it in C++ for the lantern club"),
        ("He wrote it in C# for the lantern club.", "He wrote it in C sharp for the lantern club"),
        ("We trust the lantern club and its crew.", "We trust [in] the lantern club and its crew"),
        ("They do not trust the lantern club.", "They do [not] trust the lantern club"),
    ],
)
def test_signs_and_brackets_are_only_writing(tmp_path: Path, said: str, quoted: str) -> None:
    with make_library(tmp_path, [f"{TALK} {said} Then the rain came.", FAR]) as store:
        verdict = verify(store, quoted)
    assert verdict.kind == "verbatim", verdict.reason


ABBREVIATIONS = [
    ("O.K.", "OK", "okay", "ok", "o.k."), ("U.S.", "US", "U. S."), ("a.m.", "A.M."), ("Ph.D.", "PhD"),
    ("Dr.", "doctor"), ("vs.", "versus", "v."), ("etc.", "et cetera"), ("Mr.", "mister"), ("e-mail", "email"),
    ("J. K. Rowling", "J.K. Rowling"),
    ("R&D", "R and D"), ("ham & eggs", "ham and eggs"), ("C.E.O.", "CEO"), ("St.", "saint"), ("Tues.", "Tuesday"),
    ("until", "'til", "til"), ("through", "thru"), ("Bros.", "brothers"), ("I.T.", "IT"), ("W.H.O.", "WHO"),
]  # fmt: skip


@pytest.mark.parametrize("writings", ABBREVIATIONS, ids=lambda writings: writings[0])
def test_an_abbreviation_is_another_writing_of_its_words(tmp_path: Path, writings: tuple[str, ...]) -> None:
    sentence = "The lantern of {} burned until the ferry came back"
    for number, said in enumerate(writings):
        with make_library(tmp_path / str(number), [f"{OTHER} {sentence.format(said)}. We left.", FAR]) as store:
            for quoted in writings:
                verdict = verify(store, sentence.format(quoted))
                assert verdict.kind == "verbatim", (said, quoted, verdict.reason)


@pytest.mark.parametrize(
    ("said", "quoted"),
    [("us", "US"), ("us", "U.S."), ("it", "IT"), ("it", "I.T."), ("who", "WHO"), ("who", "W.H.O."), ("am", "AM"),
     ("aids", "AIDS"), ("aids", "A.I.D.S."), ("Mr.", "Mrs."), ("U.S.", "U.K."),
     ("Mr.", "Dr."), ("CEO", "CFO"), ("general", "gen"), ("and", "or"), ("okay", "oak")],
)  # fmt: skip
def test_an_abbreviation_is_not_another_word(tmp_path: Path, said: str, quoted: str) -> None:
    sentence = "The lantern of {} burned until the ferry came back"
    for number, (one, other) in enumerate([(said, quoted), (quoted, said)]):
        with make_library(tmp_path / str(number), [f"{OTHER} {sentence.format(one)}. We left.", FAR]) as store:
            assert verify(store, sentence.format(other)).kind == "altered", (one, other)


def test_in_speech_without_capitals_an_abbreviation_may_be_meant(tmp_path: Path) -> None:
    with make_library(tmp_path, [f"{OTHER} the lantern of us burned until the ferry came back".lower(), FAR]) as store:
        assert verify(store, "The lantern of US burned until the ferry").kind == "verbatim"
        assert verify(store, "the lantern of us burned until the ferry").kind == "verbatim"


WORDS = [*TALK.split(), "never", "crocodile", "77", "...", "[so]", "(laughs)"]


@given(start=st.integers(0, len(TALK.split()) - 6), length=st.integers(4, 14), data=st.data())
@settings(max_examples=60)
def test_every_kind_holds_what_it_says(workshop: OpenIndex, start: int, length: int, data: st.DataObject) -> None:
    words = TALK.split()[start : start + length]
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(words) - 1))
        words[place : place + data.draw(st.integers(0, 1))] = [data.draw(st.sampled_from(WORDS))]
    verdict = judge(workshop, " ".join(words))
    check_kind(verdict, workshop.store)


def check_kind(verdict: Verdict, store: Store) -> None:
    """Assert what the definition of the kind promises."""
    edits: list[Edit] = [edit for part in verdict.parts for edit in part.edits]
    differences = {edit.difference for edit in edits}
    for part in [*verdict.parts, *([verdict.closest] if verdict.closest else [])]:
        said = "".join(store.texts(part.transcript, part.first, part.last)).split()
        assert " ".join(edit.said for edit in part.edits).split() == said
    match verdict.kind:
        case "verbatim":
            assert differences <= MARKED
            equal = [edit for edit in edits if edit.difference is None]
            assert all(tokenize(edit.quoted) == tokenize(edit.said) for edit in equal)
        case "cleaned":
            assert differences <= CLEANED
            assert not differences <= MARKED
        case "altered":
            assert differences - {None, "spelling"}
        case "spliced":
            assert len(verdict.parts) > 1
        case "not found":
            assert verdict.parts == ()
    assert verdict.closest is None or verdict.kind in ("not found", "cannot tell")


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("only few people on the island came to see us", "only a few people on the island came to see us"),
        ("there was a little hope left in the old harbour", "there was little hope left in the old harbour"),
        ("they fought for the company until the winter", "they fought with the company until the winter"),
    ],
)
def test_a_small_word_that_turns_the_sense_is_altered(tmp_path: Path, said: str, quoted: str) -> None:
    for folder, one, other in (("one", said, quoted), ("other", quoted, said)):
        with make_library(tmp_path / folder, [f"{TALK} And {one}. Then we left.", FAR]) as store:
            assert verify(store, other).kind == "altered", (one, other)


@pytest.mark.parametrize("said", ["they asked whether or not we liked it", "whether the ferry came or not, we sang"])
def test_or_not_may_be_left_out_after_whether(tmp_path: Path, said: str) -> None:
    with make_library(tmp_path, [f"{TALK} And {said}. Then we left.", FAR]) as store:
        assert verify(store, said.replace(" or not", "")).kind == "cleaned"
