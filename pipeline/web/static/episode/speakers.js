// Who speaks: a legend of colours, in which speakers are renamed, suggested names taken, and voices made one.
import { announce, element, fill } from "../dom.js";
import { writeLength } from "../clock.js";
import { colourOf } from "./paragraph.js";

const BASES = { profile: "sounds like this person in", talk: "is said in the sentence", feed: "is named by the publisher as" };

export class Speakers {
  /** `changed` is called after each change; `play` plays a span. */
  constructor(panel, { requests, changed, play }) {
    Object.assign(this, { panel, requests, changed, play, voices: new Map(), mayUndo: null });
    this.list = panel.querySelector("ul");
    this.foot = panel.querySelector("footer");
  }

  /** Lists speakers; what takes longer to find out follows. */
  async show(speakers) {
    this.speakers = speakers;
    this.panel.hidden = !speakers.length;
    this.#draw();
    if (!speakers.length) return;
    try {
      this.voices = new Map((await this.requests.voices()).map((one) => [one.voice, one]));
      this.#draw();
    } catch (error) {
      if (error.status !== 404) this.#fail(error); // voices that were never told apart have no more than names
    }
  }

  #draw() {
    fill(this.list, this.speakers.map((one, place) => this.#row(one, place)));
    const undo = element("button", { type: "button", class: "quiet", onclick: () => this.#change(() => this.requests.undoVoices()) }, "Undo the last change");
    const isChanged = this.mayUndo ?? this.speakers.some((one) => one.name !== one.label);
    fill(this.foot, isChanged && undo);
  }

  #row(speaker, place) {
    const voice = this.voices.get(speaker.voice);
    const rename = element("button", { type: "button", class: "quiet", "aria-label": `Rename ${speaker.name}`, onclick: () => this.#edit(row, speaker) }, "Rename");
    const row = element(
      "li",
      { class: `speaker ${colourOf(place)}`, "data-voice": speaker.voice },
      element("span", { class: "dot", "aria-hidden": "true" }),
      element("span", { class: "name", dir: "auto" }, speaker.name),
      voice && element("span", { class: "soft small" }, writeLength(voice.seconds)),
      voice && voice.sample_start !== null && this.#sample(voice),
      rename,
      voice?.suggested && !speaker.named && this.#suggestion(voice),
    );
    return row;
  }

  #sample({ speaker, sample_start: start, sample_end: end }) {
    return element("button", { type: "button", class: "quiet on-sound", "aria-label": `Hear ${speaker}`, onclick: () => this.play(start, end) }, "Hear");
  }

  #suggestion({ voice, suggested, likelihood, evidence }) {
    const reasons = evidence.map(({ basis, shown_by: shownBy }) => `${BASES[basis] ?? basis}: ${shownBy}`);
    const accept = element("button", { type: "button", class: "quiet", onclick: () => this.#change(() => this.requests.acceptName(voice)) }, "Yes");
    return element(
      "p",
      { class: "suggestion small" },
      element("span", {}, "Is this ", element("strong", { dir: "auto" }, suggested), `? ${Math.round(likelihood * 100)} % likely. `),
      accept,
      reasons.length > 0 && element("details", {}, element("summary", {}, "Why"), reasons.map((reason) => element("span", { class: "reason", dir: "auto" }, reason))),
    );
  }

  #edit(row, speaker) {
    const field = element("input", { name: "name", "aria-label": `Name of ${speaker.name}`, value: speaker.named ? speaker.name : "", placeholder: speaker.label, autocomplete: "off", maxlength: 200 });
    const save = (event) => {
      event.preventDefault();
      const other = this.speakers.find((one) => one.voice !== speaker.voice && one.name === field.value.trim());
      if (other) this.#offerMerge(form, speaker, other, field.value);
      else this.#rename(speaker, field.value);
    };
    const form = element(
      "form",
      { class: "rename", onsubmit: save, onkeydown: (event) => event.key === "Escape" && (event.stopPropagation(), this.#draw(), this.#focus(speaker)) },
      field,
      element("button", { class: "main" }, "Save"),
      element("button", { type: "button", onclick: () => this.#draw() }, "Cancel"),
      this.#merging(speaker),
    );
    row.replaceChildren(form);
    field.focus();
    field.select();
  }

  #merging(speaker) {
    const others = this.speakers.filter((one) => one.voice !== speaker.voice && this.voices.get(one.voice)?.told_by_sound);
    if (!others.length || !this.voices.get(speaker.voice)?.told_by_sound) return null;
    const choose = element(
      "select",
      { "aria-label": `${speaker.name} is the same voice as`, onchange: () => choose.value && this.#merge(Number(choose.value), speaker) },
      element("option", { value: "" }, "Same voice as …"),
      others.map((one) => element("option", { value: one.voice }, one.name)),
    );
    return choose;
  }

  #offerMerge(form, speaker, other, name) {
    if (!form.contains(this.#merging(speaker) && form.querySelector("select"))) return this.#rename(speaker, name);
    const merge = element("button", { type: "button", class: "main", onclick: () => this.#merge(other.voice, speaker) }, "Make them one voice");
    const keep = element("button", { type: "button", onclick: () => this.#rename(speaker, name) }, "Keep two voices");
    fill(form, element("p", { class: "small" }, `Another voice is called ${other.name} already.`), merge, keep);
    return merge.focus();
  }

  #rename(speaker, name) {
    return this.#change(() => this.requests.nameVoice(speaker.voice, name.trim()), speaker);
  }

  #merge(kept, speaker) {
    return this.#change(() => this.requests.mergeVoices([kept, speaker.voice]));
  }

  async #change(make, speaker = null) {
    try {
      const { change, undone, undoable } = await make();
      this.mayUndo = undoable > 0;
      await this.changed();
      announce(undone ? `Undone: ${change}` : "Saved");
    } catch (error) {
      this.#fail(error);
    }
    if (speaker) this.#focus(speaker);
  }

  #focus({ voice }) {
    this.list.querySelector(`[data-voice="${voice}"] button`)?.focus();
  }

  #fail(error) {
    fill(this.foot, element("p", { class: "error small", role: "alert" }, [error.message, error.wayOut].filter(Boolean).join(" ")));
  }
}
