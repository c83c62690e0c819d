// What the host's report gains from JavaScript: what is typed is saved while it
// is typed. Without it each part has its button; nothing here decides anything.
(() => {
  "use strict";
  const form = document.getElementById("report");
  const status = document.getElementById("saved");
  if (!form || !status) return;
  let timer = 0, dirty = false, busy = null;

  // One at a time: each answer brings the number the next one must name.
  const save = async () => {
    dirty = false;
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: fields, redirect: "manual" });
      if (answer.ok) {
        const kept = await answer.json();
        form.elements.rev.value = String(kept.rev);
        status.textContent = kept.saved + " 存过";
      } else {
        status.textContent = "没有自动存上，请点“存好”";
      }
    } catch {
      dirty = true; // the line is down: the next key, or the button, tries again
      status.textContent = "网络不通，填的还在这一页上";
    }
  };
  const later = () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(run, 800);
  };
  const run = async () => {
    if (busy || !dirty) return;
    busy = save();
    await busy;
    busy = null;
    if (dirty) later();
  };
  form.addEventListener("input", (e) => { if (e.target.type !== "file") later(); });

  // A button that is pressed while a draft is on its way waits for its answer.
  form.addEventListener("submit", async (e) => {
    clearTimeout(timer);
    dirty = false;
    if (!busy) return;
    e.preventDefault();
    await busy;
    dirty = false;
    form.requestSubmit(e.submitter);
  });
})();
