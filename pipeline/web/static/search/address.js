// What is asked for, as the address of the page holds it: by the names of the parameters of the API.

const NAMES = ["q", "show", "episode", "speaker", "since", "until", "lang", "repeats", "sort"];
const TICKS = ["fuzzy", "by_episode"];
const SETTLED = 1500; // milliseconds without a key after which a query is one to come back to

/** The names of what narrows a search, beside its query. */
export const FILTERS = ["show", "speaker", "since", "until", "lang", "episode"];

/** Returns what the address asks for. `shown` is how many hits were shown there, 0 for the first ones. */
export function readAddress() {
  const given = new URLSearchParams(location.search);
  const asked = { shown: Math.max(0, Number.parseInt(given.get("shown"), 10) || 0) };
  for (const name of NAMES) asked[name] = given.get(name) ?? "";
  for (const name of TICKS) asked[name] = given.get(name) === "true";
  return asked;
}

/** Returns the parameters of the API; those that are not set are "". */
export function parametersOf(asked) {
  const parameters = {};
  for (const name of NAMES) parameters[name] = asked[name].trim();
  for (const name of TICKS) parameters[name] = asked[name] ? "true" : "";
  return parameters;
}

/** Returns the parameters by which all hits are counted: order and groups change nothing about them. */
export function countedParametersOf(asked) {
  const { sort: _sort, by_episode: _groups, ...others } = parametersOf(asked);
  return others;
}

function addressOf(asked) {
  const set = Object.entries(parametersOf(asked)).filter(([, value]) => value);
  if (asked.shown) set.push(["shown", asked.shown]);
  return set.length ? `/?${new URLSearchParams(set)}` : "/";
}

let timer = 0; // runs while a query is being typed

/**
 * Puts what is asked for into the address. A query that is `typed` makes one entry of the history, which its letters
 * replace until they pause; every other change makes an entry of its own.
 */
export function keepInHistory(asked, { typed = false } = {}) {
  const address = addressOf(asked);
  const isSame = address === location.pathname + location.search;
  if (!isSame && timer && typed) history.replaceState(null, "", address);
  else if (!isSame) history.pushState(null, "", address);
  clearTimeout(timer);
  timer = typed ? setTimeout(() => (timer = 0), SETTLED) : 0;
}

/** Puts a detail into the address that is not worth an entry of the history. */
export function noteInHistory(asked) {
  history.replaceState(null, "", addressOf(asked));
}
