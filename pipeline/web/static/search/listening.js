// Playing hits where they stand: from the first word, or a moment before.
import { announce, element, fill } from "../dom.js";
import * as player from "../player.js";
import { publishedAddress } from "./moments.js";

const KEY = "airquote-lead-in"; // of the browser's own memory
const leadIn = document.getElementById("lead-in");
leadIn.value = remembered() ?? "1";
leadIn.addEventListener("change", () => remember(leadIn.value));

let current = null; // the row of the hit that was played last, and its hit

/** Whether the episode of a hit has a recording, here or where it was published. */
export function canBeHeard(hit) {
  return hit.link !== null;
}

/** Plays a hit, pauses it, or goes on. `row` is its element. */
export function playOrPause(row, hit) {
  if (!canBeHeard(hit)) return announce("This episode has no recording.");
  if (current?.row === row && player.position()?.episode === hit.episode) return player.toggle();
  show(false);
  current = { row, hit };
  fill(row.querySelector(".unheard"));
  return player.play({ episode: hit.episode, title: hit.title, start: Math.max(0, hit.start - Number(leadIn.value)) });
}

function show(isPlaying) {
  if (!current) return;
  current.row.classList.toggle("playing", isPlaying);
  const button = current.row.querySelector(".play");
  button.setAttribute("aria-pressed", String(isPlaying));
}

player.events.addEventListener("state", ({ detail }) => show(detail?.episode === current?.hit.episode && !detail.paused));
player.events.addEventListener("failure", ({ detail }) => {
  if (!current || detail?.episode !== current.hit.episode) return;
  show(false);
  const where = publishedAddress(current.hit);
  const advice = where
    ? element("a", { href: where, rel: "noreferrer", target: "_blank" }, "Listen where it was published")
    : "Is the recording where it was?";
  fill(current.row.querySelector(".unheard"), "The sound of this episode is not here. ", advice);
  announce("The sound of this episode is not here.");
  current = null;
});

// A browser may be told to remember nothing.
function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(value) {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // it holds until the page is left
  }
}
