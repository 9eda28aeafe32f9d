// The exact laws of one probe (T1, T2, T8 of the theory), by quadrature: no number here is simulated.
// -2 E ln |g| of a N(0, 1) number g
const LOG_TWO_GAMMA = Math.LN2 + 0.5772156649015329;

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
