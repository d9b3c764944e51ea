"""The quotation benchmark's material: damage at the requested rate, quotations of the requested kind."""

from __future__ import annotations

import multiprocessing
import random
import statistics
from pathlib import Path

import pytest
from bench import quotes_judging
from bench.quotes_articles import make_short_articles
from bench.quotes_changed import change_figures
from bench.quotes_damage import SoundAlikes, add_probabilities, damage_words
from bench.quotes_drawing import Draw, Substitutes, collect_substitutes
from bench.quotes_judging import Asked, ask, judge_all
from bench.quotes_kinds import CHANGED, KINDS, REWRITTEN, SPLICED, make_elsewhere, make_kind, without_said
from bench.quotes_materials import Talk, load_talks, make_transcript
from bench.quotes_rewritten import REWRITERS, rewrite_number, spell_count, spell_year, write_otherwise
from bench.quotes_spoken import LONG, SpokenTokens
from hypothesis import given
from hypothesis import strategies as st
from libraries import make_library
from rapidfuzz.distance import Levenshtein
from text_to_num import text2num

from index.language.tokens import tokenize


@pytest.fixture(scope="module")
def made_up_talks() -> list[Talk]:
    """A few synthetic episodes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AIRQUOTE_BENCH_DATA", raising=False)
        return list(load_talks())[:6]


def talk_of(text: str) -> Talk:
    """An episode of one turn of one person."""
    words = tuple(text.split())
    return Talk("one", "made up", words, (0,) * len(words), ("Ada Lind",) * len(words))


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.2])
def test_the_damage_is_of_the_rate_asked_for_and_knows_what_was_said(made_up_talks: list[Talk], rate: float) -> None:
    words = made_up_talks[0].words
    alikes = SoundAlikes(token for talk in made_up_talks for word in talk.words for token in tokenize(word))
    heard = damage_words(words, rate, alikes, random.Random(1))
    said = [token for word in words for token in tokenize(word)]
    written = [token for word in heard for token in tokenize(word.text)]
    assert Levenshtein.distance(said, written) / len(said) == pytest.approx(rate, rel=0.25)
    assert [word.first for word in heard] == sorted(word.first for word in heard)
    assert all(words[word.first] == word.text for word in heard if word.text in words and word.text[-1] == ".")
    transcript = make_transcript(made_up_talks[0], heard)
    assert transcript.text.split() == " ".join(word.text for word in heard).split()


def test_wrong_words_are_given_lower_probabilities_than_right_ones(made_up_talks: list[Talk]) -> None:
    words = made_up_talks[0].words
    alikes = SoundAlikes(token for word in words for token in tokenize(word))
    heard = add_probabilities(damage_words(words, 0.2, alikes, random.Random(1)), words, random.Random(1))
    right: list[float] = []
    wrong: list[float] = []
    for word in heard:
        assert word.probability is not None
        assert 0 <= word.probability <= 1
        (right if word.text == words[word.first] else wrong).append(word.probability)
    assert statistics.mean(wrong) < 0.7 < 0.9 < statistics.mean(right)


@pytest.mark.parametrize("how", sorted(KINDS))
def test_a_quotation_is_made_of_the_words_of_its_places(made_up_talks: list[Talk], how: str) -> None:
    made = make_kind(how, made_up_talks, range(len(made_up_talks)), 10, 1, collect_substitutes(made_up_talks))
    assert len(made) == 10
    for quotation in made:
        words = made_up_talks[quotation.talk].words
        said = [
            token for first, last in quotation.places for word in words[first : last + 1] for token in tokenize(word)
        ]
        quoted = list(tokenize(quotation.text))
        if how in ("as it is", "over a sentence border", "over a speaker border", SPLICED):
            assert quoted == said
        elif how in ("with three dots", "fillers removed"):
            rest = iter(said)
            assert all(token in rest for token in quoted)
            assert len(quoted) < len(said)
        else:
            assert quoted != said
            most = {REWRITTEN: 8, "a negation changed": 2}.get(how, 1)  # of "twenty-five hundred", and of "can't"
            assert Levenshtein.distance(quoted, said) <= most


def test_fewer_quotations_are_the_first_of_more(made_up_talks: list[Talk]) -> None:
    numbers, substitutes = range(len(made_up_talks)), Substitutes(["zebra"], ["Zoe"])
    few, more = (make_kind("as it is", made_up_talks, numbers, count, 1, substitutes) for count in (5, 20))
    assert more[:5] == few


@given(st.integers(0, 999_999), st.sampled_from("- "), st.sampled_from((" ", " and ")))
def test_a_count_is_spelt_as_its_value(value: int, hyphen: str, conjunction: str) -> None:
    assert text2num(spell_count(value, hyphen, conjunction), "en") == value


def test_years_are_spelt_as_they_are_said() -> None:
    said = {1995: "nineteen ninety-five", 2000: "two thousand", 2009: "two thousand nine", 2019: "twenty nineteen"}
    assert {year: spell_year(year) for year in said} == said


@given(st.from_regex(r"[1-9]\d{0,2}(,\d{3}|[-/:.]\d{1,2})?%?", fullmatch=True), st.integers(0, 99))
def test_changed_figures_are_another_number(figures: str, seed: int) -> None:
    other = change_figures(figures, random.Random(seed))
    assert other.replace(",", "") != figures.replace(",", "")


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("some 25 of them", {"some twenty-five of them", "some twenty five of them"}),
        ("some twenty five of them", {"some 25 of them"}),
        ("over 1,100, I think,", {"over 1100, I think,"}),
        ("it takes 4-5 days,", {"it takes four to five days,", "it takes 4 to 5 days,", "it takes 4–5 days,"}),
        ("it costs $5, really,", {"it costs five dollars, really,", "it costs 5 dollars, really,"}),
        ("almost 50% is ours", {"almost 50 percent is ours", "almost fifty percent is ours"}),
        ("back in the 1990s, maybe", {"back in the nineteen nineties, maybe"}),
        ("the third of them", {"the 3rd of them"}),
        ("it starts at 9am, surely", {"it starts at 9 a.m. surely", "it starts at 9AM, surely"}),
        ("we colour it here now", {"we color it here now"}),
        ("and we don't know it", {"and we do not know it"}),
        ("and we do not know it", {"and we don't know it"}),
        ("ask Dr. Lee about it", {"ask Doctor Lee about it"}),
        ("it's open-source, they say", {"it's open source, they say", "it's opensource, they say"}),
    ],
)
def test_the_same_words_are_written_otherwise(said: str, written: set[str]) -> None:
    talk = talk_of(said)
    draws = [Draw(talk, 0, len(talk.words) - 1, random.Random(seed), Substitutes((), ())) for seed in range(150)]
    made = {quoted[0] for draw in draws if (quoted := write_otherwise(draw))}
    assert written <= made
    assert said not in made


def test_part_of_a_number_is_not_written_otherwise() -> None:
    talk = talk_of("it is 25 million or 404 300 or so")
    for number in (2, 5, 6):
        draw = Draw(talk, 0, len(talk.words) - 1, random.Random(1), Substitutes((), ()))
        assert rewrite_number(draw, number) is None
    assert rewrite_number in REWRITERS


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=60),
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=12),
)
def test_what_is_said_is_counted_as_by_a_plain_scan(said: list[str], wanted: list[str]) -> None:
    spoken = SpokenTokens([talk_of(" ".join(said))])
    runs = [said[first : first + len(wanted)] for first in range(len(said))]
    assert spoken.count(" ".join(wanted)) == runs.count(wanted)


@given(
    st.lists(st.sampled_from("abcdefgh"), min_size=20, max_size=40), st.integers(0, 8), st.integers(6, 12), st.data()
)
def test_what_differs_in_a_word_or_two_is_nearly_held(
    said: list[str], first: int, length: int, data: st.DataObject
) -> None:
    wanted = said[first : first + length]
    for place in data.draw(st.sets(st.integers(0, length - 1), max_size=1 if length < LONG else 2)):
        wanted[place] = "other"
    assert SpokenTokens([talk_of(" ".join(said))]).nearly_holds(" ".join(wanted))


def test_other_words_are_not_nearly_held() -> None:
    spoken = SpokenTokens([talk_of("we sold the house and moved to the sea in the year after that")])
    assert not spoken.nearly_holds("we sold the boat and walked to the sea")
    assert not spoken.nearly_holds("that after year the in sea the to moved")


def test_what_is_said_elsewhere_in_the_library_is_left_out(made_up_talks: list[Talk]) -> None:
    spoken = SpokenTokens(made_up_talks)
    assert make_elsewhere(made_up_talks, 5, 1, spoken) == []
    others = SpokenTokens(made_up_talks[:3])
    made = make_elsewhere(made_up_talks[3:], 20, 1, others)
    assert len(made) == 20
    assert not any(others.count(one.text) for one in made)
    changed = make_kind(CHANGED[0], made_up_talks, range(6), 5, 1, collect_substitutes(made_up_talks))
    assert list(without_said(changed, SpokenTokens([talk_of(changed[0].text)]))) == changed[1:]


def test_articles_of_short_quotations_are_of_one_episode(made_up_talks: list[Talk]) -> None:
    articles = make_short_articles(made_up_talks, range(len(made_up_talks)), 12, 1)
    assert sum(len(article.short) for article in articles) == 12
    for article in articles:
        spoken = SpokenTokens([made_up_talks[article.talk]])
        texts = [text for text, _ in article.asked.quotations]
        assert all(spoken.count(text) for text in texts)
        assert {len(tokenize(texts[number])) for number in article.short} <= {3, 4, 5}


def test_answers_are_saved_and_not_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_library(tmp_path / "library", ["We sold the house and moved to the sea in the year after that."]).close()
    monkeypatch.setattr(quotes_judging, "RESULTS", tmp_path / "results")
    articles = [ask("sold the house and moved to the sea"), Asked((("they bought a ship", "Ada Lind"),))]
    answers = judge_all("test", tmp_path / "library", articles, processes=1)
    ((first,), _) = answers
    assert (first.kind, first.places[0].first, first.places[0].last) == ("verbatim", 1, 8)
    monkeypatch.setattr(multiprocessing, "get_context", None)
    assert judge_all("test", tmp_path / "library", articles[::-1], processes=1) == answers[::-1]
