"""Read the test files of feed parsers, and compare each with the values that its parser expects.

The folder ``feeds`` of AIRQUOTE_BENCH_DATA holds test files of podcastparser (a feed and its values as JSON), of
feedparser (a condition in a comment of each file), and feeds of partytime and of the podcast namespace, which are
compared with what feedparser reads. docs/feeds.md argues each kind of difference.
"""

from __future__ import annotations

import ast
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.materials import data_folder

from pipeline.errors import FeedError
from pipeline.shows.feeds.feed_decoding import decode_feed
from pipeline.shows.feeds.feed_reader import read_feed
from pipeline.shows.feeds.values import Feed, FeedItem
from pipeline.shows.feeds.written_values import read_length, read_time
