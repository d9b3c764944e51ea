// Addresses of moments, and what is copied of them.
import { announce } from "../dom.js";

/** Returns the address of a moment on the page of its episode. */
export function addressOfMoment(hit) {
  return `/e/${encodeURIComponent(hit.episode)}?t=${hit.start}`;
}

/** Returns the address at which the publisher plays the moment; null where there is none, only a file. */
export function publishedAddress(hit) {
  return /^https?:/.test(hit.link ?? "") ? hit.link : null;
}

/** Copies a text and says so on the button that was pressed. */
export async function copy(text, button) {
  const label = button.textContent;
  const copied = await writeClipboard(text);
  button.textContent = copied ? "Copied" : "Not copied";
  announce(button.textContent);
  setTimeout(() => (button.textContent = label), 1500);
}

async function writeClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  // Over http, browsers have a clipboard for pages of this machine alone.
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "unseen" });
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}
