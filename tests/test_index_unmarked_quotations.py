"""Speech without quotation marks: block quotes, interviews, words after a colon; and what is passed over."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.quotations.extraction import extract_quotations
from index.quotations.interviews import UNSURE

INTRO = "Helen Marsh runs the Lantern, and she has been asked about it."
SAID = "The building is not for sale, and it will never be."
FAQ = "an answer in a list of questions: nobody is named as the one who gives it"

sentences = st.lists(
    st.sampled_from(["we", "never", "left", "the", "old", "house", "in", "winter"]), min_size=4, max_size=12
)
speech = sentences.map(lambda words: f"I think {' '.join(words)}.")


def found_in(text: str) -> list[tuple[str, str | None]]:
    return [(one.text, one.speaker) for one in extract_quotations(text).quotations]


def passed_in(text: str) -> list[str]:
    return [one.text for one in extract_quotations(text).passed_over]


PLAIN = """# Ten minutes with Bo Oduro

*The comedian on touring and tea. As told to Fliss Hartnell.*

You have just finished ninety dates. How are the knees?

Gone. I did the last ten shows on a stool.

Why do both?

I can say something at minute four and take it back.

Your mum has become the star of it.

{}

Is it true that she turned down a book?

Two. I was in the room.

Bo Oduro's tour is released on 4 May."""
ANSWERS = [
    "Gone. I did the last ten shows on a stool.",
    "I can say something at minute four and take it back.",
    "She has an agent now. I wait three weeks.",
    "Two. I was in the room.",
]


def test_an_interview_without_labels_is_answers_and_what_is_passed_over() -> None:
    text = PLAIN.format(ANSWERS[2])
    assert found_in(text) == [(answer, "Bo Oduro") for answer in ANSWERS]
    assert passed_in(text) == [
        "The comedian on touring and tea. As told to Fliss Hartnell.",
        "You have just finished ninety dates. How are the knees?",
        "Why do both?",
        "Your mum has become the star of it.",
        "Is it true that she turned down a book?",
    ]


def test_a_paragraph_of_such_an_interview_that_may_be_a_question_is_passed_over() -> None:
    found = extract_quotations(PLAIN.format("She has an agent."))
    assert [one.text for one in found.quotations] == [ANSWERS[0], ANSWERS[1], ANSWERS[3]]
    assert [one.reason for one in found.passed_over if "agent" in one.text] == [UNSURE]


def test_an_essay_that_asks_now_and_then_is_no_interview() -> None:
    asked = [f"Why do I climb the hill {number} times?\n\nThe hill is high.\n\nIt is green." for number in range(4)]
    essay = "# On hills\n\nBo Oduro walks.\n\n" + "\n\n".join(asked)
    assert found_in(essay) == []


def test_marks_in_an_italic_paragraph_say_what_is_quoted() -> None:
    assert found_in("Helen Marsh left.\n\n*“I never sold the house,” Marsh said later.*") == [
        ("I never sold the house,", "Helen Marsh")
    ]


@pytest.mark.parametrize(
    ("block", "speaker"),
    [
        (f"> {SAID}", None),
        (f"> {SAID}\n> — Helen Marsh", "Helen Marsh"),
        (f"> {SAID} — Helen Marsh, owner", "Helen Marsh"),
        (f"> {SAID} (Helen Marsh)", "Helen Marsh"),
        (f"> {SAID}\n\n— Helen Marsh", "Helen Marsh"),
        (f"Asked about the offer, Marsh was clear:\n\n> {SAID}", "Helen Marsh"),
        (f"Marsh wrote in her diary:\n\n    {SAID}", "Helen Marsh"),
        (f"    {SAID}\n\n    — Helen Marsh", "Helen Marsh"),
        (f"Marsh put it like this:\n\n*{SAID}*", "Helen Marsh"),
        (f"*{SAID}*\n\n— Helen Marsh", "Helen Marsh"),
        (f"She said: {SAID}", "Helen Marsh"),
    ],
)
def test_a_block_without_marks_is_a_quotation(block: str, speaker: str | None) -> None:
    assert found_in(f"{INTRO}\n\n{block}\n\nThe town has paid for it.\n\nNobody minds.") == [(SAID, speaker)]


def test_a_block_keeps_the_words_that_it_has_in_marks() -> None:
    said = "When they asked about my “plan” I laughed, and then I went home."
    assert found_in(f"> {said}\n> — Helen Marsh") == [(said, "Helen Marsh")]
    report = "> Helen Marsh said “the building is not for sale” and went home. The mayor was not amused."
    assert found_in(report) == [("the building is not for sale", "Helen Marsh")]


def test_an_unsigned_block_among_signed_ones_is_nobodys() -> None:
    other = "I never liked the old house, and I never will."
    blocks = f"> {SAID}\n> — Ben Cole\n\n\n> {other}\n\nSome do not agree.\n\n> I like it very much."
    assert found_in(f"{INTRO}\n\n{blocks}") == [(SAID, "Ben Cole"), (other, None), ("I like it very much.", None)]


def test_a_bold_question_among_letters_is_a_question_too() -> None:
    text = f"{INTRO}\n\nQ: Is it for sale?\n\nA: I said no.\n\n**What comes next?**\n\nI am going to sleep."
    assert found_in(text) == [("I said no.", "Helen Marsh"), ("I am going to sleep.", "Helen Marsh")]
    assert passed_in(text) == ["Is it for sale?", "What comes next?"]


def test_a_pull_quote_repeats_the_text_and_is_passed_over() -> None:
    text = (
        "“We never stopped rehearsing in the kitchen,” Helen Marsh said.\n\n> We never stopped rehearsing\n\nThe end."
    )
    assert found_in(text) == [("We never stopped rehearsing in the kitchen,", "Helen Marsh")]
    assert passed_in(text) == ["We never stopped rehearsing"]


TURNS = {
    "letters": "Q: {}\n\nA: {}\n\nQ: {}\n\nA: {}",
    "lines": "Q: {}\nA: {}\nQ: {}\nA: {}",
    "bold letters": "**Q:** {}\n\n**A:** {}\n\n**Q:** {}\n\n**A:** {}",
    "bold lines": "**Q: {}**\n\nA: {}\n\n**Q: {}**\n\n**A: {}**",
    "bold questions": "**{}**\n\n{}\n\n**{}**\n\n{}",
    "bold beginnings": "**{}** {}\n\n**{}** {}",
    "headings": "### {}\n\n{}\n\n### {}\n\n{}",
}


@given(st.sampled_from(list(TURNS)), speech, speech)
def test_the_answers_of_an_interview_are_speech_of_its_person(form: str, first: str, second: str) -> None:
    text = f"{INTRO}\n\n" + TURNS[form].format("Is it for sale?", first, "What comes next?", second)
    assert found_in(text) == [(first, "Helen Marsh"), (second, "Helen Marsh")]
    assert passed_in(text) == ["Is it for sale?", "What comes next?"]


@given(
    st.sampled_from(
        [("Keller", "Marsh"), ("Anna Keller", "Helen Marsh"), ("ANNA KELLER", "HELEN MARSH"), ("AK", "HM")]
    ),
    st.sampled_from(["{}: ", "**{}:** ", "**{}**: "]),
    speech,
    speech,
)
def test_every_line_of_a_conversation_is_its_speakers(
    names: tuple[str, str], form: str, first: str, second: str
) -> None:
    asking, answering = (form.format(name) for name in names)
    turns = [f"{asking}Is it for sale?", f"{answering}{first}", f"{asking}What comes next?", f"{answering}{second}"]
    text = "\n\n".join(["Anna Keller spoke with Helen Marsh on Monday.", *turns])
    assert found_in(text) == [
        ("Is it for sale?", "Anna Keller"),
        (first, "Helen Marsh"),
        ("What comes next?", "Anna Keller"),
        (second, "Helen Marsh"),
    ]


@given(speech, speech)
def test_each_paragraph_of_an_answer_is_a_quotation(first: str, second: str) -> None:
    text = f"{INTRO}\n\n**Is it for sale?**\n\n{first}\n\n{second}\n\n**Never?**\n\n{first}\n\n*Edited for length.*"
    assert [said for said, _ in found_in(text)] == [first, second, first]
    assert passed_in(text)[-1] == "Edited for length."


def test_a_list_of_questions_without_a_person_is_passed_over() -> None:
    text = (
        "# Shipping\n\n**How long does it take?**\n\nWe ship in three days.\n\n**What does it cost?**\n\nFive dollars."
    )
    found = extract_quotations(text)
    assert not found.quotations
    assert [one.text for one in found.passed_over if one.reason == FAQ] == ["We ship in three days.", "Five dollars."]


@pytest.mark.parametrize(
    "text",
    [
        "Ingredients: flour, water, salt.\n\nMethod: Mix it all.\n\nServes: four.",
        "Pros: cheap and light.\n\nCons: slow.\n\nPros: fast.\n\nCons: loud.",
        "Here is what you need:\n\n    - flour and water\n    - salt\n\nThen bake it.\n\nNow eat it.",
        "Run this command now:\n\n    for x in range(3): print(x);\n\nThen wait.\n\nNow rest.",
        "    Every paragraph of this text begins with spaces.\n\n    So does this one, and no one is quoted.",
        "The time is 10:30. There is one rule: No shouting.",
        "## One heading that asks?\n\nThen a text that answers.",
    ],
)
def test_lists_code_and_headings_are_no_speech(text: str) -> None:
    found = extract_quotations(text)
    assert (found.quotations, found.passed_over) == ((), ())


def test_words_after_a_colon_end_with_the_first_person() -> None:
    text = "The mayor is Edith Crane. She said: I never did that. I would not dare. The council met on Monday."
    assert found_in(text) == [("I never did that. I would not dare.", "Edith Crane")]


def test_a_line_after_a_name_is_speech_if_it_says_i() -> None:
    assert found_in("Crane: I never did that\n\nThe mayor, Edith Crane, spoke on Monday.") == [
        ("I never did that", "Edith Crane")
    ]
    text = "Crane: the bridge is closed now\n\nThe mayor, Edith Crane, spoke on Monday."
    assert (found_in(text), passed_in(text)) == ([], ["the bridge is closed now"])


@pytest.mark.parametrize("pair", ["‘’", "''", "“”", '""'])
def test_marks_across_a_hard_line_break_are_one_quotation(pair: str) -> None:
    long = "The hall was quiet, and nobody moved. " * 4
    text = f"{long}\n{pair[0]}We never sold it,\nand we never will,{pair[1]} said Helen Marsh."
    assert found_in(text) == [("We never sold it,\nand we never will,", "Helen Marsh")]


def test_a_headline_may_have_several_quotations() -> None:
    text = "Marsh: ‘I never sold it’, ‘We are here to stay’ and ‘Nobody asked us’\n\nHelen Marsh spoke."
    assert found_in(text) == [
        (said, "Helen Marsh") for said in ("I never sold it", "We are here to stay", "Nobody asked us")
    ]


@given(st.text(st.sampled_from("*_>#QA:.?! \nIaé“”—"), max_size=120))
def test_whatever_the_text_nothing_overlaps(text: str) -> None:
    found = extract_quotations(text)
    places = sorted((one.start, one.end) for one in found.quotations)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    assert all(one.text and one.reason for one in found.passed_over)


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("He said, 'We left before the storm came.", ["We left before the storm came."]),
        ("'We left before the storm came, and nobody saw us.", ["We left before the storm came, and nobody saw us."]),
        ("We left before the storm came,” he said. He went home.", ["We left before the storm came,"]),
        ('He rose. “No,” he said. We left before it,” he said.', ["he said. We left before it,"]),
        ("It was 'bout ten in the '90s, and the dogs' dinner was 6' long.", []),
        ("A pipe of 12\" is long. The boys' coats were wet.", []),
        ("He said, 'We left before the storm came', and went.", []),
        ("He left it.” Nobody saw him go.", []),
    ],
)  # fmt: skip
def test_a_mark_without_its_partner_is_told(text: str, passed: list[str]) -> None:
    found = extract_quotations(text)
    assert [one.text for one in found.passed_over if "without its partner" in one.reason] == passed
    assert all(text[one.start : one.end] == one.text for one in found.passed_over)
