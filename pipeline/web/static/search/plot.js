// How often it was said over time: a bar for each month or year, which narrows the search to it.
import { get } from "../api.js";
import { element, fill, shape } from "../dom.js";
import { countedParametersOf } from "./address.js";

const HEIGHT = 40; // of the tallest bar, in units of the drawing; a period is 10 wide
const STEP = 10;

/** Asks how often it was said, whatever the dates that are set, and draws it. */
export async function showTrend(place, asked, change, signal) {
  const trend = await get("/trend", { ...countedParametersOf(asked), since: "", until: "" }, signal);
  const points = trend.points.filter((point) => point.period !== null);
  place.hidden = points.length < 2 || !points.some((point) => point.hits);
  if (!place.hidden) draw(place, trend, points, asked, change);
}

function draw(place, trend, points, asked, change) {
  const highest = Math.max(...points.map((point) => point.per_10000_words ?? 0)) || 1;
  const bars = points.map((point, number) => makeBar(point, number, highest, asked, change));
  const buttons = bars.filter((bar) => bar.hasAttribute("role"));
  const first = buttons.find((bar) => bar.getAttribute("aria-pressed") === "true") ?? buttons[0];
  first.setAttribute("tabindex", "0");
  const drawing = shape(
    "svg",
    { viewBox: `0 0 ${points.length * STEP} ${HEIGHT + 1}`, preserveAspectRatio: "none", role: "group", "aria-label": `Hits by ${trend.by}`, onkeydown: move },
    bars,
  );
  const undated = trend.undated_episodes;
  fill(
    place,
    drawing,
    element("div", { class: "axis small soft times" }, element("span", {}, points[0].period), element("span", { class: "scale" }, `hits in 10,000 words, by ${trend.by}`), element("span", {}, points.at(-1).period)),
    element("figcaption", { class: "unseen" }, `How often it was said, by ${trend.by}.${undated ? ` ${undated} episodes have no date.` : ""}`),
  );
}

function makeBar(point, number, highest, asked, change) {
  const height = ((point.per_10000_words ?? 0) / highest) * HEIGHT;
  const isChosen = isWithin(point.period, asked);
  const choose = (event) => change(event.shiftKey ? spanTo(point.period, asked) : toggled(point.period, asked));
  const told = `${point.period}: ${point.hits} ${point.hits === 1 ? "hit" : "hits"} in ${point.episodes} of ${point.searched_episodes} episodes`;
  const button = { role: "button", tabindex: "-1", class: isChosen ? "bar chosen" : "bar", "aria-label": told, "aria-pressed": String(isChosen), onclick: choose, onkeydown: press(choose) };
  return shape(
    "g",
    point.searched_episodes ? button : {}, // where there is no episode, there is nothing to choose
    shape("title", {}, told),
    shape("rect", { class: "area", x: number * STEP, y: 0, width: STEP, height: HEIGHT + 1 }),
    shape("rect", { class: "amount", x: number * STEP + 1, y: HEIGHT - height, width: STEP - 2, height: height && height + 1 }),
  );
}

function press(choose) {
  return (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    choose(event);
  };
}

function move(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const buttons = [...this.querySelectorAll("[role=button]")];
  const next = step && buttons[buttons.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  event.target.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}

// A period is the beginning of the dates in it: 2024 of 2024-05, and 2024-05 of 2024-05-31.
function isWithin(period, { since, until }) {
  if (!since && !until) return false;
  return (!since || period >= since.slice(0, period.length)) && (!until || period <= until.slice(0, period.length));
}

function toggled(period, { since, until }) {
  return since === period && until === period ? { since: "", until: "" } : { since: period, until: period };
}

function spanTo(period, { since, until }) {
  const all = [since, until, period].filter(Boolean).sort();
  return { since: all[0], until: all.at(-1) };
}
