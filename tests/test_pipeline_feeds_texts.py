"""The texts of feeds are plain, in any encoding; dates, lengths and numbers are read in all their writings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from feed_texts import ADDRESS, SOUND, read, read_one, rss
from hypothesis import given
from hypothesis import strategies as st

from pipeline.shows.feeds.feed_reader import MOST_ITEMS, read_feed
from pipeline.shows.feeds.plain_text import LONGEST_LINE, LONGEST_NOTES, read_line, read_name, read_notes
from pipeline.shows.feeds.written_values import read_count, read_language, read_length, read_number, read_time


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain\n\n\n\nwith  lines \n of it", "plain\n\nwith lines\nof it"),
        ("<p>One\nline</p>\n<p>two</p>", "One line\n\ntwo"),
        ("first<br>second<BR />third", "first\nsecond\nthird"),
        ("<ul><li>a</li><li>b</li></ul>end", "a\nb\n\nend"),
        ("a <b>bo</b>ld <a href='x>y'>link</a>\nand a line", "a bold link\nand a line"),
        ("5 < 6 and <3, <jane@example.org>", "5 < 6 and <3, <jane@example.org>"),
        ("Q&amp;A &eacute;&nbsp;&#8230;&#x41;", "Q&A é …A"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;", "One\n\ntwo"),
        ("<script>alert('x')</script><style>p {}</style>a<!-- b -->c", "ac"),
        ("<script>alert('x')", ""),
        ("a\x00b\x1b[31mc\x92s", "ab[31mc’s"),
        ("caf\u00c3\u00a9 \u00e2\u20ac\u2122", "café ’"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("AT&T & co", "AT&T & co"),
        ("", ""),
        ("<p> </p>", ""),
    ],
)
def test_notes_are_plain_text(html: str, text: str) -> None:
    assert read_notes(html) == text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("  A\n title ", "A title"),
        ("The <b>bold</b> one", "The bold one"),
        ("How <canvas> and <script> work", "How <canvas> and <script> work"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("a<br/>b", "a b"),
        ("1 < 2 > 0", "1 < 2 > 0"),
    ],
)
def test_a_title_is_one_line_of_text(title: str, text: str) -> None:
    assert read_line(title) == text


@given(st.text())
def test_texts_have_no_controls_and_are_bounded(text: str) -> None:
    for written in (read_line(text), read_notes(text)):
        assert not any((ord(letter) < 32 and letter != "\n") or 127 <= ord(letter) < 160 for letter in written)
        assert written == written.strip()
        assert "\n\n\n" not in written
    assert len(read_name(text)) <= LONGEST_LINE


@pytest.mark.parametrize(
    ("inside", "length", "flaw"),
    [
        (f"<title>{'a' * 1000}</title>", ("title", LONGEST_LINE), "title cut to 500 characters"),
        (
            f"<description>{'ab ' * 50_000}</description>",
            ("notes", LONGEST_NOTES),
            "notes cut to 50,000 characters",
        ),
    ],
)
def test_what_is_cut_is_told(inside: str, length: tuple[str, int], flaw: str) -> None:
    feed = read(rss(f"<item>{SOUND}{inside}</item>"))
    assert len(getattr(feed.items[0], length[0])) == length[1]
    assert [one for one in feed.flaws if one.startswith(flaw)]


def test_what_is_just_as_long_as_can_be_is_not_cut() -> None:
    feed = read(
        rss(f"<item>{SOUND}<title>{'a' * LONGEST_LINE}</title><description>{'b' * LONGEST_NOTES}</description></item>")
    )
    assert not feed.flaws


def test_a_long_guid_is_kept_as_its_checksum_and_told() -> None:
    feed = read(rss(f"<item><guid>{'a' * 2000}</guid></item><item><guid>{'a' * 2001}</guid></item>"))
    assert [len(item.identity) for item in feed.items] == [64, 64]
    assert feed.items[0].identity != feed.items[1].identity
    assert feed.flaws[0].startswith("guid of more than 1,000 characters replaced by its checksum: aaa")
    assert feed.flaws[0].endswith("and 1 more")


def test_items_beyond_the_most_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_ITEMS >= 10_000
    monkeypatch.setattr("pipeline.shows.feeds.feed_reader.MOST_ITEMS", 3)
    feed = read(rss("".join(f"<item><guid>{number}</guid></item>" for number in range(5))))
    assert [item.identity for item in feed.items] == ["0", "1", "2"]
    assert feed.flaws == ("items beyond the first 3 left out, and 1 more",)


ENCODED = "<rss><channel><title>Grüße aus Köln – “Straße”</title></channel></rss>"


@pytest.mark.parametrize(
    ("encoding", "declared", "charset"),
    [
        ("utf-8", None, None),
        ("utf-8", "iso-8859-1", "iso-8859-1"),
        ("utf-8-sig", None, "ascii"),
        ("cp1252", "windows-1252", None),
        ("cp1252", "iso-8859-1", None),
        ("cp1252", None, "windows-1252"),
        ("cp1252", "utf-8", "windows-1252"),
        ("cp1252", "utf-8", None),
        ("cp1252", None, "no such encoding"),
        ("cp1252", None, "base64"),
        ("mac-roman", None, "macintosh"),
        ("utf-16", None, None),
        ("utf-16-le", "utf-16", None),
        ("utf-16-be", "utf-8", "utf-8"),
        ("utf-32-le", None, None),
        ("utf-32", None, "utf-8"),
        ("gb18030", "gb2312", None),
    ],
)
def test_the_encoding_is_that_of_the_bytes(encoding: str, declared: str | None, charset: str | None) -> None:
    stated = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    assert read_feed(f"{stated}{ENCODED}".encode(encoding), ADDRESS, charset).title == "Grüße aus Köln – “Straße”"


def test_single_bytes_that_are_not_utf_8_are_read_as_windows_1252() -> None:
    feed = read("<rss><channel><title>Café – déjà vu".encode() + b" \x93so\x94</title></channel></rss>")
    assert feed.title == "Café – déjà vu “so”"
    assert feed.flaws[0] == "bytes that are not UTF-8 were read as Windows-1252"


@pytest.mark.parametrize(
    "label", ["rot13", "hex", "unicode_escape", "undefined", "idna", "utf-7", "\x00", "\udc80", "x" * 50]
)
def test_a_stated_encoding_that_is_none_of_texts_is_ignored(label: str) -> None:
    assert (
        read_feed(b"<rss><channel><title>caf\xe9 +AGE-</title></channel></rss>", ADDRESS, label).title == "café +AGE-"
    )


def test_every_codec_of_texts_is_read_that_a_declaration_names() -> None:
    for name in ("cp437", "cp866", "koi8-r", "iso8859-7", "shift_jis", "euc_kr", "big5", "cp037"):
        letter = bytes([0xC1, 0xC1]).decode(name, "ignore")[:1] or "日"
        data = f'<?xml version="1.0" encoding="{name}"?><rss><channel><title>a{letter}b</title></channel></rss>'.encode(
            name
        )
        assert read_feed(data, ADDRESS).title == f"a{letter}b", name


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Tue, 01 Jan 2019 07:00:00 +0000", "2019-01-01"),
        ("Tue, 01 Jan 2019 23:30:00 -0500", "2019-01-02"),
        ("Tue, 01 Jan 2019 00:30:00 +02:00", "2018-12-31"),
        ("01 Jan 19 20:00 PST", "2019-01-02"),
        ("Tue, 1 January 2019", "2019-01-01"),
        ("January 1, 2019 11:30 PM EST", "2019-01-02"),
        ("Tue, 01 Jan 2019 24:00:00 GMT", "2019-01-02"),
        ("Tue Jan  1 07:00:00 PDT 2019", "2019-01-01"),
        ("Tue, 01 Jan 2019 00:30:00 CEST", "2018-12-31"),
        ("mar., 01 janv. 2019 07:00:00 +0000", "2019-01-01"),
        ("Di, 01 Dez 2019 07:00:00 +0000", "2019-12-01"),
        ("5 de junio de 2021", "2021-06-05"),
        ("Sat, 05 Juin 2021 07:00:00", "2021-06-05"),
        ("5 juillet 2021", "2021-07-05"),
        ("2019年1月1日", "2019-01-01"),
        ("2019-01-01T23:30:00-05:00", "2019-01-02"),
        ("2019-01-01T07:00:00.123456789Z", "2019-01-01"),
        ("2019-01-01 07:00:00", "2019-01-01"),
        ("2019-01-01", "2019-01-01"),
        ("20190101", "2019-01-01"),
        ("2004-július-13T9:15-05:00", "2004-07-13"),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11"),
        ("25.06.2021 10:00", "2021-06-25"),
        ("1546300800", "2019-01-01"),
        ("05/06/2021", None),  # in May or in June
        ("Sun, 31 Feb 2021 10:00:00 GMT", None),
        ("0000-00-00T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_in_their_writings(written: str, day: str | None) -> None:
    time = read_time(written)
    assert (time and time.date().isoformat()) == day


@given(st.datetimes(datetime(1970, 1, 3), datetime(2090, 1, 1), timezones=st.just(UTC)), st.integers(-12 * 4, 14 * 4))
def test_dates_as_programs_write_them_are_read(time: datetime, quarters: int) -> None:
    local = time.replace(microsecond=0).astimezone(timezone(timedelta(minutes=15 * quarters)))
    for written in (
        format_datetime(local),
        local.isoformat(),
        local.isoformat(" "),
        f"{local:%d %b %Y %I:%M:%S %p %z}",
    ):
        assert read_time(written) == local


@given(st.text() | st.text("0123456789:-+/., TZJanFebamp"))
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert read_time(text) is None or read_time(text)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("3723", 3723.0), ("1:02:03", 3723.0), ("01:02:03", 3723.0), ("62:03", 3723.0), ("1:02:03.5", 3723.5),
        ("3723,5", 3723.5), ("1h 2m 3s", 3723.0), ("1 hr 2 min 3 sec", 3723.0), ("62 min", 3720.0),
        ("PT1H2M3S", 3723.0), ("1 hour, 2 minutes and 3 seconds", 3723.0), ("0", None), ("00:00:00", None),
        ("-5", None), ("", None), ("long", None), ("99999999999", None), ("1:2:3:4:5", None), ("nan", None),
    ],
)  # fmt: skip
def test_lengths_are_read_in_their_writings(written: str, seconds: float | None) -> None:
    assert read_length(written) == seconds
    assert read_one(f"{SOUND}<itunes:duration> {written} </itunes:duration>").duration == seconds


def test_numbers_languages_and_sizes_are_read_or_left_out() -> None:
    assert [read_number(text) for text in ("007", "3.5", "-1", "0", "", "12a", "1" * 99)] == ["7", "3.5"] + [None] * 5
    assert [read_language(text) for text in ("en", "pt_BR", "zh-Hans-CN", "English, German", "<b>", "")] == [
        "en", "pt-BR", "zh-Hans-CN", None, None, None]  # fmt: skip
    assert [read_count(text) for text in ("12", "0", "-1", "1e9", "٣", "9" * 99, "")] == [12] + [None] * 6
