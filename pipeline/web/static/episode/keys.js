// The keyboard: what each key does, in one table, which the page also shows.
import { element, fill } from "../dom.js";

const WRITING = "input:not([type=checkbox], [type=range]), textarea, select";
const PRESSED = "button, a, summary, input, select"; // by Space and Enter
const NAMES = { " ": "Space", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" };

/** Does what `actions` say: the key, what it does, and that in words, which the dialog lists. */
export function listenToKeys(dialog, actions) {
  const known = new Map(actions.map(([key, act]) => [key, act]));
  fill(dialog.querySelector("dl"), actions.flatMap(([key, , told]) => [element("dt", {}, element("kbd", {}, NAMES[key] ?? key)), element("dd", {}, told)]));
  document.addEventListener("keydown", (event) => {
    const act = known.get(event.key);
    if (!act || isForElsewhere(event)) return;
    event.preventDefault();
    act();
  });
}

/** Whether a key is the browser's, or means something else where the focus is. */
function isForElsewhere({ target, key, ctrlKey, metaKey, altKey, isComposing, defaultPrevented }) {
  if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented) return true;
  if (target.matches(WRITING) || target.closest("dialog[open], [popover]")) return true;
  if (key.startsWith("Arrow")) return target.matches("input[type=range]");
  return [" ", "Enter"].includes(key) && target.matches(PRESSED);
}
