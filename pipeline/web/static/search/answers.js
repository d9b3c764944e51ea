// What is said beside the hits: how many there are, what was not taken literally, what to try instead, and errors.
import { element, fill } from "../dom.js";

const WORD = /[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}\p{N}\p{M}_]+)*/gu;

/** Writes the number of hits: an estimate in as many digits as its error lets count, as in "about 1,400 hits (±8 %)". */
export function writeTotal({ total, total_exact: isExact, total_error: error }) {
  const hits = total === 1 ? "hit" : "hits";
  if (isExact) return `${total.toLocaleString("en")} ${hits}`;
  const step = 10 ** (String(Math.trunc(total * error)).length - 1);
  return `about ${(Math.round(total / step) * step).toLocaleString("en")} ${hits} (±${Math.round(100 * error)} %)`;
}

/** Returns a query with another word in the place of one, wherever that stands in it, in whatever case. */
export function replaceWord(query, word, other) {
  return query.replace(WORD, (one) => (fold(one) === fold(word) ? other : one));
}

function fold(word) {
  return word.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();
}

/** Shows notes and suggestions; `change(changes)` asks for something else. */
export function showAdvice(place, asked, { total, notes, suggestions }, change) {
  fill(
    place,
    total === 0 && element("p", { class: "nothing" }, "Nothing found for ", element("q", { dir: "auto" }, asked.q)),
    notes.map((note) => element("p", { class: "small soft" }, note)),
    suggestions.length > 0 && element("ul", { class: "plain advice" }, suggestions.map((one) => suggest(one, asked, change))),
  );
}

function suggest({ kind, advice, facts }, asked, change) {
  const text = kind === "did_you_mean" ? `“${facts.word}” is nowhere in the library. Did you mean` : advice;
  return element("li", {}, text, " ", WAYS[kind]?.(facts, asked, change));
}

function offerWords({ word, others }, asked, change) {
  const changed = others.split(" ").map((other) => [other, replaceWord(asked.q, word, other)]);
  return changed.map(([other, query]) => button(other, () => change({ q: query })));
}

// What can be done at once about some kinds of advice. Others are for a person to read.
const WAYS = {
  did_you_mean: offerWords,
  write_small: offerWords,
  write_capitals: offerWords,
  search_fuzzily: (_facts, _asked, change) => button("Search fuzzily", () => change({ fuzzy: true })),
  leave_out_filters: (_facts, asked, change) =>
    hasFilters(asked) && button("Without these filters", () => change(WITHOUT_FILTERS)),
  state_language: () => element("a", { href: "/library" }, "Open the library"),
};

const WITHOUT_FILTERS = { show: "", speaker: "", since: "", until: "", lang: "", episode: "" };

function hasFilters(asked) {
  return Object.keys(WITHOUT_FILTERS).some((name) => asked[name]);
}

function button(label, onclick) {
  return element("button", { type: "button", class: "try", onclick }, label);
}

/** Shows an error under the query; one in lines shows the place in the query. `explain` opens the query syntax. */
export function showProblem(place, error, explain) {
  const [message, ...lines] = error.message.split("\n");
  fill(
    place,
    message,
    lines.length > 0 && element("code", { class: "caret" }, lines.join("\n")),
    " ",
    lines.length > 0 ? button("See the query syntax", explain) : error.wayOut,
  );
  place.hidden = false;
}
