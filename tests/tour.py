"""A tour of airquote: many commands on a small library, as terminals of 60 and 80 columns show them.

Run as a program it writes what they show to tests/data/tour-60.txt and tour-80.txt (make tour), to be read before it is
committed; tests/test_tour.py fails if they differ from what would be written. The texts of the tour are in
tests/data/tour; nothing in it needs a model, a player or sound.
"""

from __future__ import annotations

import shlex
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "tests" / "data" / "tour"
WIDTHS = (60, 80)
HOME = "/home/ann/podcasts"
"""What the tour shows in place of its temporary folder, whose name is as long."""

COMMANDS = """
airquote
airquote list
airquote import harbor.vtt --show "The Quiet Harbor" --title "The Roof and the Stars" --date 2024-05-31
airquote import council.srt --show "City Desk" --title "The ferry contract" --date 2023-11-02
airquote import faro.srt shihot.srt umi.srt broken.srt
airquote import council.srt
airquote list
airquote search ferry
airquote search '"more to come"'
airquote search 'roof OR money' --show harbor
airquote search 'US government'
airquote search email
airquote search winter --since 2024
airquote search feery
airquote search 'ferry AND ('
airquote search zebra
airquote search ferry --count
airquote search ferry --facets show,year
airquote trend ferry --by year
airquote search המעבורת
airquote search --limit many ferry
airquote at the-roof 0:46
airquote at the-roof 0:15 0:45
airquote at the-roof 5:00
airquote words the-roof 0:14 0:17
airquote correct the-roof 0:15 roofs
airquote correct the-roof
airquote correct the-roof --undo 1
airquote locate "We never stopped working on that roof"
airquote locate "a bridge over the moon and the sea"
airquote verify article.txt --no-listen
airquote verify article.txt --no-listen --only altered,not-found --context 1 --strict
airquote quotations article.txt
airquote play the-roof 0:15
airquote clip the-roof 0:15 0:20 -o quote.mp3
airquote cite the-roof 0:15 0:20
airquote cite 1 -f apa
airquote compare the-roof
airquote edit faro --title "El faro" --show Costa --date 2024-02-11
airquote edit the-ferry --speaker "BEN OKAFOR=Ben Okafor"
airquote voices
airquote voices the-ferry
airquote voices name the-ferry 2 "Ana Ortega"
airquote voices undo the-ferry
airquote voices merge the-ferry 1 2
airquote voices the-roof
airquote relink .
airquote list --since 2024
airquote show the-ferry
airquote show shihot
airquote show umi
airquote show nothing
airquote subscribe boat.xml desk.xml none.xml --latest 5
airquote shows
airquote shows boat --latest 2
airquote update --dry-run --latest 1
airquote download the-roof
airquote shows --opml -
airquote unsubscribe desk
airquote export the-ferry -f srt
airquote export --all -o transcripts
airquote site archive the-ferry
airquote remove broken --yes
airquote backup podcasts.backup
airquote restore podcasts.backup
airquote reindex
airquote serach ferry
airquote help search
airquote help syntax
"""


def lines_of_tour() -> list[str]:
    """The commands of the tour."""
    return COMMANDS.strip().splitlines()


def record(columns: int) -> str:
    """Return what a terminal of this width shows of the tour, without colours."""
    from real_terminal import run_in_terminal, visible

    with tempfile.TemporaryDirectory(prefix="tour-", dir="/tmp") as home:
        shutil.copytree(TEXTS, home, dirs_exist_ok=True)
        environment = {"HOME": home, "AIRQUOTE_LIBRARY": str(Path(home, "library"))}
        shown = run_in_terminal(
            "--here", columns=columns, environment=environment, program=Path(__file__), folder=Path(home)
        )
    assert len(home) == len(HOME), "a longer name would be wrapped elsewhere"
    return visible(shown).replace(home, HOME)


def file_of(columns: int) -> Path:
    """The file that holds the tour of this width."""
    return ROOT / "tests" / "data" / f"tour-{columns}.txt"


def take_tour() -> None:
    """Run the commands one after the other in this process, each after a line with what was typed."""
    import pipeline.library
    from pipeline.cli import counted_progress, progress
    from pipeline.cli.main import main
    from pipeline.shows import refreshing

    # Advice names a model of this machine, if there is one.
    vars(pipeline.library)["model_to_name"] = lambda _library: None

    # When a feed was asked for is the time of this run.
    vars(refreshing)["now"] = lambda: "2024-06-09T05:00:00Z"

    # Bars depend on how fast this machine is.
    counted_progress.SILENT_SECONDS = progress.INDEX_SECONDS = progress.QUOTATION_SECONDS = 1e9
    for line in lines_of_tour():
        print(f"$ {line}", flush=True)
        sys.argv = shlex.split(line)
        try:
            main()
        except SystemExit as end:
            if end.code:
                print(f"(exit code {end.code})")
        print(flush=True)


if __name__ == "__main__":
    if sys.stdout.isatty() and sys.argv[1:] == ["--here"]:
        take_tour()
    else:
        for width in WIDTHS:
            file_of(width).write_text(record(width), encoding="utf-8")
