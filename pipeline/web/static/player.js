// One player for the page: it plays a recording from a moment, or a span of it, exactly.
import { element, fill } from "./dom.js";
import { writeTime } from "./clock.js";

const bar = document.getElementById("player");
const audio = element("audio", { preload: "auto" });
let playing = null; // { episode, title, end }
let frame = 0;

/** Fires "time" (detail: { episode, time }) on every frame while it plays, "state" when it begins or ends to, and
 * "failure" when the sound cannot be had. */
export const events = new EventTarget();

/** Returns the episode that the player holds and the second that it is at; null without one. */
export function position() {
  return playing && { episode: playing.episode, time: audio.currentTime, paused: audio.paused };
}

/** Holds an episode at a second, to be played from there, to `end` if it is given. */
export function load({ episode, title, start, end = null }) {
  const source = `/sound/${encodeURIComponent(episode)}.wav`;
  if (playing?.episode !== episode) audio.src = source;
  playing = { episode, title, end };
  audio.currentTime = start;
  show();
}

/** Plays an episode from a second, to `end` if it is given. */
export function play(where) {
  load(where);
  return audio.play().catch(fail);
}

/** Pauses, or goes on. */
export function toggle() {
  if (!playing) return;
  if (audio.paused) audio.play().catch(fail);
  else audio.pause();
}

/** Moves by some seconds. */
export function skip(seconds) {
  if (playing) seek(audio.currentTime + seconds);
}

/** Moves to a second; a span that was being played is one no longer. */
export function seek(seconds) {
  if (!playing) return;
  playing.end = null;
  audio.currentTime = Math.max(0, seconds);
}

const toggler = element("button", { type: "button", onclick: toggle }, "Play");
const slider = element("input", { type: "range", min: 0, value: 0, step: 0.1, "aria-label": "Position", oninput: () => seek(slider.valueAsNumber) });
const clock = element("span", { class: "times" });
const what = element("span", { class: "what" });
const rate = element(
  "select",
  { "aria-label": "Speed", onchange: () => (audio.playbackRate = Number(rate.value)) },
  [0.75, 1, 1.25, 1.5, 2].map((speed) => element("option", { value: speed, selected: speed === 1 }, `${speed}×`)),
);

function show() {
  if (!bar.childElementCount) {
    const back = element("button", { type: "button", onclick: () => skip(-10) }, "−10 s");
    const on = element("button", { type: "button", onclick: () => skip(10) }, "+10 s");
    bar.append(back, toggler, on, what, slider, clock, rate);
  }
  bar.hidden = false;
  fill(what, element("a", { href: `/e/${encodeURIComponent(playing.episode)}?t=${audio.currentTime.toFixed(1)}` }, playing.title));
}

function fail(error) {
  if (error.name === "AbortError") return;
  fill(what, element("span", { class: "error" }, "The sound cannot be played. Is the recording where it was?"));
  events.dispatchEvent(new CustomEvent("failure", { detail: position() }));
}

function tick() {
  frame = audio.paused ? 0 : requestAnimationFrame(tick);
  if (playing?.end !== null && audio.currentTime >= playing.end) {
    audio.pause();
    playing.end = null;
  }
  slider.value = audio.currentTime;
  slider.setAttribute("aria-valuetext", writeTime(audio.currentTime));
  clock.textContent = `${writeTime(audio.currentTime)} / ${writeTime(audio.duration || 0)}`;
  events.dispatchEvent(new CustomEvent("time", { detail: position() }));
}

function change() {
  toggler.textContent = audio.paused ? "Play" : "Pause";
  if (!frame) tick();
  events.dispatchEvent(new CustomEvent("state", { detail: position() }));
}

for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, change);
audio.addEventListener("seeked", () => frame || tick());
audio.addEventListener("loadedmetadata", () => (slider.max = audio.duration));
audio.addEventListener("error", () => fail(audio.error ?? {}));
