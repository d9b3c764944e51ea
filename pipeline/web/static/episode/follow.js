// Following the sound: the word that is being said is lit, and kept in sight unless the reader scrolled away.
import { isInSight } from "./sight.js";

const LOWEST_LINES = 90; // pixels above the player in which a word makes the text scroll: a heading and a line
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Follower {
  constructor(text, marks, button) {
    Object.assign(this, { text, marks, button, word: -1, isFollowing: true });
    button.addEventListener("click", () => this.follow());
    // A scroll by the reader leaves the word out of sight; one of the page brings it into sight.
    addEventListener("scroll", () => this.#set(this.isFollowing && isInSight(this.text, this.word)), { passive: true });
  }

  /** Lights the word of a second. */
  at(time) {
    const word = this.text.words.at(time);
    if (word === this.word) return;
    this.word = word;
    this.marks.set("now", word < 0 ? [] : [[word, word]]);
    if (this.isFollowing) this.#keepInSight();
    this.#set(this.isFollowing);
  }

  /** Brings the word into sight, and keeps it there from now on. */
  follow() {
    this.#set(true);
    if (this.word >= 0) this.text.reveal(this.word);
  }

  #keepInSight() {
    if (isInSight(this.text, this.word, LOWEST_LINES)) return;
    // Only a word that is still seen glides: while one is out of sight, the reader would seem to have scrolled away.
    const glides = isInSight(this.text, this.word) && !calm.matches;
    this.text.reveal(this.word, glides ? "smooth" : "instant");
  }

  #set(isFollowing) {
    this.isFollowing = isFollowing;
    this.button.hidden = isFollowing || this.word < 0;
  }
}
