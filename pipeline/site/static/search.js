"use strict";

// Search without a server: the files of the index are scripts, which a page can load from a folder too. Each calls
// airquote.take with its name and content (pipeline/site/search_files.py says what is in them).
window.airquote = window.airquote || {};

(() => {
  const MOST_TOKENS = 12; // of a query
  const MOST_BYTES = 1500000; // of words that a query loads; texts and this page come to less than half a megabyte
  const PAGE = 10; // results at a time
  const BEFORE = 14, AFTER = 36; // words of a result around its first match
  const QUOTED = /["“”„«»]([^"“”„«»]*)["“”„«»]?|[^\s"“”„«»]+/gu;
  const DIGITS = [...Array(0x7f - 0x21).keys()].map(n => String.fromCharCode(n + 0x21))
    .filter(one => !"\"'<\\".includes(one));
  const BASE = DIGITS.length / 2;
  const VALUES = new Map(DIGITS.map((digit, value) => [digit.charCodeAt(0), value]));

  const taken = new Map(), waiting = new Map();
  const field = document.getElementById("q"), told = document.getElementById("told");
  const list = document.getElementById("found"), more = document.getElementById("more");
  let catalogue, starts, asked = 0;

  // Files

  airquote.take = (name, value) => taken.set(name, value);

  function load(name) {
    if (taken.has(name)) return Promise.resolve(taken.get(name));
    if (!waiting.has(name)) waiting.set(name, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const place = name.split("/").map(encodeURIComponent).join("/");
      script.src = `search/${place}.js?v=${catalogue.version}`;
      script.onload = () => resolve(taken.get(name));
      script.onerror = () => {
        waiting.delete(name);
        reject(new Error(`A part of the index is missing: search/${name}.js. Was the whole folder uploaded?`));
      };
      document.head.append(script);
    }));
    return waiting.get(name);
  }

  function readNumbers(text) {
    const numbers = [];
    for (let at = 0, number = 0, scale = 1; at < text.length; at++) {
      const value = VALUES.get(text.charCodeAt(at));
      number += scale * (value % BASE);
      scale *= BASE;
      if (value < BASE) {
        numbers.push(number);
        number = 0;
        scale = 1;
      }
    }
    return numbers;
  }

  function sums(numbers) {
    let sum = 0;
    return numbers.map(number => sum += number);
  }

  // Queries

  // A term is a word, its beginning, or words in a row; a word of several tokens is such a row.
  function readQuery(text) {
    const terms = [];
    let left = MOST_TOKENS;
    for (const [piece, quoted] of text.matchAll(QUOTED)) {
      const tokens = airquote.tokens(quoted ?? piece).slice(0, left);
      left -= tokens.length;
      const begins = quoted === undefined && piece.endsWith("*") && tokens.length === 1;
      if (tokens.length) terms.push({ tokens, begins });
    }
    return terms;
  }

  // The number of the file of words in which a token stands, if it stands anywhere.
  function fileOf(token) {
    let low = 0, high = catalogue.words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (catalogue.words[middle] <= token) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  function filesOf(token, begins) {
    const first = fileOf(token), last = begins ? fileOf(token + "\uffff") : first;
    return [...Array(last - first + 1).keys()].map(n => first + n);
  }

  // Load the smallest files first, so that the rarest words are sought where not all of them can be.
  async function loadWords(terms) {
    const wanted = new Set(terms.flatMap(term => term.tokens.flatMap(token => filesOf(token, term.begins))));
    const bySize = [...wanted].sort((a, b) => catalogue.sizes[a] - catalogue.sizes[b]);
    let room = MOST_BYTES;
    const fitting = bySize.filter(number => (room -= catalogue.sizes[number]) >= 0);
    await Promise.all(fitting.map(number => load(`words/${number}`)));
  }

  // Where a token stands, in rising order; undefined if its file is too large to be loaded.
  function positions(token, begins) {
    const found = [];
    for (const number of filesOf(token, begins)) {
      const content = taken.get(`words/${number}`);
      if (!content) {
        if (begins) continue;
        return undefined;
      }
      content.index ??= new Map(content[0].split(" ").map((one, n) => [one, n]));
      content.numbers ??= content[1].split(" ");
      const read = one => sums(readNumbers(content.numbers[content.index.get(one)]));
      if (!begins) return content.index.has(token) ? read(token) : [];
      found.push(...[...content.index.keys()].filter(one => one.startsWith(token)).map(read));
    }
    return Float64Array.from(found.flat()).sort(); // numbers sort as such there
  }

  function findTerm(term) {
    let begun;
    term.tokens.forEach((token, n) => {
      const found = positions(token, term.begins);
      if (!found) return;
      const first = n ? found.map(position => position - n) : found;
      begun = begun ? inBoth(begun, first) : first;
    });
    return begun;
  }

  function inBoth(some, others) {
    const both = [];
    for (let a = 0, b = 0; a < some.length && b < others.length;) {
      if (some[a] === others[b]) both.push(some[a]);
      if (some[a] <= others[b]) a++;
      else b++;
    }
    return both;
  }

  // Paragraphs

  function readCatalogue() {
    starts = [];
    catalogue.episodes.forEach((episode, number) => {
      let start = episode[4];
      episode.first = starts.length;
      for (const length of readNumbers(episode[5])) {
        starts.push(start);
        start += length;
      }
      episode.number = number;
    });
  }

  // The matches by paragraph; only in paragraphs that are keys of within, if it is given.
  function group(begun, within) {
    const groups = new Map();
    let paragraph = 0;
    for (const position of begun) {
      while (paragraph + 1 < starts.length && starts[paragraph + 1] <= position) paragraph++;
      if (within && !within.has(paragraph)) continue;
      if (groups.has(paragraph)) groups.get(paragraph).push(position);
      else groups.set(paragraph, [position]);
    }
    return groups;
  }

  // The least number of tokens that has a match of each term, and where it begins.
  function narrowest(matches) {
    if (matches.length === 1) return [0, matches[0][0]];
    const all = matches.flatMap((places, term) => places.map(place => [place, term])).sort((a, b) => a[0] - b[0]);
    const inside = Array(matches.length).fill(0);
    let best = [Infinity, all[0][0]];
    let missing = matches.length, begin = 0;
    for (const [place, term] of all) {
      if (!inside[term]++) missing--;
      for (; !missing; begin++) {
        const [first, leaving] = all[begin];
        if (place - first < best[0]) best = [place - first, first];
        if (!--inside[leaving]) missing++;
      }
    }
    return best;
  }

  // Paragraphs that have all terms: the nearest to each other first, then most matches, then the newest episode.
  function rank(terms, places) {
    const rarestFirst = [...places.keys()].sort((a, b) => places[a].length - places[b].length);
    const groups = [], found = [];
    let left;
    for (const n of rarestFirst) left = groups[n] = group(places[n], left);
    for (const paragraph of left.keys()) {
      const matches = groups.map(one => one.get(paragraph));
      const [width, first] = narrowest(matches);
      const count = matches.reduce((sum, one) => sum + one.length, 0);
      found.push({ paragraph, width, first, count, matches, terms });
    }
    return found.sort((a, b) => a.width - b.width || b.count - a.count || b.paragraph - a.paragraph);
  }

  // What is shown

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function formatTime(seconds) {
    const two = number => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  }

  function episodeOf(paragraph) {
    let low = 0, high = catalogue.episodes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (catalogue.episodes[middle].first <= paragraph) low = middle + 1;
      else high = middle;
    }
    return catalogue.episodes[low - 1];
  }

  async function showResult(result) {
    const episode = episodeOf(result.paragraph), [stem, title, show, published, , , firsts] = episode;
    const number = result.paragraph - episode.first;
    const block = firsts.filter(first => first <= number).length;
    const [speaker, ...sentences] = (await load(`texts/${stem}.${block}`))[number - firsts[block - 1]];
    const said = readWords(sentences, starts[result.paragraph]);
    const hit = Math.max(0, said.findIndex(word => word.last > result.first));
    const second = said[hit].second;
    const place = `episodes/${encodeURIComponent(stem)}.html`;
    return element("li", {},
      element("a", { href: `${place}#t${second}`, dir: "auto" }, title),
      element("p", { class: "about" }, [show, published, formatTime(second)].filter(Boolean).join(" · "),
        ...(speaker ? [" · ", element("bdi", {}, speaker)] : [])),
      element("p", { dir: "auto" }, ...excerpt(said, hit, markedBy(result))));
  }

  // The positions of all tokens of the matches of a result.
  function markedBy({ matches, terms }) {
    return new Set(matches.flatMap((begun, n) => begun.flatMap(one => terms[n].tokens.map((_, next) => one + next))));
  }

  // The words of a paragraph, each with its second and the position after its last token.
  function readWords(sentences, start) {
    const words = [];
    for (let n = 0; n < sentences.length; n += 2) {
      for (const text of sentences[n + 1].split(" ")) {
        const parts = airquote.parts(text);
        const last = parts.reduce((sum, part) => sum + part[1], start);
        words.push({ second: sentences[n], parts, first: start, last });
        start = last;
      }
    }
    return words;
  }

  function excerpt(words, hit, marked) {
    const first = Math.max(0, hit - BEFORE), last = Math.min(words.length, hit + AFTER);
    const pieces = first ? ["… "] : [];
    for (const word of words.slice(first, last)) {
      let position = word.first;
      for (const [text, count] of word.parts) {
        const isMarked = count > 0 && [...Array(count).keys()].some(n => marked.has(position + n));
        pieces.push(isMarked ? element("mark", {}, text) : text);
        position += count;
      }
      pieces.push(" ");
    }
    return last < words.length ? [...pieces, "…"] : pieces;
  }

  function titled(terms) {
    return catalogue.episodes.filter(([, title]) => {
      const line = ` ${airquote.tokens(title).join(" ")} `;
      return terms.every(term => line.includes(` ${term.tokens.join(" ")}${term.begins ? "" : " "}`));
    }).reverse().slice(0, 5);
  }

  function showTitle([stem, title, show, published]) {
    return element("li", { class: "titled" },
      element("a", { href: `episodes/${encodeURIComponent(stem)}.html`, dir: "auto" }, title),
      element("p", { class: "about" }, ["Episode", show, published].filter(Boolean).join(" · ")));
  }

  function describe(count, episodes, leftOut, widened) {
    const places = count === 1 ? "1 place" : `${count.toLocaleString("en")} places`;
    const where = episodes === 1 ? "1 episode" : `${episodes} episodes`;
    const found = count ? `${places} in ${where}` : "Nothing found";
    return `${found}${count && widened ? ", of words that begin so" : ""}.` +
      (leftOut.length ? ` Too common to be looked for with the others: ${leftOut.join(", ")}.` : "");
  }

  // Asking

  async function find(terms) {
    await loadWords(terms);
    const pairs = terms.map(term => [term, findTerm(term)]);
    const known = pairs.filter(([, begun]) => begun);
    const leftOut = terms.flatMap(term => term.tokens
      .filter(token => filesOf(token, term.begins).some(one => !taken.has(`words/${one}`)))
      .map(token => term.begins ? `${token}*` : token));
    const found = known.length ? rank(known.map(([term]) => term), known.map(([, begun]) => begun)) : [];
    return { found, leftOut };
  }

  async function ask(text) {
    const mine = ++asked;
    const terms = readQuery(text);
    if (!terms.length) return showAll([], [], "");
    let { found, leftOut } = await find(terms);
    const widened = !found.length && terms.every(term => term.tokens.length === 1 && [...term.tokens[0]].length > 2);
    if (widened) ({ found, leftOut } = await find(terms.map(term => ({ ...term, begins: true }))));
    const episodes = new Set(found.map(one => episodeOf(one.paragraph).number)).size;
    const first = await Promise.all(found.slice(0, PAGE).map(showResult));
    if (mine !== asked) return undefined; // a later question was answered or is being asked
    const words = describe(found.length, episodes, leftOut, widened);
    return showAll([...titled(terms).map(showTitle), ...first], found.slice(PAGE), words);
  }

  function showAll(items, rest, words) {
    told.textContent = words;
    list.replaceChildren(...items);
    offerMore(rest);
  }

  function offerMore(rest) {
    more.hidden = !rest.length;
    more.onclick = async () => {
      const items = await Promise.all(rest.slice(0, PAGE).map(showResult));
      list.append(...items);
      items[0].querySelector("a").focus();
      offerMore(rest.slice(PAGE));
    };
  }

  function askSafely() {
    history.replaceState(null, "", `#q=${encodeURIComponent(field.value)}`);
    ask(field.value).catch(error => showAll([], [], error.message));
  }

  function asQuery() {
    const inHash = /^#q=(.*)$/s.exec(location.hash);
    const inAddress = new URLSearchParams(location.search).get("q");
    try {
      return inHash ? decodeURIComponent(inHash[1]) : inAddress ?? "";
    } catch {
      return ""; // no text is written so
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    catalogue = taken.get("catalogue");
    if (!catalogue) {
      told.textContent = "The index is missing: search/catalogue.js. Was the whole folder uploaded?";
      return;
    }
    readCatalogue();
    let typed;
    field.addEventListener("input", () => {
      clearTimeout(typed);
      typed = setTimeout(askSafely, 150);
    });
    document.getElementById("search").addEventListener("submit", event => {
      event.preventDefault();
      clearTimeout(typed);
      askSafely();
    });
    window.addEventListener("hashchange", () => {
      field.value = asQuery();
      askSafely();
    });
    field.value = asQuery();
    if (field.value) askSafely();
    else field.focus();
  });
})();
