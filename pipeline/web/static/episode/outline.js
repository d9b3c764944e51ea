// Beside the text: the chapters of the episode, of which the current one is told, and what its publisher writes.
import { writeTime } from "../clock.js";
import { element, fill } from "../dom.js";
import { countUpTo } from "./words.js";

export class Chapters {
  constructor(panel, go) {
    Object.assign(this, { panel, go, buttons: [], starts: [], current: null });
  }

  /** Lists chapters. */
  show(chapters) {
    this.starts = chapters.map((one) => one.start);
    this.buttons = chapters.map((one) => this.#button(one));
    this.panel.hidden = !chapters.length;
    fill(this.panel.querySelector("ol"), this.buttons.map((button) => element("li", {}, button)));
    this.current = null;
  }

  /** Tells which chapter a second is in. */
  at(time) {
    const current = this.buttons[countUpTo(this.starts, time) - 1] ?? null;
    if (current === this.current) return;
    this.current?.removeAttribute("aria-current");
    current?.setAttribute("aria-current", "true");
    this.current = current;
  }

  #button({ start, title }) {
    const parts = [element("span", { class: "times soft" }, writeTime(start)), element("span", { dir: "auto" }, title ?? "Chapter")];
    return element("button", { type: "button", class: "chapter-button", onclick: () => this.go(start) }, parts);
  }
}

/** Shows what the publisher writes of an episode, and whom it names. */
export function showNotes(panel, { description, people, page, address }) {
  const links = [[page, "Page of the episode"], [address, "Listen at its publisher"]].filter(([where]) => isWebAddress(where));
  panel.hidden = !description && !people.length && !links.length;
  fill(
    panel.querySelector("div"),
    people.length > 0 && element("p", { class: "small" }, people.map((one) => (one.role ? `${one.name} (${one.role})` : one.name)).join(", ")),
    description && element("p", { class: "notes small", dir: "auto" }, description),
    links.map(([where, label]) => element("p", { class: "small" }, element("a", { href: where, rel: "noreferrer" }, label))),
  );
}

/** Whether a text is an address of the web: a feed may name any, and some run scripts. */
function isWebAddress(text) {
  return /^https?:\/\//i.test(text ?? "");
}
