// The service worker of the check-in desk: without network its pages are the
// shell, which desk.js fills from what the telephone holds. It keeps nothing of
// any person.
"use strict";
const store = "desk";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data.wipe) event.waitUntil(caches.delete(store));
  if (event.data.keep) event.waitUntil((async () => {
    const cache = await caches.open(store);
    await cache.addAll(event.data.keep);
    event.source.postMessage({ kept: true });
  })());
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate") {
    const shell = new URL("shell", location.href).pathname;
    event.respondWith(fetch(event.request).catch(async () => (await caches.match(shell)) || Response.error()));
  } else if (url.pathname.includes("/static/")) {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  }
});
