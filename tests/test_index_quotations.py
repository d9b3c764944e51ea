"""Extraction of quotations: round trips with all marks, and arbitrary text without errors."""

from __future__ import annotations

import json
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from operations import count_lines
from torture.slow_texts import MOST_GROWTH

from index.quotations.extraction import Quotation, extract_quotations

DATA = Path(__file__).parent / "data"
ARTICLES = sorted((DATA / "articles").glob("*.txt"))
MARKS = [
    ('"', '"'),
    ("“", "”"),
    ("„", "“"),
    ("„", "”"),
    ("”", "”"),
    ("«", "»"),
    ("« ", " »"),
    ("«\u202f", "\u202f»"),
    ("»", "«"),
    ("‘", "’"),
    ("'", "'"),
    ("‚", "‘"),
    ("‹", "›"),
    ("``", "''"),
]
OPENING = tuple("\"“”„‟«»‹›「『｢〝‘‚‛'`＂>")
WORDS = [
    "we",
    "never",
    "don't",
    "the roof",
    "it’s",
    "rain",
    "6'2\"",
    "in 2019",
    "they’re",
    "U.S.",
    "a",
    "sea",
    "naïve",
    "Tuesday",
]

marks = st.sampled_from(MARKS)
names = st.sampled_from(["Anna Keller", "Okafor", "Ursula von der Leyen", "Jean-Luc Petit", "Siobhán O'Neill"])
spoken = st.lists(st.sampled_from(WORDS), min_size=4, max_size=9).map(" ".join)
sentences = spoken.map(lambda words: f"Now {words} again.")
narration = st.sampled_from(
    [
        "The roof came off in a storm six years ago.",
        "It wasn't the '90s any more, and the dogs' bowls were empty.",
        'A 12" record and a 6\'2" man stood in the hall.',
        "The village's rock 'n' roll club has closed.",
    ]
)


def read(file: Path) -> tuple[str, tuple[Quotation, ...]]:
    text = file.read_text(encoding="utf-8")
    return text, extract_quotations(text).quotations


def only(text: str) -> Quotation:
    (quotation,) = extract_quotations(text).quotations
    return quotation


@pytest.mark.parametrize("file", ARTICLES, ids=lambda file: file.stem)
def test_articles_hold_what_a_reader_finds_in_them(file: Path) -> None:
    _, found = read(file)
    expected = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    assert [{"parts": list(one.parts), "speaker": one.speaker, "fragment": one.fragment} for one in found] == expected


def test_the_sample_article_holds_exactly_what_its_truth_lists() -> None:
    _, found = read(DATA / "article.txt")
    truth = json.loads((DATA / "article.json").read_text(encoding="utf-8"))
    assert [one.text for one in found] == [entry["quotation"] for entry in truth]
    assert {one.speaker for one in found} == {"Helen Marsh"}
    assert not any(one.fragment for one in found)


@given(marks, sentences, names, narration)
def test_a_quotation_comes_out_as_it_went_in(pair: tuple[str, str], said: str, name: str, rest: str) -> None:
    quoted = f"{pair[0]}{said[:-1]},{pair[1]}"
    text = f"{rest} {quoted} said {name}. {rest}\n\n{rest}"
    found = only(text)
    assert found.parts == (f"{said[:-1]},",)
    assert text[found.start : found.end] == quoted
    assert (found.speaker, found.fragment) == (name, False)


@given(marks, spoken, spoken, names)
def test_attribution_in_the_middle_of_a_sentence_parts_one_quotation(
    pair: tuple[str, str], first: str, second: str, name: str
) -> None:
    opening, closing = pair
    text = f"{opening}Well {first},{closing} {name} said, {opening}and {second}.{closing}"
    found = only(text)
    assert found.parts == (f"Well {first},", f"and {second}.")
    assert (found.start, found.end, found.speaker) == (0, len(text), name)


@given(marks, sentences, sentences, names)
def test_two_sentences_of_one_person_are_two_quotations(pair: tuple[str, str], one: str, two: str, name: str) -> None:
    opening, closing = pair
    text = f"{opening}{one[:-1]},{closing} said {name}. {opening}{two}{closing}"
    found = extract_quotations(text).quotations
    assert [quotation.text for quotation in found] == [f"{one[:-1]},", two]
    assert [quotation.speaker for quotation in found] == [name, name]


@given(
    st.sampled_from(MARKS[:2] + MARKS[2:3] + MARKS[5:6] + MARKS[9:10]),
    st.lists(sentences, min_size=2, max_size=5),
    names,
)
def test_a_quotation_over_paragraphs_is_one(pair: tuple[str, str], said: list[str], name: str) -> None:
    opening, closing = pair
    text = f"{name} said:\n\n" + "\n\n".join(f"{opening}{one}" for one in said) + f"{closing}\n\nThen it rained."
    found = only(text)
    assert found.parts == tuple(said)
    assert found.speaker == name


@given(marks, sentences, narration)
def test_a_missing_mark_costs_no_quotation_of_another_paragraph(pair: tuple[str, str], said: str, rest: str) -> None:
    opening, closing = pair
    whole = f"{rest} {opening}{said}{closing}"
    for broken in (f"{rest} {opening}{said} {rest}", f"{rest} {said}{closing}"):
        found = extract_quotations(f"{whole}\n\n{broken}\n\n{rest}\n\n{whole}").quotations
        assert [quotation.text for quotation in (found[0], found[-1])] == [said, said]
        assert all("\n\n" not in part for quotation in found for part in quotation.parts)


@given(
    st.text(st.sampled_from("“”\"'‘’«»„‚‹›「」`>–—,.:?! \n\u00a0\u200fabA19éßは"), max_size=80) | st.text(max_size=200)
)
def test_whatever_the_text_quotations_are_in_it_and_in_order(text: str) -> None:
    found = extract_quotations(text).quotations
    for quotation in found:
        assert text[quotation.start] in OPENING
        assert quotation.parts
        assert quotation.text == " ".join(quotation.parts)
        place = quotation.start
        for part in quotation.parts:
            assert part == part.strip()
            place = text.index(part, place) + len(part)
        assert place <= quotation.end
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(sentences, st.sampled_from([pair for pair in MARKS if pair[0] in ('"', "«", "« ", "»", "‘", "«\u202f")]))
def test_nested_quotations_belong_to_the_outer_one(said: str, pair: tuple[str, str]) -> None:
    inner = f"Then {said[:-1]} “so it is” and on."
    assert only(f"{pair[0]}{inner}{pair[1]}").text == inner


@pytest.mark.parametrize(
    "text",
    [
        'He is 6\'2" and she is 5\' 11½"; both like 12" vinyl and 7.5" pipes.',
        "Don't touch the dogs' bowls, James' hat or the '90s' best rock 'n' roll, 'cause it's ours.",
        "Don’t touch the dogs’ bowls, James’ hat or the ’90s’ best rock ’n’ roll, ’cause it’s ours.",
        "L’été, c’est l’heure d’aller à l’île.",
        'צה"ל הודיע',
        "Home › News › Sport » More",
        "2 < 3 and 4 > 3, no > block",
        '"" “” « » ‘’',
    ],
)
def test_apostrophes_and_measures_are_no_quotations(text: str) -> None:
    assert extract_quotations(text).quotations == ()


@pytest.mark.parametrize(
    ("text", "parts", "speaker"),
    [
        ('Keller told the host of Fail Better: "There is more to come."', ["There is more to come."], "Keller"),
        (
            "“The thing is,” Rivera said — and here she leaned in — “nobody asked.”",
            ["The thing is,", "nobody asked."],
            "Rivera",
        ),
        ('According to Keller, "it is all over now".', ["it is all over now"], "Keller"),
        ("„Es ist vorbei, sagt man“, so Weber.", ["Es ist vorbei, sagt man"], "Weber"),
        ("„Das ist das Ende von allem“, sagte der Bürgermeister Hans Weber Anfang März.", None, "Hans Weber"),
        (
            "« Je pars demain, a-t-il ajouté, et sans toi », a dit Marc Petit.",
            ["Je pars demain", "et sans toi"],
            "Marc Petit",
        ),
        ("«No lo sé todavía», dijo Ana López a la radio.", ["No lo sé todavía"], "Ana López"),
        ('"I think so, really," said the actor David Duchovny on Monday.', None, "David Duchovny"),
        ('"It was his idea, not mine," said Keller\'s lawyer.', None, None),
        ('"It was his idea, not mine," a spokeswoman said.', None, None),
        ('"It was his idea, not mine," said a White House spokesman.', None, None),
        ("“I built this house myself.”\n\n— Anna Keller, farmer", None, "Anna Keller"),
        (
            "> I built this house\n> with my own hands.\n> — Anna Keller",
            ["I built this house", "with my own hands."],
            "Anna Keller",
        ),
        ("彼は「はい、『いい』と思います」と言った。", ["はい、『いい』と思います"], None),
        ("\u200f“\u200fهذا هو البيت الكبير\u200f”\u200f", ["هذا هو البيت الكبير"], None),
        ('“I think this, "mixed" as it is, works,” Keller said.', ['I think this, "mixed" as it is, works,'], "Keller"),
        (
            "„Absatz eins ist lang.\n\nAbsatz zwei auch“, sagte Weber.",
            ["Absatz eins ist lang.", "Absatz zwei auch"],
            "Weber",
        ),
        ('"I was here, he said. "We stayed until it ended."', None, None),
    ],
)
def test_who_said_what(text: str, parts: list[str] | None, speaker: str | None) -> None:
    found = extract_quotations(text).quotations[-1]
    assert parts is None or list(found.parts) == parts
    assert found.speaker == speaker


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“We sold it all,” Keller said. She sat down.\n\n“It was time to,” she said.", "Keller"),
        (
            "“We sold it,” Keller said. Then:\n\nOkafor said: “No.” Keller left. “Now I am free,” she said.",
            None,
        ),
        ("“We sold it all,” Keller said. John Smith came in. “I am late again,” he said.", None),
        ("“I am late again,” he said.", None),
        ("John Smith came in. “I am late again,” he said.", "John Smith"),
        ("“Are you ready?” asked Keller. “Yes, we are!” the crowd shouted back.", None),
        ("“Are you ready?” asked Keller. One man said, “No, we are not.”", None),
    ],
)
def test_a_pronoun_is_resolved_only_where_one_person_comes_into_question(text: str, speaker: str | None) -> None:
    assert extract_quotations(text).quotations[-1].speaker == speaker


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ('She called it "fake news."', True),
        ('Her song "Don\'t Stop" is out.', True),
        ('Her new song, "Don\'t Stop," Keller said, is out.', True),
        ('The so-called "plan" failed.', True),
        ('"No," Keller said.', False),
        ("„Nie!“, rief sie.", False),
        ('Keller said, "I did it."', False),
        ('Her answer was short: "Never."', False),
        ("He paused. “Never.”", False),
        ('She called it "the end of the world."', False),
        ("彼は「本」と言った。", True),
    ],
)
def test_scare_quotes_and_titles_are_told_from_statements(text: str, fragment: bool) -> None:
    assert only(text).fragment is fragment


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("“We sold it all.” Keller said, “And then we left it.”", ["We sold it all.", "And then we left it."]),
        ("“We sold it all,” said Keller,\n\n“and then we left.”", ["We sold it all,", "and then we left."]),
        ("“We sold it all,” he paused, “and we left it.”", ["We sold it all,", "and we left it."]),
        ("„Wir gehen jetzt!“, rief Weber, »und zwar alle.«", ["Wir gehen jetzt!", "und zwar alle."]),
        ("‘The boys’ boat was at the girls’ pier, goin’ nowhere,’ said Keller.", None),
        ("'The boys' boat was at the girls' pier, goin' nowhere,' said Keller.", None),
        ("Er sagte »...und dann kam er nie« und ging.", ["...und dann kam er nie"]),
        ("‘He said “go, “now” then left at once,’ Keller said.", ["He said “go, “now” then left at once,"]),
    ],
)
def test_what_is_one_quotation_and_what_are_two(text: str, texts: list[str] | None) -> None:
    found = extract_quotations(text).quotations
    assert len(found) == (1 if texts is None else len(texts))
    assert texts is None or [one.text for one in found] == texts


def test_lines_too_long_to_be_wrapped_are_paragraphs() -> None:
    long = "The hall was quiet, and nobody moved. " * 4
    text = f"{long}\n“We waited there.\n{long}\n“We left,” said Keller."
    assert [one.text for one in extract_quotations(text).quotations] == ["We waited there.", "We left,"]


@pytest.mark.parametrize("sentence", ["Anna{} Keller{}, a host, sat down. “We left it all,” she said. ",
                                      "Anna{} Keller came. The host said “we left it all”. ",
                                      "Ann Lee{}, the host, told us “we left it all”.\n\n",
                                      "His sister, Gail{}, left. “We left it all,” her brother said. ",
                                      "Ben and Ann{} Lee came. Mr. Lee said “we left it all”. ",
                                      "Ann{} said, 'We left it all. Nobody left it all,” he said. ",
                                      "> “We left it all, Ann{}, and so did you”\n\n"])  # fmt: skip
def test_the_persons_of_a_text_are_compared_in_linear_time(sentence: str) -> None:
    def text(persons: int) -> str:
        return "".join(sentence.replace("{}", chr(97 + row % 26) + chr(97 + row // 26)) for row in range(persons))

    extract_quotations(text(5))
    short, long = (count_lines(partial(extract_quotations, text(persons))) for persons in (60, 240))
    assert long <= MOST_GROWTH * short
