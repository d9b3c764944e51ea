"""What `transcribe --verbatim` keeps of fillers, repeated starts and cut-off words, and what it costs elsewhere.

    python -m bench.bench_verbatim                  # made speech: the second half of the recordings, with and without
    python -m bench.bench_verbatim --wordings       # and the wordings of the prompt, on the first half
    python -m bench.bench_verbatim --model base     # another model

With AIRQUOTE_BENCH_DATA also the dictated notes in it, whose references name few fillers. Tables are printed as
docs/transcription-benchmark.md has them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.materials import load_material
from bench.scoring import normalized
from bench.verbatim_scoring import VerbatimScore, count_fillers
from bench.verbatim_speech import CUT_OFF, FILLER, REPEATED, Recording, make_recordings
from rapidfuzz.distance import Levenshtein

from pipeline.engines.base import WindowText
from pipeline.engines.choose import EngineSpec, load_engine
from pipeline.transcription.assembly import assemble_transcript
from pipeline.transcription.options import TranscriptionOptions
from pipeline.transcription.plan import Group, Plan
from pipeline.transcription.transcribe import transcribe_media
from pipeline.transcription.verbatim import PROMPTS

NOTES = "voice_notes-en"
NAMES = (
    "Daniel Okafor, Port Ellery, Helen Marsh, Tollan Bay, Ingrid Sauer, Kestrel Line, Amadou Diallo, Lake Vesper, "
    "Ruth Calloway, Harbor Trust, Piotr Zielinski, Saint Orrin, Maya Bhatt, Coldwater Union, Teodor Lund."
)
WORDINGS = {
    "no prompt": "",
    "the prompt of --verbatim": PROMPTS["en"],
    "of OpenAI's guide": "Umm, let me think like, hmm... Okay, here's what I'm, like, thinking.",
    "list alone": "Um, uh, er, mm, I, I, th- the.",
    "three sentences": (
        "Um, so, uh, I, I think that, er, the th- the thing is, mm, we- we were, um, you know, going to, to do it. "
        "And, uh, he, he said, hmm, that she, she wan- wanted, um, to, to buy the, uh, the hou- house. "
        "But, but it was, er, it was imp- impossible, um, you see."
    ),
    "hyphens for repeats": "Um, well, uh, I- I mean, the, the wo- word was, er, hmm, it, it was, um, n- never said.",
    "more cut-off words": (
        "Um, the ne- the neighbor, uh, he re- remembered, I, I mean, er, the ma- manager, mm, he, he said, uh, no- "
        "nothing."
    ),
    "said to be verbatim": (
        "A verbatim transcript, with every um, uh and stutter. I, I, um, th- the, uh, we- well, er, mm, you know."
    ),
    "names alone": NAMES,
    "--verbatim, then names": f"{PROMPTS['en']} {NAMES}",
    "names, then --verbatim": f"{NAMES} {PROMPTS['en']}",
}

Hear = Callable[[Path, TranscriptionOptions], list[str]]


def load_airquote(model: str) -> tuple[EngineSpec, Hear]:
    """Load a model; the function returned gives the words of a file, whose windows are found once."""
    spec = EngineSpec("faster-whisper", model, "cpu")
    engine = load_engine(spec, 2)
    plans: dict[Path, Plan] = {}

    def hear(media: Path, options: TranscriptionOptions) -> list[str]:
        texts: list[WindowText] = []
        for event in transcribe_media(media, engine, options, plans.get(media)):
            if isinstance(event, Plan):
                plans[media] = event
            elif isinstance(event, Group):
                texts += event.texts
        return [word.text for word in assemble_transcript(plans[media], texts, options).words]

    return spec, hear


def score_recordings(recordings: Sequence[Recording], hear: Hear, options: TranscriptionOptions) -> VerbatimScore:
    """Score what is heard of made recordings."""
    score = VerbatimScore()
    for recording in recordings:
        score.add(recording, hear(recording.media, options))
    return score


def print_made(recordings: Sequence[Recording], hear: Hear, choices: dict[str, TranscriptionOptions]) -> None:
    """Print a table for made speech: which disfluencies are kept, and the WER of fluent words."""
    print(
        "\n| prompt | fillers | repeated starts | cut-off words | all, % | WER of fluent words, % | fillers invented |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, options in choices.items():
        score = score_recordings(recordings, hear, options)
        kept = " | ".join(f"{score.kept[kind]} of {score.spoken[kind]}" for kind in (FILLER, REPEATED, CUT_OFF))
        print(
            f"| {name} | {kept} | {score.recall():.0f} | {score.word_error_rate:.2f} | {score.invented_fillers} |",
            flush=True,
        )


def print_notes(hear: Hear, choices: dict[str, TranscriptionOptions]) -> None:
    """Print WER, as Whisper's normalizer has it (it drops most fillers), and fillers for the dictated notes."""
    notes = load_material(NOTES)
    if not notes:
        return
    named = sum(count_fillers(note.text.split()) for note in notes)
    print(f"\n| {NOTES}, {len(notes)} notes | WER, % | words | fillers ({named} in the references) |")
    print("| --- | --- | --- | --- |")
    for name, options in choices.items():
        wrong = words = fillers = 0
        for note in notes:
            heard, truth = hear(note.media, options), normalized(note.text, "en")
            wrong += Levenshtein.distance(truth, normalized("".join(heard), "en"))
            words, fillers = words + len(truth), fillers + count_fillers(heard)
        print(f"| {name} | {100 * wrong / words:.2f} | {words} | {fillers} |", flush=True)


def main() -> None:
    """Run the parts that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="tiny.en", help="a model with weights here")
    parser.add_argument("--wordings", action="store_true", help="also the wordings of the prompt, on the first half")
    parser.add_argument("--no-notes", action="store_true", help="made speech alone")
    arguments = parser.parse_args()
    recordings = make_recordings()
    half = len(recordings) // 2
    spec, hear = load_airquote(arguments.model)
    print(f"{arguments.model}, faster-whisper engine")
    if arguments.wordings:
        asked = {name: TranscriptionOptions(spec, "en", prompt) for name, prompt in WORDINGS.items()}
        print_made(recordings[:half], hear, asked)
    choices = {
        "without": TranscriptionOptions(spec, "en"),
        "with --verbatim": TranscriptionOptions(spec, "en", verbatim=True),
    }
    print_made(recordings[half:], hear, choices)
    if not arguments.no_notes:
        print_notes(hear, choices)


if __name__ == "__main__":
    main()
