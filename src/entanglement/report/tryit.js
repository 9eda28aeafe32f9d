// Try it: networks drawn in the page beside the laws that they follow.
const LIMITS = { k: [2, 2500], n: [2, 1e12], depth: [1, 500], alpha: [0, 1e9], seed: [0, 2 ** 32 - 1] };
// Networks; curves drawn; milliseconds of a frame for laws and networks each.
const [MOST, CURVES, SLICE] = [2000, 40, 6];
// Theory, as in the figures.
const DARK = "#333333";
const logAngle = (log) => (log > 30 ? -(log + Math.log(Math.PI)) / Math.LN10 : Math.log10(angle(Math.exp(log))));
const distance = (log) => 2 * Math.sin((Math.PI * 10 ** logAngle(log)) / 2);

// What is wrong with each value as typed; nothing where all can be used.
function problems(typed) {
  const found = {};
  const value = Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, text.trim() === "" ? NaN : Number(text)]));
  for (const [name, [low, high]] of Object.entries(LIMITS)) {
    const least = name === "n" && value.k >= 2 && value.k <= 2500 ? value.k : low;
    const whole = name === "alpha" || Number.isInteger(value[name]);
    if (whole && value[name] >= least && value[name] <= high) continue;
    found[name] = `${name === "alpha" ? "a" : "a whole"} number from ${least}${name === "n" ? " (k)" : ""} to ${high}`;
  }
  return [value, found];
}

// Mean with the half-width of its 95 % interval.
function meanOf(numbers) {
  const m = numbers.length;
  const mean = numbers.reduce((sum, x) => sum + x, 0) / m;
  const error = Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (m - 1) / m);
  // Where a few networks make up most of a mean, none of these has an interval that means anything.
  if (numbers.every((x) => x >= 0) && medianOf(numbers).value < mean / 3) return { value: mean };
  return { value: mean, error, low: mean - student(m - 1) * error, high: mean + student(m - 1) * error };
}
// Student's 97.5 % point (Cornish and Fisher); intervals are shown from five networks on.
const student = (d) => 1.959964 + 2.372272 / d + 2.8225 / d ** 2 + 2.55585 / d ** 3;
// Median with the order statistics that enclose it in 95 %.
function medianOf(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const m = sorted.length;
  const rank = Math.max(0, Math.floor(m / 2 - 0.98 * Math.sqrt(m)));
  return { value: (sorted[(m - 1) >> 1] + sorted[m >> 1]) / 2, low: sorted[rank], high: sorted[m - 1 - rank] };
}
function shareOf(hits, m) {
  const [z, p] = [1.959964, hits / m];
  const [middle, half] = [(p + (z * z) / (2 * m)), z * Math.sqrt((p * (1 - p)) / m + (z * z) / (4 * m * m))];
  return { value: p, error: 0.5 / Math.sqrt(m), low: (middle - half) / (1 + (z * z) / m), high: (middle + half) / (1 + (z * z) / m) };
}
function digits(x) {
  if (!Number.isFinite(x)) return "–";
  if (x === 0) return "0";
  const power = Math.floor(Math.log10(Math.abs(x)));
  if (power >= -3 && power < 6) return x.toPrecision(power < 3 ? 4 : power + 1).replace("-", "−");
  return `${(x / 10 ** power).toFixed(2)} × ${tenTo(power)}`.replace("-", "−");
}
const tenTo = (power) => "10" + [...String(power)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");

function tryIt(section) {
  const form = section.querySelector("form");
  const find = (name) => section.querySelector(`[data-show="${name}"]`);
  const [play, file, status] = [find("play"), form.elements.picture, find("status")];
  const own = Object.assign(new Image(), { src: section.dataset.picture });
  let [source, message, values, laws, runs, pending, now, playing, shown] = [own, null, null, [], null, [], null, false, 0];

  // Everything anew from the values typed; what cannot be used is said beside it and changes nothing.
  function restart() {
    const names = Object.keys(LIMITS);
    const [value, found] = problems(Object.fromEntries(names.map((name) => [name, form.elements[name].value])));
    for (const name of names) {
      form.elements[name].setAttribute("aria-invalid", name in found);
      document.getElementById(`try-${name}-problem`).textContent = found[name] ? `Give ${found[name]}.` : "";
    }
    if (Object.keys(found).length) return halt("Nothing was drawn anew: see the marked value.");
    values = value;
    remember("try", names.map((name) => value[name]).join(","));
    const { k, n, depth, seed } = values;
    const layers = [...new Set(Array.from({ length: 13 }, (_, i) => Math.round((i * depth) / 12)))];
    runs = { random: generator(seed), layers, logs: layers.map(() => []), shares: layers.map(() => []), curves: [], count: 0, opposite: 0 };
    // What was under way belongs to the values before.
    [laws, pending, now] = [[], [law(k, n, depth)], null];
    hide();
    wake(playing ? MOST : 1);
  }
  function hide() {
    const found = source.width ? standardised(source, Math.floor(Math.sqrt(values.k))) : null;
    find("file").textContent = found ? "" : "This picture cannot be used: it has one shade of grey. Give another.";
    if (found) message = found;
  }
  function halt(words) {
    playing = false;
    play.textContent = "Draw networks";
    status.textContent = words;
  }
  let [asked, waiting] = [0, false];
  function wake(networks) {
    asked = runs.count + networks;
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(frame);
  }

  // A slice of a frame for the law and one for networks, each a layer at a time.
  function frame(time) {
    waiting = false;
    let end = performance.now() + SLICE;
    while (pending.length && performance.now() < end) {
      const { value: made, done } = pending[0].next();
      if (done) pending = [];
      else if (made) laws.push(made);
    }
    // Networks have a slice of their own: a step of the law may take longer than one.
    end = performance.now() + SLICE;
    while (runs.count < asked && performance.now() < end) {
      now ||= { steps: network(values.k, values.n, values.depth, runs.random), path: [], shares: [] };
      const { value: made } = now.steps.next();
      now.path.push(made.log);
      now.shares.push(made.share);
      if (made.layer === values.depth) finish(made);
    }
    picture(time);
    draw();
    if (playing && runs.count >= MOST) halt(`${MOST} networks were drawn.`);
    const more = pending.length || runs.count < asked;
    if (more) {
      waiting = true;
      requestAnimationFrame(frame);
    } else if (!playing) picture(Infinity);
  }
  function finish(last) {
    const { path, shares } = now;
    runs.layers.forEach((layer, i) => {
      runs.logs[i].push(path[layer]);
      runs.shares[i].push(layer ? shares[layer] : 0.5);
    });
    runs.curves.push(path);
    if (runs.curves.length > CURVES) runs.curves.shift();
    runs.count++;
    if (last.c < 0) runs.opposite++;
    [runs.last, now] = [last, null];
  }

  function picture(time) {
    if (!runs.last || !message || (time !== Infinity && time - shown < 400) || runs.last === runs.painted) return;
    [shown, runs.painted] = [time === Infinity ? shown : time, runs.last];
    const [{ z, h, gain, before, log, c }, { alpha, k }] = [runs.last, values];
    // The probe's direction: before * z + h, divided by a large `before` so that nothing overflows.
    const large = Math.max(1, Math.abs(before));
    const probe = Array.from(z, (v, i) => (before / large) * v + h[i] / large);
    const size = Math.hypot(...probe);
    const noisy = message.pixels.map((v, i) => v + (alpha * z[i]) / gain);
    const less = (sign) => noisy.map((v, i) => v - (sign * alpha * probe[i]) / size);
    paint(find("message"), message.pixels, message);
    paint(find("hidden"), noisy, message, Math.hypot(1, alpha / Math.sqrt(k)));
    paint(find("better"), less(Math.sign(c)), message);
    paint(find("plain"), less(1), message);
    const right = (alpha / Math.sqrt(k)) * distance(log);
    const wrong = (alpha / Math.sqrt(k)) * 2 * Math.sin((Math.PI * (1 - 10 ** logAngle(log))) / 2);
    find("better-error").textContent = digits(right);
    find("plain-error").textContent = digits(c > 0 ? right : wrong);
  }

  function draw() {
    const { depth, alpha, k } = values;
    const floor = Math.min(-1, ...laws.slice(-1).map((l) => logAngle(l.logs[2])), ...runs.curves.slice(-1).map((path) => logAngle(path.at(-1))));
    const power = (at) => (at ? tenTo(Math.round(at)) : "1");
    const collapse = plot(find("collapse"), [0, depth], [Math.min(-1, Math.floor(floor)), 0], ["layer", "folded angle / π", power]);
    const along = (key) => laws.map((l) => [l.layer, logAngle(l.logs[key])]);
    if (laws.length > 1) {
      const { pen, X, Y } = collapse;
      pen.beginPath();
      [...along(0), ...along(2).reverse()].forEach(([a, b]) => pen.lineTo(X(a), Y(b)));
      pen.fillStyle = "#0072B222";
      pen.fill();
    }
    for (const path of runs.curves) collapse.line(path.map((log, i) => [i, logAngle(log)]), "#0072B255", 0.8);
    collapse.line(along(1), DARK, 2);
    collapse.line(laws.filter((l) => l.mean > 0).map((l) => [l.layer, Math.log10(l.mean)]), DARK, 1.4, [5, 4]);
    const bits = plot(find("bits"), [0, depth], [0, 0.5], ["layer", "key bits that differ", (at) => at.toFixed(1)]);
    bits.line(laws.map((l) => [l.layer, l.bits]), DARK, 2);
    runs.layers.forEach((layer, i) => {
      if (runs.count < 5) return;
      const { value, low, high } = medianOf(runs.logs[i]);
      collapse.dot(layer, { value: logAngle(value), low: logAngle(high), high: logAngle(low) }, "#0072B2");
      const share = meanOf(runs.shares[i]);
      bits.dot(layer, { ...share, low: Math.max(0, share.low), high: Math.min(0.5, share.high) }, "#D55E00");
    });
    const end = laws.length > depth ? laws[depth] : null;
    const logs = runs.logs.at(-1);
    const median = medianOf(logs);
    const through = ({ value, low, high }, f) => ({ value: f(value), low: f(high), high: f(low) });
    const folded = (log) => 10 ** logAngle(log);
    const error = (log) => (alpha / Math.sqrt(k)) * distance(log);
    row("rate", laws[0]?.gamma);
    row("gain", laws[0]?.a);
    row("log", end?.logMean, meanOf(logs));
    row("median", end && folded(end.logs[1]), through(median, folded));
    row("mean", end?.mean, meanOf(logs.map(folded)));
    row("share", end?.bits, meanOf(runs.shares.at(-1)));
    row("opposite", 0.5, shareOf(runs.opposite, runs.count));
    row("error", end && error(end.logs[1]), through(median, error));
    find("count").textContent = `${runs.count} network${runs.count === 1 ? "" : "s"}`;
  }
  function row(name, expected, measured) {
    const [byLaw, here, apart] = find(name).querySelectorAll("td");
    byLaw.textContent = digits(expected ?? NaN);
    if (!measured) return;
    const { value, low, high, error } = measured;
    here.textContent = runs.count < 5 || !(low < high) ? digits(value) : `${digits(value)} (${digits(low)} to ${digits(high)})`;
    apart.textContent = runs.count < 5 || !(error > 0) ? "–" : ((value - expected) / error).toFixed(1).replace("-", "−");
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => event.target !== file && restart());
  form.addEventListener("click", (event) => {
    const preset = event.target.dataset?.values;
    if (!preset) return;
    preset.split(",").forEach((value, i) => (form.elements[Object.keys(LIMITS)[i]].value = value));
    restart();
  });
  play.addEventListener("click", () => {
    if (playing) {
      asked = runs.count;
      return halt("Stopped.");
    }
    if (!runs || runs.count >= MOST || form.querySelector('[aria-invalid="true"]')) restart();
    if (form.querySelector('[aria-invalid="true"]')) return;
    playing = true;
    play.textContent = "Stop";
    status.textContent = "";
    wake(MOST - runs.count);
  });
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    try {
      source = chosen ? await createImageBitmap(chosen) : own;
      hide();
      runs.painted = null;
      picture(Infinity);
    } catch {
      find("file").textContent = "This file is not a picture that a browser can read. Give a PNG, JPEG or WebP.";
    }
  });
  const saved = (hash().get("try") || "").split(",");
  if (saved.length === 5) saved.forEach((value, i) => (form.elements[Object.keys(LIMITS)[i]].value = value));
  // Nothing is drawn before somebody comes here.
  new IntersectionObserver(async (seen, observer) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    await own.decode().catch(() => {});
    if (!values) restart();
  }).observe(section);
  addEventListener("resize", () => runs && draw());
}
if (document.getElementById("tryit")) tryIt(document.getElementById("tryit"));
