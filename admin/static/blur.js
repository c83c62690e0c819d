// Drawing boxes on a photo with a finger or a mouse, beside the grid of check
// boxes that works without. A box is a hidden field: x,y,w,h in thousandths.
(() => {
  "use strict";
  const frame = document.getElementById("f-area");
  const picture = frame?.querySelector("img");
  const grid = frame?.querySelector(".boxes");
  if (!picture || !grid) return;
  document.getElementById("blur-hint").hidden = false;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  frame.append(canvas);
  frame.classList.add("drag");

  const boxes = []; // {x, y, w, h, field}
  const draw = (moving) => {
    canvas.width = canvas.clientWidth;
    canvas.height = canvas.clientHeight;
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(frame);
    pen.lineWidth = 3;
    for (const b of moving ? [...boxes, moving] : boxes) {
      const at = [b.x * canvas.width / 1000, b.y * canvas.height / 1000, b.w * canvas.width / 1000, b.h * canvas.height / 1000];
      pen.fillStyle = style.getPropertyValue("--ink");
      pen.globalAlpha = .75;
      pen.fillRect(...at);
      pen.globalAlpha = 1;
      pen.strokeStyle = style.getPropertyValue("--focus");
      pen.strokeRect(...at);
    }
  };
  addEventListener("resize", () => draw());

  const point = (e) => {
    const r = frame.getBoundingClientRect();
    const within = (n) => Math.round(Math.min(1, Math.max(0, n)) * 1000);
    return { x: within((e.clientX - r.left) / r.width), y: within((e.clientY - r.top) / r.height) };
  };
  const between = (a, b) => ({ x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) });
  const tooSmall = (b) => b.w < 12 && b.h < 12; // a click: the grid's

  let from = null, dragged = false;
  grid.addEventListener("pointerdown", (e) => {
    if (e.button !== 0) return;
    from = point(e);
    dragged = false;
  });
  addEventListener("pointermove", (e) => {
    if (!from) return;
    const b = between(from, point(e));
    if (!tooSmall(b)) {
      dragged = true;
      draw(b);
    }
  });
  addEventListener("pointercancel", () => { from = null; draw(); });
  addEventListener("pointerup", (e) => {
    if (!from) return;
    const b = between(from, point(e));
    from = null;
    if (!dragged) return;
    b.field = document.createElement("input");
    Object.assign(b.field, { type: "hidden", name: "area", value: `${b.x},${b.y},${b.w},${b.h}` });
    frame.append(b.field);
    boxes.push(b);
    draw();
  });
  // A click on a box takes it away, one beside it ticks the grid.
  grid.addEventListener("click", (e) => {
    if (dragged) {
      dragged = false;
      e.preventDefault();
      return;
    }
    if (e.detail === 0) return; // from the keyboard
    const at = point(e);
    const i = boxes.findLastIndex((b) => at.x >= b.x && at.x <= b.x + b.w && at.y >= b.y && at.y <= b.y + b.h);
    if (i < 0) return;
    e.preventDefault();
    boxes.splice(i, 1)[0].field.remove();
    draw();
  });
})();
