// The text of a transcript, of which only what is near the window is drawn with names, times and marks.
import { element } from "../dom.js";
import { DrawnParagraph } from "./paragraph.js";

const PIECE = 500; // words of a piece of the text: about a window full
const PARAGRAPH = 25; // words for which a paragraph counts beside its own
const NEAR = "100% 0px"; // how far from the window pieces are drawn: its height
const READING_LINE = 0.3; // where words are brought to in the window, from its top

/** The text on the page. What is far from the window is plain text there, which is selected and copied like the rest. */
export class TranscriptText {
  constructor(container, marks) {
    Object.assign(this, { container, marks, pieces: [] });
    this.observer = new IntersectionObserver((seen) => seen.forEach((one) => this.#update(one)), { rootMargin: NEAR });
    addEventListener("beforeprint", () => this.pieces.forEach((piece) => this.#draw(piece)));
    addEventListener("afterprint", () => this.#observe());
  }

  /** Shows words instead of those that were shown. */
  show(words, language) {
    for (const piece of this.pieces) this.#flatten(piece);
    Object.assign(this, { words, language, pieces: cutIntoPieces(words.paragraphs) });
    this.byElement = new Map(this.pieces.map((piece) => [piece.element, piece]));
    const room = this.#measure();
    for (const piece of this.pieces) {
      this.#flatten(piece);
      piece.element.style.setProperty("--room", `${Math.round(estimate(piece, words, room))}px`);
    }
    this.container.replaceChildren(...this.pieces.map((piece) => piece.element));
    this.#observe();
  }

  /** Brings a word into sight. */
  reveal(word, behavior = "instant") {
    const settle = (tries) => {
      const from = this.boxOf(word).top - innerHeight * READING_LINE;
      if (Math.abs(from) > 2) scrollBy({ top: from, behavior });
      // Pieces that come near take their real heights in the next frame.
      if (tries && behavior === "instant") requestAnimationFrame(() => settle(tries - 1));
    };
    settle(3);
  }

  /** Whether a word is seen between two edges of the window. */
  isBetween(word, above, below) {
    if (!this.#pieceWith(word).drawn) return false;
    const { top, bottom } = this.boxOf(word);
    return top >= above && bottom <= below;
  }

  /** Returns where a word is in the window. */
  boxOf(word) {
    return this.#rangeOf(word).getBoundingClientRect();
  }

  /** Returns the first word below an edge of the window. */
  firstBelow(above) {
    const isSeen = (one) => one.element.getBoundingClientRect().bottom > above;
    const piece = this.pieces.find(isSeen) ?? this.pieces.at(-1);
    const { first, last } = this.#draw(piece).find(isSeen) ?? piece.drawn.at(-1);
    let word = first;
    while (word < last && this.boxOf(word).top < above) word += 1;
    return word;
  }

  /** Returns the word at a point of the window, null for none. */
  wordAt(x, y) {
    const [node, offset] = letterAt(x, y);
    const paragraph = this.#drawn().find((one) => one.letters === node);
    if (!paragraph) return null;
    const near = [paragraph.wordBefore(offset), paragraph.wordAt(offset)];
    return near.find((word) => isAt(paragraph.range(word, word), x, y)) ?? null;
  }

  /** Returns the first and the last word of which a range of the document has letters, null without any. */
  wordsOf(range) {
    const isIn = (node) => range.intersectsNode(node);
    const pieces = range.collapsed ? [] : this.pieces.filter((piece) => isIn(piece.element));
    const touched = pieces.flatMap((piece) => (piece.drawn ? piece.drawn.filter((one) => isIn(one.letters)) : piece.paragraphs));
    if (!touched.length) return null;
    const [begin, end] = [touched[0], touched.at(-1)];
    const first = range.startContainer === begin.letters ? begin.wordAt(range.startOffset) : begin.first;
    const last = range.endContainer === end.letters ? end.wordBefore(range.endOffset) : end.last;
    return first <= last ? [first, last] : null;
  }

  /** Selects words as the mouse does. */
  select(first, last) {
    const [begin, end] = [this.#rangeOf(first), this.#rangeOf(last)];
    getSelection().setBaseAndExtent(begin.startContainer, begin.startOffset, end.endContainer, end.endOffset);
  }

  #observe() {
    this.observer.disconnect();
    for (const piece of this.pieces) this.observer.observe(piece.element);
  }

  #update({ target, isIntersecting }) {
    const piece = this.byElement.get(target);
    if (isIntersecting) this.#draw(piece);
    else if (piece.drawn && !isInUse(target)) this.#flatten(piece);
  }

  #draw(piece) {
    if (piece.drawn) return piece.drawn;
    piece.drawn = piece.paragraphs.map((paragraph) => new DrawnParagraph(this.words, paragraph, this.language));
    piece.element.replaceChildren(...piece.drawn.map((paragraph) => paragraph.element));
    for (const paragraph of piece.drawn) this.marks.add(paragraph);
    return piece.drawn;
  }

  #flatten(piece) {
    for (const paragraph of piece.drawn ?? []) this.marks.remove(paragraph);
    piece.drawn = null;
    piece.element.textContent = piece.paragraphs.map((paragraph) => this.#asText(paragraph)).join("\n\n");
  }

  #asText({ first, last, turn, speaker }) {
    const name = turn && speaker !== null ? `${this.words.speakers[speaker].name}\n` : "";
    return name + this.words.text(first, last);
  }

  #drawn() {
    return this.pieces.flatMap((piece) => piece.drawn ?? []);
  }

  #rangeOf(word) {
    return this.#draw(this.#pieceWith(word)).find((one) => word <= one.last).range(word, word);
  }

  #pieceWith(word) {
    return this.pieces.find((one) => word <= one.paragraphs.at(-1).last);
  }

  #measure() {
    const { fontSize, lineHeight } = getComputedStyle(this.container);
    return { letters: this.container.clientWidth / (parseFloat(fontSize) * 0.5), line: parseFloat(lineHeight) };
  }
}

function cutIntoPieces(paragraphs) {
  const pieces = [];
  let room = 0;
  for (const paragraph of paragraphs) {
    if (room <= 0) {
      pieces.push({ paragraphs: [], drawn: null, element: element("div", { class: "piece" }) });
      room = PIECE;
    }
    pieces.at(-1).paragraphs.push(paragraph);
    room -= paragraph.last - paragraph.first + 1 + PARAGRAPH;
  }
  return pieces;
}

/** Returns about how high a piece is: the browser keeps the room for it until it has measured it. */
function estimate({ paragraphs }, words, { letters, line }) {
  const lines = ({ first, last, turn, chapter }) => Math.ceil(words.text(first, last).length / letters) + 0.6 + (turn ? 1.2 : 0) + (chapter ? 2 : 0);
  return paragraphs.reduce((height, paragraph) => height + lines(paragraph) * line, 0);
}

/** Returns the node at a point of the window, and which of its letters: browsers have two functions for it. */
function letterAt(x, y) {
  const caret = document.caretPositionFromPoint?.(x, y);
  if (caret) return [caret.offsetNode, caret.offset];
  const range = document.caretRangeFromPoint?.(x, y);
  return [range?.startContainer, range?.startOffset];
}

function isAt(range, x, y) {
  return [...range.getClientRects()].some((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);
}

/** Whether a selection begins or ends in an element, or the keyboard is there: then it stays as it is. */
function isInUse(holder) {
  const { anchorNode, focusNode } = getSelection();
  return [anchorNode, focusNode, document.activeElement].some((node) => node && holder.contains(node));
}
