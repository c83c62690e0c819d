// Files into the library, HTML into Markdown, Word files to their own page.

// post sends fields to one of our pages and reads its JSON; an error bears the
// sentence that the page has for the person.
async function post(url, fields) {
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body: fields, redirect: "manual", headers: { Accept: "application/json" } });
  } catch {
    throw new Error("网络断了，没有传上去。连上以后请再试一次。");
  }
  const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  if (answer.ok) return json;
  if (answer.status === 401) throw new Error("登录已过期。请先点保存，重新登录以后再传，写好的不会丢。");
  throw new Error(json.message || "没有传上去，请再试一次。");
}

function fields(form, values) {
  const data = new FormData();
  data.set("_token", form.elements._token.value);
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}

// upload stores a file; the answer is {markdown, src, name, picture}.
export const upload = (form, file, alt = "") => post(form.dataset.upload, fields(form, { file, alt }));

// clean makes Markdown of pasted HTML: {markdown, notes}.
export const clean = (form, html) => post(form.dataset.paste, fields(form, { html }));

export const isPicture = (file) => /^image\//.test(file.type);
export const isWord = (file) => /\.(docx?|wps)$/i.test(file.name);

// handOver sends a Word file to the page that turns it into a draft.
export function handOver(form, file) {
  const sender = document.createElement("form");
  Object.assign(sender, { method: "post", action: form.dataset.word, enctype: "multipart/form-data", hidden: true });
  const token = document.createElement("input");
  Object.assign(token, { type: "hidden", name: "_token", value: form.elements._token.value });
  const input = document.createElement("input");
  Object.assign(input, { type: "file", name: "file" });
  const box = new DataTransfer();
  box.items.add(file);
  input.files = box.files;
  sender.append(token, input);
  document.body.append(sender);
  sender.submit();
}
