// The panel of machine checks: a tap on a place marks it in its field, and the
// panel follows the typing. Without this file the buttons do all of it.
const box = document.querySelector(".proof");
const form = document.getElementById("edit");
if (box && form) {
  // Places become buttons: they only work with this script.
  const dress = () => {
    for (const spot of box.querySelectorAll(".spot")) {
      if (spot.querySelector("button")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.append(...spot.childNodes);
      button.title = "到这一处去";
      spot.append(button);
    }
  };
  dress();
  box.addEventListener("click", (e) => {
    const spot = e.target.closest(".spot");
    const field = spot && form.elements[spot.dataset.field];
    if (!field?.setSelectionRange) return;
    const from = Number(spot.dataset.start), to = Number(spot.dataset.end);
    // An editor that hides the field may show the place itself.
    const asked = new CustomEvent("proof:place", { cancelable: true, bubbles: true, detail: { field: spot.dataset.field, from, to } });
    if (!field.dispatchEvent(asked)) return;
    field.focus();
    field.setSelectionRange(from, to);
    if (field.tagName === "TEXTAREA") {
      const line = field.value.slice(0, from).split("\n").length;
      const all = field.value.split("\n").length;
      field.scrollTop = Math.max(0, field.scrollHeight * line / all - field.clientHeight / 2);
    }
  });
  if (box.dataset.check) {
    const list = box.querySelector(".prooflist");
    let timer = 0, asked = 0;
    const refresh = async () => {
      if (box.contains(document.activeElement) && document.activeElement.tagName === "INPUT") return; // a reason is being typed
      const mine = ++asked;
      const fields = new FormData(form);
      fields.delete("file");
      fields.set("edition", box.dataset.edition);
      fields.set("kind", box.dataset.kind);
      try {
        const answer = await fetch(box.dataset.check, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
        if (mine !== asked || !answer.ok) return;
        list.innerHTML = await answer.text();
        dress();
        const count = document.getElementById("proof-count");
        const says = list.querySelector("[data-summary]")?.dataset.summary;
        if (count) count.textContent = says ? `检查：${says}` : "检查";
      } catch { /* the line is down: the next key tries again */ }
    };
    form.addEventListener("input", (e) => {
      if (e.target.type === "file" || box.contains(e.target)) return;
      clearTimeout(timer);
      timer = setTimeout(refresh, 1500);
    });
  }
}
