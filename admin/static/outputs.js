// A button that copies a field: as formatted text where the field holds HTML.
// Without this file the field is chosen and copied by hand.
(() => {
  "use strict";
  document.querySelectorAll("button[data-copy]").forEach((button) => {
    const field = document.getElementById(button.dataset.copy);
    const said = document.getElementById(button.dataset.copy + "-said");
    if (!field || !said) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const put = (event) => {
        event.preventDefault();
        if (button.hasAttribute("data-html")) event.clipboardData.setData("text/html", field.value);
        event.clipboardData.setData("text/plain", button.hasAttribute("data-html") ? button.dataset.plain || field.value : field.value);
      };
      document.addEventListener("copy", put, { once: true });
      field.select();
      const done = document.execCommand("copy");
      document.removeEventListener("copy", put);
      button.focus();
      said.textContent = done ? "已复制，去粘贴就行。" : "这个浏览器不让程序复制，请按 Ctrl+C。";
      if (!done) field.select();
    });
  });
})();
