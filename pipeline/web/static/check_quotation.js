// One quotation with its verdict: what was said, where, by whom, and the sound of it.
import { writeTime } from "./clock.js";
import { element } from "./dom.js";
import { play } from "./player.js";

/** Returns the gravest finding of a verdict. */
export function gravest(verdict) {
  return verdict.misattributed ? "misattributed" : verdict.kind;
}

/** Returns the list item of a judged quotation. */
export function showQuotation(verdict, choose) {
  const number = verdict.number + 1;
  const finding = gravest(verdict);
  const heading = element(
    "h3",
    { tabindex: -1 },
    element("a", { href: `#q${number}`, onclick: (event) => (event.preventDefault(), choose(verdict.number, "article")), "aria-label": `Quotation ${number}, in the article` }, String(number)),
    badge(finding),
    finding === verdict.kind ? null : badge(verdict.kind),
    verdict.settled ? null : element("span", { class: "soft small" }, "listening again …"),
    element("span", { class: "soft small" }, verdict.certainty),
  );
  return element(
    "li",
    { id: `q${number}`, class: `card quotation ${className(finding)}` },
    heading,
    element("blockquote", {}, `“${verdict.quotation.replace(/,$/, "")}”`, verdict.attributed ? element("footer", { class: "soft small" }, `The article: ${verdict.attributed}`) : null),
    element("p", {}, verdict.reason),
    verdict.episode ? place(verdict) : null,
    verdict.closest ? lead(verdict.closest) : null,
    verdict.publisher ? element("p", { class: "soft small" }, verdict.publisher) : null,
    verdict.rests_on ? element("p", { class: "soft small" }, `Words: ${verdict.rests_on}`) : null,
  );
}

function className(finding) {
  return finding.replace(" ", "-");
}

function badge(finding) {
  return element("span", { class: `badge ${className(finding)}` }, finding);
}

function place(verdict) {
  return element(
    "div",
    {},
    element("p", { class: "said" }, verdict.speaker ? element("strong", {}, `${verdict.speaker}: `) : null, "“", differences(verdict), "”"),
    verdict.doubtful?.length ? element("p", { class: "soft small" }, `Recognised with low confidence: ${verdict.doubtful.join(", ")}.`) : null,
    verdict.overlap ? element("p", { class: "soft small" }, "Others speak at the same time.") : null,
    verdict.repeat ? element("p", { class: "soft small" }, `The passage recurs in ${verdict.repeat} other ${verdict.repeat === 1 ? "episode" : "episodes"}.`) : null,
    element("p", { class: "small" }, source(verdict)),
    element("div", { class: "actions" }, verdict.link !== null && verdict.parts.map((part) => hear({ ...part, episode: verdict.episode, title: verdict.title }, verdict.parts.length > 1)), copy(verdict.citation)),
  );
}

/** Returns the words that were said, with what the quotation has otherwise: ins is quoted and not said, del said and not quoted. */
function differences({ edits }) {
  return edits.flatMap(({ op, quoted, said }, number) => {
    const pieces =
      op === "equal"
        ? [said]
        : [said && element("del", { title: "said, not quoted" }, said), quoted && element("ins", { title: "quoted, not said" }, quoted)];
    return pieces.filter(Boolean).flatMap((piece, place) => (number || place ? [" ", piece] : [piece]));
  });
}

function source(place) {
  const link = element("a", { href: addressOf(place) }, place.title);
  const about = [place.show, place.published, writeTime(place.start)].filter(Boolean).join(" · ");
  return [link, element("span", { class: "soft" }, ` ${about}`)];
}

/** Returns the address of a place on the episode's page. */
function addressOf({ episode, start, end }) {
  return `/e/${encodeURIComponent(episode)}?t=${start.toFixed(2)}&to=${end.toFixed(2)}`;
}

function hear(part, isOneOfSeveral) {
  const text = isOneOfSeveral ? `Play ${writeTime(part.start)}` : "Play";
  const lead = 0.15; // what is said first must not be cut off
  return element("button", { type: "button", onclick: () => play({ ...part, start: Math.max(0, part.start - lead), end: part.end + lead }) }, text);
}

function lead(closest) {
  return element(
    "div",
    {},
    element("p", { class: "soft small" }, "The closest place, a lead and not a finding:"),
    element("p", { class: "said" }, closest.speaker ? element("strong", {}, `${closest.speaker}: `) : null, `“${closest.said}”`),
    element("p", { class: "small" }, source(closest)),
    element("div", { class: "actions" }, hear(closest, false)),
  );
}

function copy(citation) {
  const button = element("button", { type: "button", class: "quiet", onclick: put }, "Copy citation");
  async function put() {
    await navigator.clipboard.writeText(citation);
    button.textContent = "Copied";
  }
  return button;
}
