// What is shaded when it is asked for: doubtful words, what recurs in other episodes, what was corrected, and gaps.
import { element, fill } from "../dom.js";
import { writeAddress } from "./address.js";

const DOUBTFUL = 50; // per cent of probability below which a word is doubtful
const OVERLAP = "overlap"; // the flag of a sentence in which several speak: its words are not doubted
const CHOICES = [
  ["doubtful", "Doubtful words"],
  ["repeats", "What recurs in other episodes"],
  ["corrected", "Corrected words"],
  ["gaps", "Speech without words"],
];

export class Shading {
  constructor(menu, container, marks, chosen) {
    Object.assign(this, { menu, container, marks, chosen: new Set(chosen) });
  }

  /** Shades words, and offers what there is to shade. */
  show(words, transcript) {
    this.ranges = {
      doubtful: findDoubtful(words),
      repeat: transcript.repeats.map(({ first, last }) => [first, last]),
      corrected: [...words.heard.keys()].sort((one, other) => one - other).map((word) => [word, word]),
    };
    const { doubtful, repeat, corrected } = this.ranges;
    const counts = { doubtful: doubtful.length, repeats: repeat.length, corrected: corrected.length, gaps: transcript.gaps.length };
    this.marks.set("unspoken", words.unspoken.map((word) => [word, word]));
    fill(this.menu, CHOICES.map(([name, label]) => this.#offer(name, label, counts[name])));
    this.#apply();
  }

  #offer(name, label, count) {
    const toggle = (event) => {
      if (event.target.checked) this.chosen.add(name);
      else this.chosen.delete(name);
      writeAddress({ show: [...this.chosen].join(",") });
      this.#apply();
    };
    const box = element("input", { type: "checkbox", checked: this.chosen.has(name), disabled: !count, onchange: toggle });
    return element("label", { class: "choice" }, box, element("span", { class: `sample ${name}` }, label), element("span", { class: "soft" }, count));
  }

  #apply() {
    const shown = (name, kind) => this.marks.set(kind, this.chosen.has(name) ? this.ranges[kind] : []);
    shown("doubtful", "doubtful");
    shown("repeats", "repeat");
    shown("corrected", "corrected");
    this.container.classList.toggle("with-gaps", this.chosen.has("gaps"));
  }
}

/** Returns ranges of words that were recognised with low confidence, or stand in a sentence that failed a check. */
function findDoubtful(words) {
  const flagged = ([number, flags]) => (flags.some((flag) => flag !== OVERLAP) ? [words.sentence(Number(number))] : []);
  const sentences = Object.entries(words.flags).flatMap(flagged);
  const isDoubtful = new Uint8Array(words.count);
  words.probabilities.forEach((one, word) => (isDoubtful[word] = one !== null && one < DOUBTFUL ? 1 : 0));
  for (const [first, last] of sentences) isDoubtful.fill(1, first, last + 1);
  const ranges = [];
  isDoubtful.forEach((doubtful, word) => {
    if (!doubtful) return;
    if (isDoubtful[word - 1]) ranges.at(-1)[1] = word;
    else ranges.push([word, word]);
  });
  return ranges;
}
