// Marks on words, as highlights of the browser: no word needs an element of its own, so long texts stay light.

/** What words can be marked as; a later one is painted over those before it. The colours are in episode.css. */
const KINDS = ["unspoken", "repeat", "doubtful", "differing", "corrected", "linked", "found", "found-now", "pointed", "now"];

/** Marks of ranges of words, on as much of the text as is drawn. */
export class Marks {
  constructor() {
    this.ranges = new Map(KINDS.map((kind) => [kind, []]));
    this.highlights = new Map();
    KINDS.forEach((kind, priority) => {
      const highlight = CSS.highlights ? new Highlight() : new Set(); // an older browser shows no marks
      highlight.priority = priority;
      this.highlights.set(kind, highlight);
      CSS.highlights?.set(kind, highlight);
    });
    this.drawn = new Map(); // a drawn paragraph, and its marks by kind
  }

  /** Marks exactly these words, [first, last] each, in order, as of a kind. */
  set(kind, ranges) {
    this.ranges.set(kind, ranges);
    for (const paragraph of this.drawn.keys()) this.#repaint(paragraph, kind);
  }

  /** Marks no words. */
  clear() {
    for (const kind of KINDS) this.set(kind, []);
  }

  /** Marks the words of a paragraph that is drawn now. */
  add(paragraph) {
    this.drawn.set(paragraph, new Map());
    for (const kind of KINDS) this.#repaint(paragraph, kind);
  }

  /** Forgets a paragraph that is drawn no longer. */
  remove(paragraph) {
    for (const [kind, painted] of this.drawn.get(paragraph) ?? []) this.#erase(kind, painted);
    this.drawn.delete(paragraph);
  }

  #repaint(paragraph, kind) {
    const painted = this.drawn.get(paragraph);
    this.#erase(kind, painted.get(kind) ?? []);
    const { first, last } = paragraph;
    const inside = overlapping(this.ranges.get(kind), first, last);
    const made = inside.map(([from, to]) => paragraph.range(Math.max(from, first), Math.min(to, last)));
    for (const range of made) this.highlights.get(kind).add(range);
    painted.set(kind, made);
  }

  #erase(kind, painted) {
    for (const range of painted) this.highlights.get(kind).delete(range);
  }
}

/** Returns those of sorted ranges that have a number between two in them. */
function overlapping(ranges, first, last) {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle][1] < first) low = middle + 1;
    else high = middle;
  }
  const inside = [];
  for (let n = low; n < ranges.length && ranges[n][0] <= last; n += 1) inside.push(ranges[n]);
  return inside;
}
