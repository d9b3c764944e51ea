// Searching inside an episode: every hit is marked, and one after the other brought into sight.
import { announce, element, fill } from "../dom.js";
import { writeTime } from "../clock.js";
import { writeAddress } from "./address.js";
import { firstInSight } from "./sight.js";
import { countUpTo } from "./words.js";

const PAUSE = 150; // milliseconds without a key after which is searched

export class Finder {
  constructor(form, { text, marks, requests }) {
    Object.assign(this, { text, marks, requests, hits: [], current: -1, asked: null, timer: 0 });
    this.field = form.querySelector("input");
    [this.earlier, this.later] = form.querySelectorAll("button");
    this.told = form.querySelector("output");
    this.field.addEventListener("input", () => this.#wait());
    form.addEventListener("submit", (event) => event.preventDefault() || this.#enter());
    this.field.addEventListener("keydown", (event) => event.key === "Enter" && event.shiftKey && (event.preventDefault() || this.step(-1)));
    this.earlier.addEventListener("click", () => this.step(-1));
    this.later.addEventListener("click", () => this.step(1));
    this.#tell("");
  }

  /** Searches for what an address asks for; nothing is brought into sight. */
  begin(query) {
    this.field.value = query;
    return this.#search();
  }

  /** Goes to the next hit, or with -1 to the one before; after the last comes the first. */
  step(by) {
    if (!this.hits.length) return;
    this.#go((this.current + by + this.hits.length) % this.hits.length);
  }

  #wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#searchAndGo(), PAUSE);
  }

  async #enter() {
    if (this.field.value.trim() === this.searched) this.step(1);
    else await this.#searchAndGo();
  }

  async #searchAndGo() {
    if (await this.#search()) this.#goToNearest();
  }

  /** Returns whether there are hits; only the last of several searches tells any. */
  async #search() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const asked = (this.asked = new AbortController());
    this.searched = this.field.value.trim();
    writeAddress({ q: this.searched });
    this.#tell(this.searched && "searching …");
    try {
      const { hits, total } = this.searched ? await this.requests.hits(this.searched, asked.signal) : { hits: [], total: 0 };
      if (asked.signal.aborted) return false;
      this.#mark(hits);
      this.#tell(this.searched && (total ? `${total} found` : "not said here"));
      return hits.length > 0;
    } catch (error) {
      if (error.name === "AbortError") return false;
      this.#mark([]);
      this.#tell(error.message, true);
      return false;
    }
  }

  #mark(hits) {
    this.hits = hits;
    this.current = -1;
    this.marks.set("found", hits.map(({ first, last }) => [first, last]));
    this.marks.set("found-now", []);
    this.earlier.disabled = this.later.disabled = !hits.length;
  }

  #goToNearest() {
    const seen = firstInSight(this.text);
    const before = countUpTo(this.hits.map((hit) => hit.first), seen - 1);
    this.#go(before % this.hits.length);
  }

  #go(number) {
    this.current = number;
    const { first, last } = this.hits[number];
    this.marks.set("found-now", [[first, last]]);
    this.text.reveal(first);
    this.#tell(`${number + 1} of ${this.hits.length}`);
    const sentence = this.text.words.sentence(this.text.words.sentenceOf(first));
    announce(`${number + 1} of ${this.hits.length}, ${writeTime(this.text.words.starts[first])}: ${this.text.words.text(...sentence)}`);
  }

  #tell(text, isError = false) {
    fill(this.told, text && element("span", { class: isError ? "error" : null }, text));
    if (isError) announce(text);
    this.earlier.disabled = this.later.disabled = !this.hits.length;
  }
}
