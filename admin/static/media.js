// Many files at once, each with how far it is. Without this the form sends them
// together.
(() => {
  "use strict";
  const form = document.getElementById("upload");
  const list = document.getElementById("progress");
  if (!form || !list || !window.FormData) return;

  const line = (file) => {
    const li = document.createElement("li");
    const name = document.createElement("b");
    name.textContent = file.name;
    const state = document.createElement("span");
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.setAttribute("aria-label", file.name);
    li.append(name, " ", bar, " ", state);
    list.append(li);
    return { li, bar, state };
  };
  const finish = (row, answer) => {
    row.bar.remove();
    if (answer.error) {
      row.state.className = "err";
      row.state.textContent = answer.error;
      return;
    }
    const link = document.createElement("a");
    link.href = answer.page;
    link.textContent = answer.alt ? "已上传，打开" : "已上传，去写说明";
    row.state.append(link);
    if (answer.similar) row.state.append(` 很像已有的 ${answer.similar.join("、")}`);
  };
  const send = (file, row) => new Promise((done) => {
    const data = new FormData(form);
    data.delete("file");
    data.append("file", file);
    const request = new XMLHttpRequest();
    request.upload.onprogress = (e) => { if (e.lengthComputable) row.bar.value = 100 * e.loaded / e.total; };
    request.onload = () => {
      let answer = { error: request.status === 401 ? "登录已过期，请重新登录后再传" : "没有传上，请再试一次" };
      try { answer = JSON.parse(request.responseText); } catch { /* a page, not an answer */ }
      finish(row, answer);
      done();
    };
    request.onerror = () => { finish(row, { error: "网络断了，没有传上，请再试一次" }); done(); };
    request.open("POST", form.dataset.one);
    request.send(data);
  });

  form.addEventListener("submit", async (e) => {
    const files = [...form.elements.file.files];
    if (files.length === 0) return;
    e.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    list.hidden = false;
    const rows = files.map(line);
    for (let i = 0; i < files.length; i++) await send(files[i], rows[i]);
    form.elements.file.value = "";
    button.disabled = false;
  });
})();
