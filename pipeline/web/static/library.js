// The page of the library: what is added, worked on, followed, there, and how much of the disk it takes.
import { get } from "./api.js";
import { element, fill } from "./dom.js";
import { showEpisodes } from "./library_episodes.js";
import { showJobs } from "./library_jobs.js";
import { showShows } from "./library_shows.js";
import "./library_adding.js";

const UNITS = ["B", "KB", "MB", "GB", "TB"];

function writeBytes(bytes) {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** step).toFixed(step > 1 ? 1 : 0)} ${UNITS[step]}`;
}

function showStorage(storage) {
  const named = { Transcripts: storage.transcripts, "Search index": storage.index, Sound: storage.sound, Other: storage.other, Free: storage.free };
  fill(document.getElementById("storage"), Object.entries(named).flatMap(([name, bytes]) => [element("dt", {}, name), element("dd", {}, writeBytes(bytes))]));
}

const lost = document.getElementById("lost");
let again = false;
let reading = null;

/** Reads the library anew; a change that comes while it is read makes it be read once more. */
async function refresh() {
  if (reading) {
    again = true;
    return;
  }
  do {
    again = false;
    reading = get("/library");
    try {
      const library = await reading;
      showEpisodes(library.episodes);
      showShows(library.shows);
      showStorage(library.storage);
    } catch (error) {
      fill(document.getElementById("episode-list"), element("li", { class: "error" }, `${error.message} ${error.wayOut ?? ""}`));
    } finally {
      reading = null;
    }
  } while (again);
}

const news = new EventSource("/api/events");
news.addEventListener("jobs", (event) => showJobs(JSON.parse(event.data)));
news.addEventListener("library", refresh);
news.addEventListener("error", () => fill(lost, "The server does not answer, so what stands here may be old. Is airquote serve still running?"));
news.addEventListener("open", () => fill(lost));
addEventListener("pagehide", () => news.close());
