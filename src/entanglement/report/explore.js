// What is offered beside a figure. Pictures: radio buttons and sliders choose one of a grid, one drawImage a move.
function pictures(box, data) {
  const [canvas, sprite] = [box.querySelector("canvas"), box.querySelector("img")];
  const axes = [...box.querySelectorAll("[data-axis]")];
  const readings = [...box.querySelectorAll(".reading b")];
  const zoom = Math.max(1, Math.floor(Math.min(640 / data.width, 300 / data.height)));
  Object.assign(canvas, { width: data.width * zoom, height: data.height * zoom });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  const get = (axis) => Number((axis.querySelector(":checked") || axis.querySelector("input")).value);
  const set = (axis, value) => {
    const inputs = axis.querySelectorAll("input");
    if (inputs[0].type === "range") inputs[0].value = value;
    else if (inputs[value]) inputs[value].checked = true;
  };
  const draw = () => {
    let index = 0;
    const words = axes.map((axis, i) => {
      const { name, values } = data.axes[i];
      const value = values[get(axis)];
      index = index * values.length + get(axis);
      const slider = axis.querySelector("[type=range]");
      if (slider) {
        slider.setAttribute("aria-valuetext", value);
        axis.querySelector("span").textContent = value;
      }
      return `${name} ${value}`;
    });
    const [x, y] = [index % data.columns, Math.floor(index / data.columns)];
    pen.drawImage(sprite, x * data.width, y * data.height, data.width, data.height, 0, 0, canvas.width, canvas.height);
    Object.entries(data.numbers).forEach(([name, values], i) => {
      readings[i].textContent = values[index] ?? "not known";
      words.push(`${name} ${readings[i].textContent}`);
    });
    canvas.setAttribute("aria-label", `${box.querySelector("h5").textContent}: ${words.join(", ")}`);
  };
  const moved = () => {
    remember(box.id, axes.map(get).join("."));
    draw();
  };
  box.addEventListener("input", moved);
  for (const axis of axes) {
    const button = axis.querySelector("button");
    let timer = 0;
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      button.textContent = "Play";
    };
    button?.addEventListener("click", () => {
      if (timer) return stop();
      const last = data.axes[axis.dataset.axis].values.length - 1;
      if (get(axis) === last) set(axis, 0);
      moved();
      button.textContent = "Stop";
      timer = setInterval(() => {
        set(axis, get(axis) + 1);
        moved();
        if (get(axis) === last) stop();
      }, 400);
    });
  }
  const saved = (hash().get(box.id) || "").split(".");
  if (saved.length === axes.length) axes.forEach((axis, i) => set(axis, saved[i]));
  sprite.decode().then(draw);
}

// Curves on the unit sphere, seen from far away; sliders, a drag or the arrow keys turn them.
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A2BE2", "#663300", "#000000", "#3A4159"];
function paths(box, data) {
  const canvas = box.querySelector("canvas");
  const sliders = [...box.querySelectorAll("input")];
  const [width, height, density] = [Math.min(560, document.documentElement.clientWidth - 64), 400, devicePixelRatio || 1];
  Object.assign(canvas, { width: width * density, height: height * density });
  const pen = canvas.getContext("2d");
  const scale = Math.min(width, height) * 0.4;
  let [turn, tilt] = [0, 0];
  const project = ([y, z, x]) => {
    const [a, b] = [Math.cos(turn) * y - Math.sin(turn) * z, Math.sin(turn) * y + Math.cos(turn) * z];
    return [width / 2 + scale * a, height / 2 - scale * (Math.cos(tilt) * x - Math.sin(tilt) * b)];
  };
  const line = (points, color, thickness) => {
    pen.beginPath();
    points.forEach((point, i) => pen[i ? "lineTo" : "moveTo"](...project(point)));
    Object.assign(pen, { strokeStyle: color, lineWidth: thickness });
    pen.stroke();
  };
  const circle = Array.from({ length: 61 }, (_, i) => [Math.cos((i * Math.PI) / 30), Math.sin((i * Math.PI) / 30)]);
  const grid = [-0.5, 0, 0.5].map((up) => circle.map(([x, y]) => [x * Math.sqrt(1 - up * up), y * Math.sqrt(1 - up * up), up]));
  grid.push(...[0, 1, 2, 3].map((i) => circle.map(([x, y]) => [x * Math.cos((i * Math.PI) / 4), x * Math.sin((i * Math.PI) / 4), y])));
  const draw = () => {
    [turn, tilt] = sliders.map((slider) => (slider.value * Math.PI) / 180);
    sliders.forEach((slider) => {
      slider.nextSibling.textContent = `${slider.value}°`;
      slider.setAttribute("aria-valuetext", `${slider.value} degrees`);
    });
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.clearRect(0, 0, width, height);
    for (const points of grid) line(points, "#e4e4e4", 1);
    data.labels.forEach((label, axis) => {
      const along = (length) => [0, 1, 2].map((i) => (i === axis ? length : 0));
      line([along(0), along(1.08)], "#888", 1);
      for (const [text, at, size] of [[0.5, 0.5, 11], [1, 1, 11], [label, 1.17, 13]]) {
        Object.assign(pen, { font: `${size}px system-ui, sans-serif`, fillStyle: "#444", textAlign: "center" });
        pen.fillText(text, ...project(along(at)));
      }
    });
    // The first path lies broad below the others, so that none hides it.
    data.paths.forEach(({ points, color }, i) => {
      line(points, COLOURS[color] + (i ? "" : "66"), i ? 1.5 : 7);
      [0, points.length - 1].forEach((end) => {
        pen.beginPath();
        pen.arc(...project(points[end]), i ? 4 : 8, 0, 2 * Math.PI);
        Object.assign(pen, { fillStyle: COLOURS[color], strokeStyle: COLOURS[color], lineWidth: 1.5 });
        i && end ? pen.fill() : pen.stroke();
      });
    });
  };
  const moved = () => {
    remember(box.id, sliders.map((slider) => slider.value).join(","));
    draw();
  };
  const move = (...by) => {
    sliders.forEach((slider, i) => {
      const to = Number(slider.value) + by[i];
      slider.value = i ? to : ((to + 540) % 360) - 180;
    });
    moved();
  };
  box.addEventListener("input", moved);
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-6, 0], ArrowRight: [6, 0], ArrowUp: [0, 6], ArrowDown: [0, -6] }[event.key];
    if (!step) return;
    event.preventDefault();
    move(...step);
  });
  let left = [0, 0];
  canvas.addEventListener("pointermove", (event) => {
    if (!event.buttons) return;
    // Sliders hold whole degrees; what is less waits for the next move.
    left = [left[0] + event.movementX / 2.6, left[1] + event.movementY / 2.6];
    const whole = left.map(Math.trunc);
    left = left.map((part, i) => part - whole[i]);
    move(...whole);
  });
  const saved = (hash().get(box.id) || "").split(",");
  if (saved.length === 2) sliders.forEach((slider, i) => (slider.value = saved[i]));
  draw();
}

for (const box of document.querySelectorAll(".explore"))
  ({ pictures, paths })[box.dataset.kind](box, JSON.parse(box.querySelector("script").textContent));
