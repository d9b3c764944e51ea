"""The speaker is named by every command that shows speech, in print and in JSON, where it is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import airquote
from libraries import add_spoken

from index.storage.store import Store

ANN = "we sold cakes every friday and the town paid for the crane in the harbour"
BEN = "my neighbour plants tomatoes between the rows of lavender"
QUOTED = '"We sold cakes every Friday and the town paid for the crane," said {}.'


@pytest.fixture
def named(library: Path) -> None:
    with Store.open(library, create=True) as store:
        add_spoken(store, "talk", [("Ann Lee", ANN), ("Ben Cole", BEN)])


@pytest.fixture
def unnamed(library: Path) -> None:
    with Store.open(library, create=True) as store:
        add_spoken(store, "talk", [(None, ANN), (None, BEN)])


def article(folder: Path, speaker: str) -> Path:
    file = folder / "article.txt"
    file.write_text(QUOTED.format(speaker), encoding="utf-8")
    return file


@pytest.mark.usefixtures("named")
def test_search_names_the_speaker() -> None:
    assert "talk  0:00.7  Ann Lee  " in airquote("search", "cakes").out
    assert airquote("search", "cakes", "--json").answer["speaker"] == "Ann Lee"


@pytest.mark.usefixtures("named")
def test_at_names_the_speaker_of_each_sentence() -> None:
    run = airquote("at", "talk", "1")
    assert run.out.splitlines()[0].split()[2:4] == ["Ann", "Lee:"]
    assert "Ben Cole: my neighbour" in run.out
    moment = airquote("at", "talk", "1", "--json").answer
    assert (moment["speaker"], moment["after"][0]["speaker"]) == ("Ann Lee", "Ben Cole")


@pytest.mark.usefixtures("named")
def test_words_have_their_speaker() -> None:
    first, *rows = airquote("words", "talk", "4", "6").out.splitlines()
    assert first.split() == ["start", "end", "sure", "word", "speaker"]
    assert {row.split(maxsplit=4)[4] for row in rows} == {"Ann Lee", "Ben Cole"}
    assert {word["speaker"] for word in airquote("words", "talk", "4", "6", "--json").answers} == {
        "Ann Lee",
        "Ben Cole",
    }


@pytest.mark.usefixtures("named")
def test_locate_names_the_speaker() -> None:
    assert "Ann Lee" in airquote("locate", "we sold cakes every friday").out
    found = airquote("locate", "we sold cakes every friday", "--json").answers[0]
    assert (found["attributed"], found["speaker"], found["misattributed"]) == (None, "Ann Lee", None)


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(("speaker", "misattributed"), [("Ann Lee", False), ("Donald Trump", True)])
def test_verify_says_whether_the_person_quoted_can_be_who_speaks(
    tmp_path: Path, speaker: str, misattributed: bool
) -> None:
    file = article(tmp_path, speaker)
    run = airquote("verify", file)
    assert ("misattributed" in run.out) == misattributed
    assert (f"But Ann Lee speaks there, not {speaker}." in run.out) == misattributed
    judged = airquote("verify", file, "--json").answer
    assert (judged["kind"], judged["attributed"], judged["speaker"]) == ("verbatim", speaker, "Ann Lee")
    assert judged["misattributed"] is misattributed


@pytest.mark.usefixtures("unnamed")
def test_where_no_speaker_is_known_none_is_named(tmp_path: Path) -> None:
    assert airquote("words", "talk", "0", "1").out.splitlines()[0].split() == ["start", "end", "sure", "word"]
    assert airquote("at", "talk", "1").out.split()[2] == "we"
    assert airquote("at", "talk", "1", "--json").answer["speaker"] is None
    assert airquote("search", "cakes", "--json").answer["speaker"] is None
    file = article(tmp_path, "Ann Lee")
    assert "Who speaks there is not known." in airquote("verify", file).out
    judged = airquote("verify", file, "--json").answer
    assert (judged["speaker"], judged["misattributed"]) == (None, None)
