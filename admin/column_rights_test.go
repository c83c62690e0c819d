package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/songfa/songfa/admin"
	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// TestNothingOfAnotherColumnChanges walks over every route of documents as an
// editor and reviewer of one column, with a document of another.
func TestNothingOfAnotherColumnChanges(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		const mark = "别栏的通知记"
		write := func(kind content.Kind, column, title string) content.Edition {
			e, err := o.content.Create(t.Context(), o.person("editor").Actor(), kind, "", content.Text{Title: title, Body: title, Column: column, Origin: "示例区司法局", Answer: title, Summary: title})
			must(t, err)
			return e
		}
		other := write(content.Notice, "notices", mark)
		write(content.Guide, "guides", "本栏的指南记")
		_, err := o.staff.Add(t.Context(), auth.System(), auth.NewAccount{Name: "colly", Display: "某colly", Password: password,
			Rights: auth.Rights{Roles: []auth.Role{auth.Editor, auth.Reviewer}, Columns: []string{"guides"}}})
		must(t, err)
		b, free := o.signIn("colly"), o.signIn("reviewer")
		control, walked := 0, 0
		for _, route := range admin.AllRoutes() {
			path := route.Path
			switch {
			case strings.HasPrefix(path, "/documents/:id"):
				path = strings.Replace(path, ":id", other.DocumentID, 1)
			case strings.HasPrefix(path, "/editions/:id"), strings.HasPrefix(path, "/review/:id"):
				path = strings.Replace(path, ":id", other.ID, 1)
			}
			if strings.Contains(path, ":") || strings.HasPrefix(path, "/audit") || path == "/logout" || path == "/password" {
				continue
			}
			own := path != route.Path
			if route.Method == http.MethodGet {
				_, page := free.get("/admin" + path)
				if strings.Contains(page, mark) {
					control++
				}
				resp, page := b.get("/admin" + path)
				if strings.Contains(page, mark) && path != "/" { // the day's audit of a reviewer names what was done
					t.Errorf("GET %s shows: %s", path, around(page, mark))
				}
				if own && resp.StatusCode != http.StatusForbidden && resp.StatusCode != http.StatusNotFound {
					t.Errorf("GET %s answers %d", path, resp.StatusCode)
				}
				walked++
				continue
			}
			if !own {
				continue
			}
			for _, word := range []string{"", "save", "submit", "publish", "schedule", "delete", "approve", "return", "urge", "mark", "link", "excuse", "send"} {
				resp, _ := b.post("/admin"+path, "go", word, "version", "1", "title", "改掉了", "column", "guides", "reason", "试一试", "slug", "elsewhere")
				if resp.StatusCode < 400 || resp.StatusCode >= 500 {
					t.Errorf("POST %s %s answers %d", path, word, resp.StatusCode)
				}
			}
		}
		if now := o.edition(other.ID); now.Version != other.Version || now.Title != mark || now.State != content.Draft {
			t.Errorf("it was changed: %+v", now)
		}
		if control < 4 || walked < 40 {
			t.Errorf("the walk proves little: %d routes, and on %d who is bound to none sees it", walked, control)
		}
		_, page := b.get("/admin/documents/")
		sees(t, page, "本栏的指南记")
		page = b.denied(http.StatusBadRequest, "/admin/documents/new", "kind", "notice", "title", "写到别的栏目", "column", "notices", "body", "正文", "go", "save")
		sees(t, page, "您的账号只负责部分栏目", "写到别的栏目")
		b.done("/admin/documents/new", "kind", "guide", "title", "写在自己的栏目", "column", "guides", "body", "正文", "go", "save")
	})
}
