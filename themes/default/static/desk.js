// The check-in desk on site. Without this script every button is a form. With it
// the desk works without network: what happens is written down on the telephone
// first and brought to the server when there is one. What the telephone takes
// along opens only with the QR code of the person, or with the PIN, and is wiped
// 48 hours after the end (events/checkin_manifest.go).
"use strict";
(() => {
  const root = document.getElementById("desk");
  if (!root) return;
  const base = root.dataset.base, offlineShell = root.dataset.offline === "1";
  const path = location.pathname.slice(base.length).split("/");
  const el = (id) => document.getElementById(id);

  // Somebody scanned a sign-up's code with the telephone's own camera while there
  // was no network: the desk that was last open here takes it.
  if (path[0] === "q") {
    const last = localStorage.getItem("desk.last");
    if (last) location.replace(base + last + "#q=" + path[1]);
    return;
  }
  const token = path[0];
  const key = (name) => "desk." + token + "." + name;
  const read = (name, or) => { try { return JSON.parse(localStorage.getItem(key(name))) ?? or; } catch { return or; } };
  const write = (name, value) => localStorage.setItem(key(name), JSON.stringify(value));

  let manifest = read("manifest", null);
  let queue = read("queue", []);   // not yet at the server
  let came = read("came", {});     // sign-up id → {at, of}: as this telephone knows it
  let loose = read("loose", []);   // uuids of walk-ins of this telephone, newest last
  // The server's numbers, as of the last answer.
  let known = { signed: +el("desk-signed").textContent, walkins: +el("desk-walkins").textContent, expected: +el("desk-expected").textContent };
  let online = !offlineShell, busy = false;
  const device = read("device", null) || uuid();
  write("device", device);

  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  }
  const now = () => Date.now() + read("offset", 0);
  const clock = (ms) => new Date(ms + 8 * 3600e3).toISOString().slice(11, 16);

  function wipe() {
    for (const k of Object.keys(localStorage)) if (k.startsWith("desk." + token + ".") || k === "desk.last") localStorage.removeItem(k);
    if (navigator.serviceWorker && navigator.serviceWorker.controller) navigator.serviceWorker.controller.postMessage({ wipe: true });
    manifest = null; queue = []; came = {}; loose = [];
  }

  // What is shown.
  function say(text, good) {
    const box = document.createElement("div"), p = document.createElement("p");
    box.className = "note " + (good ? "tip" : "warn");
    p.textContent = text;
    box.append(p);
    el("desk-say").replaceChildren(box);
  }
  function state() {
    let text = online ? "在线" : "没有网络，照常签到";
    if (queue.length) text += "。有 " + queue.length + " 条还没有上传" + (online ? "，正在上传" : "，有网以后自动上传");
    else if (online) text += "，都已上传";
    el("desk-state").textContent = text + "。";
  }
  function tally() {
    // The server's numbers and what is still in the queue.
    const t = { ...known };
    for (const s of queue) {
      if (s.counted) continue;
      const n = s.qty || 1;
      if (s.method === "walkin") t.walkins += n;
      else if (s.method === "undo") { if (s.was === "walkin") t.walkins -= n; else t.signed -= n; }
      else t.signed += n;
    }
    el("desk-total").textContent = t.signed + t.walkins;
    el("desk-signed").textContent = t.signed;
    el("desk-walkins").textContent = t.walkins;
    el("desk-expected").textContent = t.expected;
    el("desk-less").hidden = loose.length === 0;
  }
  function rows() { return [...el("desk-list").children]; }
  function row(id) { return rows().find((li) => li.dataset.id === id); }
  function paint(li) {
    const c = came[li.dataset.id], form = li.querySelector("form"), who = li.dataset.name + li.dataset.last;
    form.dataset.do = c ? "undo" : "list";
    const button = document.createElement("button"), hidden = document.createElement("span");
    button.type = "submit";
    button.className = c ? "btn alt" : "btn";
    hidden.className = "vh";
    hidden.textContent = who;
    button.append(c ? "撤销" : "签到", hidden);
    const parts = [button];
    if (c) {
      const at = document.createElement("span");
      at.className = "nw";
      at.textContent = c.at + " 已到 ";
      parts.unshift(at);
    }
    form.replaceChildren(...parts);
  }
  function list(entries) {
    el("desk-list").replaceChildren(...entries.map((e) => {
      const li = document.createElement("li"), who = document.createElement("span"), name = document.createElement("b"), form = document.createElement("form");
      Object.assign(li.dataset, { id: e.id, name: e.name, last: e.last4, party: e.party });
      who.className = "who";
      name.textContent = e.name;
      who.append(name, " " + (e.last4 ? "尾号 " + e.last4 + " " : "") + e.party + " 人" + (e.wait ? " 候补" : ""));
      li.append(who, form);
      paint(li);
      return li;
    }));
    el("desk-find").hidden = entries.length < 2;
  }

  // What is written down.
  function note(scan, who) {
    scan.uuid = uuid();
    scan.at = now();
    queue.push(scan);
    write("queue", queue);
    if (scan.registration && scan.method !== "undo") came[scan.registration] = { at: clock(scan.at), of: scan.uuid };
    if (scan.method === "undo" && scan.registration) delete came[scan.registration];
    if (scan.method === "walkin") loose.push({ of: scan.uuid, qty: scan.qty || 1 });
    write("came", came);
    write("loose", loose);
    if (scan.registration && row(scan.registration)) paint(row(scan.registration));
    if (who) say(who, true);
    state();
    tally();
    sync();
  }
  function arrive(method, e) {
    if (came[e.id]) return say(e.name + " " + (came[e.id].at + " 已经签到过了，不重复计。").trim(), true);
    note({ method, registration: e.id, qty: e.party }, e.name + (e.party > 1 ? "等 " + e.party + " 人" : "") + "签到成功" + (e.wait ? "（候补，还有空位再请入座）。" : "。"));
  }

  // What somebody shows: the link in a QR code, or ten characters.
  async function handle(text) {
    text = text.trim();
    if (!text) return;
    const link = text.match(/\/desk\/q\/([0-9a-z]{26})/i);
    if (!link) {
      if (text.length === 4 && /^\d{4}/.test(text)) { el("f-find").value = text; return find(); }
      return note({ method: "code", code: text, counted: true }, online ? "" : "已记下报名码，有网以后核对。");
    }
    const qr = link[1].toLowerCase(), e = await entry(qr);
    if (e) return arrive("qr", e);
    note({ method: "qr", qr, counted: true }, online ? "" : "已记下，有网以后核对是谁。");
  }
  const bytes = (s) => new TextEncoder().encode(s);
  const unbase64 = (s) => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
  const sha = async (s) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(s)));
  async function unbox(secret, box) {
    const raw = unbase64(box), k = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["decrypt"]);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: raw.slice(0, 12) }, k, raw.slice(12));
    return JSON.parse(new TextDecoder().decode(plain));
  }
  async function entry(qr) {
    if (!manifest || !crypto.subtle) return null;
    const name = [...await sha(manifest.event + qr)].map((b) => b.toString(16).padStart(2, "0")).join("");
    const box = manifest.entries[name];
    return box ? unbox(await sha("songfa desk" + manifest.event + qr), box) : null;
  }
  async function unlock(pin) {
    const digits = [...pin.normalize("NFKC")].filter((c) => c >= "0" && c <= "9").join("");
    const k = await crypto.subtle.importKey("raw", bytes(digits), "PBKDF2", false, ["deriveBits"]);
    const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytes(manifest.event), iterations: manifest.turns }, k, 256);
    return unbox(new Uint8Array(bits), manifest.names);
  }

  // The server.
  async function sync() {
    if (busy) return;
    busy = true;
    try {
      while (queue.length) {
        const part = queue.slice(0, 100);
        const resp = await fetch(base + token + "/sync", { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ device, now: now(), scans: part }) });
        if (!await answered(resp)) break;
        const got = await resp.json();
        const done = new Map(got.results.map((r) => [r.uuid, r]));
        const left = queue.filter((s) => !done.has(s.uuid));
        if (left.length === queue.length) break; // nothing of ours was answered
        queue = left;
        write("queue", queue);
        known = got.present;
        write("known", known);
        for (const s of part) settle(s, done.get(s.uuid));
      }
    } catch { online = false; }
    busy = false;
    state();
    tally();
  }
  async function answered(resp) {
    online = true;
    if (resp.ok) return true;
    if (resp.status === 401) say("请刷新页面，重新输入口令。已经记下的都还在，输入口令后会上传。", false);
    else if (resp.status === 410) { wipe(); say("签到台已经关闭，手机里存的已清掉。", false); }
    else if (resp.status < 500 && resp.status !== 429) say("服务器没有收下这些签到：" + resp.status + "。已记下的还在手机里，请联系组织者。", false);
    return false;
  }
  function settle(scan, result) {
    if (!result) return;
    if (!result.ok) {
      if (scan.registration) { delete came[scan.registration]; write("came", came); if (row(scan.registration)) paint(row(scan.registration)); }
      return say(result.message, false);
    }
    if (result.registration && scan.method !== "undo" && !came[result.registration]) {
      came[result.registration] = { at: clock(scan.at), of: scan.uuid };
      write("came", came);
      if (row(result.registration)) paint(row(result.registration));
    }
    if (scan.counted || result.repeat) say(result.message, true);
  }
  async function refresh() {
    try {
      const resp = await fetch(base + token + "/manifest", { credentials: "same-origin", cache: "no-store" });
      if (!await answered(resp)) return;
      manifest = await resp.json();
      write("manifest", manifest);
      write("offset", manifest.now - Date.now());
      for (const id of manifest.present) came[id] ||= { at: "", of: "" };
      write("came", came);
      localStorage.setItem("desk.last", token);
    } catch { online = false; }
    state();
  }

  // What people press.
  function find() {
    const q = el("f-find").value.trim();
    for (const li of rows()) li.hidden = q !== "" && !li.dataset.name.startsWith(q) && li.dataset.last !== q;
  }
  const number = (id) => Math.max(0, parseInt(el(id).value.normalize("NFKC"), 10) || 0);
  root.addEventListener("submit", (event) => {
    const form = event.target, what = form.dataset.do;
    if (form.id === "desk-unlock") {
      event.preventDefault();
      return unlock(el("f-pin").value).then((names) => { form.hidden = true; el("desk-say").replaceChildren(); list(names); }, () => say("口令不对，打不开名单。", false));
    }
    if (!what) return;
    event.preventDefault();
    const li = form.closest("li");
    if (what === "code") { handle(el("f-code").value); el("f-code").value = ""; el("f-code").focus(); }
    if (what === "walkin") {
      const qty = number("f-qty") || 1;
      note({ method: "walkin", qty, women: number("f-women"), minors: number("f-minors"), elders: number("f-elders") }, "已记下未报名 " + qty + " 人。");
      for (const id of ["f-qty", "f-women", "f-minors", "f-elders"]) el(id).value = "";
    }
    if (what === "list") arrive("list", { id: li.dataset.id, name: li.dataset.name, party: +li.dataset.party, wait: li.dataset.wait });
    if (what === "undo") note({ method: "undo", undo_of: came[li.dataset.id].of, registration: li.dataset.id, qty: +li.dataset.party }, "已撤销" + li.dataset.name + "的签到。");
    const next = li && li.querySelector("button");
    if (next) next.focus();
  });
  el("desk-less").addEventListener("click", () => {
    const last = loose.pop();
    if (last) note({ method: "undo", undo_of: last.of, was: "walkin", qty: last.qty }, "已撤销 " + last.qty + " 人。");
  });
  el("f-find").addEventListener("input", find);

  // The camera, where the browser can read codes by itself.
  if ("BarcodeDetector" in window && navigator.mediaDevices) {
    const button = el("desk-camera"), video = el("desk-video");
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (video.srcObject) return stop();
      try {
        video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch { return say("打不开摄像头，请允许使用摄像头，或者输入报名码。", false); }
      video.hidden = false;
      button.textContent = "停止扫码";
      await video.play();
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      let before = "";
      while (video.srcObject) {
        const found = await detector.detect(video).catch(() => []);
        const text = found.length ? found[0].rawValue : "";
        if (text && text !== before) await handle(text);
        before = text || before;
        await new Promise((done) => setTimeout(done, 250));
      }
    });
    function stop() {
      for (const track of video.srcObject.getTracks()) track.stop();
      video.srcObject = null;
      video.hidden = true;
      button.textContent = "用摄像头扫";
    }
  }

  // The beginning.
  async function start() {
    if (manifest && now() > manifest.until) { wipe(); return say("签到台已经关闭，手机里存的已清掉。", false); }
    if (offlineShell) {
      if (!manifest) return say("没有网络，手机里也没有存这个签到台。请到有网络的地方再打开。", false);
      el("desk-event").textContent = manifest.title;
      el("desk-when").textContent = manifest.when;
      known = read("known", known);
      el("desk-names").hidden = !manifest.names || !crypto.subtle;
    } else {
      if (rows().length) { // the page knows better than the telephone, but for what waits
        came = {};
        for (const li of rows()) if (li.dataset.at) came[li.dataset.id] = { at: li.dataset.at, of: li.dataset.of };
        for (const s of queue) {
          if (s.registration && s.method !== "undo") came[s.registration] = { at: clock(s.at), of: s.uuid };
          if (s.registration && s.method === "undo") delete came[s.registration];
        }
      }
      for (const li of rows()) paint(li);
      el("desk-find").hidden = rows().length < 2;
    }
    state();
    tally();
    if (!offlineShell) { write("known", known); await refresh(); }
    const shown = location.hash.match(/^#q=([0-9a-z]{26})/);
    if (shown) { history.replaceState(null, "", location.pathname); await handle("/desk/q/" + shown[1]); }
    sync();
    keep();
  }
  function keep() {
    if (!navigator.serviceWorker || offlineShell) return;
    navigator.serviceWorker.register(base + "sw.js", { scope: base }).then(() => navigator.serviceWorker.ready).then((reg) => {
      const files = [...document.querySelectorAll("link[rel=stylesheet]")].map((l) => l.href).concat([...document.scripts].map((s) => s.src).filter(Boolean));
      reg.active.postMessage({ keep: [base + "shell", ...files] });
    }).catch(() => {});
    navigator.serviceWorker.addEventListener("message", (e) => { if (e.data.kept) root.dataset.kept = "1"; });
  }
  window.addEventListener("online", sync);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
  setInterval(() => {
    if (manifest && now() > manifest.until) { wipe(); say("签到台已经关闭，手机里存的已清掉。", false); }
    else if (queue.length || !online) sync();
  }, 5000);
  start();
})();
