// Correcting words by hand: what was heard is kept beside what a person writes, and comes back when that is undone.
import { announce, element, fill } from "../dom.js";

export class Corrector {
  /** `changed` is called after each correction, and each that is undone. */
  constructor({ dialog, panel, text, requests, changed }) {
    Object.assign(this, { dialog, panel, text, requests, changed, corrections: [] });
  }

  /** Lists corrections, each with what was heard. */
  show(corrections) {
    this.corrections = corrections;
    this.panel.hidden = !corrections.length;
    fill(this.panel.querySelector("ul"), corrections.map((one) => this.#describe(one)));
  }

  /** Asks what was really said instead of some words. */
  ask(first, last) {
    const said = this.text.words.text(first, last);
    const here = this.corrections.filter((one) => one.first !== null && one.first <= last && one.last >= first);
    const message = element("p", { class: "error small", role: "alert" });
    const send = async (make) => (await this.#send(make, message)) && this.dialog.close();
    const enter = (event) => event.key === "Enter" && !event.shiftKey && (event.preventDefault() || form.requestSubmit());
    const field = element("textarea", { "aria-labelledby": "correct-title", rows: said.length > 40 ? 3 : 1, maxlength: 1000, dir: "auto", onkeydown: enter }, said);
    const save = (event) => event.preventDefault() || send(() => this.requests.correct(first, last, field.value));
    const form = element(
      "form",
      { onsubmit: save },
      element("h2", { id: "correct-title" }, first === last ? "Correct this word" : "Correct these words"),
      element("p", { class: "soft small" }, "What was heard is kept beside your words; searches find yours."),
      field,
      here.map((one) => element("p", { class: "small" }, "Heard: ", element("q", { dir: "auto" }, one.heard), " ", this.#undoing(one, send))),
      message,
      element("div", { class: "actions" }, element("button", { class: "main" }, "Save"), element("button", { type: "button", onclick: () => this.dialog.close() }, "Cancel")),
    );
    fill(this.dialog, form);
    this.dialog.showModal();
    field.select();
  }

  #describe(one) {
    const message = element("span", { class: "error small", role: "alert" });
    const words = [element("del", { dir: "auto" }, one.heard), " ", element("ins", { dir: "auto" }, one.text)];
    const shown = one.set_aside
      ? element("span", { class: "edits" }, words, element("span", { class: "soft small" }, " set aside: something else is heard there now"))
      : element("button", { type: "button", class: "quiet edits", onclick: () => this.text.reveal(one.first) }, words);
    return element("li", {}, shown, this.#undoing(one, (make) => this.#send(make, message)), message);
  }

  #undoing({ correction, text }, send) {
    return element("button", { type: "button", class: "quiet", "aria-label": `Undo ${text}`, onclick: () => send(() => this.requests.undoCorrection(correction)) }, "Undo");
  }

  /** Returns whether it went well. */
  async #send(make, message) {
    try {
      const { undone } = await make();
      await this.changed();
      announce(undone ? "Undone" : "Corrected");
      return true;
    } catch (error) {
      fill(message, [error.message, error.wayOut].filter(Boolean).join(" "));
      return false;
    }
  }
}
