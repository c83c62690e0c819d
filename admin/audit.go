package admin

import (
	"net/url"
	"strconv"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/ledger"
)

const auditOnPage = 50

// auditKinds are what the list can be narrowed to.
var auditKinds = []struct{ Prefix, Label string }{
	{"document.", "文档"}, {"media.", "素材"}, {"session.", "场次"}, {"station.", "站点"}, {"series.", "系列"}, {"venue.", "场地"}, {"unit.", "单位"}, {"calendar.", "节假日"}, {"law.", "法规"}, {"search.", "搜索设置"}, {"user.", "账号和登录"}, {"site.", "设置"},
}

type auditPage struct {
	shell
	Filter   ledger.AuditFilter
	Entries  []ledger.AuditEntry
	More     bool
	Accounts []auth.Account
	Kinds    []struct{ Prefix, Label string }
}

// Older is the address of the entries before these.
func (p auditPage) Older() string {
	q := url.Values{"before": {strconv.FormatInt(p.Entries[len(p.Entries)-1].Seq, 10)}}
	for name, value := range map[string]string{"who": p.Filter.Actor, "what": p.Filter.Action, "object": p.Filter.Object} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/admin/audit/?" + q.Encode()
}

func (a *Admin) audit(r *request) error {
	page := auditPage{shell: a.shell(r, "/admin/audit/", "操作记录"), Kinds: auditKinds}
	before, _ := strconv.ParseInt(r.query("before"), 10, 64) // nonsense is the newest
	page.Filter = ledger.AuditFilter{Actor: r.query("who"), Action: r.query("what"), Object: r.query("object"), Before: before, Limit: auditOnPage + 1}
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
