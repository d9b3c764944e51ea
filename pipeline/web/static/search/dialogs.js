// The dialogs: how queries are written, and the keys.
import { get } from "../api.js";
import { element, fill } from "../dom.js";

const dialog = document.getElementById("dialog");
const KEYS = [
  ["/", "go to the query"],
  ["↓ ↑", "go from hit to hit"],
  ["Enter", "open the episode at the hit"],
  ["Space", "play the hit, pause"],
  ["← →", "go from bar to bar of the plot"],
  ["Esc", "close what is open"],
  ["?", "these keys"],
];

function open(title, ...content) {
  const close = element("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close");
  fill(dialog, element("div", { class: "bar" }, element("h2", { id: "dialog-title" }, title), close), element("div", { class: "content", tabindex: "0" }, content.flat()));
  if (!dialog.open) dialog.showModal();
}

/** Whether one of them is open. */
export function isDialogOpen() {
  return dialog.open;
}

/** Shows the keys. */
export function showKeys() {
  open("Keys", element("dl", { class: "keys" }, KEYS.map(([key, does]) => element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, does)))));
}

/** Shows how queries are written; an example that is pressed is asked. */
export async function showSyntax(change) {
  const title = "How queries are written";
  open(title, element("p", {}, "…"));
  try {
    const { examples, notes } = await get("/syntax");
    open(title, explain(examples, notes, change));
  } catch (error) {
    open(title, element("p", { class: "error" }, error.message));
  }
}

function explain(examples, notes, change) {
  const headings = [...new Set(examples.map((example) => example.heading))];
  return [
    ...headings.flatMap((heading) => [
      element("h3", {}, heading),
      element("dl", { class: "examples" }, examples.filter((one) => one.heading === heading).map(({ query, finds }) => element("div", {}, element("dt", {}, example(query, change)), element("dd", {}, finds)))),
    ]),
    element("h3", {}, "What holds for all"),
    element("p", { class: "small" }, notes.join(" ")),
  ];
}

function example(query, change) {
  const ask = () => {
    dialog.close();
    change({ q: query });
  };
  return element("button", { type: "button", class: "try", onclick: ask }, element("code", {}, query));
}

dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
