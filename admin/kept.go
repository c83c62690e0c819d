package admin

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// kept is a form that could not be taken: where it was going, and what is in it.
type kept struct {
	Path   string // root-relative, of the staff side
	Fields []keptField
}

// keptField is one field of it.
type keptField struct{ Name, Value string }

// Label names the field for people; "" when it only matters to us.
func (f keptField) Label() string { return fieldLabels[f.Name] }

// Long reports whether the value wants a text area.
func (f keptField) Long() bool {
	return utf8.RuneCountInString(f.Value) > 40 || strings.Contains(f.Value, "\n")
}

var fieldLabels = map[string]string{
	"title": "标题", "answer": "一句话答案", "body": "正文", "summary": "摘要", "sources": "法律依据", "reason": "原因",
	"author": "作者", "origin": "来源", "audience": "适合谁", "venue": "地点", "address": "地址", "note": "说明", "alt": "文字说明",
	"name": "名称", "display": "姓名", "queries": "读者搜什么", "targets": "推荐哪些页面", "text": "同义词",
	"return_reason": "退回：缺什么、怎么补", "reject_reason": "不予安排：为什么", "reject_alternative": "不予安排：可以怎么办", "cancel_reason": "取消的原因",
	"postpone_reason": "延期的原因", "not_held_reason": "没有办的原因", "accept_override": "同意的理由", "schedule_override": "排定的理由", "move_override": "改期的理由",
}

// secrets are never carried through a page.
var secrets = []string{"_token", "password", "old", "again", "code", "half"}

// keptPrefix marks the carried fields among those of the login form.
const keptPrefix = "kept."

// keep takes down what a POST was about to send.
func (a *Admin) keep(r *request) kept {
	k := kept{Path: strings.TrimPrefix(r.Path(), a.srv.Base())}
	for name, values := range r.form {
		if slices.Contains(secrets, name) {
			continue
		}
		for _, v := range values {
			k.Fields = append(k.Fields, keptField{name, v})
		}
	}
	k.sort()
	return k
}

// keptOf reads what the login form carried; nothing unless it leads to a page
// of ours.
func keptOf(r *request) kept {
	k := kept{Path: r.form.Get("kept_path")}
	if !local(k.Path) {
		return kept{}
	}
	for name, values := range r.form {
		if name, ok := strings.CutPrefix(name, keptPrefix); ok && !slices.Contains(secrets, name) {
			for _, v := range values {
				k.Fields = append(k.Fields, keptField{name, v})
			}
		}
	}
	k.sort()
	return k
}

// sort gives the page one order; fields of one name keep theirs.
func (k *kept) sort() {
	slices.SortStableFunc(k.Fields, func(a, b keptField) int { return strings.Compare(a.Name, b.Name) })
}

type keptPage struct {
	shell
	kept
	Message string
}

// renderKept shows what could not be taken, to be sent again or copied.
func (a *Admin) renderKept(r *request, k kept, message string) error {
	return a.render(r, "kept", keptPage{a.shell(r, "", "您填的内容都在这里"), k, message})
}
