// The page of an episode: its transcript, which follows the sound.
import * as player from "./player.js";
import { readAddress } from "./episode/address.js";
import { Corrector } from "./episode/corrections.js";
import { fillExports } from "./episode/exports.js";
import { Finder } from "./episode/find.js";
import { Follower } from "./episode/follow.js";
import { showHeading, showMissing } from "./episode/heading.js";
import { listenToKeys } from "./episode/keys.js";
import { Marks } from "./episode/marks.js";
import { Chapters, showNotes } from "./episode/outline.js";
import { Publisher } from "./episode/publisher.js";
import { Reading } from "./episode/reading.js";
import { EpisodeRequests } from "./episode/requests.js";
import { SelectedWords } from "./episode/selection.js";
import { Shading } from "./episode/shading.js";
import { firstInSight } from "./episode/sight.js";
import { Speakers } from "./episode/speakers.js";
import { TranscriptText } from "./episode/text.js";
import { Toolbar } from "./episode/toolbar.js";
import { Words } from "./episode/words.js";
import { WordingCheck } from "./episode/wording.js";

const SKIP = 5; // seconds that an arrow key moves
const WIDE = matchMedia("(min-width: 62rem)"); // as in episode.css: what is beside the text stands open
const part = (id) => document.getElementById(id);
const chosen = readAddress();
const requests = new EpisodeRequests(chosen.episode);
const otherTabs = new BroadcastChannel("airquote episodes");

const marks = new Marks();
const text = new TranscriptText(part("transcript"), marks);
const selected = new SelectedWords(text, part("selected"));
const follower = new Follower(text, marks, part("follow"));
const reading = new Reading({ text, marks, follower, selected });
const play = (start, end) => reading.play(start, end);
const finder = new Finder(part("find"), { text, marks, requests });
const shading = new Shading(part("shades"), text.container, marks, chosen.show);
const chapters = new Chapters(part("chapters"), (start) => reading.goTo(start));
const publisher = new Publisher(part("publisher"), { text, marks, requests, play });
const speakers = new Speakers(part("speakers"), { requests, changed: showChange, play });
const corrector = new Corrector({ dialog: part("correct"), panel: part("corrections"), text, requests, changed: showChange });
const wording = new WordingCheck(part("wording"), { text, requests, play });
const correct = (first, last) => corrector.ask(first, last);
const toolbar = new Toolbar(part("selected"), { text, selected, requests, play, correct, check: (first, last) => wording.ask(first, last) });

const KEYS = [
  [" ", () => player.toggle(), "Play or pause"],
  ["ArrowLeft", () => player.skip(-SKIP), `${SKIP} seconds back`],
  ["ArrowRight", () => player.skip(SKIP), `${SKIP} seconds on`],
  ["j", () => reading.stepSentence(-1), "Previous sentence"],
  ["k", () => reading.stepSentence(1), "Next sentence"],
  ["Enter", () => reading.play(text.words.starts[reading.word()]), "Play from here"],
  ["b", () => reading.stepWord(-1, false), "Select the previous word"],
  ["w", () => reading.stepWord(1, false), "Select the next word"],
  ["B", () => reading.stepWord(-1, true), "Select one word more, before"],
  ["W", () => reading.stepWord(1, true), "Select one word more, after"],
  ["c", () => reading.withWords(() => toolbar.copyQuotation()), "Copy the selected words, or the sentence, as a quotation"],
  ["l", () => reading.withWords(() => toolbar.copyLink()), "Copy a link to them"],
  ["e", () => reading.withWords(correct), "Correct them"],
  ["t", () => reading.withWords(() => toolbar.focus()), "Go to what can be done with them"],
  ["Escape", () => selected.clear(), "Select nothing"],
  ["/", () => finder.field.focus(), "Search in this episode"],
  ["n", () => finder.step(1), "Next hit"],
  ["N", () => finder.step(-1), "Previous hit"],
  ["f", () => follower.follow(), "Follow the sound"],
  ["?", () => part("keys").showModal(), "Show these keys"],
];

/** Shows the transcript as the library has it now. */
async function load() {
  const transcript = await requests.transcript();
  const words = new Words(transcript);
  const hasSound = transcript.sound === "here";
  document.body.classList.toggle("silent", !hasSound);
  marks.clear();
  text.show(words, transcript.language);
  shading.show(words, transcript);
  showHeading(part("head"), transcript);
  showNotes(part("notes"), transcript);
  fillExports(part("exports"), transcript);
  chapters.show(transcript.chapters);
  publisher.show(transcript);
  corrector.show(transcript.corrections);
  speakers.show(transcript.speakers);
  reading.use(hasSound ? { episode: transcript.episode, title: transcript.title } : null, chosen.t ?? 0);
}

/** Shows what was changed, here and in other tabs. */
async function showChange() {
  await reload();
  otherTabs.postMessage(chosen.episode);
}

async function reload() {
  const seen = firstInSight(text);
  await load();
  text.reveal(Math.min(seen, text.words.count - 1));
  follower.word = -1;
  if (player.position()) follower.at(player.position().time);
  await finder.begin(finder.field.value);
}

async function begin() {
  try {
    await load();
  } catch (error) {
    showMissing(part("head"), error);
    return;
  } finally {
    part("episode").removeAttribute("aria-busy");
  }
  if (!text.words.count) return;
  part("tools").hidden = part("columns").hidden = false;
  for (const panel of document.querySelectorAll("#beside > details")) panel.open = WIDE.matches && panel.id !== "publisher";
  if (chosen.q) finder.begin(chosen.q);
  if (chosen.t !== null) reading.open(chosen.t, chosen.to);
  listen();
}

function listen() {
  listenToKeys(part("keys"), KEYS);
  part("show-keys").addEventListener("click", () => part("keys").showModal());
  otherTabs.addEventListener("message", ({ data }) => data === chosen.episode && reload());
  player.events.addEventListener("time", ({ detail }) => {
    follower.at(detail.time);
    chapters.at(detail.time);
  });
}

begin();
