// The shows that are followed: their new episodes, and single ones of their feeds.
import { get } from "./api.js";
import { element, fill } from "./dom.js";
import { ask, button, tryChange } from "./library_acts.js";

const list = document.getElementById("show-list");
const open = new Map(); // number of a show -> its items

/** Shows the shows. */
export function showShows(shows) {
  document.getElementById("shows").hidden = !shows.length;
  fill(list, shows.map(showOne));
}

function showOne(show) {
  const number = show.show_number;
  const items = element("ul", { class: "items plain", hidden: !open.has(number) });
  if (open.has(number)) fill(items, open.get(number).map((item) => showItem(show, item)));
  const toggle = element("button", { type: "button", class: "quiet", "aria-expanded": String(open.has(number)), "aria-label": `Episodes: ${show.show}` }, "Episodes");
  toggle.addEventListener("click", async () => {
    if (open.delete(number)) fill(items);
    else {
      open.set(number, (await get(`/shows/${number}/items`)).items);
      fill(items, open.get(number).map((item) => showItem(show, item)));
    }
    items.hidden = !open.has(number);
    toggle.setAttribute("aria-expanded", String(open.has(number)));
  });
  const update = () => tryChange("POST", "/jobs", { kind: "update", targets: [String(number)], name: `New episodes of ${show.show}` });
  return element(
    "li",
    { class: "entry" },
    element("span", { class: "name" }, show.show),
    element("span", { class: "acts" }, button("Update", show.show, update), toggle, button("Unfollow", show.show, () => unfollow(show))),
    element("p", { class: "about soft small" }, `${show.episodes} of ${show.items} episodes are here${show.latest ? `; an update takes those of the newest ${show.latest} that are not` : ""}. ${show.checked ? `Asked for on ${show.checked.slice(0, 10)}.` : ""}`),
    show.reason && element("p", { class: "error small" }, show.reason),
    items,
  );
}

function showItem(show, item) {
  const fetch = () => tryChange("POST", "/jobs", { kind: "download", targets: [item.item], name: item.title });
  const here = item.episode !== null && item.origin !== null;
  return element(
    "li",
    {},
    element("span", {}, here ? element("a", { href: `/e/${encodeURIComponent(item.episode)}` }, item.title) : item.title, element("span", { class: "soft small" }, item.published ? `, ${item.published}` : "")),
    here ? element("span", { class: "state done" }, "here") : button("Transcribe", item.title, fetch),
  );
}

async function unfollow(show) {
  if (await ask(`Follow ${show.show} no longer?`, "Its episodes stay in the library.", "Unfollow")) {
    await tryChange("DELETE", `/shows/${show.show_number}`);
  }
}
