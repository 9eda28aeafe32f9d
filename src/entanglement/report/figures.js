// Figures: the number nearest to the pointer, and the picture enlarged.
const tip = Object.assign(document.createElement("div"), { className: "tip", hidden: true });
document.body.append(tip);
const dialog = Object.assign(document.createElement("dialog"), { className: "enlarged" });
dialog.setAttribute("aria-label", "Figure, enlarged");
document.body.append(dialog);

// Cells of one line of CSV; a quoted one may hold commas.
const cells = (line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
// Every point of a panel with its place as shares of the picture, from its numbers and the places of its axes.
const places = new Map();
function pointsOf(name, source) {
  if (!numbers[name] || places.has(name)) return places.get(name) || [];
  const axes = decodeURIComponent(source).match(/<!--axes (.*?)-->/);
  const [head, ...lines] = numbers[name].trim().split("\n").filter((line) => line[0] !== "#").map(cells);
  const rows = lines.map((line) => Object.fromEntries(head.map((key, i) => [key, line[i]])));
  const found = [];
  for (const { box, x, y, rows: count, flat } of axes ? JSON.parse(axes[1]) : []) {
    const share = ([scale, low, high], text) => {
      const f = { linear: Number, log: Math.log }[scale];
      return f && text !== "" ? (f(text) - f(low)) / (f(high) - f(low)) : NaN;
    };
    for (const row of rows.splice(0, count)) {
      const [a, b] = [share(x, row.x ?? ""), share(y, row.y ?? "")];
      if (flat && a >= 0 && a <= 1 && b >= 0 && b <= 1)
        found.push({ row, x: box[0] + a * (box[2] - box[0]), y: box[3] - b * (box[3] - box[1]) });
    }
  }
  places.set(name, found);
  return found;
}
function hover(event) {
  const image = event.target.closest?.("img[data-numbers]");
  tip.hidden = true;
  if (!image) return;
  const frame = image.getBoundingClientRect();
  const edge = image.clientLeft + parseFloat(getComputedStyle(image).paddingLeft);
  const [width, height] = [frame.width - 2 * edge, frame.height - 2 * edge];
  const [x, y] = [event.clientX - frame.left - edge, event.clientY - frame.top - edge];
  let [nearest, least] = [null, 20];
  for (const point of pointsOf(image.dataset.numbers, image.src)) {
    const away = Math.hypot(point.x * width - x, point.y * height - y);
    if (away < least) [nearest, least] = [point, away];
  }
  if (!nearest) return;
  const { row } = nearest;
  const plain = (text) => text.replace(/[$\\{}]/g, "");
  const ends = (low, high) => (low ? ` (${low} to ${high})` : "");
  tip.textContent = `${row.series ? plain(row.series) + ": " : ""}x = ${row.x}${ends(row.x_low, row.x_high)}, y = ${row.y}${ends(row.low, row.high)}`;
  tip.hidden = false;
  (dialog.open ? dialog : document.body).append(tip);
  tip.style.left = `${Math.min(event.clientX + 12, document.documentElement.clientWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${event.clientY + 16}px`;
}
document.addEventListener("pointermove", hover);
document.addEventListener("click", (event) => {
  if (dialog.open) return event.target.closest("dialog") && dialog.close();
  const figure = event.target.matches("figure img[data-numbers], .enlarge") && event.target.closest("figure");
  if (!figure) return;
  const picture = figure.querySelector("img").cloneNode();
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Close" });
  dialog.replaceChildren(close, picture);
  dialog.showModal();
});
