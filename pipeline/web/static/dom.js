// Elements made of text and other elements: nothing that a transcript or a feed says is ever read as HTML.

/** Returns an element. Attributes that are functions are listeners ("onclick"), those that are null or false are left out. */
export function element(tag, attributes = {}, ...children) {
  return complete(document.createElement(tag), attributes, children);
}

/** Returns an element of a drawing, in SVG. */
export function shape(tag, attributes = {}, ...children) {
  return complete(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function complete(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Replaces what an element holds. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
}

/** Returns text with ranges of characters [first, after last] marked; they count code points, as Python does. */
export function markRanges(text, ranges) {
  const letters = [...text];
  const parts = [];
  let reached = 0;
  for (const [first, end] of ranges) {
    parts.push(letters.slice(reached, first).join(""), element("mark", {}, letters.slice(first, end).join("")));
    reached = end;
  }
  return [...parts, letters.slice(reached).join("")];
}

/** Says something to those who do not see the page. */
export function announce(text) {
  document.getElementById("status").textContent = text;
}
