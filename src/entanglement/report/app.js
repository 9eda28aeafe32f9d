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
  const bytes = () => Uint8Array.from(atob(image.src.split(",")[1]), (c) => c.charCodeAt(0));
  const content = svg ? bytes() : numbers[link.dataset.panel];
  const url = URL.createObjectURL(new Blob([content], { type: svg ? "image/svg+xml" : "text/csv" }));
  const saved = Object.assign(document.createElement("a"), { href: url, download: link.download });
  saved.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
});

// Sliders over a grid of pictures: one drawImage from the sprite a move.
function pictures(box, data) {
  const [canvas, sprite] = [box.querySelector("canvas"), box.querySelector("img")];
  const sliders = [...box.querySelectorAll("input")];
  const zoom = Math.max(1, Math.floor(Math.min(640 / data.width, 300 / data.height)));
  Object.assign(canvas, { width: data.width * zoom, height: data.height * zoom });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  const draw = () => {
    let index = 0;
    const words = [];
    sliders.forEach((slider, axis) => {
      const { name, values } = data.axes[axis];
      index = index * values.length + Number(slider.value);
      slider.parentElement.querySelector("output").value = values[slider.value];
      slider.setAttribute("aria-valuetext", values[slider.value]);
      words.push(`${name} ${values[slider.value]}`);
    });
    const [x, y] = [index % data.columns, Math.floor(index / data.columns)];
    pen.drawImage(sprite, x * data.width, y * data.height, data.width, data.height, 0, 0, canvas.width, canvas.height);
    canvas.setAttribute("aria-label", `${box.querySelector("h3").textContent}: ${words.join(", ")}`);
  };
  sliders.forEach((slider) =>
    slider.addEventListener("input", () => {
      remember(box.id, sliders.map((s) => s.value).join("."));
      draw();
    }),
  );
  const saved = (hash().get(box.id) || "").split(".");
  if (saved.length === sliders.length) sliders.forEach((s, i) => (s.value = saved[i]));
  sprite.decode().then(draw);
}

// Curves in three dimensions, seen from far away; drag or arrow keys turn them.
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A2BE2", "#663300", "#000000", "#3A4159"];
function paths(box, data) {
  const canvas = box.querySelector("canvas");
  const [width, height, density] = [Math.min(560, document.documentElement.clientWidth - 40), 400, devicePixelRatio || 1];
  Object.assign(canvas, { width: width * density, height: height * density });
  const pen = canvas.getContext("2d");
  let [turn, tilt] = (hash().get(box.id) || "0.6,0.4").split(",").map(Number);
  const scale = Math.min(width, height) * 0.38;
  const project = ([y, z, x]) => {
    const [a, b] = [Math.cos(turn) * y - Math.sin(turn) * z, Math.sin(turn) * y + Math.cos(turn) * z];
    return [width / 2 + scale * a, height / 2 - scale * (Math.cos(tilt) * x - Math.sin(tilt) * b)];
  };
  const line = (points, colour, thickness) => {
    pen.beginPath();
    points.forEach((point, i) => pen[i ? "lineTo" : "moveTo"](...project(point)));
    Object.assign(pen, { strokeStyle: colour, lineWidth: thickness });
    pen.stroke();
  };
  const draw = () => {
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.clearRect(0, 0, width, height);
    Object.assign(pen, { font: "13px system-ui, sans-serif", textAlign: "center", fillStyle: "#444" });
    data.labels.forEach((label, axis) => {
      const end = [0, 1, 2].map((i) => (i === axis ? 1.15 : 0));
      line([[0, 0, 0], end], "#bbb", 1);
      pen.fillText(label, ...project(end));
    });
    data.paths.forEach(({ points }, i) => {
      const colour = COLOURS[i % COLOURS.length];
      line(points, colour, 1.8);
      points.forEach((point, step) => {
        const [x, y] = project(point);
        const end = step === points.length - 1;
        pen.beginPath();
        pen.arc(x, y, end || !step ? 5 : 2, 0, 2 * Math.PI);
        pen.fillStyle = step ? colour : "#fff";
        pen.fill();
        if (!step) pen.stroke();
      });
    });
  };
  const move = (dx, dy) => {
    turn += dx;
    tilt = Math.max(-1.57, Math.min(1.57, tilt + dy));
    remember(box.id, `${turn.toFixed(2)},${tilt.toFixed(2)}`);
    draw();
  };
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
    if (!step) return;
    event.preventDefault();
    move(...step);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) move(event.movementX / 150, event.movementY / 150);
  });
  draw();
}

for (const box of document.querySelectorAll(".explore"))
  ({ pictures, paths })[box.dataset.kind](box, JSON.parse(box.querySelector("script").textContent));
