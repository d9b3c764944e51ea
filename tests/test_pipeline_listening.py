"""Listening: what the sound decides where words differ, with a fake model whose scores are given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from audio_samples import write_wav
from fake_engine import FakeEngine, airquote
from libraries import add_text
from numpy.typing import NDArray
from quoting import quote

from audio.errors import UsageError
from audio.media import hash_file
from audio.samples import SAMPLE_RATE
from index.fulltext.maintenance import OpenIndex, open_index
from index.storage.store import Store
from index.verification.verdicts import verify_quotation
from pipeline.answers import ModelListing
from pipeline.errors import ModelError
from pipeline.library import Library
from pipeline.verification.listening import FAR, FITS, MOST_SECONDS, Listener
from pipeline.verification.listening_models import choose_listener
from pipeline.verification.results import CheckedQuotation, Listening, VerifiedArticles

SPOKEN = (
    "we stood on the roof of the theatre when the storm took it away and the ferry never came back that winter "
    "the builder asked for forty thousand dollars and we never said yes to him or to his brother in the harbour"
)
MISHEARD = "We stood on the roof of the theatre when the stork took it away"
TWICE = "We stood on the roof of the cinema when the storm took it away and the fairy never came back"
FARTHEST, BEST = -80.0, 80.0


UNDECIDED = (FITS + FAR) / 2


@dataclass
class Recorded:
    """A library with a recording, and the fake model that is asked about it."""

    folder: Path
    engine: FakeEngine
    loads: list[str]

    def verify(self, *quotations: str, **options: object) -> VerifiedArticles:
        article = self.folder.parent / "article.txt"
        article.write_text("\n\n".join(f"“{text},” she said." for text in quotations), encoding="utf-8")
        with Library.open(self.folder) as library:
            return library.verify([article], **options)  # type: ignore[arg-type]

    def check(self, quotation: str) -> CheckedQuotation:
        (checked,) = self.verify(quotation).articles[0].quotations
        return checked

    def hear(self, margins: dict[str, float]) -> None:
        """Let the texts that contain one of these words fit the sound worse than the transcript by its margin."""

        def score(window: NDArray[np.float32], text: str) -> float:
            return -sum(margin for word, margin in margins.items() if word in text) if window.any() else 0.0

        self.engine.score = score


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorded]:
    library = tmp_path / "library"
    noise = np.random.default_rng(1).integers(-9000, 9000, 16 * SAMPLE_RATE).astype(np.int16)
    sound = write_wav(tmp_path / "talk.wav", noise, SAMPLE_RATE)
    with Store.open(library, create=True) as store:
        add_text(store, "Talk", SPOKEN, media=str(sound), sha256=hash_file(sound))
        add_text(store, "Letter", "nobody ever told the minister about the missing submarine in the bay")
    engine, loads = FakeEngine(), list[str]()

    def load(spec: object, **_: object) -> FakeEngine:
        loads.append(str(spec))
        return engine

    monkeypatch.setattr("pipeline.verification.listening_models.load_engine", load)
    listings = [_listing("tiny.en", 76, True), _listing("small", 484, False)]
    monkeypatch.setattr("pipeline.verification.listening_models.list_models", lambda: listings)
    yield Recorded(library, engine, loads)


def heard(verified: VerifiedArticles) -> Listening:
    assert verified.listening is not None
    return verified.listening


def test_words_that_fit_the_sound_better_are_verbatim(recorded: Recorded) -> None:
    recorded.hear({"stork": FARTHEST})
    checked = recorded.check(MISHEARD)
    assert (checked.kind, checked.sound) == ("verbatim", "fits quotation")
    assert "“stork”" in checked.reason
    assert "“storm”" in checked.reason
    assert "sound" in checked.reason
    (place,) = checked.places
    assert "storm" in place.said  # what is shown as said stays what was recognised
    assert checked.confidence == recorded.check(MISHEARD.replace("stork", "storm")).confidence


def test_words_that_fit_the_sound_worse_stay_altered(recorded: Recorded) -> None:
    recorded.hear({"stork": BEST})
    checked = recorded.check(MISHEARD)
    assert (checked.kind, checked.sound) == ("altered", "fits transcript")
    assert "“stork”" in checked.reason
    assert "“storm”" in checked.reason


def test_words_that_fit_about_as_well_cannot_be_told(recorded: Recorded) -> None:
    recorded.hear({"stork": UNDECIDED})
    checked = recorded.check(MISHEARD)
    assert (checked.kind, checked.sound) == ("cannot tell", "undecided")
    assert "“stork”" in checked.reason
    assert "“storm”" in checked.reason
    assert checked.places


@pytest.mark.parametrize(
    ("margins", "kind"),
    [
        ({"cinema": FARTHEST, "fairy": FARTHEST}, "verbatim"),
        ({"cinema": FARTHEST, "fairy": UNDECIDED}, "cannot tell"),
        ({"cinema": UNDECIDED, "fairy": BEST}, "altered"),
        ({"cinema": FARTHEST, "fairy": BEST}, "altered"),
    ],
)
def test_of_several_differences_all_must_fit(recorded: Recorded, margins: dict[str, float], kind: str) -> None:
    recorded.hear(margins)
    assert recorded.check(TWICE).kind == kind


def test_what_the_dots_hide_stays_altered_though_the_sound_fits(recorded: Recorded) -> None:
    recorded.hear({"stork": FARTHEST})
    checked = recorded.check(f"{MISHEARD} and the ferry … came back that winter")
    assert checked.kind == "altered"
    assert "never" in checked.reason


def test_the_texts_differ_only_in_the_words_asked_about(recorded: Recorded) -> None:
    recorded.hear({})
    recorded.check(MISHEARD)
    asked = {texts for _, texts in recorded.engine.scored}
    for recognised, *quoted in asked:
        assert " storm " in recognised
        assert {text.lower() for text in quoted} == {recognised.replace("storm", "stork")}


def test_unchanged_quotations_load_no_model(recorded: Recorded) -> None:
    verified = recorded.verify(
        "We stood on the roof of the theatre when the storm took it away", "Nothing of this was said"
    )
    assert recorded.loads == []
    assert heard(verified).asked == 0
    assert heard(verified).not_asked == ()


def test_a_model_is_loaded_once_for_all(recorded: Recorded) -> None:
    recorded.hear({})
    verified = recorded.verify(MISHEARD, TWICE, MISHEARD.replace("roof", "proof"))
    assert len(recorded.loads) == 1
    assert heard(verified).asked == 3
    assert heard(verified).models == ("tiny.en",)


def test_without_listening_no_sound_is_asked(recorded: Recorded) -> None:
    verified = recorded.verify(MISHEARD, listen=False)
    (checked,) = verified.articles[0].quotations
    assert (checked.kind, checked.sound, verified.listening) == ("altered", None, None)
    assert recorded.loads == []


def test_a_recording_that_changed_is_not_asked_and_told_once(recorded: Recorded) -> None:
    write_wav(recorded.folder.parent / "talk.wav", np.zeros(SAMPLE_RATE, np.int16), SAMPLE_RATE)
    recorded.hear({"stork": FARTHEST})
    verified = recorded.verify(MISHEARD, TWICE)
    assert [(one.kind, one.sound) for one in verified.articles[0].quotations] == [("altered", None)] * 2
    ((reason, count),) = heard(verified).not_asked
    assert "talk" in reason
    assert count == 2
    assert recorded.loads == []


def test_an_episode_without_a_recording_is_not_asked(recorded: Recorded) -> None:
    verified = recorded.verify("Nobody ever told the minister about the missing supermarine in the bay")
    (checked,) = verified.articles[0].quotations
    assert (checked.kind, checked.sound) == ("altered", None)
    assert [count for _, count in heard(verified).not_asked] == [1]


def test_without_weights_verdicts_are_as_before(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.verification.listening_models.list_models", list)
    verified = recorded.verify(MISHEARD, TWICE)
    assert [(one.kind, one.sound) for one in verified.articles[0].quotations] == [("altered", None)] * 2
    ((reason, count),) = heard(verified).not_asked
    assert "weights" in reason
    assert count == 2


def test_when_the_time_is_over_the_rest_is_told(recorded: Recorded) -> None:
    recorded.hear({})
    now = iter(np.arange(0.0, 1000.0, MOST_SECONDS * 0.6))
    with Store.open(recorded.folder) as store, open_index(store) as index:
        listener = Listener(index, lambda _: recorded.engine, 4, lambda: float(next(now)))
        verdicts = [listener.ask(verify_quotation(quote(text), index)) for text in [MISHEARD] * 4]
    assert [one.sound is None for one in verdicts] == [False, False, True, True]
    assert listener.report.asked == 2
    assert listener.report.not_asked == (("the time for listening was over", 2),)


@pytest.mark.parametrize(("quotations", "least", "most"), [(1, 20, 30), (20, 20, 30), (200, 200, 300)])
def test_the_time_grows_with_the_quotations(two_episodes: OpenIndex, quotations: int, least: int, most: int) -> None:
    assert least <= Listener(two_episodes, lambda _: FakeEngine(), quotations).seconds <= most


def test_a_named_model_that_is_unknown_is_an_error_before_anything_is_judged(recorded: Recorded) -> None:
    with pytest.raises(UsageError, match="no model"):
        recorded.verify(MISHEARD, listen_model="huge.en")


def test_the_command_says_what_was_asked(recorded: Recorded) -> None:
    recorded.hear({"stork": FARTHEST})
    article = recorded.folder.parent / "article.txt"
    article.write_text(f"“{MISHEARD},” she said.", encoding="utf-8")
    run = airquote("verify", article, "--library", recorded.folder)
    assert run.out.startswith("verbatim")
    assert "tiny.en" in run.err
    plain = airquote("verify", article, "--library", recorded.folder, "--no-listen")
    assert plain.out.startswith("altered")
    assert "tiny.en" not in plain.err


def test_listening_stores_nothing(recorded: Recorded) -> None:
    recorded.hear({"stork": FARTHEST})
    recorded.verify(MISHEARD, listen=False)  # makes the index
    before = {file: file.read_bytes() for file in recorded.folder.glob("airquote.db")}
    recorded.verify(MISHEARD)
    assert {file: file.read_bytes() for file in recorded.folder.glob("airquote.db")} == before


def _listing(name: str, megabytes: int, here: bool) -> ModelListing:
    engines = ("faster-whisper",) if here else ()
    return ModelListing(name, megabytes, not name.endswith(".en"), None, engines, None, None)


@pytest.mark.parametrize(
    ("here", "transcribed", "language", "expected"),
    [
        ({"tiny.en"}, "tiny.en", "en", "tiny.en"),
        ({"tiny.en", "base"}, "tiny.en", "en", "base"),
        ({"base", "base.en"}, "tiny.en", "en", "base.en"),
        ({"base", "base.en"}, "tiny.en", "de", "base"),
        ({"tiny.en", "large-v3"}, "tiny.en", "en", "tiny.en"),  # would take longer than what the user is used to
        ({"tiny.en", "large-v3"}, "large-v3", "en", "large-v3"),
        ({"tiny"}, "", "en", "tiny"),  # an import
    ],
)
def test_the_largest_model_of_a_usual_size_is_asked(
    here: set[str], transcribed: str, language: str, expected: str
) -> None:
    sizes = {"tiny.en": 76, "tiny": 76, "base.en": 145, "base": 145, "small": 484, "large-v3": 3087}
    models = [_listing(name, size, name in here) for name, size in sizes.items()]
    assert choose_listener(models, transcribed, language, "small") == expected


def test_no_model_that_knows_the_language_is_an_error() -> None:
    with pytest.raises(ModelError, match="listening"):
        choose_listener([_listing("tiny.en", 76, True), _listing("small", 484, False)], "tiny.en", "de", "small")
