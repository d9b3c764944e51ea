// The article as it was read, with its quotations as links to their verdicts.
import { element, fill } from "./dom.js";

/** Shows an article by paragraphs. `choose` is called with the number of a quotation that is opened. */
export function showArticle(parent, { text, quotations, passed_over: passedOver }, choose) {
  const letters = Array.from(text); // offsets count code points
  const marked = [
    ...quotations.map(({ start, end }, number) => ({ start, end, number })),
    ...passedOver.map(({ start, end, reason }) => ({ start, end, reason })),
  ].sort((one, other) => one.start - other.start);
  fill(parent, paragraphsOf(letters).map(([first, end]) => element("p", {}, piecesOf(letters, first, end, marked, choose))));
}

/** Gives the marks of a quotation the colour of its verdict. */
export function markQuotation(parent, number, finding) {
  for (const mark of parent.querySelectorAll(`[data-number="${number}"]`)) {
    mark.className = `quoted ${finding.replace(" ", "-")}`;
    mark.title = finding;
  }
}

/** Returns where paragraphs begin and end: blank lines stand between them. */
function paragraphsOf(letters) {
  const found = [];
  let first = 0;
  for (let place = 0; place <= letters.length; place += 1) {
    const ends = place === letters.length || (letters[place] === "\n" && letters[place + 1] === "\n");
    if (!ends) continue;
    while (first < place && /\s/.test(letters[first])) first += 1;
    if (first < place) found.push([first, place]);
    first = place + 1;
  }
  return found;
}

function piecesOf(letters, first, end, marked, choose) {
  const pieces = [];
  let reached = first;
  for (const one of marked) {
    const [from, to] = [Math.max(one.start, reached), Math.min(one.end, end)];
    if (to <= from) continue;
    pieces.push(letters.slice(reached, from).join(""), markOf(one, letters.slice(from, to).join(""), one.start >= reached, choose));
    reached = to;
  }
  pieces.push(letters.slice(reached, end).join(""));
  return pieces;
}

function markOf({ number, reason }, text, isFirst, choose) {
  if (number === undefined) return element("span", { class: "quoted passed-over", title: `passed over: ${reason}` }, text, element("span", { class: "unseen" }, ` (passed over: ${reason})`));
  const open = (event) => {
    event.preventDefault();
    choose(number, "quotation");
  };
  return element("a", { class: "quoted waiting", href: `#q${number + 1}`, "data-number": number, onclick: open }, text, isFirst ? element("sup", {}, String(number + 1)) : null);
}
