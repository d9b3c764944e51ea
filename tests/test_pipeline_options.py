"""The options of a transcription: one value, whose stored form is that of existing libraries."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from fake_engine import ENGINE, ROOT, FakeEngine, airquote, raise_at, speak, stored, transcribe

from audio.errors import UsageError
from audio.timecode import Span
from audio.windows import Window
from index.storage.store import Store
from index.transcript import Word
from pipeline.batch.running.executor import Transcription
from pipeline.engines.base import Note, WindowText
from pipeline.engines.choose import EngineSpec
from pipeline.errors import ModelError
from pipeline.transcription import quality
from pipeline.transcription.assembly import assemble_transcript
from pipeline.transcription.glossary import PROMPT_CHARACTERS, Glossary, GlossaryName
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan, texts_from_json

GLOSSARY = Glossary((GlossaryName("Zo\u00eb Okafor", ("Ockever",)), GlossaryName("Port Ellery")))
SMALL = EngineSpec("faster-whisper", "small", "cpu")
CHECKPOINT = EngineSpec("openai-whisper", "/weights/tiny.en.pt", "cuda")
ALL = TranscriptionOptions(CHECKPOINT, "es", "An interview.\n", GLOSSARY, partial=True, force=True)

PLAN = Plan(
    12.5,
    (Window(0, (Span(1.0, 2.5), Span(4.0, 5.0))),),
    "en",
    {"beam_size": 3, "compute_type": "int8", "guards": 3},
    (Span(6.0, 6.5),),
    0.25,
    (Span(1.4, 2.1),),
    True,
)
TEXT = WindowText(
    (Word(" Zo\u00eb.", 0.1, 0.5, 0.9),), "en", -0.25, 0.6, 0.01, 0.0, "en", 0.9, (Note("low confidence", 0.1, 0.5),)
)

# The literals below were written by airquote before options were one value.


@pytest.mark.parametrize(
    ("options", "recipe"),
    [
        (TranscriptionOptions(SMALL), '{"engine": "faster-whisper", "language": null, "model": "small"}'),
        (TranscriptionOptions(SMALL, "en", ""), '{"engine": "faster-whisper", "language": "en", "model": "small"}'),
        (
            ALL,
            '{"engine": "openai-whisper", "glossary": [["Zo\\u00eb Okafor", "Ockever"], ["Port Ellery"]],'
            ' "language": "es", "model": "/weights/tiny.en.pt", "prompt": "An interview.\\n"}',
        ),
    ],
)
def test_a_recipe_is_what_it_always_was(options: TranscriptionOptions, recipe: str) -> None:
    assert options.recipe == recipe


def test_the_settings_of_a_transcript_are_what_they_always_were() -> None:
    options = TranscriptionOptions(EngineSpec("openai-whisper", "base", "cpu"), "es", "Zo\u00eb", GLOSSARY)
    transcript = assemble_transcript(PLAN, [TEXT], options)
    assert (transcript.engine, transcript.model) == ("openai-whisper", "base")
    assert transcript.settings == (
        '{"asked": {"glossary": [["Zo\u00eb Okafor", "Ockever"], ["Port Ellery"]], "language": "es",'
        ' "prompt": "Zo\u00eb"}, "beam_size": 3, "compute_type": "int8", "guards": 3}'
    )


def test_a_draft_is_what_it_always_was() -> None:
    plan = (
        '{"duration": 12.5, "language": "en", "settings": {"beam_size": 3, "compute_type": "int8", "guards": 3},'
        ' "windows": [[[1.0, 2.5], [4.0, 5.0]]], "holes": [[6.0, 6.5]], "lost": 0.25, "speech": [[1.4, 2.1]],'
        ' "mixed": true}'
    )
    assert PLAN.to_json() == plan
    assert Plan.from_json(plan) == PLAN
    part = (
        '[{"words": [{"text": " Zo\u00eb.", "start": 0.1, "end": 0.5, "probability": 0.9, "heard": null}],'
        ' "language": "en", "mean_log_probability": -0.25, "compression_ratio": 0.6, "no_speech_probability": 0.01,'
        ' "temperature": 0.0, "spoken_language": "en", "spoken_probability": 0.9,'
        ' "notes": [{"kind": "low confidence", "start": 0.1, "end": 0.5}]}]'
    )
    assert Group(0, (TEXT,), 5.0).to_json() == part
    assert texts_from_json(part) == [TEXT]


def test_the_command_line_finds_drafts_and_transcripts_by_what_it_always_wrote(
    tmp_path: Path, library: Path, engine: FakeEngine
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("Zo\u00eb Okafor: Ockever\n", encoding="utf-8")
    asked = ("--language", "en", "--prompt", "An interview.", "--glossary", names)
    engine.before = raise_at(1)
    assert transcribe(speak(tmp_path / "talk.wav", 4), *asked).code == 3
    recipe = (
        '{"engine": "faster-whisper", "glossary": [["Zo\\u00eb Okafor", "Ockever"]], "language": "en",'
        ' "model": "tiny.en", "prompt": "An interview."}'
    )
    with Store.open(library) as store:
        draft = store.draft("talk", recipe)
    assert draft is not None
    assert list(draft.parts) == [0]
    assert transcribe(tmp_path / "talk.wav", *asked).answer["status"] == "done"
    assert stored(library)[1].settings == (
        '{"asked": {"glossary": [["Zo\u00eb Okafor", "Ockever"]], "language": "en", "prompt": "An interview."},'
        f' "fake": 1, "guards": {quality.VERSION}}}'
    )
    assert transcribe(tmp_path / "talk.wav", *asked).answer["status"] == "skipped"


def test_a_recipe_is_never_made_of_what_is_left_to_the_machine() -> None:
    for engine in (EngineSpec(model="small", device="cpu"), EngineSpec("faster-whisper", device="cpu")):
        with pytest.raises(ValueError, match="resolve"):
            _ = TranscriptionOptions(engine).recipe
        resolved = TranscriptionOptions(engine).resolve()
        assert json.loads(resolved.recipe)["engine"] == "faster-whisper"
        assert json.loads(resolved.recipe)["model"] == "small"
        assert resolved.resolve() == resolved


def test_options_that_cannot_work_are_refused_before_anything_is_read() -> None:
    with pytest.raises(UsageError):
        TranscriptionOptions(EngineSpec("whisper")).resolve()
    with pytest.raises(UsageError):
        TranscriptionOptions(SMALL, prompt="a" * (PROMPT_CHARACTERS + 1)).resolve()
    with pytest.raises(ModelError):
        TranscriptionOptions(EngineSpec("faster-whisper", "tiny.en", "cpu"), "es").resolve()
    assert TranscriptionOptions(EngineSpec("faster-whisper", "tiny.en", "cpu"), "en").resolve().language == "en"


@pytest.mark.parametrize(("name", "code"), [("English", "en"), ("eng", "en"), ("de-CH", "de"), ("es", "es")])
def test_a_language_is_stored_as_its_code(name: str, code: str) -> None:
    resolved = TranscriptionOptions(SMALL, name).resolve()
    assert resolved.language == code
    assert json.loads(resolved.recipe)["language"] == code
    assert TranscriptionOptions(EngineSpec("faster-whisper", "tiny.en", "cpu"), "English").resolve().language == "en"


@pytest.mark.parametrize("name", ["foo", "", "auto", "123"])
def test_what_is_not_a_language_is_refused(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        TranscriptionOptions(SMALL, name).resolve()
    assert str(caught.value) == f"{name!r} is not a language. Write its code or its English name, such as de or German."


def test_the_engine_that_was_asked_for_is_loaded_once_for_all_files(
    tmp_path: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[EngineSpec] = []

    def load(spec: EngineSpec, **_: object) -> FakeEngine:
        loaded.append(spec)
        return engine

    monkeypatch.setattr("pipeline.batch.running.executor.load_engine", load)
    files = [speak(tmp_path / f"{name}.wav", 1, seed) for seed, name in enumerate("ab")]
    assert [answer["status"] for answer in transcribe(*files).answers] == ["done", "done"]
    assert loaded == [EngineSpec("faster-whisper", "tiny.en", "cpu")]


def test_work_reaches_a_worker_process_with_all_its_options() -> None:
    work = Transcription("ab12", Path("talk.mp3"), ALL, PLAN, frozenset({0}))
    assert pickle.loads(pickle.dumps(work)) == work


def test_the_prompt_of_a_window_is_the_persons_own_and_the_names() -> None:
    assert TranscriptionOptions().window_prompt("en") is None
    assert ALL.window_prompt("es") == "An interview. Zo\u00eb Okafor, Port Ellery."


def test_options_are_made_without_loading_an_engine() -> None:
    program = (
        "import sys; from pipeline.transcription.options import TranscriptionOptions; TranscriptionOptions();"
        " print(*{name.partition('.')[0] for name in sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "pipeline" in run.stdout.split()
    assert not {"av", "ctranslate2", "faster_whisper", "torch", "whisper"} & set(run.stdout.split())


def test_a_prompt_that_is_too_long_stops_the_command(tmp_path: Path, engine: FakeEngine) -> None:
    run = airquote("transcribe", *ENGINE, "--prompt", "a" * (PROMPT_CHARACTERS + 1), speak(tmp_path / "talk.wav", 1))
    assert run.code == 2
    assert "prompt" in run.err
    assert engine.asked == []
