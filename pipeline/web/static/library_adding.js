// Adding: files, folders, addresses, and what is dropped on the page.
import { address, change } from "./api.js";
import { announce, element } from "./dom.js";
import { tryChange } from "./library_acts.js";

const field = (id) => document.getElementById(id);
const [drop, sending, notice] = ["drop", "sending", "add-notice"].map(field);
const given = () => ({ show: field("given-show").value.trim(), date: field("given-date").value.trim(), language: field("given-language").value.trim() });
const latest = () => Number(field("given-latest").value) || null;
const stated = (details) => Object.fromEntries(Object.entries(details).filter(([, value]) => value));

function say(text, isError = false) {
  notice.append(element("p", { class: isError ? "error" : "soft" }, text));
}

/** Sends files, one after the other; each becomes a job as soon as it is there. */
async function send(files) {
  notice.replaceChildren();
  const details = given();
  for (const { file, name } of files) {
    const row = element("li", { class: "soft small" }, `Sending ${name} …`);
    sending.append(row);
    try {
      await change("POST", address("/uploads", { name, ...details }).slice("/api".length), file);
      announce(`${name} is added.`);
    } catch (error) {
      say(`${name}: ${error.message} ${error.wayOut ?? ""}`, true);
    } finally {
      row.remove();
    }
  }
}

/** Sends what of a folder is a recording or a transcript, and says how much is left out. */
async function sendFolder(files) {
  const chosen = await tryChange("POST", "/chosen-files", { names: files.map(({ name }) => name) });
  if (!chosen) return;
  const taken = new Set(chosen.taken);
  await send(files.filter(({ name }) => taken.has(name)));
  const others = Object.entries(chosen.left_out).map(([reason, count]) => `${count} (${reason})`);
  if (others.length) say(`Left out: ${others.join(", ")}.`);
  if (!taken.size) say("There are no recordings or transcripts in this folder.", true);
}

const named = (files) => [...files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));

field("files").addEventListener("change", async ({ target }) => {
  await send(named(target.files));
  target.value = "";
});
field("folder").addEventListener("change", async ({ target }) => {
  await sendFolder(named(target.files));
  target.value = "";
});

for (const kind of ["dragenter", "dragover"]) {
  addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.add("over");
  });
}
addEventListener("dragleave", (event) => event.relatedTarget || drop.classList.remove("over"));
addEventListener("drop", async (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  drop.classList.remove("over");
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
  const folders = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry?.isDirectory);
  const files = items.filter((item) => !item.webkitGetAsEntry()?.isDirectory).map((item) => item.getAsFile());
  await send(named(files));
  if (folders.length) await sendFolder((await Promise.all(folders.map(readEntry))).flat());
});

/** Returns the files of an entry of what was dropped: of a folder, all that are in it and below. */
async function readEntry(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, name: entry.fullPath.slice(1) }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return (await Promise.all(found.map(readEntry))).flat();
    found.push(...some);
  }
}

field("address-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = field("address");
  const where = input.value.trim();
  const buttons = event.target.querySelectorAll("button");
  for (const one of buttons) one.disabled = true;
  const follows = event.submitter?.value === "follow";
  const answer = follows
    ? await tryChange("POST", "/shows", { feed: where, latest: latest() })
    : await tryChange("POST", "/jobs", { kind: "fetch", targets: [where], name: where, latest: latest(), ...stated(given()) });
  for (const one of buttons) one.disabled = false;
  if (!answer) return;
  input.value = "";
  if (follows) say(`${answer.show} is followed: ${answer.items} episodes in its feed. ${answer.reason ?? ""}`);
  else announce(`${where} is added.`);
});
