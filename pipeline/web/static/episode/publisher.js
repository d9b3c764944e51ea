// The publisher's own transcript against the words that were heard: where they differ, side by side.
import { writeTime } from "../clock.js";
import { element, fill } from "../dom.js";

export class Publisher {
  constructor(panel, { text, marks, requests, play }) {
    Object.assign(this, { panel, text, marks, requests, play, asked: false });
    panel.addEventListener("toggle", () => panel.open && this.#compare());
  }

  /** Offers the comparison, if there is one to make. */
  show({ comparable }) {
    this.panel.hidden = !comparable;
    this.asked = false;
    if (comparable && this.panel.open) this.#compare();
  }

  async #compare() {
    if (this.asked) return;
    this.asked = true;
    const content = this.panel.querySelector("div");
    fill(content, element("p", { class: "soft small" }, "Comparing …"));
    try {
      const { equal, differences } = await this.requests.compare();
      fill(content, element("p", { class: "small" }, `${Math.floor(equal * 100)} % of the words are equal. `, `${differences.length} places differ.`), element("ol", { class: "plain differences" }, differences.map((one) => this.#describe(one))));
      this.marks.set("differing", this.#ranges(differences));
    } catch (error) {
      fill(content, element("p", { class: "error small" }, error.message));
    }
  }

  #describe({ start, difference, said, publisher }) {
    const side = (label, words) => [element("dt", { class: "soft" }, label), element("dd", { dir: "auto" }, words || element("span", { class: "soft" }, "nothing"))];
    return element(
      "li",
      {},
      element("button", { type: "button", class: "quiet times", onclick: () => this.play(start), "aria-label": `Play from ${writeTime(start)}` }, writeTime(start)),
      element("span", { class: "soft small" }, difference),
      element("dl", { class: "sides" }, side("Heard", said), side("Publisher", publisher)),
    );
  }

  #ranges(differences) {
    const { words } = this.text;
    return differences.filter((one) => one.said).map((one) => words.between(one.start, one.end));
  }
}
