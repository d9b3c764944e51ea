// The list of jobs, which moves by itself.
import { writeTime } from "./clock.js";
import { announce, element, fill } from "./dom.js";
import { button, tryChange } from "./library_acts.js";

const section = document.getElementById("jobs");
const list = document.getElementById("job-list");
const rows = new Map(); // number -> { row, shown, state }
const WORDS = { waiting: "waiting", running: "running", done: "done", failed: "failed", stopped: "stopped" };

document.getElementById("clear").addEventListener("click", () => tryChange("DELETE", "/jobs"));

/** Shows the jobs; rows that stay the same stay in place, so that no button is lost under a finger. */
export function showJobs({ jobs, error }) {
  section.hidden = !error && !jobs.length;
  document.getElementById("clear").hidden = !jobs?.some((job) => job.state === "done");
  if (error) return fill(list, element("li", { class: "error" }, error));
  const numbers = new Set(jobs.map((job) => job.job));
  for (const [number, { row }] of rows) {
    if (!numbers.has(number)) {
      row.remove();
      rows.delete(number);
    }
  }
  jobs.forEach((job, place) => {
    const known = rows.get(job.job) ?? { row: element("li", { class: "entry" }), shown: "", state: null };
    rows.set(job.job, known);
    update(known, job);
    if (list.children[place] !== known.row) list.insertBefore(known.row, list.children[place] ?? null);
  });
}

function update(known, job) {
  const told = known.state !== null && known.state !== job.state;
  if (told) announce(`${job.name}: ${WORDS[job.state]}. ${job.reason ?? ""}`);
  known.state = job.state;
  const { reached, doing, ...lasting } = job;
  const shown = JSON.stringify(lasting);
  if (shown !== known.shown) {
    const focused = known.row.contains(document.activeElement) ? document.activeElement.textContent : null;
    fill(known.row, parts(job));
    known.shown = shown;
    if (focused) ([...known.row.querySelectorAll("button")].find((one) => one.textContent === focused) ?? known.row.querySelector("button"))?.focus();
  }
  move(known.row, job);
}

function parts(job) {
  const [episode] = job.episodes;
  const name = episode && job.episodes.length === 1 ? element("a", { href: `/e/${encodeURIComponent(episode)}` }, job.name) : job.name;
  const state = job.stopping ? "stopping" : WORDS[job.state];
  return [
    element("span", { class: "name" }, name, " ", element("span", { class: `state ${job.state}` }, state)),
    element("span", { class: "acts" }, acts(job)),
    job.state === "running" && element("progress", { max: 1, "aria-label": `Progress of ${job.name}` }),
    job.state === "running" && element("p", { class: "about soft small" }),
    job.reason && element("p", { class: job.state === "failed" ? "error small" : "about soft small" }, `${job.reason} ${job.way_out ?? ""}`),
  ];
}

function acts(job) {
  const post = (verb) => () => tryChange("POST", `/jobs/${job.job}/${verb}`);
  const remove = button("Remove", job.name, () => tryChange("DELETE", `/jobs/${job.job}`));
  switch (job.state) {
    case "running":
      return [button(job.stopping ? "Stop at once" : "Stop", job.name, post("stop"))];
    case "waiting":
      return [button("Next", job.name, post("first")), button("Stop", job.name, post("stop")), remove];
    case "failed":
      return [button("Try again", job.name, post("retry")), remove];
    case "stopped":
      return [button("Go on", job.name, post("retry")), remove];
    default:
      return [remove];
  }
}

/** Moves the bar and the numbers, and leaves all else as it is. */
function move(row, job) {
  const bar = row.querySelector("progress");
  if (!bar) return;
  if (job.total) bar.value = Math.min(1, job.reached / job.total);
  else bar.removeAttribute("value");
  row.querySelector(".about").textContent = job.doing ? `${job.doing}${amount(job)}` : "starting";
}

function amount({ reached, total, unit }) {
  if (!total) return "";
  if (unit === "seconds") return `: ${writeTime(reached)} of ${writeTime(total)}`;
  if (unit === "bytes") return `: ${(reached / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
  return `: ${reached} of ${total}`;
}
