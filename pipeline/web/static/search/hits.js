// The hits: grouped by episode where they follow each other, each with its words, its place and what can be done there.
import { element, markRanges } from "../dom.js";
import { writeTime } from "../clock.js";
import { addressOfMoment, copy, publishedAddress } from "./moments.js";
import { canBeHeard, playOrPause } from "./listening.js";

const FOUND_IN = { title: "in the title", chapter: "in a chapter's title", notes: "in the notes" };
const ORIGINS = { model: "transcribed", publisher: "publisher's transcript", file: "imported transcript" };

/** Adds hits with their marks to the list. `more`, if given, makes what follows the hit of an episode. */
export function addHits(list, { hits, marks }, more = null) {
  hits.forEach((hit, number) => {
    let group = list.lastElementChild;
    if (group?.dataset.episode !== hit.episode) list.append((group = makeGroup(hit)));
    group.querySelector(".rows").append(makeRow(hit, marks[number]));
    if (more) group.firstElementChild.append(more(hit, group));
  });
}

function makeGroup(hit) {
  const facts = [hit.show, hit.published, ORIGINS[hit.origin]].filter(Boolean);
  const article = element(
    "article",
    {},
    element("h2", { dir: "auto" }, element("a", { href: `/e/${encodeURIComponent(hit.episode)}` }, hit.title)),
    element("p", { class: "facts soft small" }, facts.map((fact) => element("span", { dir: "auto" }, fact))),
    element("ol", { class: "plain rows" }),
  );
  return element("li", { class: "group", "data-episode": hit.episode }, article);
}

/** Returns the row of a hit. */
export function makeRow(hit, marks) {
  const time = writeTime(hit.start);
  const where = publishedAddress(hit);
  const row = element(
    "li",
    { class: "hit" },
    element(
      "div",
      { class: "place" },
      canBeHeard(hit) && element("button", { type: "button", class: "play", "aria-pressed": "false", "aria-label": `Play from ${time}`, onclick: () => playOrPause(row, hit) }),
      element("a", { class: "when times", href: addressOfMoment(hit), "aria-label": `Open at ${time}` }, time),
      hit.speakers.length > 0 && element("span", { class: "speaker", dir: "auto" }, hit.speakers.join(", ")),
      canBeHeard(hit) || element("span", { class: "tag" }, "no recording"),
      remarksOn(hit).map((remark) => element("span", { class: "tag" }, remark)),
    ),
    element("p", { class: "said", dir: "auto" }, markRanges(hit.context, marks)),
    element(
      "div",
      { class: "deeds small" },
      element("a", { href: addressOfMoment(hit) }, "Read on"),
      element("button", { type: "button", class: "quiet", onclick: ({ target }) => copy(citationOf(hit, where), target) }, "Copy citation"),
      element("button", { type: "button", class: "quiet", onclick: ({ target }) => copy(where ?? location.origin + addressOfMoment(hit), target) }, "Copy link"),
      where && element("a", { href: where, rel: "noreferrer", target: "_blank" }, "Published at"),
    ),
    element("p", { class: "unheard small" }),
  );
  row.hit = hit;
  return row;
}

function remarksOn(hit) {
  return [
    FOUND_IN[hit.found_in],
    hit.found_in !== "chapter" && hit.chapter && `chapter: ${hit.chapter}`,
    hit.overlap && "several speak at once",
    hit.repeat !== null && `recurs in ${hit.repeat} other ${hit.repeat === 1 ? "episode" : "episodes"}`,
  ].filter(Boolean);
}

function citationOf(hit, where) {
  return where && !hit.citation.includes(where) ? `${hit.citation} ${where}` : hit.citation;
}
