"""What the processes of ``processes.py`` are forked with: what the commands import when they run, and the tests.

Each would import it again, which took more time than what they are started for.
"""

import gc
from importlib import import_module

for _name in (
    "audio.media",
    "hypothesis",
    "index.formats.reading",
    "index.search.searcher",
    "jellyfish",
    "pipeline.batch.voicing.voice_finding",
    "pipeline.imported.import_times",
    "pipeline.lookup",
    "pipeline.network.fetching",
    "pipeline.shows.updates.typed_addresses",
    "pipeline.voices.voice_listing",
    "pipeline.web.jobs.job_process",
    "pytest",
    "snowballstemmer",
    "torture.crowd",
    "torture.full_disk",
    "torture.kills",
):
    import_module(_name)
gc.freeze()  # else each process copies the memory of all these modules when it collects garbage
