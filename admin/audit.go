package admin

import (
	"bytes"
	"encoding/csv"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/sheet"
	"github.com/songfa/songfa/internal/web"
)

const (
	auditSection = "/admin/audit/"
	auditOnPage  = 50
	auditOutMost = 50_000 // rows of an export; the next one begins with an earlier day
)

// auditKinds are what the list can be narrowed to.
var auditKinds = []struct{ Prefix, Label string }{
	{"user.", "账号和登录"}, {"user.signin", "登录成功"}, {"user.signin_failed", "登录失败"}, {"document.", "文档"}, {"media.", "素材"}, {"session.", "场次"},
	{"registration.", "报名"}, {"registration.reveal", "看报名人的姓名电话"}, {"registration.export", "导出报名名单"}, {"session.reveal", "看联系人"}, {"message.", "发件箱"},
	{"person.", "人员"}, {"report.", "结果报告"}, {"figures.", "统计"}, {"stock.", "材料"}, {"station.", "站点"}, {"series.", "系列"}, {"venue.", "场地"}, {"unit.", "单位"},
	{"calendar.", "节假日"}, {"law.", "法规"}, {"search.", "搜索设置"}, {"site.", "设置"}, {"inspection.", "自查"}, {"audit.", "操作记录的导出和校验"},
}

type auditPage struct {
	shell
	Filter   ledger.AuditFilter
	From, To string // days, as typed
	Entries  []ledger.AuditEntry
	More     bool
	Accounts []auth.Account
	Kinds    []struct{ Prefix, Label string }
}

// address is a page of the list, or its export, under the same filter.
func (p auditPage) address(path string, before int64) string {
	q := url.Values{}
	for name, value := range map[string]string{"who": p.Filter.Actor, "what": p.Filter.Action, "object": p.Filter.Object, "from": p.From, "to": p.To} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Older is the address of the entries before these.
func (p auditPage) Older() string {
	return p.address(auditSection, p.Entries[len(p.Entries)-1].Seq)
}

// Out is the address of the list as a file.
func (p auditPage) Out(kind string) string { return p.address(auditSection+"audit."+kind, 0) }

// auditFilter reads what the list is narrowed to. Who works for some towns only
// sees what they did themselves: a row does not say whose town it is of.
func (a *Admin) auditFilter(r *request) (p auditPage, err error) {
	before, _ := strconv.ParseInt(r.query("before"), 10, 64) // nonsense is the newest
	p = auditPage{Kinds: auditKinds, From: r.query("from"), To: r.query("to")}
	p.Filter = ledger.AuditFilter{Actor: r.query("who"), Action: r.query("what"), Object: r.query("object"), Before: before, Limit: auditOnPage + 1}
	if len(r.actor.Towns) > 0 {
		p.Filter.Actor = r.actor.ID
	}
	for _, day := range []struct {
		text, field string
		to          *time.Time
		add         int
	}{{p.From, "from", &p.Filter.From, 0}, {p.To, "to", &p.Filter.To, 1}} {
		if day.text == "" {
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, day.text, events.Zone)
		if err != nil {
			return p, errs.Bad(day.field, "日期应写成 2026-11-24。")
		}
		*day.to = t.AddDate(0, 0, day.add)
	}
	return p, nil
}

func (a *Admin) audit(r *request) error {
	page, err := a.auditFilter(r)
	if err != nil {
		return err
	}
	return a.renderAudit(r, page, nil)
}

func (a *Admin) renderAudit(r *request, page auditPage, ps problems) error {
	page.shell = a.shell(r, auditSection, "操作记录")
	page.Problems = ps
	entries, err := a.cfg.Ledger.Audit(r.ctx, page.Filter)
	if err != nil {
		return err
	}
	page.More = len(entries) > auditOnPage
	page.Entries = entries[:min(len(entries), auditOnPage)]
	if page.Accounts, err = a.cfg.Staff.List(r.ctx); err != nil {
		return err
	}
	return a.render(r, "audit", page)
}

// verifyAudit walks the whole chain.
func (a *Admin) verifyAudit(r *request) error {
	page, err := a.auditFilter(r)
	if err != nil {
		return err
	}
	r.again = func(why web.Problem) error { return a.renderAudit(r, page, problemsOf(r.err, why.Message)) }
	if err := a.cfg.Ledger.Verify(r.ctx); err != nil {
		return err
	}
	if err := a.cfg.Ledger.Note(r.ctx, r.actor.Entry("audit.verify", "audit", "校验操作记录，完整")); err != nil {
		return err
	}
	return a.done(r, auditSection, "audit_ok")
}

type auditRowPage struct {
	shell
	ledger.AuditEntry
	Kind string
}

// auditRow shows one row with everything that is kept of it.
func (a *Admin) auditRow(r *request) error {
	seq, err := strconv.ParseInt(r.param("seq"), 10, 64)
	if err != nil {
		return nowhere(r)
	}
	e, err := a.cfg.Ledger.AuditRow(r.ctx, seq)
	if err != nil {
		return err
	}
	if len(r.actor.Towns) > 0 && e.Actor != r.actor.ID {
		return errs.New(errs.Forbidden, "您的账号只能看自己做过的操作。", "actor is bound to towns")
	}
	page := auditRowPage{shell: a.shell(r, auditSection, "第 "+r.param("seq")+" 条"), AuditEntry: e}
	for _, k := range auditKinds {
		if strings.HasPrefix(e.Action, k.Prefix) && (page.Kind == "" || e.Action == k.Prefix) {
			page.Kind = k.Label
		}
	}
	return a.render(r, "audit_row", page)
}

var auditHeader = []string{"编号", "时间", "谁", "账号", "动作", "对象", "内容", "细节", "校验值"}

// auditOut reads the rows of an export and writes down that there was one.
func (a *Admin) auditOut(r *request, kind string) ([][]string, error) {
	page, err := a.auditFilter(r)
	if err != nil {
		return nil, err
	}
	page.Filter.Before, page.Filter.Limit = 0, auditOutMost
	entries, err := a.cfg.Ledger.Audit(r.ctx, page.Filter)
	if err != nil {
		return nil, err
	}
	if err := a.cfg.Ledger.Note(r.ctx, r.actor.Entry("audit.export", "audit", "导出操作记录 "+strconv.Itoa(len(entries))+" 条（"+kind+"）")); err != nil {
		return nil, err
	}
	rows := make([][]string, len(entries))
	for i, e := range entries {
		rows[i] = []string{strconv.FormatInt(e.Seq, 10), stamp(e.At, "2006-01-02 15:04:05"), e.ActorName, e.Actor, e.Action, e.Object, e.Summary, e.Detail, e.Hash}
	}
	return rows, nil
}

func (a *Admin) auditCSV(r *request) error {
	rows, err := a.auditOut(r, "CSV")
	if err != nil {
		return err
	}
	buf := bytes.NewBufferString("\ufeff") // spreadsheets read it as GBK without
	w := csv.NewWriter(buf)
	for _, row := range append([][]string{auditHeader}, rows...) {
		for i := range row {
			row[i] = harmless(row[i])
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	r.Attachment("操作记录.csv")
	r.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	return r.Send(buf.Bytes())
}

func (a *Admin) auditSheet(r *request) error {
	rows, err := a.auditOut(r, "Excel")
	if err != nil {
		return err
	}
	s := sheet.Sheet{Name: "操作记录", Title: "操作记录", Notes: []string{"导出：" + r.actor.Name + "，" + stamp(a.cfg.Now(), "2006-01-02 15:04")},
		Header: auditHeader, Widths: []float64{8, 20, 12, 28, 22, 36, 50, 40, 20}}
	for _, row := range rows {
		cells := make([]any, len(row))
		for i, text := range row {
			cells[i] = text
		}
		s.Rows = append(s.Rows, cells)
	}
	body, err := sheet.Book{Sheets: []sheet.Sheet{s}}.Bytes()
	if err != nil {
		return err
	}
	r.Attachment("操作记录.xlsx")
	r.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	return r.Send(body)
}

// ownAudit is the newest of what the actor may see.
func (a *Admin) ownAudit(r *request, n int) ledger.AuditFilter {
	f := ledger.AuditFilter{Limit: n}
	if len(r.actor.Towns) > 0 {
		f.Actor = r.actor.ID
	}
	return f
}
