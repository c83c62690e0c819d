// What comes in from outside: pasted text, pictures and files that are dropped.
import { Slice } from "prosemirror-model";
import { read } from "./read.js";
import { schema } from "./schema.js";
import { clean, handOver, isPicture, isWord, upload } from "./upload.js";

const { nodes } = schema;

// looksLikeMarkdown: a plain text with signs that are Markdown and nothing else.
const looksLikeMarkdown = (text) => /^(#{1,6} \S|[-*] \S|\d{1,3}\. \S|:::|\|.*\|.*\||> \S|```)/m.test(text);

// slice is Markdown as something to paste: it flows into the paragraph around
// it where it begins or ends with one.
export function slice(markdown) {
  const { content } = read(markdown);
  const open = (n) => (n?.type === nodes.paragraph ? 1 : 0);
  return new Slice(content, open(content.firstChild), open(content.lastChild));
}

// pasting are the props of the view for what comes in.
export function pasting(form, say, picture) {
  let raw = false; // the HTML is to be read by the browser alone

  async function cleaned(view, html) {
    say("正在整理粘贴的内容……");
    try {
      const { markdown, notes } = await clean(form, html);
      view.dispatch(view.state.tr.replaceSelection(slice(markdown)).scrollIntoView().setMeta("paste", true));
      say(["已粘贴。", ...(notes ?? []).map((n) => n.message ?? n.Message ?? n)].join(" "));
    } catch (e) {
      raw = true;
      view.pasteHTML(html);
      raw = false;
      say("已按简单格式粘贴，请检查标题和表格。" + (/登录|网络/.test(e.message) ? e.message : ""));
    }
  }

  async function files(view, list, pos) {
    for (const file of list) {
      if (isWord(file) && list.length === 1 && confirm(`用“${file.name}”新建一篇？现在这一篇写的不会带过去，没有保存的请先保存。`)) return handOver(form, file);
      if (isPicture(file)) {
        await picture(view, file, pos);
        continue;
      }
      say(`正在上传“${file.name}”……`);
      try {
        const o = await upload(form, file);
        insertAt(view, pos, slice(o.markdown));
        say(`已插入“${file.name}”。`);
      } catch (e) {
        say(e.message);
      }
    }
  }

  return {
    handlePaste(view, event) {
      const data = event.clipboardData;
      const html = data?.getData("text/html") ?? "", text = data?.getData("text/plain") ?? "";
      const pictures = [...(data?.files ?? [])];
      if (raw || /data-pm-slice/.test(html) || view.state.selection.$from.parent.type.spec.code) return false;
      if (html && !(pictures.length && /^\s*(<[^>]*>\s*)*<img[^>]*>\s*(<[^>]*>\s*)*$/.test(html))) {
        cleaned(view, html);
        return true;
      }
      if (pictures.length) {
        files(view, pictures);
        return true;
      }
      if (looksLikeMarkdown(text)) {
        view.dispatch(view.state.tr.replaceSelection(slice(text)).scrollIntoView());
        return true;
      }
      return false;
    },
    handleDrop(view, event, _, moved) {
      const list = [...(event.dataTransfer?.files ?? [])];
      if (moved || !list.length) return false;
      files(view, list, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos);
      return true;
    },
  };
}

// insertAt puts a slice at a place, or at the caret when there is none.
export function insertAt(view, pos, part) {
  const { tr, doc } = view.state;
  const at = pos === undefined ? null : Math.min(pos, doc.content.size);
  view.dispatch((at === null ? tr.replaceSelection(part) : tr.replaceRange(at, at, part)).scrollIntoView());
}
