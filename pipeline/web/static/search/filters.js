// What narrows a search: values of facets with their counts, chips for what is set, and the fields of the form.
import { get } from "../api.js";
import { element, fill } from "../dom.js";
import { FILTERS, countedParametersOf } from "./address.js";

const FACETS = { show: "Show", speaker: "Speaker", language: "Language" };
const PARAMETERS = { show: "show", speaker: "speaker", language: "lang" };
const CHIPS = { show: "show", speaker: "speaker", since: "from", until: "to", lang: "language", episode: "episode" };
const SHOWN = 8; // values of a facet; all of them when asked for
const ALL = 1000;
const languages = new Intl.DisplayNames("en", { type: "language", fallback: "code" });

/** Asks for the counts by facets, shows them and returns the number of all hits. `change(changes)` asks anew. */
export async function showFacets(place, remarks, asked, change, signal) {
  const parameters = { ...countedParametersOf(asked), facets: Object.keys(FACETS), limit: SHOWN };
  const counted = await get("/facets", parameters, signal);
  fill(place, Object.keys(FACETS).map((facet) => makeFacet(facet, counted, asked, change, signal)));
  fill(remarks, counted.notes.filter((note) => note.startsWith("Without") || note.startsWith("By voices")).map((note) => element("p", {}, note)));
  return counted.hits;
}

function makeFacet(facet, counted, asked, change, signal) {
  const values = counted.values.filter((one) => one.facet === facet);
  const isSet = asked[PARAMETERS[facet]] !== "";
  if (!isSet && !values.some((one) => one.hits < counted.hits)) return null; // it narrows nothing
  const list = element("ul", { class: "plain" }, values.map((one) => makeValue(one, counted, asked, change)));
  return element(
    "section",
    { class: "facet" },
    element("h3", {}, FACETS[facet]),
    list,
    values.length === SHOWN && element("button", { type: "button", class: "quiet small", onclick: showAll }, "Show all"),
  );

  async function showAll({ target }) {
    try {
      const all = await get("/facets", { ...countedParametersOf(asked), facets: facet, limit: ALL }, signal);
      fill(list, all.values.map((one) => makeValue(one, all, asked, change)));
      list.querySelectorAll("button")[SHOWN]?.focus();
      target.remove();
    } catch (error) {
      if (error.name !== "AbortError") target.textContent = error.message;
    }
  }
}

function makeValue({ facet, value, hits }, counted, asked, change) {
  const name = PARAMETERS[facet];
  const isChosen = asked[name] === value;
  const label = facet === "language" ? nameLanguage(value) : value;
  const bar = element("meter", { class: "share", max: counted.hits, value: hits, "aria-hidden": "true" });
  const button = element(
    "button",
    { type: "button", class: "value", "aria-pressed": String(isChosen), onclick: () => change({ [name]: isChosen ? "" : value }) },
    element("span", { class: "name", dir: "auto" }, label),
    element("span", { class: "times soft" }, hits.toLocaleString("en"), element("span", { class: "unseen" }, hits === 1 ? " hit" : " hits")),
    bar,
  );
  return element("li", {}, button);
}

/** Returns the name of a language. */
export function nameLanguage(code) {
  try {
    return languages.of(code);
  } catch {
    return code; // of an imported file, and no code at all
  }
}

/** Shows what is set, each with a button that takes it away. */
export function showChips(place, asked, change) {
  const chips = FILTERS.filter((name) => asked[name]).map((name) => {
    const text = `${CHIPS[name]}: ${name === "lang" ? nameLanguage(asked[name]) : asked[name]}`;
    return element(
      "li",
      {},
      element("button", { type: "button", class: "chip", "aria-label": `Take away ${text}`, onclick: () => change({ [name]: "" }) }, element("bdi", {}, text), element("span", { "aria-hidden": "true" }, "×")),
    );
  });
  fill(place, chips);
}
