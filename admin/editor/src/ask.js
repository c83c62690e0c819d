// The two questions the editor has: where a link leads, and what is on a
// picture. The boxes are in the page; they answer null when they are closed.
export function ask(id, values) {
  const box = document.getElementById(id);
  for (const input of box.querySelectorAll("input")) input.value = values[input.name] ?? "";
  for (const b of box.querySelectorAll("[data-only]")) b.hidden = !(b.dataset.only in values);
  box.showModal();
  return new Promise((done) => {
    const finish = (answer) => {
      box.removeEventListener("click", click);
      box.removeEventListener("keydown", keydown);
      box.removeEventListener("cancel", cancel);
      box.close();
      done(answer);
    };
    const read = (answer) => Object.fromEntries([["answer", answer], ...[...box.querySelectorAll("input")].map((i) => [i.name, i.value.trim()])]);
    const click = (e) => {
      const answer = e.target.closest("button")?.value;
      if (answer) finish(answer === "cancel" ? null : read(answer));
    };
    const keydown = (e) => {
      if (e.key !== "Enter" || e.isComposing || e.target.tagName !== "INPUT") return;
      e.preventDefault();
      finish(read("ok"));
    };
    const cancel = (e) => { e.preventDefault(); finish(null); };
    box.addEventListener("click", click);
    box.addEventListener("keydown", keydown);
    box.addEventListener("cancel", cancel);
  });
}
