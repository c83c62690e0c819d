// What counts as Chinese, and what * _ ~ may do beside it. This mirrors
// internal/markdown/emphasis.go: the editor must read a text as the site does.

const chinese = new RegExp("[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Bopomofo}" +
  "\\u2E80-\\u2FDF\\u3001-\\u33FF\\uFE10-\\uFE1F\\uFE30-\\uFE4F\\uFF01-\\uFF60\\uFFE0-\\uFFE6\\u00B7\\u2014\\u2015\\u2018-\\u201D\\u2026]", "u");

export const isChinese = (ch) => chinese.test(ch);

const isPunct = (ch) => /[\p{P}\p{S}]/u.test(ch);
const isSpace = (ch) => /[\s\uE003\uE004]/u.test(ch); // \uE003: see dialect.js

// No bold text begins with a comma or ends with an opening bracket.
export const ends = "，。、；：！？）》〉」』】〕”’％";
export const begins = "（《〈「『【〔“‘";

// delimiter reports whether a run of * _ or ~ may open or close emphasis,
// given the characters around it.
export function delimiter(marker, before, after) {
  const beforeSpace = isSpace(before), afterSpace = isSpace(after);
  let beforePunct = isPunct(before), afterPunct = isPunct(after);
  let left = !afterSpace && (!afterPunct || beforeSpace || beforePunct);
  let right = !beforeSpace && (!beforePunct || afterSpace || afterPunct);
  let open = left, close = right;
  if (marker === "_") {
    open = left && (!right || beforePunct);
    close = right && (!left || afterPunct);
  }
  const beforeHan = isChinese(before), afterHan = isChinese(after);
  if (!beforeHan && !afterHan) return { open, close };
  const anyBefore = beforePunct, anyAfter = afterPunct;
  beforePunct &&= !beforeHan;
  afterPunct &&= !afterHan;
  left = !afterSpace && (!afterPunct || beforeSpace || beforePunct || beforeHan) && !ends.includes(after);
  right = !beforeSpace && (!beforePunct || afterSpace || afterPunct || afterHan) && !begins.includes(before);
  if (marker === "_") return { open: open || (left && (!right || anyBefore)), close: close || (right && (!left || anyAfter)) };
  return { open: open || left, close: close || right };
}
