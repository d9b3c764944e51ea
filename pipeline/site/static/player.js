"use strict";

// Times of the transcript play the sound on this page; without this script they open it at its address.
(() => {
  const player = document.getElementById("player");
  const offset = Number(player.dataset.offset);

  function seek(second) {
    player.currentTime = Math.max(0, second + offset);
  }

  document.addEventListener("click", event => {
    const time = event.target.closest("a.time");
    if (!time || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    seek(Number(time.dataset.second));
    player.play().catch(() => { location.href = time.href; });
    history.replaceState(null, "", `#t${time.dataset.second}`);
  });

  function seekLinked() {
    const linked = /^#t(\d+)$/.exec(location.hash);
    if (linked) seek(Number(linked[1]));
  }

  window.addEventListener("hashchange", seekLinked);
  seekLinked();
})();
