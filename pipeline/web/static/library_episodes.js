// The episodes of the library: found by a filter, edited in place, removed.
import { writeLength } from "./clock.js";
import { announce, element, fill } from "./dom.js";
import { ask, button, tryChange } from "./library_acts.js";

const SHOWN = 100; // at once: a list of thousands is no list
const list = document.getElementById("episode-list");
const filter = document.getElementById("filter");
const more = document.getElementById("more");
const STATES = { registered: "no words yet", transcribing: "not finished", transcribed: "transcribed", imported: "imported" };
let episodes = [];
let shown = SHOWN;
let edited = null; // the episode whose form is open: it is not replaced while somebody writes

/** Shows the episodes, the newest of all first. */
export function showEpisodes(found) {
  episodes = found;
  if (edited === null) draw();
}

function draw() {
  const wanted = filter.value.trim().toLowerCase();
  const fits = episodes.filter((one) => !wanted || [one.title, one.show, one.published].some((text) => text?.toLowerCase().includes(wanted)));
  const rows = fits.slice(0, shown).map((one) => element("li", { class: "entry" }, parts(one)));
  const none = element("li", { class: "soft" }, wanted ? "No episode fits." : "There are no episodes yet. Add one above.");
  fill(list, rows.length ? rows : none);
  more.hidden = fits.length <= shown;
}

filter.addEventListener("input", () => {
  shown = SHOWN;
  draw();
});
more.addEventListener("click", () => {
  shown += SHOWN;
  draw();
});

function parts(episode) {
  const about = [episode.show, episode.published, episode.duration && writeLength(episode.duration), STATES[episode.state] ?? episode.state];
  const name = ["transcribed", "imported"].includes(episode.state) ? element("a", { href: `/e/${encodeURIComponent(episode.episode)}` }, episode.title) : episode.title;
  return [
    element("span", { class: "name" }, name),
    element("span", { class: "acts" }, button("Edit", episode.title, ({ target }) => edit(target.closest("li"), episode)), button("Remove", episode.title, () => remove(episode))),
    element("p", { class: "about soft small" }, about.filter(Boolean).join(" · ")),
  ];
}

function edit(row, episode) {
  if (edited !== null) draw();
  edited = episode.episode;
  const fields = { title: episode.title, show: episode.show ?? "", date: episode.published ?? "" };
  const inputs = Object.entries(fields).map(([name, value]) => element("input", { name, value, required: name === "title", autocomplete: "off" }));
  const labels = ["Title", "Show", "Date"].map((text, number) => element("label", {}, text, inputs[number]));
  const close = () => {
    edited = null;
    draw();
  };
  const form = element(
    "form",
    { "aria-label": `Edit ${episode.title}` },
    element("div", { class: "fields" }, labels),
    element("div", { class: "row" }, element("button", { class: "main" }, "Save"), element("button", { type: "button", onclick: close }, "Cancel")),
  );
  form.addEventListener("keydown", (event) => event.key === "Escape" && close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const changed = Object.fromEntries(inputs.filter((one) => one.value !== fields[one.name]).map((one) => [one.name, one.value]));
    if (await tryChange("PATCH", `/episodes/${encodeURIComponent(episode.episode)}`, changed)) {
      Object.assign(episode, { title: inputs[0].value, show: inputs[1].value || null, published: inputs[2].value || null });
      announce(`${episode.title} is saved.`);
      close();
    }
  });
  row.append(form);
  inputs[0].focus();
}

async function remove(episode) {
  const detail = "Its words go, and its sound if it was downloaded or handed in here. A recording elsewhere stays.";
  if ((await ask(`Remove ${episode.title}?`, detail, "Remove")) && (await tryChange("DELETE", `/episodes/${encodeURIComponent(episode.episode)}`))) {
    announce(`${episode.title} is removed.`);
  }
}
