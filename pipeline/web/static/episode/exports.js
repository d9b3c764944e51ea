// The formats in which a transcript can be had as a file.
import { address } from "../api.js";
import { element, fill } from "../dom.js";

const FORMATS = [
  ["txt", "Plain text"],
  ["md", "Markdown"],
  ["srt", "Subtitles, SubRip"],
  ["vtt", "Subtitles, WebVTT"],
  ["ttml", "Subtitles, TTML"],
  ["json", "JSON, as Whisper writes it"],
  ["podcast-json", "JSON, Podcasting 2.0"],
  ["csv", "Table, CSV"],
  ["tsv", "Table, as Whisper writes it"],
  ["rttm", "Who speaks when, RTTM"],
  ["chapters", "Chapters, Podcasting 2.0"],
];

/** Offers the transcript in every format that it can have. */
export function fillExports(menu, { episode, speakers, chapters }) {
  const isThere = ([format]) => (format !== "rttm" || speakers.length) && (format !== "chapters" || chapters.length);
  const link = ([format, label]) =>
    element("li", {}, element("a", { href: address(`/episodes/${encodeURIComponent(episode)}/export`, { format }), download: "" }, label, element("span", { class: "soft" }, ` ${format}`)));
  fill(menu, element("ul", { class: "plain" }, FORMATS.filter(isThere).map(link)));
}
