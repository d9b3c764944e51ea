// Requests to the server that the page came from. There are none to any other.

/** What the server says went wrong, and what to do. */
export class ApiError extends Error {
  constructor(status, message, wayOut) {
    super(message);
    this.status = status;
    this.wayOut = wayOut;
  }
}

const token = document.querySelector("meta[name=airquote-token]").content;

/** Returns an address of the API with parameters; those that are null, undefined or "" are left out, lists repeated. */
export function address(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) if (one !== null && one !== undefined && one !== "") query.append(name, one);
  }
  const text = query.toString();
  return `/api${path}${text ? `?${text}` : ""}`;
}

/** Returns what the server answers, as an object. `signal` gives the request up. Throws ApiError. */
export async function get(path, parameters = {}, signal = undefined) {
  return read(await ask(address(path, parameters), { signal }));
}

/** Asks for a change by POST, PUT, PATCH or DELETE and returns the answer, null without one. Throws ApiError. */
export async function change(method, path, body = undefined, signal = undefined) {
  return read(await askForChange(method, path, body, signal));
}

/** Yields the objects of an answer of JSON lines, each as it comes. Throws ApiError. */
export async function* changeInLines(path, body, signal = undefined) {
  const answer = await askForChange("POST", path, body, signal);
  if (!answer.ok) await read(answer);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ; ) {
    const { value, done } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) yield JSON.parse(line);
    if (done) return;
  }
}

function askForChange(method, path, body, signal) {
  const headers = { "X-Airquote-Token": token };
  const isRaw = body === undefined || body instanceof FormData || body instanceof Blob;
  if (!isRaw) headers["Content-Type"] = "application/json";
  return ask(`/api${path}`, { method, headers, body: isRaw ? body : JSON.stringify(body), signal });
}

async function ask(where, options) {
  try {
    return await fetch(where, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "The server does not answer.", "Is airquote serve still running?");
  }
}

async function read(answer) {
  if (answer.status === 204) return null;
  const found = await answer.json().catch(() => ({}));
  if (answer.ok) return found;
  throw new ApiError(answer.status, found.error ?? `The server answers ${answer.status}.`, found.way_out ?? null);
}
