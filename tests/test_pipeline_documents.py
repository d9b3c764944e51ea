"""Articles as Word documents and PDF files: their text as it is printed, or a clear error."""

from __future__ import annotations

import builtins
import io
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from docx.shared import Cm
from hypothesis import given, settings
from hypothesis import strategies as st

from index.quotations.extraction import extract_quotations
from pipeline.articles import pdf_documents, word_documents
from pipeline.articles.article import read_article
from pipeline.articles.pdf_documents import read_pdf
from pipeline.articles.word_documents import BadDocumentError, read_word
from pipeline.errors import ArticleError


def word(**paragraphs: str) -> bytes:
    """A Word document of paragraphs, each of a style (Quote), or of a form below."""
    document = docx.Document()
    for style, text in paragraphs.items():
        form = style.rstrip("_0123456789")
        if form == "italic":
            document.add_paragraph().add_run(text).italic = True
        elif form == "label":
            label, _, rest = text.partition(" ")
            paragraph = document.add_paragraph()
            paragraph.add_run(label).bold = True
            paragraph.add_run(f" {rest}")
        elif form == "question":
            document.add_paragraph().add_run(text).bold = True
        elif form == "indented":
            document.add_paragraph(text).paragraph_format.left_indent = Cm(1.5)
        elif form == "cell":
            document.add_table(1, 1).cell(0, 0).text = text
        else:
            document.add_paragraph(text, style=form.replace("_", " ") if form != "text" else None)
    return saved(document)


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf(*pages: Sequence[str]) -> bytes:
    """A PDF file with the lines of each page, in Helvetica and WinAnsi encoding."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    for lines in pages:
        drawn = b"BT /F1 10 Tf 14 TL 50 800 Td\n"
        for line in lines:
            written = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            drawn += b"(" + written + b") Tj T*\n"
        drawn += b"ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(places) + 1, table, len(places) + 1, len(out),
    )  # fmt: skip


def quoted(text: str) -> list[tuple[str, str | None]]:
    return [(one.text, one.speaker) for one in extract_quotations(text).quotations]


SAID = "We had nothing left in the bank."
INTRO = "Helen Marsh runs the smallest theater in the harbor."


@pytest.mark.parametrize(
    ("document", "speaker"),
    [
        ({"Title": "The roof", "text1": f"Helen Marsh said: “{SAID}”"}, "Helen Marsh"),
        ({"text1": "Asked about it, Helen Marsh said:", "Quote": SAID}, "Helen Marsh"),
        ({"text1": INTRO, "Intense_Quote": SAID}, "Helen Marsh"),
        ({"text1": "Helen Marsh put it like this:", "italic": SAID}, "Helen Marsh"),
        ({"text1": "Helen Marsh put it like this:", "indented": SAID, "text2": "The end."}, "Helen Marsh"),
        ({"text1": INTRO, "cell": f"Marsh said: “{SAID}”"}, "Helen Marsh"),
    ],
)
def test_a_word_document_keeps_its_quotations(tmp_path: Path, document: dict[str, str], speaker: str | None) -> None:
    file = tmp_path / "article.docx"
    file.write_bytes(word(**document))
    article = read_article(file)
    assert quoted(article.text) == [(SAID, speaker)]
    assert article.line_of(0) is None


def test_a_word_document_may_be_an_interview() -> None:
    turns = word(
        text1=INTRO, question1="Is it for sale?", text2="No, I would not.", question2="Never?", text3="I hope."
    )
    assert quoted(read_word(turns).text) == [("No, I would not.", "Helen Marsh"), ("I hope.", "Helen Marsh")]
    labels = word(
        text1=INTRO, label1="Keller: Is it?", label2="Marsh: No, I do.", label3="Keller: So?", label4="Marsh: I."
    )
    assert [said for said, speaker in quoted(read_word(labels).text) if speaker == "Helen Marsh"] == ["No, I do.", "I."]


def test_what_a_word_document_hides_in_its_xml_is_read() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("“We ")
    xml = paragraph._p
    inserted = xml.makeelement(f"{word_documents._W}ins")
    deleted = xml.makeelement(f"{word_documents._W}del")
    inserted.append(document.add_paragraph("never ")._p.r_lst[0])
    deleted.append(document.add_paragraph("always ")._p.r_lst[0])
    xml.append(inserted)
    xml.append(deleted)
    paragraph.add_run("stopped at all,” said Helen Marsh.")
    document.core_properties.title = "The roof"
    assert read_word(saved(document)) == ("“We never stopped at all,” said Helen Marsh.", "The roof", ())


def test_a_footnote_is_read() -> None:
    notes = (
        f'<w:footnotes xmlns:w="{word_documents._W[1:-1]}"><w:footnote w:id="1"><w:p><w:r><w:t>“{SAID}” said Helen '
        "Marsh.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word(text1=INTRO))) as packed, zipfile.ZipFile(out, "w") as new:
        for name in packed.namelist():
            content = packed.read(name)
            if name == "word/_rels/document.xml.rels":
                added = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
                content = content.replace(b"</Relationships>", added.encode())
            new.writestr(name, content)
        new.writestr("word/footnotes.xml", notes)
    assert quoted(read_word(out.getvalue()).text) == [(SAID, "Helen Marsh")]


def packed(name: str, content: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def encrypted() -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf(["Some words that are a secret."])))
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (packed("content.xml"), "not a Word document"),
        (packed("word/document.xml", b"<no"), "damaged Word document"),
        (word(text1=INTRO)[:-200], "damaged Word document"),
        (word(), "no text"),
        (pdf(["A page of words that is cut off."])[:60], "damaged PDF"),
        (pdf([]), "pages are pictures"),
        (encrypted(), "encrypted PDF"),
        (b"%PDF-1.7 " + bytes(range(256)) * 9, "damaged PDF"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_by_name(tmp_path: Path, data: bytes, told: str) -> None:
    file = tmp_path / "article"
    file.write_bytes(data)
    with pytest.raises(ArticleError) as caught:
        read_article(file)
    assert told in caught.value.message
    assert str(file) in caught.value.message
    assert caught.value.way_out


def test_a_document_that_swells_when_it_is_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_documents, "MOST_UNPACKED", 2**20)
    with pytest.raises(BadDocumentError, match="unpacked"):
        read_word(packed("word/document.xml", b"a" * 2**21))
    monkeypatch.setattr(pdf_documents, "MOST_CONTENT", 1000)
    with pytest.raises(BadDocumentError, match="more than"):
        read_pdf(pdf(["Some words, again and again."] * 100))
    monkeypatch.setattr(pdf_documents, "MOST_PAGES", 2)
    with pytest.raises(BadDocumentError, match="more than 2 pages"):
        read_pdf(pdf(["A page."], ["A page."], ["A page."]))


@pytest.mark.parametrize(("data", "package"), [(pdf(["Words."]), "pypdf"), (packed("word/document.xml"), "docx")])
def test_a_missing_reader_is_named_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data: bytes, package: str
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == package:
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    file = tmp_path / "article"
    file.write_bytes(data)
    with pytest.raises(ArticleError) as caught:
        read_article(file)
    assert caught.value.way_out is not None
    assert "airquote[documents]" in caught.value.way_out.advice


BODY = [
    "Helen Marsh runs the smallest theater in the harbor, and she has been asked about it for",
    "years. “We never stopped re-",
    "hearsing in the kitchen, which is a well-",
    "known place,” she said, and went on to tell the whole story of the roof and of the crane.",
    "It was a short night.",
    "The town has paid for the house in good and in bad times, as everybody in the harbor says",
]


def test_the_lines_of_a_pdf_are_mended_into_paragraphs() -> None:
    pages = [["Harbor News", *BODY, f"Page {number} of 3"] for number in (1, 2, 3)]
    text = read_pdf(pdf(*pages)).text
    assert "Harbor News" not in text
    assert "Page" not in text
    said = "We never stopped rehearsing in the kitchen, which is a well-known place,"
    assert quoted(text) == [(said, "Helen Marsh")] * 3
    assert text.count("It was a short night.\n\nThe town has paid") == 3


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["The ﬁrst ﬂoor."], "The first floor."),
        (["a long co-", "operation"], "a long co-operation"),
        (["re\u00ad", "hearse"], "rehearse"),
        (["the six-", "teen", "and six-teen or six-teen"], "the six-teen and six-teen or six-teen"),
        (["Anna Keller-", "Marsh"], "Anna Keller- Marsh"),
    ],
)
def test_a_word_across_lines_is_one_word(lines: list[str], text: str) -> None:
    mended = [line.translate(pdf_documents._LIGATURES) for line in lines]
    assert " ".join(pdf_documents._join_lines(mended)).replace("\n\n", " ") == text


@given(st.lists(st.text(st.sampled_from("abc .-?”A"), max_size=40).map(str.strip).filter(bool), max_size=20))
def test_no_letter_of_a_pdf_is_lost(lines: list[str]) -> None:
    letters = [character for line in lines for character in line if character.isalpha()]
    assert [
        character for text in pdf_documents._join_lines(lines) for character in text if character.isalpha()
    ] == letters


@settings(max_examples=60)
@given(st.integers(0, 700), st.binary(min_size=1, max_size=8), st.booleans())
def test_no_damage_is_too_strange(place: int, damage: bytes, is_pdf: bool) -> None:
    whole = pdf(BODY) if is_pdf else WORD
    data = whole[:place] + damage + whole[place + struct.calcsize("i") :]
    try:
        (read_pdf if is_pdf else read_word)(data)
    except BadDocumentError as error:
        assert "PDF" in str(error) or "Word" in str(error)


WORD = word(text1=INTRO)
