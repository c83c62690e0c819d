// What is typed is kept before anybody saves it: on this computer at once, on
// the server ten seconds later at most. What the server has is forgotten here,
// and so is everything at log-out.
(() => {
  "use strict";
  const account = document.body.dataset.account;
  const token = document.querySelector(".who [name=_token]")?.value;
  if (!account || !token) return;

  const every = 10_000; // ms from a change to the server
  const beat = 20_000; // ms between signs of life
  const idle = 300_000; // ms without a key until there are none: an empty chair is nobody, and its session may end
  const prefix = `songfa.copy.${account}.`;

  // The store of this computer. It may be full or forbidden.
  const store = {
    keys: () => { try { return Object.keys(localStorage).filter((k) => k.startsWith(prefix)); } catch { return []; } },
    get: (k) => { try { return localStorage.getItem(k); } catch { return null; } },
    set: (k, v) => { try { localStorage.setItem(k, v); return true; } catch { return false; } },
    drop: (k) => { try { localStorage.removeItem(k); } catch { /* then it is not there */ } },
  };
  const clock = (t) => new Date(t).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const send = async (url, fields) => {
    fields.set("_token", token);
    return fetch(url, { method: "POST", body: fields, redirect: "manual" });
  };

  // What an earlier page could not bring to the server goes there now. It is
  // removed only if no other window wrote it anew meanwhile.
  const deliver = async (but) => {
    const brought = [];
    for (const key of store.keys()) {
      if (key === but) continue;
      const text = store.get(key);
      let copy;
      try { copy = JSON.parse(text); } catch { store.drop(key); continue; }
      try {
        const fields = new URLSearchParams(copy.fields);
        fields.set("late", "1");
        const answer = await send(copy.url, fields);
        if (!answer.ok) continue;
        if (store.get(key) === text) store.drop(key);
        if ((await answer.json()).worth) brought.push({ key: key.slice(prefix.length), url: copy.url, at: copy.at });
      } catch { return brought; /* the line is down */ }
    }
    return brought;
  };

  const form = document.getElementById("edit");
  const desk = document.getElementById("desk");
  const key = form && desk ? form.elements.form.value : "";
  const mine = prefix + key;
  let keep = async () => {};

  // At log-out nothing may stay on this computer. What can go to the server goes.
  const out = document.querySelector('.who form[action$="/logout"]');
  out?.addEventListener("submit", async (e) => {
    if (!store.keys().length) return;
    e.preventDefault();
    await keep();
    await deliver();
    const left = store.keys();
    if (left.length && !confirm("这台电脑上还有没交到服务器的稿子，退出会删掉它们。仍要退出吗？")) return;
    form?.dispatchEvent(new Event("submit")); // nothing asks, and nothing is stored, when this page is left
    store.keys().forEach(store.drop);
    out.submit();
  });

  const offer = (list) => {
    for (const copy of list) {
      if (!desk || copy.url !== desk.dataset.keep) continue;
      const box = document.createElement("p");
      box.className = "plate";
      const link = document.createElement("a");
      link.href = desk.dataset.copies + copy.key;
      link.textContent = "看看，接着写";
      box.append(`这台电脑上有一份 ${clock(copy.at)} 没保存完的稿子。`, link);
      desk.append(box);
    }
  };
  deliver(key && mine).then(offer).finally(() => { document.body.dataset.delivered = "1"; });
  if (!key) return;

  // How it stands, in words. The time changes outside the live region, so that
  // it is not read out every ten seconds.
  const says = {
    "": "",
    kept: "已自动保存",
    down: "断网，先存在这台电脑上",
    session: "登录已过期，先存在这台电脑上。点保存会请您重新登录",
    trouble: "服务器没存上，先存在这台电脑上，会再试",
    nowhere: "断网，这台电脑也存不下。请先把正文复制出来",
  };
  const unsaved = document.getElementById("unsaved");
  const status = document.createElement("span");
  status.id = "kept";
  status.className = "hint";
  status.setAttribute("role", "status");
  const time = document.createElement("span");
  time.id = "kept-at";
  time.className = "hint";
  unsaved.after(status, time);
  let state = "";
  const say = (next, at = "") => {
    if (next !== state) status.textContent = says[next];
    state = next;
    status.dataset.state = next;
    time.textContent = at;
    if (next) unsaved.textContent = "";
  };
  const tell = (id, text) => {
    const p = document.getElementById(id);
    if (p.textContent !== text) p.textContent = text;
  };

  let typed = 0, kept = 0; // how many changes there were, and up to which the server has them
  let seq = 0, timer = 0, sending = null, stored = true, last = Date.now(), left = false;
  const fields = () => {
    const all = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "_token") all.append(name, value);
    seq = Math.max(seq + 1, Date.now());
    all.set("seq", String(seq));
    return all;
  };
  let soon = 0;
  const remember = () => {
    clearTimeout(soon);
    soon = 0;
    if (kept < typed && !left) stored = store.set(mine, JSON.stringify({ url: desk.dataset.keep, at: Date.now(), fields: fields().toString() }));
  };
  const later = (ms) => { if (!timer) timer = setTimeout(() => { timer = 0; keep(); }, ms); };

  const exchange = async (body) => {
    const upTo = typed;
    try {
      const answer = await send(desk.dataset.keep, body);
      if (!answer.ok) {
        if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") say("session");
        else if (kept < typed) say("trouble");
        return answer.status >= 500 || answer.status === 429;
      }
      const told = await answer.json();
      tell("here", told.here ?? "");
      tell("newer", told.newer ?? "");
      if (told.at) {
        kept = upTo;
        if (kept === typed) store.drop(mine);
        say("kept", told.at);
      }
      return kept < typed;
    } catch {
      if (kept < typed) say(stored ? "down" : "nowhere");
      return kept < typed;
    }
  };
  // One at a time; whoever asks meanwhile waits for one more.
  keep = async () => {
    while (sending) await sending;
    if (kept === typed || left) return;
    clearTimeout(timer);
    timer = 0;
    sending = exchange(fields());
    const again = await sending;
    sending = null;
    if (again) later(every);
  };

  form.addEventListener("input", (e) => {
    if (e.target.type === "file") return;
    typed++;
    last = Date.now();
    soon ||= setTimeout(remember, 300);
    if (state) unsaved.textContent = "";
    later(every);
  });
  if ("dirty" in form.dataset) { // typed before, and not saved
    typed++;
    remember();
    later(every);
  }
  addEventListener("online", () => keep());
  document.addEventListener("visibilitychange", () => { if (document.hidden) { remember(); keep(); } });
  setInterval(() => {
    if (left || sending || document.hidden || kept < typed || Date.now() - last > idle) return;
    const body = new URLSearchParams({ form: key, beat: "1" });
    if (form.elements.version) body.set("version", form.elements.version.value);
    exchange(body);
  }, beat);

  // Sent with a button: what is stored here stays until a page knows that the
  // server has it. The line may break in between.
  form.addEventListener("submit", () => {
    remember();
    left = true;
    clearTimeout(timer);
    seq = Math.max(seq + 1, Date.now());
    form.elements.seq.value = String(seq); // what was sent before and comes late is dropped
  });
  addEventListener("pageshow", () => { left = false; });
  addEventListener("pagehide", () => {
    remember();
    if (!form.elements.version) return;
    navigator.sendBeacon?.(desk.dataset.keep, new URLSearchParams({ _token: token, form: key, leave: "1" }));
  });
})();
