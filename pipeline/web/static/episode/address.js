// What is chosen on the page of an episode, in its address: so that it can be shared, kept, and opened again.

/** Returns the episode and what is chosen: seconds `t` and `to`, the search `q`, and what is shown beside the words. */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  const seconds = (name) => {
    const number = Number.parseFloat(query.get(name));
    return number >= 0 && Number.isFinite(number) ? number : null;
  };
  return {
    episode: decode(location.pathname.split("/")[2]),
    t: seconds("t"),
    to: seconds("to"),
    q: query.get("q") ?? "",
    show: (query.get("show") ?? "").split(",").filter(Boolean),
  };
}

/** Returns the address of this page with other choices; null takes one out. */
export function addressWith(choices) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(choices)) {
    if (value === null || value === "") address.searchParams.delete(name);
    else address.searchParams.set(name, typeof value === "number" ? round(value) : value);
  }
  return address.href;
}

/** Puts choices into the address. */
export function writeAddress(choices) {
  history.replaceState(null, "", addressWith(choices));
}

function round(seconds) {
  return String(Math.round(seconds * 1000) / 1000);
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
