// The exact laws of one probe (T1, T2, T8 of the theory), by quadrature: no number here is simulated.
// -2 E ln |g| of a N(0, 1) number g
const LOG_TWO_GAMMA = Math.LN2 + 0.5772156649015329;

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
// T8 given c: share of key bits that differ, (2n/k) int_t^inf phi(z) Phi(-c z) dz, on a lattice of ln c;
// as an integral over c, Owen's, summed from the top.
function bitErrors(nodes, step, first, count) {
  const errors = new Float64Array(count);
  const rule = [[0.5 - Math.sqrt(0.15), 5 / 18], [0.5, 4 / 9], [0.5 + Math.sqrt(0.15), 5 / 18]];
  for (const { p, t, mass } of nodes) {
    let sum = Math.atan(Math.exp(-(first + count * step))) * Math.exp(-t * t * 1e30);
    for (let i = count - 1; i >= 0; i--) {
      for (const [at, weight] of rule) {
        const s = Math.exp(first + (i + at) * step);
        const square = 1 + s * s;
        sum += (weight * step * s * Math.exp((-t * t * square) / 2)) / square;
      }
      errors[i] += (mass * sum) / (Math.PI * p);
    }
  }
  return errors;
}
const angle = (c) => Math.atan2(1, Math.abs(c)) / Math.PI;

// Means of f(|c|) given ln v, where c = sqrt(v) g: f on a lattice of ln |c| serves all v at once.
const [LOG_G, TOP] = [-80, 60];
function overNormal(y, f) {
  const half = y.step / 2;
  const count = Math.round((2.4 - LOG_G) / half);
  const base = y.at(0) / 2 + LOG_G;
  const shown = Math.min(y.value.length, Math.ceil((TOP - y.at(0)) / y.step));
  const table = f(half, base, shown + count);
  const mass = Float64Array.from({ length: count }, (_, j) => {
    const x = LOG_G + j * half;
    return (2 * half * Math.exp(x - Math.exp(2 * x) / 2)) / Math.sqrt(2 * Math.PI);
  });
  const means = new Float64Array(y.value.length);
  for (let i = 0; i < shown; i++) for (let j = 0; j < count; j++) means[i] += mass[j] * table[i + j];
  return [means, shown];
}

// T1: the law of c_l for l = 0..depth, a layer at a time; yields nothing while it prepares.
// Given all A and X, c is normal with variance v, and v' = (A^2 v + 1) / X^2: masses on a lattice of ln v.
function* law(k, n, depth) {
  const nodes = n > k ? tailNodes(k, n) : [];
  const logGain = meanLogGain(k, n, nodes);
  // T2: the growth of ln |c| per layer.
  const gamma = logGain - (Math.LN2 + digamma((k - 1) / 2)) / 2;
  yield;
  const step = 0.1;
  const lift = yield* logGainSquare(k, n, nodes, logGain, step);
  const fall = minusLogChiSquare(k, step);
  const reach = 2 * gamma * depth + 9 * Math.sqrt(depth * (5 / (k - 1) + 3 / k)) + 80;
  let now = new Lattice(step, fall.at(0), Math.max(TOP, reach));
  let next = new Lattice(step, fall.at(0), Math.max(TOP, reach));
  const [angles, shown] = overNormal(now, (half, base, count) =>
    Float64Array.from({ length: count }, (_, i) => angle(Math.exp(base + i * half))),
  );
  yield;
  const [bits] = n > k ? overNormal(now, (half, base, count) => bitErrors(nodes, half, base, count)) : [angles];
  for (let i = shown; i < angles.length; i++) {
    // Far up, E arctan(1 / |s g|) for a large s, and what falls off as 1 / s.
    const log = now.at(i) / 2;
    angles[i] = (2 * log + 2 + 2 * Math.LN2 - LOG_TWO_GAMMA) / (Math.PI * Math.sqrt(2 * Math.PI)) / Math.exp(log);
    if (n > k) bits[i] = bits[shown - 1] * Math.exp(now.at(shown - 1) / 2 - log);
  }
  yield;
  let used = fall.value.length + fall.first - now.first;
  now.value.set(fall.value, fall.first - now.first);
  let logs = [0.05, 0.5, 0.95].map(() => -Math.log(k) / 2);
  let before = { bits: 0.5 };
  for (let layer = 0; ; layer++) {
    const made = { layer, gamma, a: gain(k, n), mean: 0, logMean: -LOG_TWO_GAMMA / 2, bits: before.bits, next: 0 };
    for (let i = 0; i < used; i++) {
      made.mean += now.value[i] * angles[i];
      made.next += now.value[i] * bits[i];
      made.logMean += (now.value[i] * now.at(i)) / 2;
    }
    made.logs = logs = quantiles(now, used, logs.map((x) => x + (layer ? made.logMean - before.logMean : 0)));
    before = { bits: made.next, logMean: made.logMean };
    yield made;
    if (layer === depth) return;
    // Points that move neither a probability nor the mean are left where they are.
    const matters = (mass, y) => Math.abs(mass) > 1e-14 || Math.abs(mass) > 1e-13 * made.mean * Math.exp(Math.max(y, 0) / 2);
    const lifted = new Lattice(step, now.at(0) + lift.at(0), now.at(used) + lift.at(lift.value.length));
    const offset = now.first + lift.first - lifted.first;
    for (let i = 0; i < used; i++)
      if (matters(now.value[i], now.at(i)))
        for (let j = 0; j < lift.value.length; j++) lifted.value[i + j + offset] += now.value[i] * lift.value[j];
    const soft = new Lattice(step, 0, lifted.at(lifted.value.length));
    lifted.value.forEach((mass, i) => {
      const x = lifted.at(i);
      if (matters(mass, x)) soft.add(x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)), mass);
    });
    next.value.fill(0);
    const shift = soft.first + fall.first - next.first;
    const most = next.value.length;
    soft.value.forEach((mass, i) => {
      const end = Math.min(fall.value.length, most - i - shift);
      if (matters(mass, soft.at(i)))
        for (let j = Math.max(0, -shift - i); j < end; j++) next.value[i + j + shift] += mass * fall.value[j];
    });
    used = Math.min(most, soft.value.length + fall.value.length + Math.max(shift, 0));
    [now, next] = [next, now];
  }
}
// ln |c| at the quantiles 5, 50 and 95 % of |c|, by Newton's method kept within a bracket.
function quantiles(masses, used, guesses) {
  const [p, y] = [[], []];
  for (let i = 0; i < used; i++)
    if (Math.abs(masses.value[i]) > 1e-12) {
      p.push(masses.value[i]);
      y.push(masses.at(i) / 2);
    }
  return guesses.map((x, q) => {
    let [low, high] = [-Infinity, Infinity];
    for (let round = 0; round < 80; round++) {
      let [excess, slope] = [-[0.05, 0.5, 0.95][q], 0];
      for (let i = 0; i < p.length; i++) {
        const w = x - y[i];
        if (w > 2.2) excess += p[i];
        else {
          const s = Math.exp(w);
          excess += p[i] * erf(s * Math.SQRT1_2);
          slope += p[i] * s * Math.exp((-s * s) / 2);
        }
      }
      excess > 0 ? (high = x) : (low = x);
      let to = x - excess / (slope * Math.sqrt(2 / Math.PI));
      if (!(to > low && to < high)) to = Number.isFinite(low + high) ? (low + high) / 2 : excess > 0 ? x - 2 : x + 2;
      if (Math.abs(to - x) < 1e-11) return to;
      x = to;
    }
    return x;
  });
}
