"""Time the Whisper encoder alone, in every library installed: the yardstick's row of the transcription benchmark.

    python -m bench.encoder_one interview-10min encoder tiny.en run.json

The yardstick is the time that the fastest library's encoder takes for as few windows of 30 s as the speech of a
material fills: the durations of the windows of airquote's plan, added, divided by 30 s and rounded up. Some windows are
encoded by each library, in a process of its own, and the time for one is multiplied.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from bench.encoders import LIBRARIES, REFERENCE, Floats, missing_modules
from bench.kept_results import bench_environment
from bench.materials import ROOT, Recording, load_material
from bench.processor import describe_processor

from audio.decode import decode_audio
from audio.samples import SAMPLE_RATE, WINDOW_SAMPLES
from audio.voice_activity import SpeechDetector
from audio.windows import Window, pack_windows, read_windows

MEASURED_WINDOWS = 6
"""An even number, so that two workers have as much to do; airquote's engine decodes as many in a batch."""
WINDOW_SECONDS = WINDOW_SAMPLES / SAMPLE_RATE
SAME_ENCODER = 0.15
"""Relative error (root mean square) up to which an output counts as that of the same encoder; int8 in CTranslate2
has 0.07 and dynamic int8 in ONNX Runtime 0.08 (tiny.en, the interview), float32 less than 0.00001."""


def plan_windows(recordings: Sequence[Recording]) -> list[list[Window]]:
    """Return the windows that airquote cuts each recording into."""
    planned = []
    for recording in recordings:
        detector = SpeechDetector()
        for block in decode_audio(recording.media):
            detector.feed(block)
        planned.append(list(pack_windows(detector.finish())))
    return planned


def fewest_windows(planned: Sequence[Sequence[Window]]) -> int:
    """Return how many windows the speech of all recordings would fill without a gap."""
    seconds = sum(window.duration for windows in planned for window in windows)
    return math.ceil(seconds / WINDOW_SECONDS)


def read_spectrograms(recordings: Sequence[Recording], planned: Sequence[Sequence[Window]], mels: int) -> Floats:
    """Return the spectrograms of the first windows, float32, (windows, mels, 3000), the last repeated to the count."""
    from faster_whisper.feature_extractor import FeatureExtractor

    from pipeline.engines.base import pad_window

    features = FeatureExtractor(feature_size=mels)
    sounds = (
        samples
        for recording, windows in zip(recordings, planned, strict=True)
        for _, samples in read_windows(decode_audio(recording.media), windows)
    )
    found = [
        features(pad_window(samples, WINDOW_SAMPLES), padding=0).astype(np.float32)
        for samples in islice(sounds, MEASURED_WINDOWS)
    ]
    return np.stack([found[min(number, len(found) - 1)] for number in range(MEASURED_WINDOWS)])


def count_mels(model: str) -> int:
    """Return the number of mel bands that the model takes."""
    import ctranslate2

    from pipeline.models.weights import find_weights

    weights = find_weights(model, "faster-whisper")
    return int(ctranslate2.models.Whisper(str(weights.path), device="cpu", compute_type="int8").n_mels)


def time_libraries(spectrograms: Floats, model: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the runs of each library, with the differences from PyTorch's output, and those not installed or failed.

    A run has ``library``, ``workers``, ``seconds`` and ``cpu_seconds`` for a window, ``largest`` (the largest absolute
    difference) and ``relative`` (the root mean square of the differences over that of the output).
    """
    runs: list[dict[str, Any]] = []
    absent: list[str] = []
    outputs: dict[str, Floats] = {}
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "spectrograms.npy"
        np.save(sound, spectrograms)
        for library in LIBRARIES:
            missing = missing_modules(library)
            if missing:
                absent.append(f"{library} ({', '.join(missing)} not installed)")
                continue
            command = [sys.executable, "-m", "bench.encoders", library, model, str(sound), folder]
            done = subprocess.run(command, env=bench_environment(), cwd=ROOT, stdout=subprocess.DEVNULL)
            if done.returncode:
                absent.append(f"{library} (failed, exit code {done.returncode})")
                continue
            measured = json.loads((Path(folder) / "run.json").read_text(encoding="utf-8"))
            runs += [{"library": library, **run} for run in measured]
            outputs[library] = np.load(Path(folder) / "output.npy")
    for run in runs:
        if REFERENCE in outputs:
            run["largest"], run["relative"] = compare(outputs[run["library"]], outputs[REFERENCE])
    return runs, absent


def compare(output: Floats, reference: Floats) -> tuple[float, float]:
    """Return the largest absolute difference, and the relative error (root mean square)."""
    difference = output.astype(np.float64) - reference
    error, size = float(np.square(difference).mean()), float(np.square(reference, dtype=np.float64).mean())
    return float(np.abs(difference).max()), math.sqrt(error / size)


def fastest_run(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the run that took the least time, of those whose output is that of the same encoder."""
    same = [run for run in runs if run.get("relative", 0.0) <= SAME_ENCODER]
    return min(same, key=lambda run: float(run["seconds"]))


def main() -> None:
    """Measure the yardstick of a material and write the result."""
    material, _, model, result = sys.argv[1:]
    recordings, threads = load_material(material), os.cpu_count() or 1
    planned = plan_windows(recordings)
    runs, absent = time_libraries(read_spectrograms(recordings, planned, count_mels(model)), model)
    fewest, fastest = fewest_windows(planned), fastest_run(runs)
    measured = {
        "seconds": fewest * fastest["seconds"],
        "cpu_seconds": fewest * fastest["cpu_seconds"],
        "threads": threads,
        "processor": describe_processor(),
        "fastest": fastest,
        "fewest_windows": fewest,
        "planned_windows": sum(len(windows) for windows in planned),
        "speech_seconds": sum(window.duration for windows in planned for window in windows),
        "encoders": runs,
        "absent": absent,
    }
    Path(result).write_text(json.dumps(measured, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
