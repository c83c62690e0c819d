// The preview as whole pages of the site: telephone, desktop, 长者版, paper. It
// follows the typing, a second behind. Without this each button opens a window.
(() => {
  "use strict";
  const form = document.getElementById("edit");
  const box = document.getElementById("frame-box");
  if (!form || !box) return;
  const text = document.getElementById("preview"), page = form.querySelector(".edit"), buttons = [...form.querySelectorAll("[data-view]")];
  let frame = null, as = "", asked = 0, timer = 0;

  const refresh = async () => {
    const mine = ++asked, button = buttons.find((b) => b.dataset.view === as);
    const fields = new FormData(form);
    fields.delete("file");
    try {
      const answer = await fetch(button.formAction, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
      if (mine !== asked || !answer.ok) return;
      const html = await answer.text(), at = frame.contentWindow?.scrollY ?? 0;
      frame.onload = () => frame.contentWindow?.scrollTo(0, at); // where the person was reading
      frame.srcdoc = html;
    } catch { /* the line is down: the next key tries again */ }
  };

  const show = (view) => {
    as = view;
    for (const b of buttons) b.setAttribute("aria-pressed", String(b.dataset.view === view));
    page.dataset.view = view;
    text.hidden = view !== "";
    box.hidden = view === "";
    if (view === "") return;
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = "读者见到的整页";
      frame.sandbox = "allow-same-origin"; // no script runs in it
      box.append(frame);
    }
    refresh();
    if (view === "desktop" || view === "print") box.scrollIntoView({ block: "nearest" });
  };

  for (const b of buttons) {
    b.hidden = false;
    b.querySelector(".vh")?.remove();
    b.addEventListener("click", (e) => {
      e.preventDefault();
      show(b.dataset.view);
    });
  }
  for (const b of buttons) b.setAttribute("aria-pressed", String(b.dataset.view === ""));
  form.addEventListener("input", (e) => {
    if (e.target.type === "file" || as === "") return;
    clearTimeout(timer);
    timer = setTimeout(refresh, 1000);
  });
})();
