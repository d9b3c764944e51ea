"""What saving an episode takes does not grow with the library."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from audio_samples import write_wav
from bench.bench_scale_cluster import OPTIONS, SimulatedCluster
from libraries import make_transcript

from audio.samples import SAMPLE_RATE
from index.storage.schema import connect
from index.storage.store import STORE_NAME, Store
from index.transcript import Episode
from pipeline.batch.batch import Batch
from pipeline.batch.batch_request import Request
from pipeline.batch.running import paced_index


def test_a_batch_reads_as_much_of_a_large_library_as_of_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for updates of the index, which are paced."""
    monkeypatch.setattr(paced_index, "update_index", lambda _: None)
    monkeypatch.setattr(paced_index, "update_repeats", lambda _: None)
    connection = connect(tmp_path / STORE_NAME)
    steps: list[int] = []
    with Store(tmp_path / STORE_NAME, connection) as store:
        for size, add in enumerate((10, 500)):
            with store.transaction():
                for number in range(add):
                    name = f"talk-{size}-{number}"
                    store.add_episode(Episode(name, None, name, None, name, "registered", None, None, None))
                    store.save_transcript(name, make_transcript(f"The ferry number {number} left."))
            file = write_wav(tmp_path / f"sound {size}.wav", np.full(16, size, np.int16), SAMPLE_RATE)
            begun: list[None] = []
            connection.set_progress_handler(partial(begun.append, None), 10)
            batch = Batch(store, SimulatedCluster(3, 2), Request(OPTIONS.resolve(), model_named=True))
            batch.run([file])
            connection.set_progress_handler(None, 0)
            assert [outcome.status for outcome in batch.outcomes] == ["done"]
            steps.append(len(begun))
    assert 0 < steps[1] <= 1.02 * steps[0], "tens of steps of SQLite's virtual machine"
