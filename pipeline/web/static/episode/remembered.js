// What a reader chose last time, where the browser keeps it.

/** Keeps a choice. */
export function remember(name, value) {
  try {
    localStorage.setItem(`airquote ${name}`, value);
  } catch {
    // a browser that may keep nothing asks again
  }
}

/** Returns what was kept, null for nothing. */
export function recall(name) {
  try {
    return localStorage.getItem(`airquote ${name}`);
  } catch {
    return null;
  }
}
