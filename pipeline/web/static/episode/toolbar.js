// What can be done with the words that are selected: play, quote, link, cut, check, correct.
import { address } from "../api.js";
import { announce, element, fill } from "../dom.js";
import { addressWith } from "./address.js";
import { copy } from "./clipboard.js";
import { recall, remember } from "./remembered.js";

const STYLES = ["plain", "markdown", "html", "apa", "chicago", "bibtex", "ris", "csl-json"];
const LONGEST_CLIP = 15 * 60; // seconds, as in pipeline/web/sound/clips.py
const SOUNDS = ["mp3", "wav", "m4a", "ogg", "opus", "flac"];

export class Toolbar {
  /** `play` plays between two seconds; `check` and `correct` take words. */
  constructor(bar, { text, selected, requests, play, check, correct }) {
    Object.assign(this, { bar, text, selected, requests, play });
    this.style = choice("Style of the citation", "quotation-style", STYLES);
    this.sound = choice("Format of the clip", "clip-format", SOUNDS);
    this.clip = element("a", { class: "button", download: "" }, "Clip");
    this.sound.addEventListener("change", () => this.#link());
    const button = (label, act) => element("button", { type: "button", onclick: act }, label);
    this.heard = element("span", { class: "soft small" });
    fill(
      bar,
      element("button", { type: "button", class: "on-sound", onclick: () => this.play(...this.#times()) }, "Play"),
      element("span", { class: "pair" }, button("Copy quotation", () => this.copyQuotation()), this.style),
      button("Copy link", () => this.copyLink()),
      element("span", { class: "pair on-sound" }, this.clip, this.sound),
      button("Check wording", () => check(...selected.words)),
      button("Correct", () => correct(...selected.words)),
      this.heard,
    );
    bar.addEventListener("pointerdown", (event) => event.target.closest("button") && event.preventDefault()); // keeps the selection
    bar.addEventListener("keydown", (event) => this.#move(event));
    selected.addEventListener("change", () => this.#show());
  }

  /** Copies the selected words as a quotation with its citation. */
  async copyQuotation() {
    const make = async () => {
      const { text, citations } = await this.requests.quote(...this.selected.words);
      return `“${text}”\n${citations[this.style.value]}`;
    };
    await this.#copy(make, "Quotation copied");
  }

  /** Copies the address of this page at the selected words. */
  async copyLink() {
    const [t, to] = this.#times();
    await this.#copy(async () => addressWith({ t, to, q: null, show: null }), "Link copied");
  }

  /** Moves the keyboard to the toolbar. */
  focus() {
    this.#parts()[0].focus();
  }

  async #copy(make, told) {
    try {
      await copy(make());
      this.#say(told);
    } catch (error) {
      this.#say(error.message, true);
    }
  }

  #say(text, isError = false) {
    fill(this.heard, element("span", { class: isError ? "error" : "done" }, text));
    announce(text);
  }

  #show() {
    const { words } = this.selected;
    this.bar.hidden = !words;
    if (!words) return;
    this.#link();
    this.#tellHeard(...words);
    this.#place(this.text.boxOf(words[1]));
  }

  #link() {
    const [start, end] = this.#times();
    this.clip.parentElement.hidden = end - start > LONGEST_CLIP;
    this.clip.href = address("/clip", { episode: this.requests.episode, start, end, format: this.sound.value });
  }

  #times() {
    const [first, last] = this.selected.words;
    const { words } = this.text;
    return [words.starts[first], words.endOf(first, last)];
  }

  #tellHeard(first, last) {
    const { heard } = this.text.words;
    const inside = [...heard].filter(([word]) => word >= first && word <= last).map(([, text]) => text.trim());
    fill(this.heard, inside.length > 0 && `Heard: ${inside.join(" ")}`);
  }

  #place({ left, bottom }) {
    const main = this.bar.parentElement.getBoundingClientRect();
    const room = main.width - this.bar.offsetWidth - 16;
    this.bar.style.setProperty("--left", `${Math.max(16, Math.min(left - main.left - 120, room))}px`);
    this.bar.style.setProperty("--top", `${bottom - main.top + 8}px`);
  }

  /** Moves between the parts of the toolbar by arrow keys, as in every toolbar. */
  #move(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.text.container.focus({ preventScroll: true });
      this.selected.clear();
    }
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || event.target.matches("select")) return;
    const parts = this.#parts();
    parts[(parts.indexOf(event.target) + by + parts.length) % parts.length]?.focus();
    event.preventDefault();
    event.stopPropagation();
  }

  #parts() {
    return [...this.bar.querySelectorAll("button, a, select")].filter((one) => one.checkVisibility());
  }
}

/** Returns a select that remembers what was chosen. */
function choice(label, key, values) {
  const kept = recall(key);
  const select = element(
    "select",
    { "aria-label": label, onchange: () => remember(key, select.value) },
    values.map((value) => element("option", { value, selected: value === kept }, value)),
  );
  return select;
}
