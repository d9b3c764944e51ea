"""Passages that recur across the episodes of a show: what searches, transcripts and quotations tell of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import airquote
from test_index_repeats import ADVERTISEMENT, talk, with_passage

TALKS = 6
WITH_ADVERTISEMENT = 5
QUOTED = "Their springs are wrapped by hand, their covers are wool from farms they know by name"


@pytest.fixture
def show(tmp_path: Path) -> None:
    """Six imported episodes of one show, of which five have an advertisement, and two speak of the sea besides."""
    texts = [with_passage(seed, ADVERTISEMENT) for seed in range(WITH_ADVERTISEMENT)]
    texts.append(" ".join(talk(9)))
    for number, text in enumerate(texts):
        besides = " and the sea was calm today" * (number in (0, 5))
        words = f"{text}{besides}".split()
        cues = (f"{place}\n{clock(place)} --> {clock(place + 1)}\n{' '.join(words[place : place + 12])}\n"
                for place in range(0, len(words), 12))  # fmt: skip
        (tmp_path / f"talk-{number}.srt").write_text("\n".join(cues))
    run = airquote("import", *sorted(tmp_path.glob("*.srt")), "--show", "Night Boat")
    assert run.code == 0, run.err


def clock(seconds: int) -> str:
    return f"00:{seconds // 60:02}:{seconds % 60:02},000"


@pytest.mark.usefixtures("show")
def test_hits_in_a_passage_that_recurs_say_in_how_many_more_episodes() -> None:
    hits = airquote("search", "sea", "--limit", 0, "--json").answers
    assert sorted(str(hit["repeat"]) for hit in hits) == ["4"] * 5 + ["None"] * 2
    assert airquote("search", "workshop").out.count("and in 4 more episodes") == 5


@pytest.mark.usefixtures("show")
def test_folded_repeats_are_one_hit_in_lists_counts_and_facets() -> None:
    hits = airquote("search", "sea", "--no-repeats", "--json").answers
    assert [hit["repeat"] for hit in hits].count(4) == 1
    assert [hit["n"] for hit in hits] == [1, 2, 3]
    assert {hit["total"] for hit in hits} == {3}
    assert airquote("search", "sea", "--no-repeats", "--count", "--json").answer["hits"] == 3
    facets = airquote("search", "sea", "--no-repeats", "--facets", "episode,show", "--json").answers
    assert sum(one["hits"] for one in facets if one["facet"] == "episode") == 3
    assert [one["hits"] for one in facets if one["facet"] == "show"] == [3]
    assert airquote("search", "sea", "--repeats", "fold", "--json").answers == hits


@pytest.mark.usefixtures("show")
def test_omitted_repeats_are_no_hits_in_lists_counts_and_facets() -> None:
    hits = airquote("search", "sea", "--repeats", "omit", "--json").answers
    assert [hit["repeat"] for hit in hits] == [None, None]
    assert airquote("search", "sea", "--repeats", "omit", "--count", "--json").answer["hits"] == 2
    assert airquote("search", "workshop", "--repeats", "omit").code == 1


@pytest.mark.usefixtures("show")
@pytest.mark.parametrize("repeats", ["all", "fold", "omit"])
@pytest.mark.parametrize("sort", ["score", "date", "time"])
def test_pages_of_hits_joined_are_all_hits(repeats: str, sort: str) -> None:
    asked = ("search", "the OR sea OR mattresses OR workshop", "--repeats", repeats, "--sort", sort, "--json")
    every = airquote(*asked, "--limit", 0).answers
    pages = [airquote(*asked, "--limit", 2, "--offset", offset).answers for offset in range(0, len(every), 2)]
    assert [hit for page in pages for hit in page] == every


@pytest.mark.usefixtures("show")
def test_a_setting_folds_repeats_in_every_search_and_an_option_outdoes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "airquote.toml"
    settings.write_text('repeats = "fold"\n')
    monkeypatch.setattr("pipeline.settings.settings_path", lambda: settings)
    assert len(airquote("search", "workshop", "--json").answers) == 1
    assert len(airquote("search", "workshop", "--repeats", "all", "--json").answers) == 5
    monkeypatch.setenv("AIRQUOTE_REPEATS", "omit")
    assert airquote("search", "workshop").code == 1
    monkeypatch.setenv("AIRQUOTE_REPEATS", "some")
    run = airquote("search", "workshop")
    assert (run.code, run.out) == (2, "")
    assert "Choose one of all, fold, omit." in " ".join(run.err.split())


@pytest.mark.usefixtures("show")
def test_show_tells_repeats_and_leaves_them_out_on_demand() -> None:
    sentences = airquote("show", "talk-1", "--json").answers
    recurring = [one["text"] for one in sentences if one["repeat"] is not None]
    assert {one["repeat"] for one in sentences} == {4, None}
    assert recurring
    assert sum(word in ADVERTISEMENT for text in recurring for word in text.split()) >= 60
    assert airquote("show", "talk-1").out.count("[and in 4 more episodes]") == 1
    reading = airquote("show", "talk-1", "--no-repeats", "--json").answers
    assert reading == [one for one in sentences if one["repeat"] is None]
    assert "wrapped by hand" not in airquote("show", "talk-1", "--no-repeats").out


@pytest.mark.usefixtures("show")
def test_a_quotation_inside_a_repeat_is_found_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    located = airquote("locate", QUOTED, "--json").answers
    assert len(located) == 5
    assert {(one["kind"], one["repeat"]) for one in located} == {("verbatim", 4)}
    article = tmp_path / "article.txt"
    article.write_text(f"“{QUOTED},” said the host.")
    assert airquote("verify", article, "--json").answer["repeat"] == 4
    assert "recurs: and in 4 more episodes" in airquote("verify", article).out
    monkeypatch.setenv("AIRQUOTE_REPEATS", "omit")
    assert airquote("verify", article, "--json").answer["kind"] == "verbatim"


@pytest.mark.usefixtures("show")
def test_removed_episodes_no_longer_count() -> None:
    assert airquote("remove", "talk-0", "talk-1", "--yes").code == 0
    assert {hit["repeat"] for hit in airquote("search", "workshop", "--json").answers} == {2}
    assert airquote("remove", "talk-2", "--yes").code == 0
    assert {hit["repeat"] for hit in airquote("search", "workshop", "--json").answers} == {None}


@pytest.mark.usefixtures("show")
def test_a_library_in_which_repeats_were_not_looked_for_is_marked_when_that_is_asked_for(library: Path) -> None:
    from index.storage.store import Store

    with Store.open(library) as store:
        store.forget_fingerprints()
    assert {hit["repeat"] for hit in airquote("search", "workshop", "--json").answers} == {None}
    assert len(airquote("search", "workshop", "--no-repeats", "--json").answers) == 1
    assert airquote("reindex").code == 0
    assert {hit["repeat"] for hit in airquote("search", "workshop", "--json").answers} == {4}


@pytest.mark.usefixtures("show")
def test_the_evidence_page_says_that_a_place_is_in_a_passage_that_recurs(tmp_path: Path) -> None:
    article, page_file = tmp_path / "article.txt", tmp_path / "page.html"
    article.write_text(f'"{QUOTED}," it said. "And the sea was calm today," it said.')
    assert airquote("search", "sea", "--no-repeats").code == 0  # which finds what recurs
    assert airquote("verify", article, "--html", page_file).code == 0
    assert page_file.read_text(encoding="utf-8").count("In a passage that recurs, in 4 more episodes.</p>") == 1
