// The head of the page: what the episode is, and what to do where its words or its sound are missing.
import { writeLength } from "../clock.js";
import { element, fill } from "../dom.js";

const SOUND = {
  missing: "Its recording is no longer where it was, so it cannot be played. Put it back, or let the library look for recordings that were moved.",
  elsewhere: "Its sound is not on this machine, so it cannot be played here.",
  none: "Its transcript was imported without a recording, so there is nothing to play.",
};

/** Shows title and facts of an episode. */
export function showHeading(head, transcript) {
  const { title, show, published, number, duration, language, rests_on: restsOn, sound, words } = transcript;
  document.title = `${title} · airquote`;
  fill(head.querySelector("h1"), title);
  const parts = [show, number && `No. ${number}`, published, duration !== null && writeLength(duration), language];
  const facts = parts.filter(Boolean).map((part, place) => [place > 0 && " · ", element("span", { dir: "auto" }, part)]);
  fill(head.querySelector("#facts"), facts.flat(), element("span", { class: "small origin" }, restsOn));
  const notice = head.querySelector(".notice");
  const told = words.texts.length ? SOUND[sound] : "No words were recognised in it.";
  notice.hidden = !told;
  fill(notice, told);
}

/** Shows why there is no transcript to read, and what to do. */
export function showMissing(head, error) {
  fill(head.querySelector("h1"), error.status === 404 ? "No transcript" : "This episode cannot be shown");
  fill(head.querySelector("#facts"), error.message);
  const notice = head.querySelector(".notice");
  notice.hidden = false;
  fill(
    notice,
    error.wayOut && element("p", {}, error.wayOut),
    element("a", { class: "button", href: "/library" }, "Open the library"),
    " ",
    element("a", { class: "button", href: "/" }, "Search"),
  );
}
