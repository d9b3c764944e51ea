"""Trends: exact counts by month, year and show, relative to the words spoken; how they are drawn."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import airquote
from hypothesis import given
from hypothesis import strategies as st
from libraries import add_spoken

from audio.errors import UsageError
from index.query.periods import choose_period, period_of, periods_between
from index.storage.store import Store
from pipeline.answers import SearchOptions
from pipeline.cli.drawing import draw_bar, draw_sparkline
from pipeline.library import Library

VOCABULARY = ["ferry", "storm", "harbour", "night", "quiet", "lamp"]
DATES = ["2023-11-02", "2023-11-30", "2024-02-01", "2024-02-29", "2024-06-15", "2024", None]
SPEAKERS = ["Ann Lee", "Bob", None]
SHOWS = ["Night Boat", "Day Train", None]


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A library of seven talks, each with a date of its own kind."""
    folder = tmp_path_factory.mktemp("talks")
    drawn = random.Random(5)
    with Store.open(folder, create=True) as store:
        for number, date in enumerate(DATES):
            turns = [
                (drawn.choice(SPEAKERS), " ".join(drawn.choices(VOCABULARY, k=drawn.randrange(3, 20))))
                for _ in range(9)
            ]
            add_spoken(store, f"talk {number}", turns, show=SHOWS[number % 3], published=date)
    yield folder


@pytest.fixture
def opened(talks: Path) -> Iterator[Library]:
    with Library.open(talks) as opened:
        yield opened


NARROWED = [
    SearchOptions(), SearchOptions(show="boat"), SearchOptions(speaker="ann"), SearchOptions(since="2024"),
    SearchOptions(until="2024-02", speaker="bob"), SearchOptions(lang="en"), SearchOptions(episode="talk-2"),
]  # fmt: skip


@pytest.mark.parametrize("by", ["month", "year"])
@pytest.mark.parametrize("options", NARROWED, ids=str)
def test_the_counts_are_those_of_the_words_themselves(opened: Library, by: str, options: SearchOptions) -> None:
    trend = opened.trend(["ferry"], options, by=by)  # type: ignore[arg-type]
    words: Counter[str | None] = Counter()
    hits: Counter[str | None] = Counter()
    for episode in opened.episodes():
        if options.episode not in (None, episode.episode) or (options.show and episode.show != "Night Boat"):
            continue
        if (options.since or options.until) and not in_time(episode.published, options):
            continue
        for sentence in opened.sentences(episode.episode).sentences:
            if options.speaker and options.speaker not in (sentence.speaker or "").lower():
                continue
            period, said = period_of(episode.published, trend.by), (sentence.text or "").split()
            words[period] += len(said)
            hits[period] += said.count("ferry")
    assert {one.period: one.searched_words for one in trend.points if one.searched_words} == dict(words)
    assert {one.period: one.hits for one in trend.points if one.searched_words} == dict(hits)
    for one in trend.points:
        assert one.per_10000_words == (round(one.hits / one.searched_words * 10_000, 3) if one.searched_words else None)


def in_time(published: str | None, options: SearchOptions) -> bool:
    if published is None:
        return False
    since, until = options.since or "", options.until or "9999"
    return published[: len(since)] >= since[: len(published)] and published[: len(until)] <= until[: len(published)]


@pytest.mark.parametrize(
    "query", ["ferry", '"ferry storm"', "ferry storm", "fer*", "ferry NOT lamp", "ferry -speaker:bob"]
)
def test_the_sums_are_those_of_a_search(opened: Library, query: str) -> None:
    counted = opened.count(query)
    overall = opened.trend([query]).points
    by_show = opened.trend([query], per_show=True).points
    assert sum(one.hits for one in overall) == sum(one.hits for one in by_show) == counted.hits
    assert sum(one.episodes for one in overall) == counted.episodes
    for point in overall:
        parts = [one for one in by_show if one.period == point.period]
        assert sum(one.searched_words for one in parts) == point.searched_words
        assert sum(one.searched_episodes for one in parts) == point.searched_episodes
    assert {one.show for one in by_show} == set(SHOWS)


def test_all_series_have_the_same_periods_without_a_hole(opened: Library) -> None:
    trend = opened.trend(["ferry", "xylophone", '"lamp lamp lamp"'], per_show=True)
    periods = periods_between("2023-11", "2024-06")
    series: dict[tuple[str, str | None], list[str | None]] = {}
    for point in trend.points:
        series.setdefault((point.query, point.show), []).append(point.period)
    assert len(series) == 9
    assert all([one for one in of_one if one] == periods for of_one in series.values())
    assert trend.by == "month"
    assert trend.undated_episodes == 2, "a year alone is no month"
    (empty,) = [one for one in opened.trend(["ferry"]).points if one.period == "2024-01"]
    assert (empty.hits, empty.searched_episodes, empty.per_10000_words) == (0, 0, None)
    assert [query for query, suggestions in trend.missing if suggestions] == ["xylophone"]


def test_years_are_chosen_for_more_than_three_years() -> None:
    assert choose_period(["2021-01-05", "2023-12-31", None, "2019"]) == "month"
    assert choose_period(["2020-12-31", "2023-12-31"]) == "year"
    assert choose_period([]) == choose_period(["2024", None]) == "year"


@given(st.dates(), st.dates())
def test_periods_follow_each_other_from_the_first_to_the_last(one: object, other: object) -> None:
    first, last = sorted(map(str, (one, other)))
    years = periods_between(first[:4], last[:4])
    assert years == sorted({*years})
    assert (years[0], years[-1], len(years)) == (first[:4], last[:4], int(last[:4]) - int(first[:4]) + 1)
    if len(years) < 50:
        months = periods_between(first[:7], last[:7])
        assert months == sorted({*months})
        assert (months[0], months[-1]) == (first[:7], last[:7])
        assert all(period_of(month, "month") == month for month in months)
        assert len(months) == 12 * (len(years) - 1) + int(last[5:7]) - int(first[5:7]) + 1


@pytest.mark.parametrize("date", [None, "", "soon", "20", "2024-13-01", "24-05"])
def test_what_is_no_date_has_no_month(date: str | None) -> None:
    assert period_of(date, "month") is None


def test_an_unknown_period_is_an_error(opened: Library) -> None:
    with pytest.raises(UsageError, match="Choose month or year"):
        opened.trend(["ferry"], by="week")  # type: ignore[arg-type]


# Drawing


@given(st.lists(st.none() | st.integers(0, 1000), min_size=1), st.booleans())
def test_a_sparkline_has_a_column_for_each_value_and_keeps_their_order(values: list[int | None], blocks: bool) -> None:
    highest = max((value for value in values if value), default=1)
    drawn = draw_sparkline(values, highest, blocks)
    assert len(drawn) == len(values)
    heights = sorted({(value, column) for value, column in zip(values, drawn, strict=True) if value is not None})
    assert [column for _, column in heights] == sorted(column for _, column in heights)
    assert all((value == 0) == (column in "0▁") for value, column in heights)
    assert drawn.isascii() or blocks


@given(st.floats(0, 1), st.integers(1, 80))
def test_a_bar_is_as_long_as_its_share(share: float, width: int) -> None:
    for blocks in (True, False):
        drawn = draw_bar(share, width, blocks)
        assert abs(len(drawn) - share * width) <= 1
        assert bool(drawn) == (share > 0)
    assert draw_bar(share, width, blocks=False).strip("#") == ""


# The command


def test_one_query_is_a_table_with_bars(talks: Path) -> None:
    told = airquote("trend", "ferry", "--library", talks)
    rows = [line.split() for line in told.out.splitlines()]
    assert rows[0] == ["month", "hits", "episodes", "per", "10,000", "words"]
    assert [row[0] for row in rows[1:]] == [*periods_between("2023-11", "2024-06"), "no"]
    assert rows[3][:4] == ["2024-01", "0", "0", "-"]
    assert any(set(row[-1]) == {"#"} for row in rows[1:])
    assert told.out.isascii()
    assert "per 10,000 words, of" in told.err
    assert "Without a known month: 2 episodes." in told.err


def test_several_series_are_sparklines_on_one_scale(talks: Path) -> None:
    told = airquote("trend", "ferry", "storm", "--per", "show", "--by", "month", "--library", talks)
    lines = told.out.splitlines()
    assert len(lines) == 7
    assert lines[0].split()[:5] == ["query", "show", "by", "month", "hits"]
    assert sum("(no show)" in line for line in lines) == 2
    assert "9" in "".join(line.split()[-5] for line in lines[1:]), "the highest of all"
    assert "the highest is" in told.err
    assert told.out.isascii()


def test_what_nobody_said_is_told_and_the_others_are_counted(talks: Path) -> None:
    told = airquote("trend", "ferry", "xylophone", "--library", talks)
    assert told.code == 0
    assert "Nothing found for xylophone" in told.err
    nothing = airquote("trend", "xylophone", "--library", talks)
    assert (nothing.code, nothing.out) == (1, "")
    assert "nowhere in the library" in nothing.err
    assert airquote("trend", "xylophone", "--library", talks, "--json").out == ""
    assert airquote("trend", "a OR", "--library", talks).code == 2


def test_operators_between_arguments_are_told_to_be_quoted(talks: Path) -> None:
    told = airquote("trend", "ferry", "OR", "storm", "--library", talks)
    assert (told.code, told.out) == (2, "")
    assert "'ferry OR storm'" in told.err
    assert airquote("trend", "ferry OR storm", "--library", talks).code == 0


def test_json_has_a_line_for_each_point(talks: Path) -> None:
    told = airquote("trend", "ferry", "--by", "year", "--library", talks, "--json")
    assert [one["period"] for one in told.answers] == ["2023", "2024", None]
    assert all(
        set(one) == {
            "query", "show", "period", "hits", "episodes", "searched_episodes", "searched_words", "per_10000_words",
        }
        for one in told.answers
    )  # fmt: skip


def test_words_that_may_be_meant_as_a_phrase_are_noted(talks: Path) -> None:
    assert '"ferry storm" in quotation marks is the phrase' in airquote("trend", "ferry storm", "--library", talks).err
    assert "phrase" not in airquote("trend", '"ferry storm"', "ferry", "--library", talks).err
