// Search in a site that is files. The index lies beside the pages as scripts
// (search/pocket.go writes it); a query loads what it needs of it and is answered
// in the browser, also from a USB stick. Texts were folded and cut into pairs of
// Chinese characters when the index was made; queries are here, the same way.
(() => {
  "use strict";
  const link = document.getElementById("found-index");
  const list = document.getElementById("found");
  const said = document.getElementById("said");
  if (!link || !list || !said) return;
  const root = new URL("../../", link.href);
  const elder = document.documentElement.classList.contains("elder");
  const kinds = { guide: "指南", qa: "问答", notice: "通知公告", news: "工作动态", page: "页面", law: "法规", article: "法条", session: "活动", station: "站点" };
  const most = 40; // results shown
  const strength = { guide: 1.3, qa: 1.25, notice: 1, page: 0.9, law: 0.9, article: 0.8, session: 0.9, station: 1, news: 0.8 };

  // Each file calls songfaPocket with what it holds.
  const waiting = new Map();
  const loaded = new Map();
  window.songfaPocket = (what, n, data) => {
    const name = what === "start" ? "start.js" : what + "-" + n + ".js";
    waiting.get(name)?.(data);
  };
  const load = (name) => {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((done, fail) => {
        const script = document.createElement("script");
        waiting.set(name, done);
        script.onerror = () => fail(new Error(name));
        script.src = new URL(name, link.href).href;
        document.head.append(script);
      }));
    }
    return loaded.get(name);
  };

  const fold = (text, simple) =>
    [...text.normalize("NFKC").toLowerCase()]
      .map((c) => simple.get(c) || c)
      .filter((c) => !/[\p{Cf}\p{Mn}]/u.test(c))
      .join("");

  const han = (c) => /\p{Script=Han}/u.test(c) || c === "〇";
  const latin = (c) => /[\p{L}\p{Nd}]/u.test(c) && !han(c);

  // cut gives the words of a text with where they stand, in characters.
  const cut = (chars, single) => {
    const words = [];
    for (let i = 0; i < chars.length; ) {
      if (han(chars[i])) {
        const alone = !(i > 0 && han(chars[i - 1])) && !(i + 1 < chars.length && han(chars[i + 1]));
        if (single && alone) words.push({ word: chars[i], from: i, to: i + 1 });
        if (i + 1 < chars.length && han(chars[i + 1])) words.push({ word: chars[i] + chars[i + 1], from: i, to: i + 2 });
        i++;
      } else if (latin(chars[i])) {
        const from = i;
        while (i < chars.length && latin(chars[i])) i++;
        words.push({ word: chars.slice(from, i).join(""), from, to: i });
      } else i++;
    }
    return words;
  };

  // longest finds the longest phrase of a set that begins at i.
  const longest = (chars, i, has, max) => {
    for (let n = Math.min(max, chars.length - i); n > 0; n--) {
      const phrase = chars.slice(i, i + n).join("");
      if (has(phrase)) return phrase;
    }
    return "";
  };

  // withoutFillers puts a space where a word stands that says nothing, unless
  // nothing else would be left.
  const withoutFillers = (chars, start) => {
    const out = [...chars];
    for (let i = 0; i < chars.length; ) {
      const word = longest(chars, i, (p) => start.words.has(p), 4);
      if (word) {
        i += [...word].length;
        continue;
      }
      const filler = longest(chars, i, (p) => start.fillers.has(p), 6);
      for (const _ of filler) out[i++] = " ";
      if (!filler) i++;
    }
    return out.some((c) => han(c) || latin(c)) ? out : chars;
  };

  const hash = (word) => {
    let h = 2166136261;
    for (let i = 0; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), 16777619);
    return h >>> 0;
  };

  // postings are entry and impact of a word, as a map.
  const postings = async (words, start) => {
    const of = new Map();
    await Promise.all([...new Set(words)].map(async (word) => {
      const shard = await load("words-" + (hash(word) % start.shards) + ".js");
      const entries = new Map();
      const line = shard?.[word];
      if (line) {
        const numbers = line.split(" ").map(Number);
        for (let i = 0, at = 0; i < numbers.length; i += 2) entries.set((at += numbers[i]), numbers[i + 1]);
      }
      of.set(word, entries);
    }));
    return of;
  };

  // phrases are the places of a query that are also called otherwise.
  const phrases = (chars, start) => {
    const found = [];
    for (let i = 0; i < chars.length; ) {
      const phrase = longest(chars, i, (p) => start.others.has(p), start.longest);
      const n = [...phrase].length;
      if (n) found.push({ from: i, to: i + n, others: start.others.get(phrase) });
      i += Math.max(1, n);
    }
    return found;
  };

  const numerals = "零一二三四五六七八九";
  const chinese = (n) => {
    if (n >= 1000 && n < 10000) return numerals[Math.floor(n / 1000)] + "千" + (n % 1000 ? (n % 1000 < 100 ? "零" : "") + chinese(n % 1000) : "");
    if (n >= 100) return numerals[Math.floor(n / 100)] + "百" + (n % 100 ? (n % 100 < 10 ? "零" : "") + (n % 100 < 20 && n % 100 >= 10 ? "一" : "") + chinese(n % 100) : "");
    if (n >= 20) return numerals[Math.floor(n / 10)] + "十" + (n % 10 ? numerals[n % 10] : "");
    if (n >= 10) return "十" + (n % 10 ? numerals[n % 10] : "");
    return numerals[n];
  };

  // score adds up what each entry has of the query. A phrase counts by its own
  // words or by the best of its other names, whichever is more.
  const score = async (text, start) => {
    text = text.replace(/第?(\d{1,4})条/g, (_, n) => "第" + chinese(Number(n)) + "条");
    const chars = withoutFillers([...text], start);
    const own = cut(chars, true);
    const named = phrases([...text], start).map((p) => ({ ...p, others: p.others.map((o) => cut([...o], false).map((w) => w.word)).filter((o) => o.length) }));
    const of = await postings([...own.map((w) => w.word), ...named.flatMap((p) => p.others.flat())], start);
    const totals = new Map();
    const add = (entry, points, share) => {
      const t = totals.get(entry) || { points: 0, share: 0 };
      t.points += points;
      t.share += share;
      totals.set(entry, t);
    };
    const whole = Math.max(1, own.length);
    const inside = (w) => named.find((p) => p.from <= w.from && w.to <= p.to);
    for (const w of own.filter((w) => !inside(w))) for (const [entry, impact] of of.get(w.word)) add(entry, impact, 1 / whole);
    for (const p of named) {
      const mine = own.filter((w) => inside(w) === p);
      const share = Math.max(1, mine.length) / whole;
      const best = new Map();
      const offer = (words, factor) => {
        const sums = new Map();
        for (const word of words) for (const [entry, impact] of of.get(word)) sums.set(entry, [...(sums.get(entry) || []), impact]);
        for (const [entry, impacts] of sums) {
          if (factor < 1 && impacts.length < words.length) continue; // another name counts as a whole
          const points = (factor * impacts.reduce((a, b) => a + b, 0) * Math.max(1, mine.length)) / words.length;
          const was = best.get(entry);
          if (!was || was.points < points) best.set(entry, { points, share: (share * impacts.length) / words.length });
        }
      };
      if (mine.length) offer(mine.map((w) => w.word), 1);
      for (const words of p.others) offer(words, 0.85);
      for (const [entry, b] of best) add(entry, b.points, b.share);
    }
    return totals;
  };

  // cited is the address of the article that a query names and nothing else.
  const cited = (text, start) => {
    const bare = text.replace(/[《》\s]/g, "");
    const m = bare.match(/^(.+?)第?(\d{1,4})条?/);
    return m && m[0] === bare && start.laws.has(m[1]) ? start.laws.get(m[1]) + "/" + m[2] : "";
  };

  const entryOf = async (n, start) => (await load("entries-" + Math.floor(n / start.chunk) + ".js"))[n % start.chunk];

  const marked = (text, words) => {
    const out = [];
    const lower = text.toLowerCase();
    for (let i = 0; i < text.length; ) {
      const word = words.find((w) => lower.startsWith(w, i));
      if (word) {
        let to = i + word.length;
        for (let w; (w = words.find((w) => to - i >= 1 && lower.startsWith(w, to - 1) && w.length > 1)); ) to += w.length - 1;
        const mark = document.createElement("mark");
        mark.textContent = text.slice(i, to);
        out.push(mark);
        i = to;
      } else {
        const last = out[out.length - 1];
        if (typeof last === "string") out[out.length - 1] = last + text[i];
        else out.push(text[i]);
        i++;
      }
    }
    return out;
  };

  const show = ([file, title, kind, text, day], words) => {
    const item = document.createElement("li");
    const box = document.createElement("div");
    const meta = document.createElement("p");
    meta.className = "meta";
    const tag = document.createElement("span");
    tag.className = "tag";
    tag.textContent = kinds[kind] || "";
    meta.append(tag, day ? " " + day : "");
    const head = document.createElement("h2");
    head.className = "h-m";
    const a = document.createElement("a");
    const html = file.split("#")[0].endsWith("index.html");
    a.href = new URL((elder && html ? "elder/" : "") + file, root).href;
    a.append(...marked(title, words));
    head.append(a);
    const line = document.createElement("p");
    line.className = "muted";
    line.append(...marked(text, words));
    box.append(meta, head, line);
    item.append(box);
    return item;
  };

  const open = async () => {
    const raw = await load("start.js");
    const simple = new Map();
    const pairs = [...raw.simple];
    for (let i = 0; i + 1 < pairs.length; i += 2) simple.set(pairs[i], pairs[i + 1]);
    const others = new Map(Object.entries(raw.others));
    return { ...raw, simple, others, longest: Math.max(0, ...[...others.keys()].map((k) => [...k].length)),
      fillers: new Set(raw.fillers), words: new Set(raw.words), laws: new Map(Object.entries(raw.laws)), promoted: new Map(Object.entries(raw.promoted)) };
  };

  // find answers a query with entries, best first.
  const find = async (query) => {
    const start = await open();
    const text = fold(query, start.simple).trim();
    const totals = await score(text, start);
    const ranked = [...totals].sort((a, b) => b[1].points * (0.3 + b[1].share) - a[1].points * (0.3 + a[1].share) || a[0] - b[0]).slice(0, 3 * most);
    const found = await Promise.all(ranked.map(async ([n, t]) => {
      const entry = await entryOf(n, start);
      return { n, entry, points: t.points * (0.3 + t.share) * (strength[entry[2]] || 1) };
    }));
    found.sort((a, b) => b.points - a.points || a.n - b.n);
    const top = start.promoted.get(text) || [];
    const first = await Promise.all(top.map(async (n) => ({ n, entry: await entryOf(n, start) })));
    const article = cited(text, start);
    if (article) {
      const i = found.findIndex((f) => f.entry[0] === article + "/index.html");
      if (i >= 0) first.unshift(...found.splice(i, 1));
    }
    const rest = found.filter((f) => !first.some((p) => p.n === f.n));
    const words = [...new Set(cut([...text], true).map((w) => w.word))];
    return { entries: [...first, ...rest].slice(0, most).map((f) => f.entry), words };
  };
  link.songfaFind = async (query) => (await find(query)).entries; // for tests and themes

  const query = (new URLSearchParams(location.search).get("q") || "").replace(/\s+/g, " ").trim().slice(0, 200);
  const box = document.getElementById("q");
  if (!query) return;
  if (box) box.value = query;
  document.title = "搜索：" + query + " - " + document.title;
  said.textContent = "正在找……";
  find(query).then(({ entries, words }) => {
    said.textContent = entries.length ? "找到 " + (entries.length < most ? entries.length : most + " 条以上，先看前 " + most) + " 条。" : "没有找到。换个短一点、平常一点的说法再试试，也可以打电话问。";
    list.replaceChildren(...entries.map((e) => show(e, words)));
  }).catch(() => {
    said.textContent = "搜索的文件没有读出来，请刷新页面再试；也可以从栏目里找。";
  });
})();
