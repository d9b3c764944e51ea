"""Read the JSON of speech services: Deepgram, AssemblyAI, Rev, AWS Transcribe, Google and Azure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from index.formats.cues import CueCollector, TranscriptFile
from index.formats.json.json_fields import number, optional_text, probability
from index.formats.json.spoken_items import (
    Item,
    SpokenItem,
    collect_items,
    fields_of,
    label,
    number_in,
    objects,
    time_of,
)
from index.language.language_codes import stated_language

Placed = tuple[str, SpokenItem]


def _read(layout: str, items: Iterator[Placed] | list[Placed], language: object) -> TranscriptFile:
    collected = CueCollector()
    collect_items(items, collected)
    collected.cues.sort(key=lambda cue: cue.start)
    return collected.file(layout, stated_language(language))


def is_deepgram(document: Any) -> bool:
    """Whether a document has ``results.channels``."""
    return bool(objects(fields_of(fields_of(document).get("results")).get("channels")))


def read_deepgram(document: Any) -> TranscriptFile:
    """Read Deepgram's words, of which each channel is a speaker if there are several."""
    channels = objects(document["results"]["channels"])

    def items() -> Iterator[Placed]:
        for row, channel in enumerate(channels):
            best = (objects(channel.get("alternatives")) or [{}])[0]
            place = f"results.channels[{row}].alternatives[0].words"
            for number_, word in enumerate(objects(best.get("words"))):
                speaker = f"Channel {row + 1}" if len(channels) > 1 else label(word.get("speaker"))
                text = optional_text(word.get("punctuated_word")) or optional_text(word.get("word"))
                yield f"{place}[{number_}]", _item(word, text, "start", "end", speaker)

    language = next((channel.get("detected_language") for channel in channels), None)
    return _read("deepgram-json", items(), language)


def is_assemblyai(document: Any) -> bool:
    """Whether a document has ``words`` or ``utterances`` of ``text`` in whole milliseconds."""
    fields = fields_of(document)
    first = (objects(fields.get("words")) or objects(fields.get("utterances")))[:1]
    states = any(key in fields for key in ("audio_url", "utterances", "language_code", "acoustic_model", "status"))
    return states and bool(first) and "text" in first[0] and type(first[0].get("start")) is int


def read_assemblyai(document: Any) -> TranscriptFile:
    """Read AssemblyAI's words, with the speakers of its utterances."""
    utterances = objects(document.get("utterances"))
    rows = [
        (f"utterances[{row}].words[{column}]", word)
        for row, one in enumerate(utterances)
        for column, word in enumerate(objects(one.get("words")) or [one])
    ] or [(f"words[{row}]", word) for row, word in enumerate(objects(document.get("words")))]
    items = [
        (place, _item(word, optional_text(word.get("text")), "start", "end", label(word.get("speaker")), 0.001))
        for place, word in rows
    ]
    return _read("assemblyai-json", items, document.get("language_code"))


def is_rev(document: Any) -> bool:
    """Whether a document has ``monologues``."""
    return bool(objects(fields_of(document).get("monologues")))


def read_rev(document: Any) -> TranscriptFile:
    """Read Rev's monologues of elements, whose punctuation and spaces stand between words."""
    names = {one.get("id"): optional_text(one.get("name")) for one in objects(document.get("speakers"))}

    def items() -> Iterator[Placed]:
        for row, monologue in enumerate(objects(document["monologues"])):
            who = monologue.get("speaker")
            known = names.get(who) if isinstance(who, (int, str)) else None
            speaker = known or optional_text(monologue.get("speaker_name")) or label(who)
            waiting: Placed | None = None
            for column, element in enumerate(objects(monologue.get("elements"))):
                text = optional_text(element.get("value"))
                if element.get("type") == "text":
                    if waiting:
                        yield waiting
                    word = _item(element, text, "ts", "end_ts", speaker)
                    waiting = f"monologues[{row}].elements[{column}]", word
                elif waiting and text.strip() and element.get("type") == "punct":
                    waiting = waiting[0], replace(waiting[1], text=waiting[1].text + text.rstrip())
            if waiting:
                yield waiting

    return _read("rev-json", items(), document.get("language"))


def is_aws(document: Any) -> bool:
    """Whether a document has ``results.items``."""
    return bool(objects(fields_of(fields_of(document).get("results")).get("items")))


def read_aws(document: Any) -> TranscriptFile:
    """Read AWS Transcribe's items, with the speaker labels or the channels that it gives beside them."""
    results = document["results"]
    labels = _aws_labels(results)

    def items() -> Iterator[Placed]:
        waiting: Placed | None = None
        for row, item in enumerate(objects(results["items"])):
            best = (objects(item.get("alternatives")) or [{}])[0]
            text = optional_text(best.get("content"))
            if item.get("type") == "punctuation":
                if waiting:
                    waiting = waiting[0], replace(waiting[1], text=waiting[1].text + text)
                continue
            if waiting:
                yield waiting
            start = item.get("start_time")
            speaker = labels.get((optional_text(start), optional_text(item.get("end_time"))))
            speaker = label(item.get("speaker_label")) or label(item.get("channel_label")) or speaker
            word = _item(item, text, "start_time", "end_time", speaker)
            score = number_in(best.get("confidence"))
            waiting = f"results.items[{row}]", replace(word, probability=probability(score))
        if waiting:
            yield waiting

    language = results.get("language_code") or document.get("language_code")
    channels = objects(fields_of(results.get("channel_labels")).get("channels"))
    found = list(items())
    if channels:
        found.sort(key=lambda one: one[1].start)
    return _read("aws-json", found, language)


def _aws_labels(results: Item) -> dict[tuple[str, str], str]:
    labels: dict[tuple[str, str], str] = {}
    for segment in objects(fields_of(results.get("speaker_labels")).get("segments")):
        for item in objects(segment.get("items")):
            if name := label(item.get("speaker_label", segment.get("speaker_label"))):
                labels[optional_text(item.get("start_time")), optional_text(item.get("end_time"))] = name
    for channel in objects(fields_of(results.get("channel_labels")).get("channels")):
        for item in objects(channel.get("items")):
            if name := label(channel.get("channel_label")):
                labels.setdefault((optional_text(item.get("start_time")), optional_text(item.get("end_time"))), name)
    return labels


def is_google(document: Any) -> bool:
    """Whether a document has ``results`` with ``alternatives``, perhaps in a ``response``."""
    return bool(_google_alternatives(document))


def read_google(document: Any) -> TranscriptFile:
    """Read Google's words. With speaker tags, the last result has all words again, with their tags."""
    found = _google_alternatives(document)
    words = [[(place, word) for place, word in _placed(row, best)] for row, best in found]
    if len(words) > 1 and any(_tag(word) for _, word in words[-1]) and not any(_tag(word) for _, word in words[0]):
        words = words[-1:]
    items: list[Placed] = []
    before = 0.0
    for (row, best), placed in zip(found[-len(words) :], words, strict=True):
        result = _google_results(document)[row]
        for place, word in placed:
            items.append((place, _google_item(word)))
        until = time_of(_either(result, "resultEndTime", "result_end_time", "resultEndOffset"))
        if not placed and (text := optional_text(best.get("transcript"))):
            items.append((f"results[{row}]", SpokenItem(text.strip(), before, until)))
        before = until if until >= before else before
    language = next((_either(one, "languageCode", "language_code") for one in _google_results(document)), None)
    return _read("google-json", items, language)


def _google_results(document: Any) -> list[Item]:
    fields = fields_of(document)
    return objects(fields.get("results")) or objects(fields_of(fields.get("response")).get("results"))


def _google_alternatives(document: Any) -> list[tuple[int, Item]]:
    found = enumerate(_google_results(document))
    return [(row, best[0]) for row, result in found if (best := objects(result.get("alternatives")))]


def _placed(row: int, best: Item) -> Iterator[tuple[str, Item]]:
    for column, word in enumerate(objects(best.get("words"))):
        yield f"results[{row}].alternatives[0].words[{column}]", word


def _tag(word: Item) -> object:
    return _either(word, "speakerTag", "speaker_tag", "speakerLabel", "speaker_label")


def _google_item(word: Item) -> SpokenItem:
    start = _either(word, "startTime", "start_time", "startOffset", "start_offset")
    end = _either(word, "endTime", "end_time", "endOffset", "end_offset")
    # Protocol buffers leave out a zero: a first word has no start, and an unknown confidence is 0.
    score = probability(number(word.get("confidence"))) or None
    times = (0.0 if start is None else time_of(start)), time_of(end)
    return SpokenItem(optional_text(word.get("word")), *times, score, label(_tag(word)))


def _either(fields: Item, *keys: str) -> object:
    return next((fields[key] for key in keys if key in fields), None)


def is_azure(document: Any) -> bool:
    """Whether a document has ``recognizedPhrases``, or ``phrases`` with ``offsetMilliseconds``."""
    return bool(_azure_phrases(document))


def read_azure(document: Any) -> TranscriptFile:
    """Read Azure's phrases: of batch transcription in ticks of 100 ns, of fast transcription in milliseconds."""
    phrases = _azure_phrases(document)
    channels = {phrase.get("channel") for phrase in phrases}
    items: list[Placed] = []
    for row, phrase in enumerate(phrases):
        best = (objects(phrase.get("nBest")) or [phrase])[0]
        speaker = label(phrase.get("speaker"))
        if speaker is None and len(channels) > 1:
            speaker = label(phrase.get("channel"), "Channel")
        said = optional_text(best.get("display")) or optional_text(best.get("text"))
        words = objects(best.get("displayWords")) or objects(best.get("words"))
        spelt = _spell(
            said, [optional_text(word.get("displayText", word.get("word", word.get("text")))) for word in words]
        )
        if spelt is None:
            items.append((f"phrases[{row}]", _azure_item(phrase, said, speaker)))
            continue
        for column, (word, text) in enumerate(zip(words, spelt, strict=True)):
            items.append((f"phrases[{row}].words[{column}]", _azure_item(word, text, speaker)))
    language = next((_either(one, "locale") for one in phrases), None)
    return _read("azure-json", items, language or document.get("locale"))


def _azure_phrases(document: Any) -> list[Item]:
    fields = fields_of(document)
    phrases = objects(fields.get("recognizedPhrases")) or objects(fields.get("phrases"))
    known = ("offsetInTicks", "offset", "offsetMilliseconds")
    return phrases if phrases and any(key in phrases[0] for key in known) else []


def _spell(said: str, words: list[str]) -> list[str] | None:
    """Return the words as ``said`` spells them, with capitals and punctuation, if it has as many."""
    if not words:
        return None
    spelt = said.split()
    return spelt if len(spelt) == len(words) else words


def _azure_item(fields: Item, text: str, speaker: str | None) -> SpokenItem:
    scales = (("InTicks", 1e-7), ("Milliseconds", 0.001))
    for unit, scale in scales:
        if f"offset{unit}" in fields:
            start = number_in(fields[f"offset{unit}"]) * scale
            end = start + number_in(fields.get(f"duration{unit}")) * scale
            return SpokenItem(text, start, end, _score(fields), speaker)
    start = time_of(fields.get("offset"))
    return SpokenItem(text, start, start + time_of(fields.get("duration")), _score(fields), speaker)


def _score(fields: Item) -> float | None:
    return probability(number(fields.get("confidence")))


def _item(fields: Item, text: str, start: str, end: str, speaker: str | None, scale: float = 1.0) -> SpokenItem:
    times = time_of(fields.get(start)) * scale, time_of(fields.get(end)) * scale
    return SpokenItem(text, *times, _score(fields), speaker)


SERVICES: tuple[tuple[str, Callable[[Any], bool], Callable[[Any], TranscriptFile]], ...] = (
    ("deepgram-json", is_deepgram, read_deepgram),
    ("aws-json", is_aws, read_aws),
    ("google-json", is_google, read_google),
    ("assemblyai-json", is_assemblyai, read_assemblyai),
    ("rev-json", is_rev, read_rev),
    ("azure-json", is_azure, read_azure),
)
"""Name, detector and reader of each."""
