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
let numbers = {};
const packed = Uint8Array.from(atob(document.getElementById("numbers").textContent), (sign) => sign.charCodeAt());
const unpacked = new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
unpacked.then((found) => (numbers = found));
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-panel]");
  if (!link) return;
  event.preventDefault();
  await unpacked;
  const svg = link.download.endsWith(".svg");
  const image = link.closest("figure").querySelector("img");
  const content = svg ? decodeURIComponent(image.src.slice("data:image/svg+xml,".length)) : numbers[link.dataset.panel];
  const url = URL.createObjectURL(new Blob([content], { type: svg ? "image/svg+xml" : "text/csv" }));
  const saved = Object.assign(document.createElement("a"), { href: url, download: link.download });
  saved.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
});

// What a fold holds waits as text, which is one element, until it is opened or printed.
const unfold = (fold) => fold.querySelectorAll("noscript").forEach((text) => (text.outerHTML = text.textContent));
const unfoldAll = () => document.querySelectorAll("details").forEach(unfold);
document.addEventListener("toggle", ({ target }) => unfold(target), true);
addEventListener("beforeprint", unfoldAll);
matchMedia("print").addEventListener("change", unfoldAll);

// Pictures far below come after the page is there, but before anyone prints: not every browser
// loads for the printer what nobody has scrolled to.
const loadAll = () => document.querySelectorAll("img[loading]").forEach((image) => (image.loading = "eager"));
addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(loadAll));
