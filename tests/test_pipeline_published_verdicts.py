"""Verdicts name whose words they rest on, and tell where the publisher's transcript has it otherwise."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import airquote
from libraries import add_text, make_transcript

from index.fulltext.maintenance import update_index
from index.storage.published_files import PublishedFile
from index.storage.store import Store

SPOKEN = (
    "Good evening and welcome to the harbor show. Tonight we talk to Maria Lopez, who has lived at the harbor for"
    " twenty-five years. Um, she did not want to leave when the mill closed in 1987, and I think she never will."
)
QUOTED = "she did not want to leave when the mill closed in 1987"
ADDRESS = "https://example.com/5.vtt"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AIRQUOTE_LIBRARY", str(tmp_path / "library"))
    return tmp_path / "library"


def fill(library: Path, published: str | None = None, heard: str = SPOKEN, **fields: str) -> None:
    """A library with an episode whose transcript has these fields, and perhaps the publisher's own."""
    with Store.open(library, create=True) as store:
        episode = add_text(store, "Talk", heard).id
        store.save_transcript(episode, replace(make_transcript(heard), **fields))  # type: ignore[arg-type]
        if published is not None:
            data = f"WEBVTT\n\n00:00.000 --> 00:20.000\n{published}\n".encode()
            store.save_published(episode, PublishedFile(ADDRESS, "text/vtt", "en", data))
        update_index(store)


ORIGINS = [
    ({"engine": "faster-whisper", "model": "base"}, "model", "Whisper base"),
    ({"engine": "import", "model": "vtt", "settings": '{"file_sha256": "0"}'},
     "file", "an imported file, not checked against the sound"),
    ({"engine": "import", "model": "vtt", "settings": '{"file_sha256": "0", "publisher": "Fail Better"}'},
     "publisher", "the publisher's transcript (Fail Better), not checked against the sound"),
    ({"engine": "import", "model": "vtt",
      "settings": json.dumps({"file_sha256": "0", "publisher": "", "aligned": {"engine": "x", "model": "tiny.en"}})},
     "publisher", "the publisher's transcript, its times aligned with the sound by tiny.en, its words not checked"),
    ({"engine": "import", "model": "vtt",
      "settings": '{"file_sha256": "0", "publisher": "Fail Better", "translated_from": "de"}'},
     "publisher", "the publisher's transcript (Fail Better), a translation from de, not checked against the sound"),
    ({"engine": "import", "model": "vtt", "settings": "not JSON"},
     "file", "an imported file, not checked against the sound"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "origin", "words"), ORIGINS)
def test_every_answer_names_whose_words_it_rests_on(
    library: Path, tmp_path: Path, fields: dict[str, str], origin: str, words: str
) -> None:
    fill(library, **fields)
    (tmp_path / "article.txt").write_text(f"“{QUOTED},” said Ann Lee of the harbor.", encoding="utf-8")
    verdict = airquote("verify", tmp_path / "article.txt", "--no-listen", "--json", "--html", tmp_path / "page.html")
    located = airquote("locate", QUOTED, "--json")
    for answer in (verdict.answer, located.answer):
        assert (answer["kind"], answer["origin"], answer["rests_on"]) == ("verbatim", origin, words)
    assert words in (tmp_path / "page.html").read_text(encoding="utf-8").replace("&#39;", "'")
    for shown in (airquote("verify", tmp_path / "article.txt", "--no-listen"), airquote("locate", QUOTED)):
        assert f"words: {words}" in shown.out
    for command in (("list",), ("show", "talk"), ("at", "talk", "1"), ("search", "harbor")):
        assert {answer["origin"] for answer in airquote(*command, "--json").answers} == {origin}


def test_list_show_and_at_say_that_words_are_the_publishers(library: Path) -> None:
    fill(library, engine="import", model="vtt", settings='{"file_sha256": "0", "publisher": "Fail Better"}')
    assert "imported (publisher's)" in airquote("list").out
    for command in (("show", "talk"), ("at", "talk", "1")):
        assert "are the publisher's, not checked against the sound" in airquote(*command).err


def test_list_tells_where_the_publishers_transcript_is_kept(library: Path) -> None:
    fill(library, SPOKEN)
    assert "transcribed + publisher's" in airquote("list").out
    assert airquote("list", "--json").answer["publisher_kept"]


@pytest.mark.parametrize(("change", "quoted", "remark"), [
    (("1987", "1978"), QUOTED.replace("1987", "1978"), "has it as quoted: “she did not want to leave when"),
    (("did not", "did"), QUOTED.replace("did not", "did"), "has it as quoted: “she did want"),
    (("1987", "1978"), QUOTED, "has it otherwise: “she did not want to leave when the mill closed in 1978"),
    (("1987", "1978"), QUOTED.replace("1987", "1950"), "has it otherwise: "),
    (("evening", "morning"), QUOTED, None),
    (("Um, she", "She"), QUOTED, None),
    (("1987", "nineteen eighty-seven"), QUOTED, None),
    (("evening", "morning"), QUOTED.replace("1987", "1950"), None),
])  # fmt: skip
def test_a_verdict_tells_where_the_publishers_transcript_says_something_else_of_it(
    library: Path, tmp_path: Path, change: tuple[str, str], quoted: str, remark: str | None
) -> None:
    fill(library, SPOKEN.replace(*change), engine="faster-whisper", model="base")
    (tmp_path / "article.txt").write_text(f"“{quoted},” said Ann Lee of the harbor.", encoding="utf-8")
    arguments = ("verify", tmp_path / "article.txt", "--no-listen")
    answer = airquote(*arguments, "--json", "--html", tmp_path / "page.html").answer
    assert answer["rests_on"] == "Whisper base"
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    if remark is None:
        assert answer["publisher"] is None
        assert "publisher" not in page.split("</style>")[1]
    else:
        assert remark in answer["publisher"]
        assert remark in airquote(*arguments).out.replace("\n", " ")
        assert remark in page


def test_a_translation_is_held_against_nothing(library: Path) -> None:
    fill(library, SPOKEN, language="en")
    with Store.open(library) as store:
        said = "Guten Abend und willkommen. Sie wollte nicht gehen, als die Mühle 1987 schloss."
        data = f"WEBVTT\n\n00:00.000 --> 00:20.000\n{said}\n".encode()
        store.save_published("talk", PublishedFile(ADDRESS, "text/vtt", "de", data))
    assert airquote("locate", QUOTED, "--json").answer["publisher"] is None
    refused = airquote("compare", "talk")
    assert refused.code == 2
    assert "is in de, its words in en" in refused.err
    assert "airquote export talk --publisher" in refused.err


def test_an_unreadable_publishers_transcript_does_not_stop_a_verdict(library: Path) -> None:
    fill(library, SPOKEN)
    with Store.open(library) as store:
        store.save_published("talk", PublishedFile(ADDRESS, None, None, b"%PDF-1.4"))
    assert airquote("locate", QUOTED, "--json").answer["publisher"] is None
