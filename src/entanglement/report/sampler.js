// Networks of Algorithm 1 in law, one probe through each: no candidate row is ever drawn.

// xoshiro128**, its state spread from the seed by splitmix32.
function generator(seed) {
  let spread = seed >>> 0;
  const state = Uint32Array.from({ length: 4 }, () => {
    spread = (spread + 0x9e3779b9) | 0;
    let z = Math.imul(spread ^ (spread >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  });
  const bits = () => {
    const turned = Math.imul(state[1], 5);
    const result = Math.imul((turned << 7) | (turned >>> 25), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = (state[3] << 11) | (state[3] >>> 21);
    return result;
  };
  // In (0, 1), with 52 bits, so that a tail probability is never 0 or 1.
  const uniform = () => ((bits() >>> 6) * 2 ** 26 + (bits() >>> 6) + 0.5) / 2 ** 52;
  let spare = NaN;
  const normal = () => {
    // Marsaglia's polar method gives two at a time.
    if (spare === spare) {
      const kept = spare;
      spare = NaN;
      return kept;
    }
    for (;;) {
      const [x, y] = [2 * uniform() - 1, 2 * uniform() - 1];
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      return x * factor;
    }
  };
  // Gamma numbers of shape a >= 1/2, Marsaglia and Tsang's method.
  const gamma = (a) => {
    if (a < 1) return gamma(a + 1) * uniform() ** (1 / a);
    const d = a - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(uniform()) < (x * x) / 2 + d * (1 - v + Math.log(v))) return d * v;
    }
  };
  return { bits, uniform, normal, gamma };
}

// One network and one probe, a layer at a time: c' = (A c + g) / X with A, g and X from one draw.
// Given u, a layer keeps k numbers z: the (k+1)-th largest of n has tail probability
// p ~ Beta(k+1, n-k), the kept |z| are -Phi^-1(U p / 2), signs are fair. A probe c u + r leaves it as
// c z + h, h being k N(0, 1) numbers: its part along z moves c, the rest is X.
const [FAR_AWAY, LOG_FAR] = [1e150, Math.log(1e150)];
function* network(k, n, depth, random) {
  const [z, h] = [new Float64Array(k), new Float64Array(k)];
  let c = random.normal() / Math.sqrt(2 * random.gamma((k - 1) / 2));
  // Beyond 1e150 only the logarithm grows on: h no longer counts, and doubles end at 1e308.
  let beyond = 0;
  const log = () => Math.log(Math.abs(c)) + beyond * LOG_FAR;
  yield { layer: 0, c, log: log(), share: NaN };
  for (let layer = 1; layer <= depth; layer++) {
    const kept = n > k ? random.gamma(k + 1) : 1;
    const half = n > k ? kept / (kept + random.gamma(n - k)) / 2 : 0.5;
    const before = beyond ? c * FAR_AWAY : c;
    let [square, along, length, differ] = [0, 0, 0, 0];
    for (let i = 0; i < k; i++) {
      const size = upperQuantile(random.uniform() * half);
      const g = random.normal();
      // By symmetry the sign may go to both: h keeps its law.
      const sign = random.bits() & 2 ** 16 ? 1 : -1;
      z[i] = sign * size;
      h[i] = sign * g;
      square += size * size;
      along += size * g;
      length += g * g;
      if (before * size + g < 0) differ++;
    }
    const gain = Math.sqrt(square);
    // At k = 2 a difference of squares would lose the small X.
    const across = k === 2 ? (z[0] * h[1] - z[1] * h[0]) ** 2 / square : length - (along * along) / square;
    c = (gain * c + (beyond ? 0 : along / gain)) / Math.sqrt(across);
    if (Math.abs(c) > FAR_AWAY) {
      c /= FAR_AWAY;
      beyond++;
    }
    // Bits are compared with the training sample's, or with their complement if c points there.
    yield { layer, c, log: log(), share: (before < 0 ? k - differ : differ) / k, before, z, h, gain };
  }
}
