"""Numbers in the other languages that the number library reads: their words, and their way of writing figures."""

from __future__ import annotations

import pytest
from text_to_num import find_numbers

from index.language.numbers.number_languages import LANGUAGES
from index.language.numbers.number_readings import read_numbers
from index.verification.alignment import align, compute_costs
from index.verification.quoted_words import read_quotation
from index.verification.word_forms import read_forms

SAME = [
    ("da", "femogtyve procent", "25 %"), ("da", "to komma fem", "2,5"), ("da", "fra fem til ti", "fra 5-10"),
    ("de", "fünfundzwanzig Prozent", "25 %"), ("de", "zwei Komma fünf Millionen", "2,5 Millionen"),
    ("de", "elfhundert Euro", "1.100 €"), ("de", "acht Uhr dreißig", "8:30 Uhr"), ("de", "20 Uhr", "20:00"),
    ("de", "acht bis neun", "8-9"), ("de", "minus fünf", "-5"), ("de", "neunzehnhundertvierundachtzig", "1984"),
    ("es", "treinta y uno", "31"), ("es", "cuarenta mil euros", "40.000 €"), ("es", "veintiún mil", "21.000"),
    ("es", "el cincuenta por ciento", "el 50 %"), ("es", "mil novecientos ochenta y cuatro", "1984"),
    ("fr", "soixante-dix-sept mille", "77 000"), ("fr", "cinquante pour cent", "50 %"), ("fr", "8 h 30", "8h30"),
    ("fr", "deux virgule cinq millions", "2,5 millions"), ("fr", "deux à trois", "2-3"), ("fr", "troisième", "3ème"),
    ("it", "ventitré mila", "23.000"), ("it", "due virgola cinque milioni", "2,5 milioni"), ("it", "sei euro", "6 €"),
    ("nl", "vijfentwintig procent", "25 %"), ("nl", "duizend euro", "1.000 €"), ("nl", "acht tot negen", "8-9"),
    ("de", "fünf fünf fünf, null eins zwei drei", "555-0123"), ("es", "cinco cinco cinco cero uno dos tres", "5550123"),
    ("fr", "zéro six deux quatre un cinq", "062415"), ("it", "sette uno sette, due tre quattro cinque", "717-2345"),
    ("pt", "vinte e cinco por cento", "25 %"), ("pt", "dois milhões", "2 milhões"), ("pt", "8h30", "8:30"),
]  # fmt: skip
ABBREVIATIONS = [
    ("de", "Dr. Weber ist z.B. hier", "Doktor Weber ist zum Beispiel hier"), ("es", "el Sr. López", "el señor López"),
    ("fr", "Mme Dupont et M. Roux", "madame Dupont et monsieur Roux"), ("it", "il dott. Rossi", "il dottor Rossi"),
    ("nl", "dhr. Jansen & zoon", "meneer Jansen en zoon"), ("pt", "a Dra. Silva", "a doutora Silva"),
    ("de", "das kommt d. h. es bleibt", "das kommt d.h. es bleibt"), ("da", "f.eks. i dag", "for eksempel i dag"),
    ("fr", "Müller & fils", "Müller et fils"),
]  # fmt: skip
OTHER = [
    ("de", "vier bis fünf Stunden", "45 Stunden"), ("fr", "1 100 euros", "100 euros"),
    ("es", "2,5 millones", "25 millones"),
    ("it", "sei", "6"), ("nl", "tachtig/twintig", "8020"), ("pt", "1.100", "1,1"), ("da", "halvtreds", "60"),
]  # fmt: skip


def cost(language: str, said: str, quoted: str) -> float:
    return align(compute_costs(read_quotation(quoted, language), read_forms(said.split(), language))).cost


@pytest.mark.parametrize(("language", "one", "other"), ABBREVIATIONS)
def test_an_abbreviation_costs_nothing_against_its_words(language: str, one: str, other: str) -> None:
    assert cost(language, one, other) == cost(language, other, one) == 0


@pytest.mark.parametrize(("language", "one", "other"), SAME)
def test_another_writing_of_the_same_number_costs_nothing(language: str, one: str, other: str) -> None:
    assert cost(language, one, other) == cost(language, other, one) == 0


@pytest.mark.parametrize(("language", "one", "other"), OTHER)
def test_another_number_costs_something(language: str, one: str, other: str) -> None:
    assert cost(language, one, other) > 0
    assert cost(language, other, one) > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_library_knows_these_languages(language: str) -> None:
    assert find_numbers([], language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "ein Mann und der erste"), ("fr", "neuf"), ("it", "sei qui"), ("nl", "een man en de"), ("es", "una y a"),
     ("fr", "un à un"), ("pt", "um e a")],
)  # fmt: skip
def test_articles_and_words_that_are_rarely_numbers_are_not_read(language: str, text: str) -> None:
    assert read_numbers(text.split(), language) == []


@pytest.mark.parametrize("language", ["ru", "sv", "pl", None, "ja"])
def test_of_other_languages_figures_are_read(language: str | None) -> None:
    (reading,) = read_numbers(["so", "25"], language)
    assert reading.number.key == "count:25"
