"use strict";

// The tokens of a text, as the index of the site has them: airquote's index/language/tokens.py in the language of
// browsers. What one of the two does, the other must do too.
window.airquote = window.airquote || {};

(() => {
  const APOSTROPHES = /[\u2019\u2018\u02bc\u02bb\u2032\uff07\u0060\u00b4]/g;
  const INVISIBLE = /[\u00ad\u2060\ufeff\u200c-\u200f\u202a-\u202e\u2066-\u2069]/g;
  const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xbe6, 0xc66, 0xce6, 0xe50, 0xed0, 0x1040, 0x17e0];
  const OTHER_DIGITS = new RegExp(`[${ZEROS.map(zero => String.fromCharCode(zero, 45, zero + 9)).join("")}]`, "g");
  const CHEROKEE = /[\u13a0-\u13f5\u13f8-\u13fd\uab70-\uabbf]/; // the only script that is folded to capitals
  const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+/g;
  const STROKES = { "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe" };
  const SPACELESS = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}" +
    "\\p{Script=Khmer}\\p{Script=Myanmar}";
  const INSIDE = `(?![${SPACELESS}])[\\p{L}\\p{N}\\p{M}_]`;
  const TOKEN = new RegExp(
    `(?=[${SPACELESS}])[\\p{L}\\p{N}]\\p{M}*|(?:${INSIDE})+(?:'(?:${INSIDE})+)*`, "gu");
  const UNIT = new RegExp(`(?=[${SPACELESS}])[\\p{L}\\p{N}]\\p{M}*|(?:(?![${SPACELESS}])[^])+|[^]`, "gu");
  const WORD = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";
  const SAID_SIGN = new RegExp(`&|(?<=(?<!${WORD})(?![\\p{Nd}_])${WORD})(?:\\+\\+?|#)(?!${WORD}|[+#])`, "gu");
  const SAID_SIGNS = { "&": "and", "++": "plus plus", "+": "plus", "#": "sharp" };

  function before(text) {
    return text.replace(APOSTROPHES, "'").replace(INVISIBLE, "").replace(OTHER_DIGITS, digit => {
      const code = digit.charCodeAt(0);
      return String(code - Math.max(...ZEROS.filter(zero => zero <= code)));
    });
  }

  // Full case folding: by way of the capitals, which gives ss for ß, and letter by letter, which gives no final sigma.
  function foldCase(letter) {
    if (CHEROKEE.test(letter)) return letter.toUpperCase();
    return [...letter.toLowerCase().toUpperCase()].map(one => one.toLowerCase()).join("");
  }

  function fold(text) {
    const folded = [...before(before(text).normalize("NFKC"))].map(foldCase).join("");
    const bare = folded.normalize("NFKD").replace(ACCENTS, "").normalize("NFC");
    return bare.replace(/[øłđħŧæœ]/g, letter => STROKES[letter]);
  }

  airquote.tokens = text =>
    fold(text).replace(SAID_SIGN, sign => ` ${SAID_SIGNS[sign]} `).match(TOKEN) || [];

  // The parts of a word, each with the number of its tokens; together these are the tokens of the word.
  airquote.parts = word => {
    const units = word.match(UNIT) || [];
    const counts = units.map(unit => airquote.tokens(unit).length);
    const whole = airquote.tokens(word).length;
    const fits = counts.reduce((sum, count) => sum + count, 0) === whole;
    return fits ? units.map((unit, n) => [unit, counts[n]]) : [[word, whole]];
  };
})();
