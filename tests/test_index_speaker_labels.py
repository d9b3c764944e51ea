"""Labels of speakers that name nobody, told from names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.json.spoken_items import label
from index.speaker_labels import is_unnamed
from index.verification.name_comparison import can_be_same_person


@pytest.mark.parametrize(
    "written",
    [
        "Voice 1", "voice 12", "Channel 2", "Speaker 1", "SPEAKER_00", "spk_0", "spk1", "S1", "Speaker A", "ch_0",
        "Sprecher 2", "Intervenant 3", "Unknown", "unknown speaker", " Voice 3 ", "0", "17",
    ],
)  # fmt: skip
def test_a_number_of_a_voice_names_nobody(written: str) -> None:
    assert is_unnamed(written)
    assert can_be_same_person("Ann Lee", written) is None


@pytest.mark.parametrize(
    "written",
    [
        "", " ", "Ann Lee", "Sa", "Cha", "S. A. Cosby", "Voice", "The Voice", "Voice of America", "Host", "Guest 1",
        "Ann 2", "Agent 47b", "Channel", "Person of Interest", "1984 Collective", "Voice 1 (Ann)", "Spike", "Ch",
    ],
)  # fmt: skip
def test_a_name_or_a_role_is_kept(written: str) -> None:
    assert not is_unnamed(written)


@given(st.integers(0, 999), st.sampled_from(["Voice {}", "Channel {}", "Speaker {}", "SPEAKER_{:02}", "spk_{}", "S{}"]))
def test_every_number_is_one_whatever_the_case(number: int, form: str) -> None:
    written = form.format(number)
    assert is_unnamed(written) and is_unnamed(written.lower()) and is_unnamed(written.upper())
    assert not is_unnamed(f"Ann {written}")


@given(st.integers(0, 9_999) | st.sampled_from("ABCxyz"))
def test_what_services_number_or_letter_is_unnamed_as_it_is_read(value: int | str) -> None:
    assert is_unnamed(label(value) or "")
