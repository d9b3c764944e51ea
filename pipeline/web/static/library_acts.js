// What the lists of the library share: buttons that ask the server for a change, and the question whether one is sure.
import { change } from "./api.js";
import { element } from "./dom.js";

const dialog = document.getElementById("sure");

/** Asks whether to do something that cannot be undone, and returns whether it shall be. */
export function ask(question, detail, yes) {
  document.getElementById("sure-question").textContent = question;
  document.getElementById("sure-detail").textContent = detail;
  document.getElementById("sure-yes").textContent = yes;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

/** Returns a button; `about` says to those who do not see the page what it is for. */
export function button(text, about, act) {
  return element("button", { type: "button", class: "quiet", "aria-label": `${text}: ${about}`, onclick: act }, text);
}

/** Asks the server for a change; tells if it fails, in the notice at the top. Returns the answer, null if it failed. */
export async function tryChange(method, path, body = undefined) {
  const notice = document.getElementById("add-notice");
  notice.replaceChildren();
  try {
    return (await change(method, path, body)) ?? {};
  } catch (error) {
    notice.replaceChildren(element("p", { class: "error" }, `${error.message} ${error.wayOut ?? ""}`));
    notice.scrollIntoView({ block: "nearest" });
    return null;
  }
}
