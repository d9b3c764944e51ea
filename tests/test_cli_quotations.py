"""``airquote quotations``: what would be checked, without a library; ``verify`` counts what it passes over."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import airquote

ARTICLE = """Helen Marsh runs the “Lantern” in Port Ellery.

“We never stopped rehearsing,” Marsh said.

> The building is not for sale.

*This text has been edited.*
"""


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "article.md"
    file.write_text(ARTICLE, encoding="utf-8")
    return file


def test_the_quotations_of_an_article_are_listed_with_their_places(
    article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRQUOTE_LIBRARY", str(tmp_path / "none"))
    run = airquote("quotations", article)
    assert run.code == 0
    assert run.err.strip() == "To check: 2. Passed over: 2."
    lines = run.out.splitlines()
    assert [line.split()[1:3] for line in lines][::3] == [["1", "-"], ["7", "-"]]
    assert "We never stopped rehearsing" in lines[1]
    assert "Helen Marsh" in lines[1]
    assert "(nobody is named)" in lines[2]
    assert not (tmp_path / "none").exists()


def test_the_list_in_json_has_offsets_into_the_text(article: Path) -> None:
    run = airquote("quotations", article, "--json")
    assert [(one["quotation"], one["attributed"], one["line"], one["reason"] is None) for one in run.answers] == [
        ("Lantern", None, 1, False),
        ("We never stopped rehearsing,", "Helen Marsh", 3, True),
        ("The building is not for sale.", None, 5, True),
        ("This text has been edited.", None, 7, False),
    ]
    assert run.answers[0]["offset"] == ARTICLE.index("“Lantern")
    assert {one["article"] for one in run.answers} == {str(article)}
    assert airquote("quotations", article, "--json", "--fragments").answers[0]["reason"] is None


def test_several_articles_are_told_apart_and_one_that_fails_stops_none(article: Path, tmp_path: Path) -> None:
    run = airquote("quotations", article, tmp_path / "none.txt", article)
    assert run.code == 3
    assert "none.txt" in run.err
    assert run.out.count("We never stopped") == 2
    assert str(article) in run.out


def test_an_article_without_quotations_is_an_answer_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text("Nobody said anything.", encoding="utf-8")
    run = airquote("quotations", file)
    assert (run.code, run.out) == (1, "")
    assert "To check: 0" in run.err


@pytest.mark.usefixtures("recorded_talk")
def test_verify_counts_what_it_passes_over(article: Path) -> None:
    run = airquote("verify", article)
    assert "2 passed over." in run.err
