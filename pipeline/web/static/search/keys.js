// The keyboard: from anywhere to the query, from hit to hit, and what opens and plays them.
import * as player from "../player.js";
import { isDialogOpen, showKeys } from "./dialogs.js";
import { playOrPause } from "./listening.js";

const query = document.getElementById("query");
const hits = document.getElementById("hits");
const more = document.getElementById("more");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || isDialogOpen()) return;
  const isQuery = event.target === query;
  const deed = event.key === "ArrowDown" && isQuery ? goDown : !isQuery && !event.target.closest("input, select, textarea") && DEEDS[event.key];
  if (deed && deed(event) !== false) event.preventDefault();
});

// Each returns false if the key is for somebody else.
const DEEDS = {
  "/": () => query.select() ?? query.focus(),
  "?": showKeys,
  ArrowDown: goDown,
  ArrowUp: goUp,
  " ": playHere,
};

function goDown() {
  const [rows, place] = whereabouts();
  const next = rows[place + 1]?.querySelector(".when") ?? more.querySelector("button");
  if (!next) return false;
  return next.focus();
}

function goUp() {
  const [rows, place] = whereabouts();
  if (place === -1) return more.contains(document.activeElement) && rows.length ? rows.at(-1).querySelector(".when").focus() : false;
  return place ? rows[place - 1].querySelector(".when").focus() : query.focus();
}

function whereabouts() {
  const rows = [...hits.querySelectorAll(".hit")];
  return [rows, rows.indexOf(document.activeElement.closest(".hit"))];
}

function playHere(event) {
  if (event.target.closest("button, summary, [role=button]")) return false;
  const row = event.target.closest(".hit");
  if (row) return playOrPause(row, row.hit) && undefined;
  return player.position() ? player.toggle() : false;
}
