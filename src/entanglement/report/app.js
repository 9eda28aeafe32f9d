"use strict";
// Everything works without this script but filters, downloads of moved reports, and "Explore".
const hash = () => new URLSearchParams(location.hash.slice(1));
const remember = (key, value) => {
  const state = hash();
  for (const known of [...state.keys()]) if (!state.get(known)) state.delete(known);
  value === "" ? state.delete(key) : state.set(key, value);
  history.replaceState(null, "", "#" + state);
};

// Downloads come from the page itself, so that a report sent by mail still gives its numbers.
const numbers = JSON.parse(document.getElementById("numbers").textContent);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-panel]");
  if (!link) return;
  event.preventDefault();
  const svg = link.download.endsWith(".svg");
  const image = link.closest("figure").querySelector("img");
  const content = svg ? decodeURIComponent(image.src.slice("data:image/svg+xml,".length)) : numbers[link.dataset.panel];
  const url = URL.createObjectURL(new Blob([content], { type: svg ? "image/svg+xml" : "text/csv" }));
  const saved = Object.assign(document.createElement("a"), { href: url, download: link.download });
  saved.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
});
