"""The vocabulary of a model's weights, as its tokenizer.json has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FIRST_MERGE = ("\u0120", "t")
"""The merge of a space and a "t", of the highest rank in both of Whisper's vocabularies (\u0120 stands for the space).

Some published files lack it: their list of merges was made from a file whose first line was taken for a header. Then
"the" is three tokens, which a model hardly expects: on base, words that begin with a "t" lost 10 nats and more.
"""


def load_vocabulary(file: Path) -> Any:
    """Load a tokenizer.json, with the first merge if it lacks that. Raises what ``tokenizers`` raises."""
    import tokenizers  # takes 0.1 s

    vocabulary = tokenizers.Tokenizer.from_file(str(file))
    if len(vocabulary.encode(" t", add_special_tokens=False).ids) == 1:
        return vocabulary
    document = json.loads(file.read_text(encoding="utf-8"))
    merges = document["model"]["merges"]
    merges.insert(0, " ".join(FIRST_MERGE) if merges and isinstance(merges[0], str) else list(FIRST_MERGE))
    return tokenizers.Tokenizer.from_str(json.dumps(document))
