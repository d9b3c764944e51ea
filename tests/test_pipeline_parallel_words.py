"""Two transcripts side by side: the laws of their stretches and counterparts."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from libraries import make_transcript

from index.language.tokens import tokenize
from index.transcript import Word
from pipeline.imported.parallel_words import ParallelWords

WORDS = ["a", "b", "c", "d-e", "e", "—", "don't", "[x]", "25", "f", "g", "h"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)


def words_of(text: str) -> tuple[Word, ...]:
    return make_transcript(text).words


@given(TEXTS, TEXTS)
@example("d-e a b c", "e a b c d")
@example("", "a")
def test_stretches_cover_both_in_order_and_equal_ones_hold_the_same_tokens(one: str, other: str) -> None:
    words, others = words_of(one), words_of(other)
    stretches = list(ParallelWords(words, others).stretches())
    assert [number for each in stretches for number in range(each.first, each.stop)] == list(range(len(words)))
    covered = [number for each in stretches for number in range(each.other_first, each.other_stop)]
    assert covered == list(range(len(others)))
    for each in stretches:
        sides = words[each.first : each.stop], others[each.other_first : each.other_stop]
        tokens = [[token for word in side for token in tokenize(word.text)] for side in sides]
        assert not each.equal or tokens[0] == tokens[1]


@given(TEXTS, st.data())
def test_of_the_same_words_the_counterpart_holds_those_asked_for_and_at_most_a_word_more_on_each_side(
    text: str, data: st.DataObject
) -> None:
    words = words_of(text)
    spoken = [number for number, word in enumerate(words) if tokenize(word.text)]
    if not spoken:
        return
    first = data.draw(st.sampled_from(spoken))
    last = data.draw(st.sampled_from([number for number in spoken if number >= first]))
    found = ParallelWords(words, words).counterpart(first, last)
    around = [number for number in spoken if number < first][-1:], [number for number in spoken if number > last][:1]
    assert found == range((around[0] or [first])[0], (around[1] or [last])[0] + 1)


def test_the_counterpart_of_words_that_the_other_has_otherwise_lies_between_those_that_both_have() -> None:
    words = words_of("we never stopped and there were fifteen hundred of us in the harbor that night")
    others = words_of("we never stopped and there were twelve people of us in the harbor that night")
    found = ParallelWords(words, others).counterpart(6, 7)
    assert "".join(word.text for word in others[found.start : found.stop]).strip() == "were twelve people of"
