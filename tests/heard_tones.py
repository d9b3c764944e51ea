"""Recordings whose every second has tones of its own, and what of them is heard in a browser."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from numpy.typing import NDArray

if TYPE_CHECKING:
    from playwright.sync_api import Page

RATE = 16000
PERIOD = 600
"""Seconds after which the tones come again."""
MINUTE = 60

VBR = {"flags": "+qscale", "global_quality": "708"}
NO_HEADER = {"write_xing": "0"}

# ending, codec, options of codec and container
KINDS: dict[str, tuple[str, str, dict[str, str], dict[str, str]]] = {
    "MP3, CBR": (".mp3", "libmp3lame", {"b": "32000"}, {}),
    "MP3, CBR without a header": (".mp3", "libmp3lame", {"b": "32000"}, NO_HEADER),
    "MP3, VBR": (".mp3", "libmp3lame", VBR, {}),
    "MP3, VBR without a header": (".mp3", "libmp3lame", VBR, NO_HEADER),
    "M4A": (".m4a", "aac", {"b": "64000"}, {}),
    "Opus": (".opus", "libopus", {"b": "32000"}, {}),
    "WAV": (".wav", "pcm_s16le", {}, {}),
    "FLAC": (".flac", "flac", {}, {}),
}

LISTEN = """
async ({ sounds, wanted }) => {
  const capture = `registerProcessor("capture", class extends AudioWorkletProcessor {
    process([[samples]]) {
      if (samples && samples.some((one) => one)) this.port.postMessage(samples);
      return true;
    }
  })`;
  const context = new AudioContext();
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([capture], { type: "text/javascript" })));
  await context.resume();
  const listen = async ({ address, time }) => {
    const audio = new Audio();
    const node = new AudioWorkletNode(context, "capture");
    context.createMediaElementSource(audio).connect(node);
    const blocks = [];
    const began = performance.now();
    let first = null;
    const heard = new Promise((resolve) => {
      node.port.onmessage = ({ data }) => {
        first ??= performance.now() - began;
        blocks.push(data);
        if (blocks.length * data.length >= wanted * context.sampleRate) resolve();
      };
    });
    audio.src = address;
    audio.currentTime = time;
    const failed = new Promise((_, reject) => audio.addEventListener("error", () => reject(audio.error.message)));
    await Promise.race([audio.play().then(() => heard), failed]);
    node.port.onmessage = null;
    node.disconnect();
    audio.pause();
    audio.removeAttribute("src");
    audio.load();
    const bytes = new Uint8Array(Float32Array.from(blocks.flatMap((block) => [...block])).buffer);
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return { rate: context.sampleRate, first, samples: btoa(text) };
  };
  const all = await Promise.all(sounds.map(listen));
  await context.close();
  return all;
}
"""
"""Plays sounds from given times, all at once, and returns for each the first ``wanted`` seconds that were heard.

Where the sound falters, the browser plays silence; that is left out.
"""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard: samples, (samples,), float32, at ``rate``; ``wait`` is the milliseconds to the first sound."""

    samples: NDArray[np.float32]
    rate: int
    wait: float


def tones_of(second: int) -> tuple[float, float]:
    """Return the frequencies of two tones: by one a second is known within its minute, by the other the minute."""
    return 300.0 + 40 * (second * 7 % MINUTE), 3200.0 + 250 * (second // MINUTE % (PERIOD // MINUTE))


def make_tones(seconds: int, rate: int = RATE) -> NDArray[np.int16]:
    """Return seconds with their tones, int16, (samples,); there is noise in every other minute, so bit rates vary."""
    times = np.arange(rate) / rate
    parts = [sum(np.sin(2 * np.pi * frequency * times) for frequency in tones_of(n)) for n in range(seconds)]
    noise = np.random.default_rng(0).normal(0, 0.1, seconds * rate) * (np.arange(seconds * rate) // (rate * MINUTE) % 2)
    return np.asarray(np.rint(6000 * (np.concatenate(parts) + noise)), np.int16)


def write_tones(kind: str, path: Path, tones: NDArray[np.int16], times: int = 1) -> Path:
    """Write tones as one of KINDS, with the ending of that, as often as that."""
    ending, codec, options, container_options = KINDS[kind]
    path = path.with_suffix(ending)
    with av.open(str(path), "w", options=container_options) as container:
        rate = 48000 if codec == "libopus" else RATE
        stream = container.add_stream(codec, rate=rate, options=options, layout="mono")
        assert isinstance(stream, AudioStream)
        frame = AudioFrame.from_ndarray(tones.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        for number in range(times):
            frame.pts = number * len(tones)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def repeat_mp3(piece: Path, path: Path, times: int) -> float:
    """Join an MP3 to itself, as often as that, and return the seconds after which it comes again."""
    path.write_bytes(piece.read_bytes() * times)
    with av.open(str(piece)) as container:
        (stream,) = container.streams.audio
        return sum(float((packet.duration or 0) * (packet.time_base or 0)) for packet in container.demux(stream))


def listen(page: Page, sounds: list[tuple[str, float]], wanted: float) -> list[Heard]:
    """Play addresses of sounds from given seconds in a page, and return the first ``wanted`` seconds of each."""
    asked = {"sounds": [{"address": address, "time": time} for address, time in sounds], "wanted": wanted}
    return [_as_heard(one) for one in page.evaluate(LISTEN, asked)]


def _as_heard(answer: Any) -> Heard:
    samples = np.frombuffer(base64.b64decode(answer["samples"]), np.float32)
    return Heard(samples, round(answer["rate"]), answer["first"])


def heard_time(heard: Heard) -> float:
    """Return the second of the recording, modulo PERIOD, at which what was heard begins.

    That is known from its tones, and from where one second's tones give way to the next one's.
    """
    second = _known_second(heard.samples[: heard.rate // 5], heard.rate)
    before, after = (_loudness(heard, tones_of(n)[0]) for n in (second, second + 1))
    border = int(np.argmax(np.cumsum(before - after))) + 1
    return second + 1 - border / heard.rate


def _known_second(samples: NDArray[np.float32], rate: int) -> int:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 16))
    strength = [
        np.prod([spectrum[round(frequency * (1 << 16) / rate)] for frequency in tones_of(second)])
        for second in range(PERIOD)
    ]
    return int(np.argmax(strength))


def _loudness(heard: Heard, frequency: float) -> NDArray[np.float64]:
    """Return the loudness of a tone at every sample, in a window around it."""
    window = np.hanning(heard.rate // 40)
    turned = heard.samples * np.exp(-2j * np.pi * frequency * np.arange(len(heard.samples)) / heard.rate)
    return np.abs(np.convolve(turned, window, "same"))
