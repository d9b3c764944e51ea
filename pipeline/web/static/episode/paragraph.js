// One paragraph of a transcript on the page: whose it is, when it begins, and its words as one text.
import { writeTime } from "../clock.js";
import { element } from "../dom.js";
import { countUpTo } from "./words.js";

const COLOURS = 6; // of speakers, in base.css

/** Returns the class that gives a speaker's colour, by the place in the list of speakers. */
export function colourOf(speaker) {
  return speaker === null ? "nobody" : `speaker-${(speaker % COLOURS) + 1}`;
}

/** A paragraph that is drawn: its element, and which letters are which word. */
export class DrawnParagraph {
  constructor(words, paragraph, language) {
    Object.assign(this, { first: paragraph.first, last: paragraph.last });
    this.begins = [];
    this.ends = [];
    this.letters = document.createTextNode(this.#layOut(words.texts));
    const start = words.starts[this.first];
    const text = element("p", { lang: language, dir: "auto", "data-first": this.first }, this.letters);
    const play = { type: "button", class: "time", tabindex: -1, "data-play": this.first, "aria-label": `Play from ${writeTime(start)}` };
    const name = paragraph.speaker === null ? "Speaker unknown" : words.speakers[paragraph.speaker].name;
    this.element = element(
      "div",
      { class: `paragraph ${colourOf(paragraph.speaker)}${paragraph.turn ? " turn" : ""}` },
      paragraph.gaps.map(describeGap),
      paragraph.chapter && element("h3", { class: "chapter", dir: "auto" }, paragraph.chapter.title ?? "Chapter"),
      paragraph.turn && words.speakers.length > 0 && element("h3", { class: "who", dir: "auto" }, name),
      element("button", play, writeTime(start)),
      text,
      paragraph.gapsAfter?.map(describeGap),
    );
  }

  #layOut(texts) {
    let laidOut = "";
    for (let word = this.first; word <= this.last; word += 1) {
      const text = word === this.first ? texts[word].trimStart() : texts[word];
      this.begins.push(laidOut.length + text.length - text.trimStart().length);
      laidOut += text;
      this.ends.push(laidOut.length);
    }
    return laidOut;
  }

  /** Returns the range of the letters of words of this paragraph. */
  range(first, last) {
    const range = document.createRange();
    range.setStart(this.letters, this.begins[first - this.first]);
    range.setEnd(this.letters, this.ends[last - this.first]);
    return range;
  }

  /** Returns the word that has a letter, or the one after it between words. */
  wordAt(offset) {
    return this.first + Math.min(countUpTo(this.ends, offset), this.ends.length - 1);
  }

  /** Returns the word that has the letter before an offset, or the one before it between words. */
  wordBefore(offset) {
    return this.first + Math.max(0, countUpTo(this.begins, offset - 1) - 1);
  }
}

function describeGap({ start, end }) {
  return element("p", { class: "gap soft small" }, `Speech without words, ${writeTime(start)} to ${writeTime(end)}`);
}
