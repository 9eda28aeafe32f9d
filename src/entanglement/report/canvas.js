// A plot on white, as wide as its place: scales of data to pixels, with ticks.
function plot(canvas, x, y, words) {
  const [width, height, density] = [canvas.clientWidth || 480, 280, devicePixelRatio || 1];
  if (canvas.width !== Math.round(width * density)) Object.assign(canvas, { width: width * density, height: height * density });
  const pen = canvas.getContext("2d");
  pen.setTransform(density, 0, 0, density, 0, 0);
  pen.clearRect(0, 0, width, height);
  const [left, right, top, bottom] = [58, width - 16, 14, height - 40];
  const X = (v) => left + ((right - left) * (v - x[0])) / (x[1] - x[0]);
  const Y = (v) => bottom - ((bottom - top) * (v - y[0])) / (y[1] - y[0]);
  const line = (points, color, thickness = 1.6, dash = []) => {
    pen.beginPath();
    points.forEach(([a, b], i) => pen[i ? "lineTo" : "moveTo"](X(a), Y(Math.max(y[0], Math.min(y[1], b)))));
    Object.assign(pen, { strokeStyle: color, lineWidth: thickness });
    pen.setLineDash(dash);
    pen.stroke();
    pen.setLineDash([]);
  };
  const dot = (a, { value, low, high }, color) => {
    if (low <= high) line([[a, low], [a, high]], color, 1.4);
    if (value < y[0]) return;
    pen.beginPath();
    pen.arc(X(a), Y(value), 3.5, 0, 7);
    pen.fillStyle = color;
    pen.fill();
  };
  Object.assign(pen, { font: "12px system-ui, sans-serif", fillStyle: "#444", textAlign: "center" });
  const steps = (low, high, most) => {
    const raw = (high - low) / most;
    const size = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].find((factor) => factor * size >= raw) * size;
    const first = Math.ceil(low / step - 1e-9);
    return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
  };
  for (const at of steps(x[0], x[1], 6).filter(Number.isInteger)) pen.fillText(at, X(at), bottom + 16);
  pen.fillText(words[0], (left + right) / 2, height - 6);
  pen.textAlign = "right";
  for (const at of steps(y[0], y[1], 5)) {
    line([[x[0], at], [x[1], at]], "#e4e4e4", 0.8);
    pen.fillStyle = "#444";
    pen.fillText(words[2](at), left - 6, Y(at) + 4);
  }
  pen.save();
  pen.translate(12, (top + bottom) / 2);
  pen.rotate(-Math.PI / 2);
  pen.textAlign = "center";
  pen.fillText(words[1], 0, 0);
  pen.restore();
  return { pen, X, Y, line, dot };
}

// Grey values of a picture, reduced to a square, with mean 0 and deviation 1 over its pixels.
function standardised(source, side) {
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const pen = canvas.getContext("2d");
  const size = Math.min(source.width, source.height);
  Object.assign(pen, { imageSmoothingQuality: "high", fillStyle: "#fff" });
  pen.fillRect(0, 0, side, side);
  pen.drawImage(source, (source.width - size) / 2, (source.height - size) / 2, size, size, 0, 0, side, side);
  const bytes = pen.getImageData(0, 0, side, side).data;
  const grey = Float64Array.from({ length: side * side }, (_, i) => 0.299 * bytes[4 * i] + 0.587 * bytes[4 * i + 1] + 0.114 * bytes[4 * i + 2]);
  const mean = grey.reduce((sum, v) => sum + v, 0) / grey.length;
  const deviation = Math.sqrt(grey.reduce((sum, v) => sum + (v - mean) ** 2, 0) / grey.length);
  return deviation > 0.5 ? { pixels: grey.map((v) => (v - mean) / deviation), mean, deviation, side } : null;
}
// A picture of mean 0 and some deviation as grey values about the first one's mean.
function paint(canvas, pixels, { mean, deviation, side }, spread = 1) {
  Object.assign(canvas, { width: side, height: side });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(side, side);
  for (let i = 0; i < side * side; i++) {
    const grey = spread === 1 ? mean + deviation * pixels[i] : 128 + (50 * pixels[i]) / spread;
    image.data.set([grey, grey, grey, 255], 4 * i);
  }
  pen.putImageData(image, 0, 0);
}
