// The words that are selected, by mouse, finger or keyboard.

/** Fires "change" when other words are selected; `words` is the first and the last of them, null without any. */
export class SelectedWords extends EventTarget {
  constructor(text, toolbar) {
    super();
    Object.assign(this, { text, toolbar, words: null, isHeld: false });
    document.addEventListener("selectionchange", () => this.#update());
    text.container.addEventListener("pointerdown", () => this.#hold(true));
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => this.#hold(false));
  }

  /** Selects words and brings them into sight. */
  set(first, last) {
    this.text.reveal(first);
    this.text.select(first, last);
    this.#change([first, last]); // the browser tells it later
  }

  /** Selects nothing. */
  clear() {
    getSelection().empty();
    this.#change(null);
  }

  /** Selects the word after or before, or extends what is selected by it; begins at a word if nothing is selected. */
  step(by, extends_, begin) {
    const [first, last] = this.words ?? [begin - by, begin - by];
    const clamp = (word) => Math.min(Math.max(word, 0), this.text.words.count - 1);
    if (!extends_) this.set(...Array(2).fill(clamp((by > 0 ? last : first) + by)));
    else if (by > 0) this.set(first, clamp(last + by));
    else this.set(clamp(first + by), last);
  }

  #hold(isHeld) {
    this.isHeld = isHeld;
    this.#update();
  }

  #update() {
    if (this.isHeld || this.toolbar.contains(document.activeElement)) return;
    const selection = getSelection();
    const range = selection.rangeCount ? selection.getRangeAt(0) : null;
    const isInside = range && this.text.container.contains(range.commonAncestorContainer);
    this.#change(isInside ? this.text.wordsOf(range) : null);
  }

  #change(words) {
    if (String(words) === String(this.words)) return;
    this.words = words;
    this.dispatchEvent(new Event("change"));
  }
}
