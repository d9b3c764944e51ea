// Where the reader is in the text, and how they move: by sentence, by word, to a second, and by playing.
import { announce } from "../dom.js";
import * as player from "../player.js";
import { writeAddress } from "./address.js";
import { firstInSight, isInSight } from "./sight.js";

export class Reading {
  constructor({ text, marks, follower, selected }) {
    Object.assign(this, { text, marks, follower, selected, recording: null, at: 0, pointed: null });
    selected.addEventListener("change", () => this.#tellSelected());
    text.container.addEventListener("click", (event) => this.#click(event));
    text.container.addEventListener("pointermove", (event) => this.#point(event));
    text.container.addEventListener("pointerleave", () => marks.set("pointed", []));
  }

  /** Goes by the recording of an episode: null for one without sound. */
  use(recording, start) {
    this.recording = recording;
    if (recording && !player.position()) player.load({ ...recording, start });
  }

  /** Plays from a second, or between two; without sound it is only shown. */
  play(start, end = null) {
    if (!this.recording) return this.goTo(start);
    this.#choose(start, end);
    this.follower.follow();
    return player.play({ ...this.recording, start, end });
  }

  /** Shows a second; what plays goes on from there. */
  goTo(start) {
    if (this.recording) player.seek(start);
    this.#choose(start);
    this.text.reveal(this.text.words.near(start));
  }

  /** Shows the place that a link leads to, and lights it. */
  open(start, end) {
    const { words } = this.text;
    const [first, last] = end === null ? Array(2).fill(words.near(start)) : words.between(start, end);
    this.marks.set("linked", [[first, last]]);
    this.#be(first);
    this.text.reveal(first);
  }

  /** Goes to the next sentence, or with -1 to the one before. */
  stepSentence(by) {
    const { words } = this.text;
    const number = words.sentenceOf(this.word()) + by;
    const sentence = words.sentence(Math.min(Math.max(number, 0), words.sentenceEnds.length - 1));
    this.goTo(words.starts[sentence[0]]);
    announce(words.text(...sentence));
  }

  /** Selects the next word, or with -1 the one before; or one word more. */
  stepWord(by, isMore) {
    this.selected.step(by, isMore, this.word());
    announce(this.text.words.text(...this.selected.words));
  }

  /** Does something with the selected words; without any, with the sentence that the reader is at. */
  withWords(act) {
    const { words } = this.text;
    if (!this.selected.words) this.selected.set(...words.sentence(words.sentenceOf(this.word())));
    act(...this.selected.words);
  }

  /** Returns the word that the reader is at: that of the player, or one chosen since it moved; if it is in sight. */
  word() {
    const { words } = this.text;
    const { time, paused = true } = player.position() ?? {};
    const word = time === this.chosenAt ? Math.min(this.at, words.count - 1) : words.near(time);
    return !paused || isInSight(this.text, word) ? word : firstInSight(this.text);
  }

  #be(word) {
    this.at = word;
    this.chosenAt = player.position()?.time;
  }

  #choose(start, end = null) {
    writeAddress({ t: start, to: end });
    this.marks.set("linked", []);
    this.#be(this.text.words.near(start));
  }

  #tellSelected() {
    const { selected, text } = this;
    if (!selected.words) return;
    const [first, last] = selected.words;
    this.#be(first);
    writeAddress({ t: text.words.starts[first], to: text.words.endOf(first, last) });
  }

  #click({ target, clientX, clientY }) {
    const word = target.dataset.play ?? (this.selected.words ? null : this.text.wordAt(clientX, clientY));
    if (word !== null) this.play(this.text.words.starts[Number(word)]);
  }

  #point({ clientX, clientY }) {
    const word = this.text.wordAt(clientX, clientY);
    if (word === this.pointed) return;
    this.pointed = word;
    this.marks.set("pointed", word === null ? [] : [[word, word]]);
  }
}
