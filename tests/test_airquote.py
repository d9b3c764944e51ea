"""`import airquote`: the methods, values and errors that a Python program uses, and the example of the README."""

from __future__ import annotations

import io
import math
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import airquote
import pytest
from fake_engine import FakeEngine, speak
from generated_docs import README, ROOT

from index.search.searcher import Sort
from pipeline.answers import SORTS
from pipeline.settings import load_settings

VERBS = {
    "open", "close", "transcribe", "import_transcripts", "search", "count", "facets", "trend", "at", "words", "clip",
    "locate",
    "verify", "export", "episodes", "remove", "reindex", "doctor", "cite", "edit", "edit_all", "relink",
}  # fmt: skip

SRT = """1
00:00:01,000 --> 00:00:03,000
The ferry left.

2
00:00:04,000 --> 00:00:06,500
It never came back to the harbour.
"""


@pytest.fixture
def srt(tmp_path: Path) -> Path:
    file = tmp_path / "ferry.srt"
    file.write_text(SRT, encoding="utf-8")
    return file


def readme_program() -> str:
    (program,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    return str(program)


def test_the_library_has_every_verb_of_the_product() -> None:
    assert {name for name in dir(airquote.Library) if name[0] != "_"} >= VERBS
    assert all(
        getattr(airquote, name).__doc__ for name in airquote.__all__ if isinstance(getattr(airquote, name), type)
    )


def test_errors_form_one_tree_and_name_their_subject(tmp_path: Path) -> None:
    errors = [
        one
        for name in airquote.__all__
        if isinstance(one := getattr(airquote, name), type) and issubclass(one, Exception)
    ]
    assert len(errors) > 10
    assert all(issubclass(error, airquote.AirquoteError) for error in errors)
    with pytest.raises(airquote.UsageError, match="no library") as caught:
        airquote.Library.open(tmp_path / "none")
    assert caught.value.way_out is not None
    assert "airquote " not in str(caught.value)
    assert "--" not in str(caught.value)


def test_a_transcript_is_imported_searched_checked_exported_and_removed(srt: Path, tmp_path: Path) -> None:
    with airquote.Library.open(tmp_path / "library", create=True) as library:
        (outcome,) = library.import_transcripts([srt], show="Harbour", date="2024-05-31")
        assert (outcome.status, outcome.episode) == ("done", "ferry")
        (listed,) = library.episodes()
        assert (listed.show, listed.published) == ("Harbour", "2024-05-31")
        answer = library.search('"left it never"', airquote.SearchOptions(context=1))
        (hit,) = answer.statements
        assert (answer.total, answer.exact, answer.kept) == (1, True, True)
        assert library.hit(1) == airquote.Place(hit.episode, hit.start, hit.end)
        assert [word.text for word in library.words(hit)] == ["left.", "It", "never"]
        assert library.count("ferry OR harbour").hits == 2
        assert [(one.value, one.hits) for one in library.facets("ferry", ["show"]).values] == [("Harbour", 1)]
        (moment,) = library.at("ferry", [5.0])
        assert moment.text == "It never came back to the harbour."
        located = library.locate("it never came back to the port")
        assert [one.kind for one in located.found] == ["altered"]
        article = tmp_path / "article.txt"
        article.write_text("“It never came back to the harbour,” she said.", encoding="utf-8")
        verified = library.verify([str(article), str(tmp_path / "none.txt")])
        assert [one.kind for one in verified.articles[0].quotations] == ["verbatim"]
        assert [type(failure) for failure in verified.failures] == [airquote.ArticleError]
        assert library.export("ferry", "srt").document == SRT + "\n"
        assert library.reindex() == 1
        assert all(finding.ok for finding in library.doctor() if finding.check in ("library", "index"))
        assert library.remove("ferry").episode == "ferry"
        assert library.episodes() == []


def test_a_closed_library_answers_no_more(srt: Path, tmp_path: Path) -> None:
    library = airquote.Library.open(tmp_path / "library", create=True)
    library.import_transcripts([srt])
    library.close()
    library.close()
    with pytest.raises(ValueError, match="is closed"):
        library.search("ferry")
    with airquote.Library.open(tmp_path / "library") as again:
        assert again.count("ferry").hits == 1


def test_what_is_not_a_language_is_refused_in_one_wording(srt: Path, tmp_path: Path) -> None:
    with airquote.Library.open(tmp_path / "library", create=True) as library:
        requests: list[Callable[[], object]] = [
            lambda: library.import_transcripts([srt], language="foo"),
            lambda: library.search("ferry", airquote.SearchOptions(lang="foo")),
            lambda: airquote.TranscriptionOptions(language="foo").resolve(),
            lambda: load_settings({"language": "foo"}, {}),
        ]
        for request in requests:
            with pytest.raises(airquote.UsageError) as caught:
                request()
            assert str(caught.value) == (
                "'foo' is not a language. Write its code or its English name, such as de or German."
            )
            assert caught.value.where == "foo"


def test_wrong_arguments_make_no_library(tmp_path: Path) -> None:
    with airquote.Library.open(tmp_path / "library", create=True) as library:
        with pytest.raises(airquote.UsageError, match="not a language"):
            library.import_transcripts([tmp_path / "a.srt"], language="foo")
        with pytest.raises(airquote.UsageError, match="no media"):
            library.transcribe([tmp_path])
    assert not (tmp_path / "library").exists()


def test_a_library_stays_where_it_was_opened(srt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "else").mkdir()
    with airquote.Library.open("library", create=True) as library:
        library.import_transcripts([srt])
        monkeypatch.chdir(tmp_path / "else")
        assert library.count("ferry").hits == 1
        assert library.directory == tmp_path / "library"
    assert list((tmp_path / "else").iterdir()) == []


def test_one_path_is_a_list_of_one(srt: Path, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("“It never came back to the harbour,” she said.", encoding="utf-8")
    with airquote.Library.open(tmp_path / "library", create=True) as library:
        assert [one.episode for one in library.import_transcripts(str(srt), title="Ferry")] == ["ferry"]
        assert [one.kind for one in library.verify(str(article)).articles[0].quotations] == ["verbatim"]
        with pytest.raises(airquote.UsageError, match="no media"):
            library.transcribe(str(tmp_path))


def test_clip_writes_the_seconds_of_a_place(engine: FakeEngine, tmp_path: Path) -> None:
    engine.answers.extend(["There is more to come.", "It begins this winter."])
    talk = speak(tmp_path / "talk.wav", 2)
    with airquote.Library.open(tmp_path / "library", create=True) as library:
        options = airquote.TranscriptionOptions(airquote.EngineSpec("faster-whisper", "tiny.en", "cpu"))
        (outcome,) = library.transcribe([talk], options)
        assert (outcome.status, outcome.episode) == ("done", "talk")
        (hit,) = library.search('"more to come"').statements
        written = library.clip(hit, tmp_path / "clip.wav", before=0.25, after=0.25)
        assert written.episode == "talk"
        assert written.start == pytest.approx(hit.start - 0.25)
        assert written.end - written.start == pytest.approx(hit.end - hit.start + 0.5, abs=0.01)
        with pytest.raises(airquote.UsageError, match="exists already"):
            library.clip(hit, tmp_path / "clip.wav")


def test_importing_it_loads_nothing_that_a_verb_loads_when_it_is_called() -> None:
    program = "import sys, airquote; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert "pipeline.library" in modules
    assert not modules & {"av", "ctranslate2", "httpx2", "jinja2", "lark", "numpy", "onnxruntime", "torch", "whoosh"}
    with pytest.raises(AttributeError, match="nothing"):
        airquote.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_progress_is_reported_to_the_callback_alone(
    srt: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events: list[airquote.ProgressEvent] = []
    with airquote.Library.open(tmp_path / "library", create=True, progress=events.append) as library:
        library.import_transcripts([srt])
        library.reindex()
    assert airquote.IndexAdvanced(1, 1) in events
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def ferry(srt: Path, tmp_path: Path) -> Iterator[airquote.Library]:
    """An open library with the transcript SRT as the episode ``ferry``."""
    with airquote.Library.open(tmp_path / "library", create=True) as library:
        library.import_transcripts([srt])
        yield library


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "article.txt"
    file.write_text("“It never came back to the harbour,” she said.", encoding="utf-8")
    return file


PLACE = airquote.Place("ferry", 1.0, 2.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda library: library.search("ferry", airquote.SearchOptions(limit=-1)),
        lambda library: library.search("ferry", airquote.SearchOptions(offset=-1)),
        lambda library: library.search("ferry", airquote.SearchOptions(context=-1)),
        lambda library: library.search("ferry", airquote.SearchOptions(sort="foo")),  # type: ignore[arg-type]
        lambda library: library.at("ferry", [1.0], before=-1),
        lambda library: library.at("ferry", [1.0], after=-1),
        lambda library: library.locate("it never came back", limit=0),
        lambda library: library.locate("it never came back", min_similarity=math.nan),
        lambda library: library.locate("it never came back", min_similarity=1.5),
        lambda library: library.verify([airquote.ArticleStream(io.BytesIO("“A b c d e f,” he said.".encode()), "x")],
                                       context=-1),
        lambda library: library.transcribe(["talk.wav"], jobs=0),
    ],
)  # fmt: skip
def test_an_invalid_number_or_order_is_refused_with_a_way_out(
    call: Callable[[airquote.Library], Any],
    ferry: airquote.Library,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    speak(tmp_path / "talk.wav", 1)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(airquote.UsageError) as caught:
        call(ferry)
    assert caught.value.way_out is not None


@pytest.mark.parametrize("time", [math.nan, math.inf, -math.inf, -1.0])
def test_an_invalid_time_is_refused_with_a_way_out(time: float, ferry: airquote.Library, tmp_path: Path) -> None:
    end, start = airquote.Place("ferry", 1.0, time), airquote.Place("ferry", time, 2.0)
    for call in (
        lambda: ferry.place("ferry", time),
        lambda: ferry.place("ferry", 1.0, time),
        lambda: ferry.at("ferry", [1.0, time]),
        lambda: ferry.words(start),
        lambda: ferry.words(end),
        lambda: ferry.cut(start),
        lambda: ferry.cut(end),
        lambda: ferry.cut(PLACE, before=time),
        lambda: ferry.cut(PLACE, after=time),
        lambda: ferry.play(PLACE, before=time),
        lambda: ferry.play(end),
        lambda: ferry.clip(start, tmp_path / "clip.wav"),
        lambda: ferry.clip(PLACE, tmp_path / "clip.wav", after=time),
    ):
        with pytest.raises(airquote.TimeError) as caught:
            call()
        assert caught.value.way_out is not None


def test_an_article_is_a_path_or_a_stream_and_never_standard_input(
    ferry: airquote.Library, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = article.read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    stream = airquote.ArticleStream(io.BytesIO(data), "pasted text")
    verified = ferry.verify([str(article), article, stream, "-"])
    assert [one.source for one in verified.articles] == [str(article), str(article), "pasted text"]
    assert [one.kind for each in verified.articles for one in each.quotations] == ["verbatim"] * 3
    assert [failure.message for failure in verified.failures] == ["There is no file -."]
    assert sys.stdin.read() == data.decode()


def test_a_stream_that_cannot_be_read_is_a_failure_of_that_article(ferry: airquote.Library, article: Path) -> None:
    closed = io.BytesIO()
    closed.close()
    verified = ferry.verify([airquote.ArticleStream(closed, "upload"), article])
    assert [failure.where for failure in verified.failures] == ["upload"]
    assert len(verified.articles) == 1


def test_every_path_may_be_text(ferry: airquote.Library, article: Path, tmp_path: Path) -> None:
    checked = ferry.verify([article]).articles
    report, clips = tmp_path / "report.html", tmp_path / "clips"
    ferry.check_targets([str(article)], str(report), str(clips))
    ferry.write_report(checked, str(report))
    ferry.write_clips(checked, str(clips))
    assert report.is_file()
    assert clips.is_dir()
    (tmp_path / "names.txt").write_text("Okafor: Ockever", encoding="utf-8")
    assert airquote.read_glossary(str(tmp_path / "names.txt")).names == (airquote.GlossaryName("Okafor", ("Ockever",)),)


def test_evidence_that_cannot_be_written_is_refused_before_and_when_it_is_written(
    ferry: airquote.Library, article: Path, tmp_path: Path
) -> None:
    checked = ferry.verify([article]).articles
    there = tmp_path / "there.html"
    there.write_text("mine")
    reports = {
        there: "exists already", article: "the article itself", tmp_path: "is a folder",
        tmp_path / "none" / "report.html": "There is no folder", ferry.directory / "report.html": "inside the library",
    }  # fmt: skip
    folders = {
        there: "is not a folder",
        tmp_path / "none" / "clips": "There is no folder",
        ferry.directory: "inside the library",
    }
    for target, message in reports.items():
        overwrite = target == article
        with pytest.raises(airquote.UsageError, match=message):
            ferry.check_targets([article], target, None, overwrite=overwrite)
        with pytest.raises(airquote.UsageError, match=message):
            ferry.write_report(checked, target, overwrite=overwrite)
    for folder, message in folders.items():
        with pytest.raises(airquote.UsageError, match=message):
            ferry.check_targets([article], None, folder)
        with pytest.raises(airquote.UsageError, match=message):
            ferry.write_clips(checked, folder)
    assert there.read_text() == "mine"


def test_a_folder_of_clips_that_cannot_be_made_is_an_output_error(
    ferry: airquote.Library, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    checked = ferry.verify([article]).articles
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(airquote.OutputError, match="clips cannot be written: Permission denied"):
        ferry.write_clips(checked, tmp_path / "clips")


def test_an_answer_without_hits_has_suggestions(ferry: airquote.Library) -> None:
    answers = ferry.search("harbuor"), ferry.count("harbuor"), ferry.facets("harbuor", ["show"])
    for answer in answers:
        (way_out,) = [one for one in answer.suggestions if "nowhere" in one.advice]
        assert "harbour" in way_out.advice
    for found in (ferry.search("harbour"), ferry.search("harbour", airquote.SearchOptions(offset=5))):
        assert (found.total, found.suggestions) == (1, ())
    assert ferry.count("harbour").suggestions == ()


def test_an_export_has_the_format_of_its_extension_unless_one_is_asked_for(
    ferry: airquote.Library, tmp_path: Path
) -> None:
    assert ferry.export("ferry").format == "txt"
    assert ferry.export("ferry", target=str(tmp_path / "a.srt")).format == "srt"
    assert (tmp_path / "a.srt").read_text(encoding="utf-8") == SRT + "\n"
    assert ferry.export("ferry", "vtt", tmp_path / "b.srt").format == "vtt"
    assert ferry.export("ferry", target=tmp_path).file == str(tmp_path / "ferry.txt")
    with pytest.raises(airquote.UsageError, match=r"not a transcript format.*json, srt, vtt, txt, tsv"):
        ferry.export("ferry", "pdf", tmp_path / "c.pdf")


def test_the_orders_of_hits_are_those_of_the_searcher() -> None:
    assert get_args(Sort) == SORTS


@pytest.mark.weights
def test_the_program_of_the_readme_runs(tmp_path: Path) -> None:
    program = readme_program()
    assert len(program.strip().splitlines()) <= 10
    (tmp_path / "tests").mkdir()
    shutil.copytree(ROOT / "tests" / "data", tmp_path / "tests" / "data", ignore=shutil.ignore_patterns("articles"))
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "verbatim" in done.stdout
    assert (tmp_path / "storm.mp3").stat().st_size > 1000
