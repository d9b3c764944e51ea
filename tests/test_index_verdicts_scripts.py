"""Verdicts in scripts without capitals or spaces: negations beside a place, and differences of single characters."""

from __future__ import annotations

from pathlib import Path

import pytest
from libraries import add_episode, make_library, make_transcript
from quoting import OTHER, verify

from index.formats.word_split import join_texts, split_words
from index.storage.store import Store
from index.transcript import Segment, Transcript, Word
from index.verification.verdicts import Verdict
from index.verification.word_classes import find_negation_after, find_negation_before
from pipeline.cli.quotations import mark_differences
from pipeline.verification.results import RecognisedWord, SpokenEdit

SPEECH = {
    "zh": "今天我们聊一聊城市的未来。我不喜欢吃苹果，但是我妹妹每天早上都吃三个香蕉。银行从来没有告诉我们真相。",
    "ja": "今日は都市の未来について話します。私は銀行を信じていません。彼は毎朝バナナを三本食べると言いました。",
    "ko": "오늘은 도시의 미래에 대해 이야기합니다. 저는 은행을 믿지 않아요. 제 동생은 매일 아침 바나나를 세 개 먹어요.",
    "ar": "نتحدث اليوم عن مستقبل المدينة. أنا لا أثق في البنوك الكبيرة. أختي تأكل ثلاث موزات كل صباح في المطبخ.",
    "he": "היום נדבר על עתיד העיר. אני לא סומך על הבנקים הגדולים. אחותי אוכלת שלוש בננות כל בוקר במטבח.",
    "hi": "आज हम शहर के भविष्य पर बात करते हैं। मुझे बड़े बैंकों पर भरोसा नहीं है। मेरी बहन हर सुबह केले खाती है।",
    "th": "วันนี้เราคุยกันเรื่องอนาคตของเมือง ผมไม่เชื่อธนาคารใหญ่ๆ เลย น้องสาวของผมกินกล้วยสามลูกทุกเช้าในครัว",
    "de": "Heute reden wir über die Zukunft der Stadt. Ich vertraue den Banken nicht. Wir wussten das alles damals "
    "nicht mehr, aber meine Schwester isst jeden Morgen drei Bananen.",
    "ru": "Сегодня мы говорим о будущем города. Никогда не доверяйте большим банкам. Моя сестра ест бананы утром.",
}


def judge(folder: Path, language: str, quotation: str) -> Verdict:
    """Judge a quotation of the speech of a language, in a library that has other speech too."""
    with Store.open(folder, create=True) as store:
        for number, text in enumerate((SPEECH[language], OTHER)):
            words = tuple(
                Word(word, 0.3 * place, 0.3 * place + 0.3, 0.9) for place, word in enumerate(split_words(text))
            )
            segments = (Segment(0, len(words) - 1),)
            transcript = Transcript(language, "fake", "fake", "{}", "aligned", words, segments)
            store.save_transcript(add_episode(store, f"Talk {number}").id, transcript)
        return verify(store, quotation)


@pytest.mark.parametrize(
    ("language", "quotation", "told"),
    [
        ("zh", "喜欢吃苹果，但是我妹妹每天早上都吃三个香蕉", "'不' before"),
        ("zh", "告诉我们真相", "'没有' before"),
        ("ja", "私は銀行を信じてい", "'ませ' behind"),
        ("ko", "저는 은행을 믿지", "'않' behind"),
        ("ar", "أثق في البنوك الكبيرة", "'لا' before"),
        ("he", "סומך על הבנקים הגדולים", "'לא' before"),
        ("hi", "मुझे बड़े बैंकों पर भरोसा", "'नहीं' behind"),
        ("th", "เชื่อธนาคารใหญ่ๆ", "'ไม่' before"),
        ("de", "Ich vertraue den Banken", "'nicht' behind"),
        ("de", "Wir wussten das alles damals", "'nicht' behind"),
        ("ru", "Доверяйте большим банкам", "'не' before"),
    ],
)
def test_a_negation_beside_a_place_is_told(tmp_path: Path, language: str, quotation: str, told: str) -> None:
    verdict = judge(tmp_path, language, quotation)
    assert verdict.kind == "altered"
    assert verdict.reason == f"Said there, but {told} it is left out."


@pytest.mark.parametrize(
    ("language", "quotation"),
    [
        ("zh", "我不喜欢吃苹果"), ("zh", "我妹妹每天早上都吃三个香蕉"), ("zh", "今天我们聊一聊城市的未来"),
        ("ja", "私は銀行を信じていません"), ("ja", "彼は毎朝バナナを三本食べると言いました"),
        ("ko", "저는 은행을 믿지 않아요"), ("ko", "제 동생은 매일 아침 바나나를 세 개 먹어요"),
        ("ar", "أنا لا أثق في البنوك الكبيرة"), ("ar", "أختي تأكل ثلاث موزات كل صباح"),
        ("he", "אחותי אוכלת שלוש בננות כל בוקר"), ("hi", "मेरी बहन हर सुबह केले खाती है"),
        ("th", "ผมไม่เชื่อธนาคารใหญ่ๆ"), ("de", "Ich vertraue den Banken nicht"),
        ("de", "Meine Schwester isst jeden Morgen"),
        ("ru", "Никогда не доверяйте большим банкам"),
    ],
)  # fmt: skip
def test_what_has_no_negation_cut_off_is_verbatim(tmp_path: Path, language: str, quotation: str) -> None:
    verdict = judge(tmp_path, language, quotation)
    assert (verdict.kind, verdict.reason) == ("verbatim", "Said in just these words.")


def test_a_part_of_a_sentence_is_verbatim_and_its_negation_is_told(tmp_path: Path) -> None:
    verdict = judge(tmp_path, "de", "vertraue den Banken")
    assert (verdict.kind, verdict.reason) == ("verbatim", "Said in just these words; 'nicht' behind it is left out.")


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "我不，"), ("zh", "特别"), ("zh", "差不多"), ("en", "I said no."), ("ko", "안녕 "), ("th", "อย่างนั้น"),
     ("ja", "知らない"),
     ("ar", "لا، "), (None, "not "), ("sv", "inte. ")],
)  # fmt: skip
def test_what_negates_nothing_behind_it(language: str | None, text: str) -> None:
    assert find_negation_before(text, language, cased=language in ("en", "sv")) == ""


@pytest.mark.parametrize(
    ("language", "last", "text"),
    [("en", "there", " not knowing why"), ("en", "is,", " not that"), ("de", "Haus", " nicht gesehen worden zu sein."),
     ("de", "Haus.", " Nicht schlecht."), ("ja", "た", "けど何も言わない"), ("ko", "가고", " 안 왔어요"),
     ("ja", "は", "少ない"),
     ("hi", "है।", " नहीं"), (None, "is", " not")],
)  # fmt: skip
def test_what_negates_nothing_before_it(language: str | None, last: str, text: str) -> None:
    assert find_negation_after(last, text, language) == ""


@pytest.mark.parametrize(
    ("language", "quotation", "edits"),
    [
        ("zh", "我妹妹每天晚上都吃三个香蕉", [("晚", "早")]),
        ("zh", "我妹妹每天早上都吃四十个香蕉", [("四十", "三")]),
        ("ja", "彼は毎晩バナナを三本食べると言いました", [("晩", "朝")]),
        ("ja", "彼は毎朝りんごを三本食べると言いました", [("りんご", "バナナ")]),
        ("th", "น้องสาวของผมกินกล้วยสี่ลูกทุกเช้าในครัว", [("สี่", "สาม")]),
        ("th", "น้องสาวของผมกินกล้วยสามลูกทุกเย็นในครัว", [("เย็น", "เช้า")]),
        ("ko", "제 동생은 매일 저녁 바나나를 세 개 먹어요", [("저녁", "아침")]),
    ],
)
def test_only_the_characters_that_differ_are_shown(
    tmp_path: Path, language: str, quotation: str, edits: list[tuple[str, str]]
) -> None:
    verdict = judge(tmp_path, language, quotation)
    (match,) = verdict.parts
    assert verdict.kind == "altered"
    assert [(edit.quoted, edit.said) for edit in match.edits if edit.op != "equal"] == edits
    assert join_texts(edit.quoted for edit in match.edits if edit.quoted) == quotation
    assert "other words" in verdict.reason
    words = [[RecognisedWord(edit.said, None)] if edit.said else [] for edit in match.edits]
    shown = mark_differences(
        tuple(SpokenEdit(edit, tuple(said)) for edit, said in zip(match.edits, words, strict=True))
    )
    assert all(f"+{quoted}+" in shown for quoted, _ in edits)
    assert (" " in shown) == (language == "ko")


ACCENTS = [
    ("de", "wir konnten das alte Boot im Hafen verkaufen", "wir könnten das alte Boot im Hafen verkaufen", True),
    ("es", "el papá del capitán vive en el puerto viejo", "el Papa del capitán vive en el puerto viejo", True),
    ("pt", "o avô do capitão vive no porto velho", "o avó do capitão vive no porto velho", True),
    ("it", "il papà del capitano vive nel porto vecchio", "il papa del capitano vive nel porto vecchio", True),
    ("ru", "мой корабль стоит в старом порту", "мои корабль стоит в старом порту", True),
    ("fr", "il mange à la maison du capitaine", "il mangé à la maison du capitaine", True),
    ("vi", "con ma trong ngôi nhà cũ ở bến cảng", "con má trong ngôi nhà cũ ở bến cảng", True),
    ("ru", "все ещё стоит корабль в старом порту", "все еще стоит корабль в старом порту", False),
    ("fr", "il va paraître à l'école demain matin", "il va paraitre à l'école demain matin", False),
    ("fr", "école du capitaine à la maison", "Ecole du capitaine à la maison", False),
    ("es", "sólo el capitán vive en el puerto", "solo el capitán vive en el puerto", False),
    ("en", "the café of the captain is naïve", "the cafe of the captain is naive", False),
    ("de", "wir hören die Böen über der schönen Brücke", "wir horen die Boen uber der schonen Brucke", False),
]


@pytest.mark.parametrize(("language", "said", "quoted", "differs"), ACCENTS)
def test_accents_count_where_they_make_another_word(
    tmp_path: Path, language: str, said: str, quoted: str, differs: bool
) -> None:
    for number, (one, other) in enumerate([(said, quoted), (quoted, said), (said, said)]):
        with make_library(tmp_path / str(number), [f"{one} {one[::-1]}", OTHER], language) as store:
            verdict = verify(store, other)
        assert (verdict.kind == "altered") == (differs and one != other), verdict.reason


def test_digits_of_other_scripts_are_figures(tmp_path: Path) -> None:
    with make_library(tmp_path, ["اشترينا ٢٣ قاربا في الميناء القديم", OTHER], "ar") as store:
        assert verify(store, "اشترينا 23 قاربا في الميناء القديم").kind == "verbatim"
        assert verify(store, "اشترينا ٣٢ قاربا في الميناء القديم").kind == "altered"


def test_the_words_of_latin_script_are_split_at_spaces() -> None:
    assert make_transcript("two words").words[1].text == " words"
    assert join_texts(["two", "words", "三", "个"]) == "two words三个"
