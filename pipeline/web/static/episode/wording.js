// Checking a wording: how what somebody wrote differs from what was said here.
import { element, fill } from "../dom.js";
import { writeTime } from "../clock.js";

export class WordingCheck {
  constructor(dialog, { text, requests, play }) {
    Object.assign(this, { dialog, text, requests, play });
  }

  /** Asks for the wording to check, beginning with some words of the text. */
  ask(first, last) {
    const field = element("textarea", { name: "wording", rows: 4, "aria-labelledby": "wording-title", maxlength: 4000, dir: "auto" }, this.text.words.text(first, last));
    const found = element("div", { role: "status" });
    const check = (event) => {
      event.preventDefault();
      this.#check(field.value, found);
    };
    fill(
      this.dialog,
      element(
        "form",
        { onsubmit: check },
        element("h2", { id: "wording-title" }, "Check a wording"),
        element("p", { class: "soft small" }, "Write it as it was quoted: every difference from what was said is shown."),
        field,
        found,
        element("div", { class: "actions" }, element("button", { class: "main" }, "Check"), element("button", { type: "button", onclick: () => this.dialog.close() }, "Close")),
      ),
    );
    this.dialog.showModal();
    field.select();
  }

  async #check(quotation, found) {
    fill(found, element("p", { class: "soft small" }, "Checking …"));
    try {
      const best = await this.requests.locate(quotation);
      fill(found, best ? this.#describe(best) : element("p", {}, "Nothing like it is said in this episode."));
    } catch (error) {
      fill(found, element("p", { class: "error" }, [error.message, error.wayOut].filter(Boolean).join(" ")));
    }
  }

  #describe({ kind, start, speaker, edits, reason }) {
    const place = start !== null && element("button", { type: "button", class: "quiet times on-sound", onclick: () => this.play(start) }, `Play at ${writeTime(start)}`);
    return [
      element("p", {}, element("strong", {}, kind), speaker && `, ${speaker} `, place),
      edits && element("p", { class: "edits", dir: "auto" }, edits.flatMap(showEdit)),
      element("p", { class: "soft small" }, reason),
    ];
  }
}

/** Returns the words of a difference: what was quoted and not said, and what was said instead. */
function showEdit({ op, quoted, said }) {
  if (op === "equal") return [said, " "];
  return [quoted && element("del", {}, quoted), quoted && said && " ", said && element("ins", {}, said), " "];
}
