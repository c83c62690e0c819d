package admin

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/markdown"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/media"
)

//go:embed templates
var templateFiles embed.FS

// parseTemplates parses each page with the layout and the partials. They are
// part of the program and all executed by its tests, so a fault is a bug.
func (a *Admin) parseTemplates() map[string]*template.Template {
	frame := template.Must(template.New("").Funcs(a.funcs()).Funcs(planFuncs()).ParseFS(templateFiles, "templates/frame/*.html"))
	entries, err := templateFiles.ReadDir("templates")
	if err != nil {
		panic(err)
	}
	pages := make(map[string]*template.Template)
	for _, e := range entries {
		if !e.IsDir() {
			page := template.Must(template.Must(frame.Clone()).ParseFS(templateFiles, path.Join("templates", e.Name())))
			pages[strings.TrimSuffix(e.Name(), ".html")] = page
		}
	}
	return pages
}

func (a *Admin) funcs() template.FuncMap {
	return template.FuncMap{
		"url":       func(p string) string { return a.srv.Path(p) },
		"asset":     func(name string) string { return a.srv.Path(a.assets.address(name)) },
		"html":      func(s string) template.HTML { return template.HTML(markdown.Rebase(s, a.srv.Base())) }, // stored HTML is sanitised
		"day":       func(t time.Time) string { return stamp(t, time.DateOnly) },
		"when":      func(t time.Time) string { return stamp(t, "2006-01-02 15:04") },
		"input":     func(t time.Time) string { return stamp(t, "2006-01-02T15:04") },
		"blocks":    markdown.Blocks,
		"views":     a.dresses,
		"visual":    func() bool { return a.assets.has("editor.js") },
		"count":     utf8.RuneCountInString,
		"join":      strings.Join,
		"add":       func(a, b int) int { return a + b },
		"thousands": figures.Thousands,
		"tally": func(prefix, name, unit string, copies bool, rows []events.TallyLine, ps problems) tallyTable {
			return tallyTable{prefix, name, unit, copies, rows, ps}
		},
		"size": size,
		"field": func(ps problems, name, label, value string) field {
			return field{Name: name, Label: label, Value: value, Error: ps.At(name)}
		},
		"hint":       func(hint string, f field) field { f.Hint = hint; return f },
		"rows":       func(n int, f field) field { f.Rows = n; return f },
		"kind":       func(typ string, f field) field { f.Type = typ; return f },
		"required":   func(f field) field { f.Required = true; return f },
		"auto":       func(words string, f field) field { f.Auto = words; return f },
		"fullurl":    func(p string) string { return a.srv.URL(p) },
		"snippet":    func(o media.Object) string { return snippet(o, o.Alt) },
		"focus":      func(o media.Object) string { return o.FocusClass() },
		"clock":      func(t time.Time) string { return stamp(t, "15:04") },
		"compared":   func(older, newer string, list diffs) comparison { return comparison{older, newer, list} },
		"localphone": vault.LocalPhone,
		"marking": func(marks []content.Mark, e content.Edition, token, back string) markList {
			return markList{marks, e, token, back}
		},
		"copies": func(n int) string {
			if n == 0 {
				return ""
			}
			return strconv.Itoa(n)
		},
		"inc":  func(i int) int { return i + 1 },
		"last": func(trail []content.Step) int { return len(trail) - 1 },
	}
}

// stamp writes a moment in the bureau's time; nothing for none.
func stamp(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(events.Zone).Format(layout)
}

// size is a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d 字节", n)
}

// shell is what is around every page.
type shell struct {
	Title    string
	Section  string // the current entry of the menu
	Bureau   string
	Account  *auth.Account // nil at the door
	Menu     []entry
	Token    string
	Done     string // what just succeeded
	Problems problems
}

// Searchable reports whether the search box leads anywhere.
func (s shell) Searchable() bool {
	return s.Account != nil && s.Account.Actor().Can(auth.Write)
}

// entry is one of the menu.
type entry struct{ Path, Name string }

// menu lists what opens for this actor.
func menu(actor auth.Actor) []entry {
	write, sessions := actor.Can(auth.Write), actor.Can(auth.Sessions)
	all := []struct {
		open bool
		entry
	}{
		{true, entry{"/admin/", "我的待办"}},
		{write, entry{"/admin/documents/", "文档"}},
		{write, entry{reviewSection, "审核"}},
		{write || sessions, entry{"/admin/media/", "素材"}},
		{sessions, entry{"/admin/sessions/", "场次"}},
		{sessions, entry{peopleSection, "人员"}},
		{sessions, entry{"/admin/outbox/", "发件箱"}},
		{actor.Can(auth.Figures), entry{figuresSection, "统计"}},
		{sessions, entry{"/admin/stations/", "站点"}},
		{sessions || actor.Can(auth.Stock), entry{materialsSection, "材料"}},
		{write, entry{searchSection, "搜索"}},
		{write, entry{proofSection, "校对"}},
		{actor.Can(auth.Audit) || actor.Can(auth.Publish), entry{inspectionSection, "自查"}},
		{actor.Can(auth.Audit), entry{"/admin/audit/", "操作记录"}},
		{actor.Can(auth.Import), entry{columnsSection, "栏目"}},
		{actor.Can(auth.Users), entry{"/admin/users/", "账号"}},
		{true, entry{helpOf(actor), "帮助"}},
	}
	var open []entry
	for _, e := range all {
		if e.open {
			open = append(open, e.entry)
		}
	}
	return open
}

// helpOf is the page of the help that a person wants first.
func helpOf(actor auth.Actor) string {
	if !actor.Can(auth.Write) && actor.Can(auth.Sessions) {
		return "/admin/help/sessions"
	}
	return "/admin/help/writing"
}

func (a *Admin) shell(r *request, section, title string) shell {
	s := shell{Title: title, Section: section, Bureau: a.cfg.Bureau, Done: doneWords[r.Query("done")],
		Token: web.FormToken(a.cfg.Secret, r.session)}
	if r.account.ID != "" {
		s.Account, s.Menu = &r.account, menu(r.actor)
	}
	return s
}

// doneWords are what a page says after a form led to it.
var doneWords = map[string]string{
	"save": "已保存。", "merge": "已保存合并后的内容。", "reinstate": "已恢复成这一稿。原来的内容也在历史里。", "dropcopy": "已丢掉那份没保存完的稿子。", "create": "已新建草稿。", "submit": "已提交审核。", "recall": "已收回，可以继续修改。",
	"return": "已退回给作者。", "publish": "已发布，网站上现在就能看到。", "schedule": "已安排定时发布。",
	"unschedule": "已取消定时，回到草稿。", "revise": "已建修改稿。读者看到的仍是原来的一版，发布后才替换。",
	"withdraw": "已撤回。页面还在，上面写明了原因。", "restore": "已恢复。", "discard": "已收起这份草稿。", "unpublish": "已下线。", "delete": "已删除草稿。",
	"approve": "已通过这一步。", "refuse": "已记下不同意。请有发布权限的同事撤回或者修订。", "clear": "保密审查已记下。", "urge": "已提出应急发布，请另一位有发布权限的同事确认。",
	"force": "已应急发布，网站上现在就能看到。24 小时内要补完审核。", "mark": "已加批注。", "resolve": "批注已更新。",
	"column": "栏目已保存。", "column_delete": "栏目已去掉。",
	"word": "已导入成草稿。读者还看不到。", "report": "导入报告已收起。",
	"rename": "已改地址，旧地址会自动转到新地址。", "password": "密码已修改。", "upload": "已上传。",
	"describe": "已保存说明。", "roles": "角色已修改，对方需要重新登录。", "disable": "账号已停用。", "signed_out": "已退出，那边要重新登录。", "code_off": "动态码已停用。", "unlock": "已解锁，现在就能再试。", "totp_reset": "已替他停用动态码，请提醒他重新开通。", "end_all": "已退出他的全部登录。", "audit_ok": "校验完毕，操作记录完整，没有被改动。", "enable": "账号已启用。",
	"replace": "已换成新的文件，用到的地方一起变。", "unconsent": "已记下。请从下面每一处换掉，再删除。", "media_delete": "已删除，原来的地址打不开了。",
	"photo_show": "已公开，网站上现在就能看到。", "photo_hide": "已收回，原来的地址打不开了。", "photo_drop": "照片已删除。",
	"photo_keep": "已续期，到期会再提醒。", "photo_down": "已撤下并删除，原来的地址打不开了。",
	"blur": "已打码。请看看还有没有漏的；没有了就回结果报告公开。", "unblur": "已回到原图。",
	"station":  "站点已保存，网站上现在就能看到。",
	"synonyms": "同义词已保存，搜索现在就按新的来。", "promote": "推荐答案已保存，网站上现在就能看到。", "unpromote": "已删除这条推荐。",
	"message_done": "已记为告知。", "message_retry": "已放回待发，马上再发一次。", "message_drop": "已记为不用告知。",
	"staff_needs": "人数已保存。", "staff_invite": "已邀请。邀请在发件箱里，发出去或打电话告诉对方。", "staff_yes": "记下了：答应了。时间已经留好。", "staff_no": "记下了：来不了。",
	"staff_agree": "已同意，邀请发给替补的人了。对方答应以后换好。", "staff_withdraw": "已不再请，会通知对方。", "staff_confirm": "已记下确认到场。",
	"staff_present": "已记下到场。", "staff_absent": "已记下没来。", "staff_hours": "时长已核定。", "staff_announce": "网站上的主讲人已写好。",
	"person_away": "已登记。", "person_drop": "已删掉。", "person_counsel": "顾问关系已登记，邀请时会提醒。", "person_end": "已写上截止日期。",
	"person_revoke": "链接已停用，旧地址打不开了。", "person_renew": "已换新链接，请发给本人。", "person_revoke_feed": "日历已停用。", "person_renew_feed": "已换日历地址，请发给本人。",
	"excuse": "已记下，审核的同事会看到。", "proof_row": "词表已保存，检查现在就按新的来。", "proof_drop": "已从词表删除。", "proof_import": "词表已导入。", "proof_run": "全站校对已开始，稍后刷新看结果。",
	"sent": "已记入台账。", "recalled": "已记为更正或收回。", "drafted": "已放进公众号的草稿箱，请登录公众平台核对后发布。",
	"zero": "已处理这一条。", "zeroopen": "已放回待处理。",
	"take": "这一场由您来办了，三个工作日内要答复。", "accept": "已同意，单位会收到通知。接下来配律师和志愿者。", "returned": "已退回，单位会收到要补什么。",
	"reject": "已告诉单位不能安排。", "decided": "已定下，还没有告诉单位。", "hold": "场地已经为这个时间留下。", "scheduled": "已排定，可以核对发布了。",
	"move":   "时间地点已改。有关的人过一会儿会收到通知；马上再改，只通知最后一次。",
	"series": "系列已建好，每一场都是草稿，逐场核对以后发布。", "occurrence": "已补上这一天，先是草稿。", "edit_series": "已改好这个系列的场次。",
	"suspend": "已暂停，到期自动恢复。", "unsuspend": "已恢复，可以申请了。",
	"day": "已保存，期限现在就按新的算。", "drop_day": "已删去这一天，它按星期算。",
	"stock": "已记入台账。", "stock_ask": "已登记需要的数量，还没有预留。", "stock_reserve": "已预留，仓库里给这一场留着。", "stock_issue": "已出库，可以打印出库单。", "stock_return": "已归还入库。",
	"signup_verify": "已记为核实。",
	"signup_pool":   "预留名额已保存，把链接发给他们就能报。", "signup_release": "已放开，候补的人先补上，剩下的大家都能报。",
	"signup_capacity": "名额已改，多出来的已给候补的人。", "signup_queue": "候补设置已保存。", "signup_cancel": "已取消，空出的名额已给候补的人，原因会告知本人。",
	"desk_open": "签到台已打开。", "desk_revoke": "已收回，原来的链接和口令都失效了。", "desk_paper": "已补录。", "desk_undo": "已撤销。",
	"freeze": "已封账。以后要改，另记更正。", "import": "已导入。",
	"reported": "这一部分已经交了。", "verify": "已核实，数字进入统计。", "report_return": "已退回补正。", "amend": "更正已提交，等另一位同事核实。",
	"postpone": "已标为延期待定。", "cancel": "已取消这一场，页面上写明了原因。", "held": "已标为举办。", "not_held": "已标为未举办。",
}

// render answers with the page, or with nothing of it.
func (a *Admin) render(r *request, name string, page any) error {
	var buf bytes.Buffer
	if err := a.templates[name].ExecuteTemplate(&buf, "layout.html", page); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	r.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return r.Send(buf.Bytes())
}

var weekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

// today is the date with its weekday: 2026 年 11 月 20 日 周五.
func today(now time.Time) string {
	now = now.In(events.Zone)
	return now.Format("2006 年 1 月 2 日 ") + weekdays[now.Weekday()]
}
