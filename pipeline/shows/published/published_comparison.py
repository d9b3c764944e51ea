"""Hold the transcript of an episode against the publisher's: where do their words differ?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.errors import EpisodeError
from index.language.tokens import tokenize
from index.storage.store import Store
from index.transcript import Transcript, Word
from index.verification.edits import Difference, Edit
from pipeline.errors import GET_PUBLISHED, export_published, transcribe_beside
from pipeline.imported.comparison import READING_KINDS, Comparison, ReadingDifference, ReadingKind
from pipeline.imported.parallel_words import ParallelStretch, ParallelWords
from pipeline.imported.published_words import are_foreign, load_published
from pipeline.imported.reading_edits import SAME, compare_readings
from pipeline.imported.word_origin import find_origin
from pipeline.lookup import find_transcript

PASSAGE = 40
"""Words that one of the two has more than the other, from which on they are told as a whole: an advertisement, or a
part that the publisher left out."""

LONGEST_ALIGNED = 400
"""Words of a stretch that are aligned one by one, in some 20 ms; in longer ones hardly a word is the same."""

SHOWN_AROUND = 4
"""Words shown before and after a difference."""

_ANCHOR = 3
"""Equal words on both sides of a differing stretch that are aligned with it: numbers and names are read with them."""

_KINDS: dict[Difference | None, ReadingKind] = {
    "number": "number", "name": "name", "negation": "negation", "small word": "small words", "hedge": "small words",
}  # fmt: skip


def compare_transcripts(store: Store, name: str) -> Comparison:
    """Return where the publisher's transcript of an episode differs from its words: numbers and names first.

    Raises EpisodeError for an episode that is unknown, has no transcript, none of the publisher, no other than that, or
    that of the publisher in another language.
    """
    with store.snapshot():
        episode, facts = find_transcript(store, name)
        file, origin = store.published(episode.id), find_origin(facts)
        if file is None:
            raise EpisodeError(
                f"No transcript of the publisher is kept of {episode.id}.", GET_PUBLISHED, where=episode.id
            )
        if origin.kind == "publisher":
            raise EpisodeError(
                f"The words of {episode.id} are the publisher's, and there are no others to compare them with.",
                transcribe_beside(episode.id, store.directory),
                where=episode.id,
            )
        published = load_published(store, episode.id, facts.language)
        transcript = store.transcript(episode.id)
    assert published is not None
    assert transcript is not None
    if are_foreign(published.language, transcript.language):
        raise EpisodeError(
            f"The publisher's transcript of {episode.id} is in {published.language}, its words in"
            f" {transcript.language}: a translation has other words everywhere.",
            export_published(episode.id, store.directory),
            where=episode.id,
        )
    found = sorted(_find_differences(episode.id, transcript, published), key=_gravity)
    numbered = tuple(replace(one, n=number) for number, one in enumerate(found, 1))
    words, others = _count(transcript.words), _count(published.words)
    differing = sum(len(tokenize(text)) for one in found for text in (one.said, one.publisher))
    equal = 1 - differing / (words + others) if words + others else 1.0
    return Comparison(
        episode.id, origin.description, file.address, words, others, round(equal, 4), numbered, episode.media
    )


def _gravity(difference: ReadingDifference) -> tuple[int, float]:
    return READING_KINDS.index(difference.difference), difference.start


def _count(words: Sequence[Word]) -> int:
    return sum(len(tokenize(word.text)) for word in words if word.spoken)


def _find_differences(episode: str, heard: Transcript, published: Transcript) -> Iterator[ReadingDifference]:
    """Yield the differences in the order of time, without numbers."""
    for stretch in ParallelWords(heard.words, published.words).differing(_ANCHOR):
        if _is_passage(stretch):
            said = _text(heard.words[stretch.first : stretch.stop])
            read = _text(published.words[stretch.other_first : stretch.other_stop])
            if tokenize(said) or tokenize(read):
                yield _show(episode, heard, "passage", said, read, stretch.first, stretch.stop)
        else:
            yield from _compare_stretch(episode, heard, published, stretch)


def _is_passage(stretch: ParallelStretch) -> bool:
    count, other_count = stretch.stop - stretch.first, stretch.other_stop - stretch.other_first
    return abs(count - other_count) >= PASSAGE or max(count, other_count) > LONGEST_ALIGNED


def _compare_stretch(
    episode: str, heard: Transcript, published: Transcript, stretch: ParallelStretch
) -> Iterator[ReadingDifference]:
    """Yield the differences in a short stretch, aligned together with the equal words around it."""
    back = min(_ANCHOR, stretch.first, stretch.other_first)
    on = min(_ANCHOR, len(heard.words) - stretch.stop, len(published.words) - stretch.other_stop)
    first = stretch.first - back
    said = _texts(heard.words[first : stretch.stop + on])
    read = _texts(published.words[stretch.other_first - back : stretch.other_stop + on])
    reached = first
    for edit in compare_readings(said, read, first, heard.language):
        begin, stop = (reached, reached) if edit.first is None or edit.last is None else (edit.first, edit.last + 1)
        reached = stop
        if edit.difference not in SAME:
            yield _show(episode, heard, _kind_of(edit), edit.said, edit.quoted, begin, stop)


def _kind_of(edit: Edit) -> ReadingKind:
    return _KINDS.get(edit.difference, "other words")


def _show(
    episode: str, heard: Transcript, kind: ReadingKind, said: str, read: str, begin: int, stop: int
) -> ReadingDifference:
    """Return a difference at the words ``begin`` to ``stop``, exclusive; where there are none, at the pause."""
    words = heard.words
    if stop > begin:
        start, end = words[begin].start, max(word.end for word in words[begin:stop])
    else:
        start = words[begin - 1].end if begin else 0.0
        end = max(start, words[stop].start) if stop < len(words) else start
    before, after = words[max(0, begin - SHOWN_AROUND) : begin], words[stop : stop + SHOWN_AROUND]
    speaker = next((one.speaker for one in heard.segments if one.first <= begin < min(stop, one.last + 1)), None)
    return ReadingDifference(
        0, episode, round(start, 3), round(end, 3), kind, said, read, _text(before), _text(after), speaker
    )


def _texts(words: Sequence[Word]) -> list[str]:
    """Return the texts of words that were said, in the order of all, so that numbers of words stay."""
    return [word.text if word.spoken else "" for word in words]


def _text(words: Sequence[Word]) -> str:
    return "".join(_texts(words)).strip()
