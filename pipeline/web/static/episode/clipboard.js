// Copying text.

/** Copies the text that a promise gives, at once: browsers let a page copy only just after a key or a click. */
export async function copy(making) {
  if (!navigator.clipboard) return copyAsBefore(await making);
  const item = new ClipboardItem({ "text/plain": making });
  await Promise.all([making, navigator.clipboard.write([item])]);
}

/** Copies as browsers do where they know no clipboard: on an address of the network without https. */
function copyAsBefore(text) {
  const put = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", put, { once: true });
  document.execCommand("copy");
}
