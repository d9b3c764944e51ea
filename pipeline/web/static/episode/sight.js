// What of the text is in sight: between what sticks to the top of the window and the player.

/** Returns the edges of what is in sight, in the window. */
export function edges() {
  const tools = document.getElementById("tools").getBoundingClientRect();
  const player = document.getElementById("player").getBoundingClientRect();
  return [tools.top < 1 ? tools.bottom : 0, player.height ? player.top : innerHeight];
}

/** Whether a word is in sight, so many pixels above the lower edge; no word (-1) counts as being so. */
export function isInSight(text, word, spare = 0) {
  const [above, below] = edges();
  return word < 0 || text.isBetween(word, above, below - spare);
}

/** Returns the first word that is in sight. */
export function firstInSight(text) {
  return text.firstBelow(edges()[0]);
}
