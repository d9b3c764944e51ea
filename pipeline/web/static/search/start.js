// What one sees before anything is asked: what the library holds, queries to begin with, the newest episodes.
import { element, fill } from "../dom.js";
import { writeLength } from "../clock.js";
import { nameLanguage } from "./filters.js";

const LONG_WORD = /\p{L}{5,}/gu;

/** Shows it. `overview` is null if the server could not tell. */
export function showStart(place, overview, change) {
  if (!overview) fill(place);
  else if (!overview.episodes) fill(place, invite("There is nothing to search yet.", "Add a recording, a transcript or a feed in the library."));
  else if (!overview.searched) fill(place, invite(`${count(overview.episodes, "episode")}, none with a transcript yet.`, "Transcribe some in the library: then what was said in them is found here."));
  else fill(place, describe(overview), examples(overview, change), newest(overview));
}

function invite(heading, advice) {
  return element("div", { class: "card invite" }, element("h2", {}, heading), element("p", {}, advice), element("p", {}, element("a", { class: "button main", href: "/library" }, "Open the library")));
}

function count(number, thing) {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}

function describe({ episodes, searched, shows, seconds, first, last, languages }) {
  const parts = [
    count(searched, "episode"),
    shows.length > 1 && `of ${count(shows.length, "show")}`,
    seconds > 0 && `with ${writeLength(seconds)} of sound`,
    first && (first.slice(0, 4) === last.slice(0, 4) ? `from ${first.slice(0, 4)}` : `from ${first.slice(0, 4)} to ${last.slice(0, 4)}`),
    languages.length > 1 && `in ${languages.slice(0, 5).map(nameLanguage).join(", ")}${languages.length > 5 ? " and more" : ""}`,
  ].filter(Boolean);
  const rest = episodes - searched;
  return element(
    "p",
    { class: "holds" },
    `${parts.join(" ")}.`,
    rest > 0 && element("span", { class: "soft" }, ` ${count(rest, "episode")} more ${rest === 1 ? "has" : "have"} no transcript yet.`),
  );
}

// Queries with words that titles of the library have: they most probably are said, too.
function examples({ newest, shows }, change) {
  const words = [...new Set(newest.flatMap(({ title }) => title.toLowerCase().match(LONG_WORD) ?? []))];
  const year = newest[0].published?.slice(0, 4);
  if (!words.length) return null;
  const [one, two = one] = words;
  const tries = [
    [one, "a word, in any form"],
    [`"${one}"`, "exactly as it stands"],
    one !== two && [`near(${one}, ${two}, 1m)`, "both within a minute"],
    [`${one.slice(0, 4)}*`, "words that begin so"],
    year && [`date:${year} ${one}`, "in one year"],
    shows[0] && [`show:"${shows[0].replaceAll('"', "")}" ${one}`, "in one show"],
    [`title:${one}`, "in titles of episodes"],
  ];
  return element(
    "section",
    {},
    element("h2", {}, "Try"),
    element(
      "ul",
      { class: "plain tries" },
      tries.filter(Boolean).map(([query, finds]) =>
        element("li", {}, element("button", { type: "button", class: "try", onclick: () => change({ q: query }) }, element("code", { dir: "auto" }, query)), element("span", { class: "soft small" }, finds)),
      ),
    ),
  );
}

function newest({ newest: episodes }) {
  return element(
    "section",
    {},
    element("h2", {}, "Newest episodes"),
    element(
      "ul",
      { class: "plain newest" },
      episodes.map(({ episode, title, show, published }) =>
        element("li", {}, element("a", { href: `/e/${encodeURIComponent(episode)}`, dir: "auto" }, title), element("span", { class: "soft small" }, [show, published].filter(Boolean).join(" · "))),
      ),
    ),
  );
}
