"""A glossary is parsed or refused, is in the prompt of every window, and a change of it makes a new transcript."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import ENGINE, FakeEngine, airquote, speak, stored, transcribe

from audio.errors import UsageError
from pipeline.transcription.glossary import (
    MOST_NAMES,
    PROMPT_CHARACTERS,
    Glossary,
    GlossaryName,
    build_prompt,
    read_glossary,
)


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_names_and_their_forms(tmp_path: Path) -> None:
    file = written(
        tmp_path / "names.txt",
        "\ufeff# Harbor\r\n\r\nOkafor: Ockever,  Akhofer ,\nPort  Ellery\nNg = ing # short\nOkafor: Oakafer\n",
    )
    assert read_glossary(file) == Glossary(
        (
            GlossaryName("Okafor", ("Ockever", "Akhofer", "Oakafer")),
            GlossaryName("Port Ellery"),
            GlossaryName("Ng", ("ing",)),
        )
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has no names"),
        (b"# nothing\n\n", "has no names"),
        (b"Okafor\n\xff\xfe\x00", "line 2: this is not UTF-8 text"),
        (b"Okafor\nab\x00cd\n", "line 2: this is not text"),
        (b"Okafor\n: Ockever\n", "line 2: there is no name"),
        (b"Okafor: --\n", "line 1: '--' has no letter or digit"),
        (b"Okafor\n\n" + b"word " * 40, "line 3"),
        ("\n".join(f"Name{n}" for n in range(MOST_NAMES + 2)).encode(), f"line {MOST_NAMES + 1}"),
        (b"a\n" * (1 << 20), "too long"),
    ],
)
def test_a_glossary_that_is_none_is_refused_by_file_and_line(content: bytes, said: str, tmp_path: Path) -> None:
    file = written(tmp_path / "names.txt", content)
    with pytest.raises(UsageError, match=said) as refusal:
        read_glossary(file)
    assert str(file) in refusal.value.message


def test_a_missing_glossary_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.txt", tmp_path):
        with pytest.raises(UsageError, match=str(path)):
            read_glossary(path)


def test_the_prompt_holds_what_fits() -> None:
    glossary = Glossary(tuple(GlossaryName(f"Name Number {n}") for n in range(100)))
    prompt = build_prompt("An interview.", glossary)
    assert prompt is not None
    assert prompt.startswith("An interview. Name Number 0, Name Number 1")
    assert PROMPT_CHARACTERS - 20 < len(prompt) <= PROMPT_CHARACTERS
    assert build_prompt(None, None) is None
    assert build_prompt("Only this.", None) == "Only this."


def test_a_sound_file_for_a_glossary_is_refused_at_once(tmp_path: Path, engine: FakeEngine) -> None:
    file = speak(tmp_path / "talk.wav", 1)
    run = transcribe(file, "--glossary", file)
    assert run.code == 2
    assert str(file) in run.err
    assert engine.asked == []
    assert transcribe(file, "--prompt", "x" * 5000).code == 2


def test_every_window_is_told_and_the_names_are_corrected_and_found(
    tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    engine.answers.extend(["I'm Daniel Akhofer.", "And I'm Helen."] * 3)
    names = written(tmp_path / "names.txt", "Daniel Okafor\n")
    file = speak(tmp_path / "talk.wav", 6)
    assert transcribe(file, "--glossary", names, "--prompt", "A talk.").answer["status"] == "done"
    assert engine.prompts == ["A talk. Daniel Okafor."] * 3
    words = stored(library)[1].words
    assert [(word.text, word.heard) for word in words[:3]] == [
        (" I'm", None),
        (" Daniel", None),
        (" Okafor.", "Akhofer"),
    ]
    assert airquote("search", "okafor").code == 0
    assert airquote("search", "akhofer").code == 1
    assert "[heard: Akhofer]" in airquote("show", "talk").out
    assert airquote("show", "talk", "--json").answers[0]["misheard"] == ["Akhofer"]
    at = airquote("at", "talk", words[2].start + 0.01, "--json").answer
    assert [word["heard"] for word in at["words"]] == [None, None, "Akhofer"]


def test_another_glossary_is_another_transcript_and_its_place_does_not_matter(
    tmp_path: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = speak(tmp_path / "talk.wav", 1)
    names = written(tmp_path / "names.txt", "Okafor\n")
    assert transcribe(file).answer["status"] == "done"
    assert transcribe(file, "--glossary", names, "--force").answer["status"] == "done"
    monkeypatch.setenv("AIRQUOTE_GLOSSARY", str(names.rename(tmp_path / "moved.txt")))
    assert transcribe(file).answer["status"] == "skipped"
    written(tmp_path / "moved.txt", "Okafor: Ockever\n")
    assert "another glossary" in transcribe(file).answer["reason"]
    assert transcribe(file, "--force").answer["status"] == "done"
    assert len(engine.asked) == 3
    assert airquote("transcribe", *ENGINE, file, "--glossary", tmp_path / "gone.txt").code == 2
