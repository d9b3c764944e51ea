// The page on which an article is checked: it stands there at once, and its quotations are marked as they are judged.
import { ApiError, changeInLines } from "./api.js";
import { showArticle, markQuotation } from "./check_article.js";
import { gravest, showQuotation } from "./check_quotation.js";
import { announce, element, fill } from "./dom.js";

const at = (id) => document.getElementById(id);
const form = at("ask");
let running = null; // gives the current check up
let verdicts = [];
let shownFinding = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = form.elements.text.value;
  const address = form.elements.address.value.trim();
  if (address && !text.trim()) check("/verify", { address, ...options() });
  else if (text.trim()) check("/verify", { text, ...options() });
  else form.elements.text.focus();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
at("stop").addEventListener("click", () => running?.abort());
at("another").addEventListener("click", () => {
  running?.abort();
  form.hidden = false;
  at("another").hidden = true;
  form.elements.text.select();
  form.elements.text.focus();
});
at("file").addEventListener("change", () => checkFile(at("file").files[0]));

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => event.relatedTarget || form.classList.remove("over"));
document.addEventListener("drop", (event) => {
  form.classList.remove("over");
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  checkFile(event.dataTransfer.files[0]);
});

/** Returns the options of the form that are set. */
function options() {
  const fields = form.elements;
  const texts = ["show", "episode", "speaker", "since", "until"].map((name) => [name, fields[name].value.trim()]);
  return { ...Object.fromEntries(texts.filter(([, value]) => value)), listen: fields.listen.checked, fragments: fields.fragments.checked };
}

function checkFile(file) {
  if (!file) return;
  const query = new URLSearchParams({ name: file.name.slice(-200), ...options() });
  check(`/verify/file?${query}`, file);
}

async function check(path, body) {
  running?.abort();
  const own = (running = new AbortController());
  begin();
  try {
    for await (const step of changeInLines(path, body, own.signal)) {
      if (own !== running) return;
      take(step);
    }
  } catch (error) {
    if (own !== running) return;
    if (error.name !== "AbortError") showProblem(error instanceof ApiError ? error : new ApiError(0, "The check was cut off.", "Check the article again."));
    else at("doing").textContent = "Stopped.";
  } finally {
    if (own === running) end();
  }
}

function begin() {
  verdicts = [];
  shownFinding = null;
  at("result").hidden = false;
  at("problem").hidden = true;
  at("stop").hidden = false;
  at("another").hidden = at("report").hidden = true;
  at("doing").textContent = "Reading …";
  for (const id of ["counts", "notes", "article", "quotations", "result-title"]) fill(at(id));
}

function end() {
  running = null;
  at("stop").hidden = true;
  if (/…$/.test(at("doing").textContent)) at("doing").textContent = "";
}

function take(step) {
  if (step.step === "article") beginArticle(step);
  else if (step.step === "progress") at("doing").textContent = describe(step);
  else if (step.step === "verdict") judge(step);
  else if (step.step === "error") showProblem(new ApiError(0, step.error, step.way_out));
  else if (step.step === "end") finish(step);
}

function describe({ doing, done, total }) {
  return doing === "checked" ? `Looking for quotation ${Math.min(done + 1, total)} of ${total} …` : `Listening again: ${done} of ${total} …`;
}

function beginArticle(step) {
  form.hidden = true;
  at("another").hidden = false;
  at("result-title").textContent = step.title ?? "The article";
  verdicts = step.quotations.map(() => null);
  showArticle(at("article"), step, choose);
  fill(at("quotations"), step.quotations.map((_, number) => element("li", { id: `q${number + 1}`, class: "card quotation waiting" }, element("h3", {}, `${number + 1}`, element("span", { class: "badge waiting" }, "waiting")))));
  if (!step.quotations.length) fill(at("notes"), "There is no quotation in it that could be checked. What was passed over is underlined with dots.");
  at("result-title").focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
}

function judge(step) {
  verdicts[step.number] = step;
  const item = at(`q${step.number + 1}`);
  item.replaceWith(showQuotation(step, choose));
  markQuotation(at("article"), step.number, gravest(step));
  count();
}

/** Shows how many quotations there are of each verdict, as buttons that show these alone. */
function count() {
  const counts = new Map();
  for (const one of verdicts.filter(Boolean)) counts.set(gravest(one), (counts.get(gravest(one)) ?? 0) + 1);
  const order = ["misattributed", "altered", "spliced", "not found", "cannot tell", "paraphrase", "cleaned", "verbatim"];
  fill(at("counts"), order.filter((name) => counts.has(name)).map((name) =>
    element("li", {}, element("button", { type: "button", class: name.replace(" ", "-"), "aria-pressed": String(shownFinding === name), onclick: () => show(name) }, `${counts.get(name)} ${name}`)),
  ));
  for (const one of verdicts.filter(Boolean)) at(`q${one.number + 1}`).hidden = shownFinding !== null && gravest(one) !== shownFinding;
}

function show(finding) {
  shownFinding = shownFinding === finding ? null : finding;
  count();
}

/** Shows one quotation beside its place in the article. */
function choose(number, focus) {
  for (const one of document.querySelectorAll(".chosen, .quoted[aria-current]")) {
    one.classList.remove("chosen");
    one.removeAttribute("aria-current");
  }
  const item = at(`q${number + 1}`);
  item.hidden = false;
  item.classList.add("chosen");
  const marks = document.querySelectorAll(`.quoted[data-number="${number}"]`);
  for (const mark of marks) mark.setAttribute("aria-current", "true");
  const other = focus === "article" ? marks[0] : item;
  other?.scrollIntoView({ block: "nearest" });
  if (focus === "article") marks[0]?.focus({ preventScroll: true });
  else item.querySelector("h3").focus({ preventScroll: true });
}

function finish(step) {
  const judged = verdicts.filter(Boolean).length;
  at("doing").textContent = "";
  const heard = step.listening?.asked ? `Listened again to ${step.listening.asked} of them (model ${step.listening.models.join(", ")}).` : null;
  at("report").href = `/api/verify/${encodeURIComponent(step.check)}/report`;
  at("report").hidden = !judged;
  if (judged) fill(at("notes"), [...step.notes, heard].filter(Boolean).join(" "));
  announce(judged === 1 ? "One quotation is checked." : `${judged} quotations are checked.`);
}

function showProblem(error) {
  at("result").hidden = false;
  at("problem").hidden = false;
  at("problem").textContent = [error.message, error.wayOut].filter(Boolean).join(" ");
  at("doing").textContent = "";
}
