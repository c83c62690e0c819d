// Proof of work for forms that strangers send (internal/web, Tickets). While the
// person types, this looks for a number whose SHA-256 together with the form's
// ticket begins with zero bits, and puts it into the form. Without this file the
// form works too; the site then asks for a little patience.
//
// The hash is written out here because crypto.subtle is missing on plain http,
// where some bureaus run, and is slow for many short texts.
(() => {
  "use strict";
  const form = document.querySelector("form[data-proof]");
  const ticket = form && form.elements.ticket;
  const answer = form && form.elements.answer;
  if (!ticket || !answer) return;

  // The first 32 bits of the fractional parts of the cube roots of the first 64
  // primes, and of the square roots of the first eight (FIPS 180-4).
  const K = [];
  const H = [];
  for (let n = 2; K.length < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n && prime; d++) prime = n % d !== 0;
    if (!prime) continue;
    const frac = (x) => ((x - Math.floor(x)) * 0x100000000) | 0;
    if (H.length < 8) H.push(frac(Math.sqrt(n)));
    K.push(frac(Math.cbrt(n)));
  }

  const w = new Int32Array(64);
  const block = new Int32Array(16);
  // first is the first word of the hash of a text of at most 55 ASCII characters.
  const first = (text) => {
    block.fill(0);
    for (let i = 0; i < text.length; i++) block[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
    block[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
    block[15] = text.length * 8;
    for (let i = 0; i < 64; i++) {
      if (i < 16) {
        w[i] = block[i];
        continue;
      }
      const a = w[i - 15], b = w[i - 2];
      const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
      const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = H;
    for (let i = 0; i < 64; i++) {
      const S1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + S1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const S0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    return (a + H[0]) | 0;
  };

  const bits = Number(form.dataset.proof);
  let n = 0;
  // A slice of work at a time: typing must not stutter.
  const work = () => {
    for (let i = 0; i < 2000; i++, n++) {
      if (Math.clz32(first(ticket.value + ":" + n)) >= bits) {
        answer.value = String(n);
        return;
      }
    }
    setTimeout(work, 0);
  };
  setTimeout(work, 0);
})();
