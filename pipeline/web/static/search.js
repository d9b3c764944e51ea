// The search page: asks as one types, shows what is found, and keeps what is asked in the address.
import { get } from "./api.js";
import { announce, element, fill } from "./dom.js";
import { keepInHistory, noteInHistory, parametersOf, readAddress } from "./search/address.js";
import { showAdvice, showProblem, writeTotal } from "./search/answers.js";
import { showKeys, showSyntax } from "./search/dialogs.js";
import { showChips, showFacets } from "./search/filters.js";
import { addHits, makeRow } from "./search/hits.js";
import { showTrend } from "./search/plot.js";
import { showStart } from "./search/start.js";
import "./search/keys.js";

const BETWEEN_KEYS = 120; // milliseconds without a key after which is searched
const IN_A_WORD = 700; // and after which a word is taken for whole: then "nothing found" and errors are shown
const BEFORE_COUNTS = 250;
const PAGE = 20; // hits
const MOST = 100; // at once, when one comes back to many
const SENTENCES = 1; // around each hit

const [query, found, summary, options, start, chips, problem, total, answerPlace, hitList, more, trend, filters, facets, remarks, unsearched] = [
  "query", "found", "summary", "options", "start", "chips", "problem", "total", "answer", "hits", "more", "trend", "filters", "facets", "remarks", "unsearched",
].map((id) => document.getElementById(id));
const fields = ["since", "until", "repeats", "sort", "by_episode", "fuzzy"].map((id) => document.getElementById(id));

let asked = readAddress();
let running = new AbortController(); // the latest question; those before are given up
let known = null; // what the library holds, once that is told
const overview = get("/overview").then((told) => (known = told), () => null);

/** Asks for something else: a change by hand, which the back button takes back. */
function change(changes) {
  asked = { ...asked, ...changes, shown: 0 };
  keepInHistory(asked);
  showAsked();
  return ask();
}

function showAsked() {
  if (query.value !== asked.q) query.value = asked.q;
  for (const field of fields) {
    if (field.type === "checkbox") field.checked = asked[field.id];
    else field.value = field.id === "by_episode" ? String(asked.by_episode || "") : asked[field.id];
  }
  showChips(chips, asked, takeAway);
}

/** Takes a filter away; its chip had the focus and is gone. */
function takeAway(changes) {
  change(changes);
  (chips.querySelector("button") ?? query).focus();
}

async function ask({ typed = false } = {}) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const text = asked.q.trim();
  document.title = text ? `${text} · airquote` : "Search · airquote";
  start.hidden = Boolean(text);
  found.hidden = !text;
  try {
    if (!text) return await begin(signal);
    hitList.setAttribute("aria-busy", "true");
    await answer(typed, signal);
  } catch (error) {
    if (!signal.aborted) await fail(error, typed, signal);
  }
}

async function begin(signal) {
  hideProblem();
  fill(hitList);
  await overview;
  signal.throwIfAborted();
  showStart(start, known, change);
}

async function answer(typed, signal) {
  const parameters = { ...parametersOf(asked), context: SENTENCES, limit: Math.min(MOST, asked.shown || PAGE) };
  const answered = await get("/search", parameters, signal);
  if (typed && !answered.total) await pause(IN_A_WORD, signal);
  hideProblem();
  trend.hidden = !answered.total || hasOneMonth(); // else its place is kept until it is drawn
  showHits(answered);
  announce(answered.total ? writeTotal(answered) : "Nothing found");
  if (typed) await pause(BEFORE_COUNTS, signal);
  await showCounts(answered.total, signal);
}

function hasOneMonth() {
  return known !== null && known.first?.slice(0, 7) === known.last?.slice(0, 7);
}

function showHits(answered) {
  summary.hidden = !answered.total;
  total.textContent = writeTotal(answered);
  showAdvice(answerPlace, asked, answered, change);
  fill(hitList);
  append(answered);
  hitList.removeAttribute("aria-busy");
}

function append(answered) {
  addHits(hitList, answered, asked.by_episode ? moreOfEpisode : null);
  const shown = hitList.childElementCount;
  const { length } = answered.hits;
  const reached = asked.by_episode ? shown : hitList.querySelectorAll(".hit").length;
  const isAll = asked.by_episode ? length < PAGE : reached >= answered.total || !length;
  fill(more, !isAll && element("button", { type: "button", onclick: () => showMore(reached) }, "Show more hits"));
}

async function showMore(offset) {
  const { signal } = running;
  more.querySelector("button").disabled = true;
  try {
    const answered = await get("/search", { ...parametersOf(asked), context: SENTENCES, limit: PAGE, offset }, signal);
    const last = hitList.querySelectorAll(".when").length;
    append(answered);
    hitList.querySelectorAll(".when")[last]?.focus();
    asked.shown = Math.min(MOST, offset + answered.hits.length);
    noteInHistory(asked);
    announce(`${answered.hits.length} more hits`);
  } catch (error) {
    if (signal.aborted) return;
    more.querySelector("button").disabled = false;
    tell(error);
  }
}

/** Returns the button that shows the other hits of an episode. */
function moreOfEpisode(hit, group) {
  const button = element("button", { type: "button", class: "quiet small", onclick: () => showOthers(hit, group, button).catch(tell) }, "More in this episode");
  return button;
}

async function showOthers(hit, group, button) {
  const { signal } = running;
  const parameters = { ...parametersOf(asked), by_episode: "", sort: "time", episode: hit.episode, context: SENTENCES, limit: MOST };
  const { hits, marks, total: count } = await get("/search", parameters, signal);
  const rows = group.querySelector(".rows");
  fill(rows, hits.map((one, number) => makeRow(one, marks[number])));
  const rest = count - hits.length;
  button.replaceWith(element("p", { class: "small soft" }, rest > 0 ? `${rest.toLocaleString("en")} more: open the episode to see them.` : `All ${count} in this episode.`));
  rows.querySelector(".when").focus();
}

async function showCounts(hits, signal) {
  await overview;
  signal.throwIfAborted();
  const rest = known ? known.episodes - known.searched : 0;
  fill(unsearched, rest > 0 && [`${rest.toLocaleString("en")} of ${known.episodes.toLocaleString("en")} episodes have no transcript yet and were not searched. `, element("a", { href: "/library" }, "Open the library")]);
  if (!hits) return clearCounts();
  const asks = [showFacets(facets, remarks, asked, change, signal), showTrend(trend, asked, change, signal)];
  const [facetsDone, trendDone] = await Promise.allSettled(asks);
  if (signal.aborted) return;
  if (facetsDone.status === "fulfilled") total.textContent = writeTotal({ total: facetsDone.value, total_exact: true });
  else fill(facets, element("p", { class: "small soft" }, facetsDone.reason.message));
  if (trendDone.status === "rejected") trend.hidden = true; // as for titles and notes, which nobody said at a time
}

function clearCounts() {
  trend.hidden = true;
  fill(facets);
  fill(remarks);
}

function hideProblem() {
  problem.hidden = true;
  query.removeAttribute("aria-invalid");
}

async function fail(error, typed, signal) {
  try {
    if (typed) await pause(IN_A_WORD, signal);
  } catch {
    return; // somebody types on
  }
  query.setAttribute("aria-invalid", "true");
  hitList.removeAttribute("aria-busy");
  summary.hidden = true;
  clearCounts();
  for (const place of [answerPlace, hitList, more]) fill(place);
  tell(error);
}

function tell(error) {
  if (error.name === "AbortError") return;
  showProblem(problem, error, () => showSyntax(change));
  announce(error.message.split("\n")[0]);
}

/** Waits; throws if the question is given up meanwhile. */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)));
  });
}

let keyTimer = 0;
query.addEventListener("input", ({ isComposing }) => {
  clearTimeout(keyTimer);
  if (!isComposing) keyTimer = setTimeout(askTyped, BETWEEN_KEYS);
});
query.addEventListener("compositionend", () => (keyTimer = setTimeout(askTyped, BETWEEN_KEYS)));

function askTyped() {
  if (query.value === asked.q) return;
  asked = { ...asked, q: query.value, shown: 0 };
  keepInHistory(asked, { typed: true });
  ask({ typed: true });
}

document.getElementById("asking").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(keyTimer);
  change({ q: query.value });
});
for (const field of fields) {
  field.addEventListener("change", () => change({ [field.id]: field.type === "checkbox" ? field.checked : field.id === "by_episode" ? field.value === "true" : field.value.trim() }));
}
document.getElementById("show-syntax").addEventListener("click", () => showSyntax(change));
document.getElementById("show-keys").addEventListener("click", showKeys);
options.addEventListener("toggle", ({ newState }) => {
  if (newState !== "open") return;
  const { bottom, right } = document.getElementById("show-options").getBoundingClientRect();
  Object.assign(options.style, { top: `${bottom + 4}px`, left: `${Math.max(8, right - options.offsetWidth)}px` });
});
addEventListener("popstate", () => {
  clearTimeout(keyTimer);
  asked = readAddress();
  showAsked();
  ask();
});

const wide = matchMedia("(min-width: 60rem)");
const unfold = () => (filters.open = wide.matches);
wide.addEventListener("change", unfold);
unfold();
showAsked();
if (!asked.q && matchMedia("(hover: hover)").matches) query.focus(); // elsewhere a keyboard would cover half the page
ask();
