// What a layer multiplies by: the laws of ln A^2, of the kept rows' norm, and of -ln X^2, as masses on lattices.

// Trapezoidal rule for the tail probability p ~ Beta(k+1, n-k) of the first row that is not kept.
function tailNodes(k, n) {
  const [a, b] = [k + 1, n - k];
  const spread = Math.sqrt(1 / a + 1 / b);
  const [low, high] = [-9 * spread - 40 / a, 9 * spread + 40 / b];
  const count = Math.ceil((high - low) / (spread / 2));
  const nodes = [];
  for (let i = 0; i <= count; i++) {
    const y = Math.log(a / b) + low + ((high - low) * i) / count;
    const log = -Math.log1p(Math.exp(-y));
    nodes.push({ p: Math.exp(log), log: a * log - b * Math.log1p(Math.exp(y)) });
  }
  const top = Math.max(...nodes.map((node) => node.log));
  nodes.forEach((node) => (node.mass = Math.exp(node.log - top)));
  const total = nodes.reduce((sum, node) => sum + node.mass, 0);
  return nodes
    .map(({ p, mass }) => ({ p, t: p < 1 ? upperQuantile(p / 2) : 0, mass: mass / total }))
    .filter((node) => node.mass > 1e-13);
}
// E[Z^2 | |Z| > t]
const secondMoment = (t) => 1 + (t * Math.sqrt(2 / Math.PI)) / erfcx(t * Math.SQRT1_2);
// a: root mean square of the kept projections for large k.
function gain(k, n) {
  if (n === k) return 1;
  const t = upperQuantile(k / (2 * n));
  return Math.sqrt(1 + (2 * t * Math.exp((-t * t) / 2) * n) / (k * Math.sqrt(2 * Math.PI)));
}
// E ln A, A the norm of the k kept of n: Frullani's integral.
function meanLogGain(k, n, nodes) {
  if (n === k) return (Math.LN2 + digamma(k / 2)) / 2;
  const scale = k * nodes.reduce((sum, { t, mass }) => sum + mass * secondMoment(t), 0);
  const logs = nodes.map(({ t }) => logTail(t));
  let integral = 0;
  for (let x = -40; x < 44; x += 0.04) {
    const s = Math.exp(x) / scale;
    const root = Math.sqrt(1 + 2 * s);
    let sum = Math.exp(-Math.exp(x));
    nodes.forEach(({ t, mass }, i) => (sum -= mass * Math.exp(k * (logTail(t * root) - logs[i] - Math.log(root)))));
    integral += 0.04 * sum;
  }
  return (Math.log(scale) + integral) / 2;
}

// Numbers on the lattice (first + i) * step, for masses and for the functions averaged over them.
class Lattice {
  constructor(step, low, high) {
    this.step = step;
    this.first = Math.floor(low / step) - 3;
    this.value = new Float64Array(Math.ceil(high / step) + 4 - this.first);
  }
  at(i) {
    return (this.first + i) * this.step;
  }
  // Put a mass on six points so that means of smooth functions stay what they are.
  add(x, mass) {
    const position = x / this.step - this.first;
    const start = Math.floor(position) - 2;
    if (start < 0 || start + 6 > this.value.length) return;
    const d = position - start;
    const [a, b, c, e, f] = [d - 1, d - 2, d - 3, d - 4, d - 5];
    const v = this.value;
    v[start] -= (mass * a * b * c * e * f) / 120;
    v[start + 1] += (mass * d * b * c * e * f) / 24;
    v[start + 2] -= (mass * d * a * c * e * f) / 12;
    v[start + 3] += (mass * d * a * b * e * f) / 12;
    v[start + 4] -= (mass * d * a * b * c * f) / 24;
    v[start + 5] += (mass * d * a * b * c * e) / 120;
  }
}
function fft(re, im) {
  const size = re.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [re[i], re[j], im[i], im[j]] = [re[j], re[i], im[j], im[i]];
  }
  for (let half = 1; half < size; half *= 2) {
    for (let i = 0; i < half; i++) {
      const [c, s] = [Math.cos((Math.PI * i) / half), -Math.sin((Math.PI * i) / half)];
      for (let a = i; a < size; a += 2 * half) {
        const b = a + half;
        const [x, y] = [re[b] * c - im[b] * s, re[b] * s + im[b] * c];
        re[b] = re[a] - x;
        im[b] = im[a] - y;
        re[a] += x;
        im[a] += y;
      }
    }
  }
}
// Law of the sum of k squared N(0, 1) numbers beyond t: calls back with ln of it and its probability.
function sumOfSquares(k, t, visit) {
  const points = 2 ** 14;
  const [mean, half] = [k * (secondMoment(t) - t * t), 80 + 24 * Math.sqrt(k)];
  const width = Math.min(2 * half, mean + half);
  const step = width / points;
  const [re, im] = [new Float64Array(points), new Float64Array(points)];
  const below = (x) => -Math.expm1(logTail(Math.sqrt(t * t + Math.min(x, 80))) - logTail(t));
  let [last, total] = [0, 0];
  for (let i = 0; i < points; i++) {
    const next = below((i + 1) * step);
    re[i] = next - last;
    last = next;
  }
  for (const mass of re) total += mass;
  fft(re, im);
  for (let i = 0; i < points; i++) {
    const [size, turn] = [Math.hypot(re[i], im[i]) / total, Math.atan2(im[i], re[i])];
    const power = size ** k / points;
    // Conjugated, so that the same transform goes back.
    [re[i], im[i]] = [power * Math.cos(k * turn), -power * Math.sin(k * turn)];
  }
  fft(re, im);
  // The transform is periodic: put its window where the sum lives.
  const start = Math.max(0, Math.floor((mean - width / 2) / step - k / 2));
  const f = (i) => Math.max(re[(start + i) % points], 0);
  const y = (i) => (start + i + k / 2) * step;
  let [mass, moment] = [0, 0];
  for (let i = 0; i < points; i++) {
    mass += f(i);
    moment += f(i) * y(i);
  }
  const shift = mean - moment / mass + k * t * t;
  for (let i = 0; i < points; i++) if (f(i) > 1e-15 * mass && y(i) + shift > 0) visit(Math.log(y(i) + shift), f(i) / mass);
}
// Law of ln A^2, its mean put to the exact one.
function* logGainSquare(k, n, nodes, exact, step) {
  const [values, masses] = [[], []];
  const visit = (x, mass) => {
    values.push(x);
    masses.push(mass);
  };
  if (n === k) {
    const deviation = 9 * Math.sqrt(2 / k);
    for (let i = 0; i <= 4000; i++) {
      const x = -80 / k - deviation + ((84 / k + 2 * deviation) * i) / 4000;
      visit(Math.log(k) + x, Math.exp((k / 2) * (x - Math.expm1(x))));
    }
  } else
    for (const { t, mass } of nodes) {
      sumOfSquares(k, t, (x, f) => visit(x, mass * f));
      yield;
    }
  let [low, high, total, mean] = [Infinity, -Infinity, 0, 0];
  values.forEach((x, i) => {
    low = Math.min(low, x);
    high = Math.max(high, x);
    total += masses[i];
    mean += masses[i] * x;
  });
  const shift = 2 * exact - mean / total;
  const law = new Lattice(step, low + shift, high + shift);
  values.forEach((x, i) => law.add(x + shift, masses[i] / total));
  return law;
}
// Law of -ln X^2, X ~ chi(k-1).
function minusLogChiSquare(k, step) {
  const degrees = k - 1;
  const deviation = Math.sqrt(2 / degrees);
  const fine = Math.min(0.1, deviation / 4);
  const [low, high] = [-9 * deviation - 60 / degrees, 9 * deviation + 4 / degrees];
  const law = new Lattice(step, -Math.log(degrees) - high, -Math.log(degrees) - low);
  let total = 0;
  for (let x = low; x < high; x += fine) {
    const mass = Math.exp((degrees / 2) * (x - Math.expm1(x)));
    if (mass < 1e-14) continue;
    law.add(-Math.log(degrees) - x, mass);
    total += mass;
  }
  law.value.forEach((mass, i) => (law.value[i] = mass / total));
  return law;
}
