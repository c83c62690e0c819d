package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// The list finds drafts by what their text says, within the other filters, for
// those who may see it.
func TestDocumentsAreFoundByTheirText(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "/sfj/pufa")
		editor := o.person("editor").Actor()
		add := func(kind content.Kind, title, body string, topics ...string) content.Edition {
			e, err := o.content.Create(t.Context(), editor, kind, "", content.Text{Title: title, Body: body, Topics: topics})
			must(t, err)
			return e
		}
		add(content.Guide, "甲篇", "押金条上写着绿豆糕。", "wages")
		add(content.Guide, "绿豆糕与乙篇", "绿豆糕。", "work-injury")
		add(content.News, "丙篇", "绿豆糕比赛。")
		live := add(content.Page, "丁篇", "绿豆糕铺子。")
		_, err := o.content.Publish(t.Context(), auth.System(), live.ID, live.Version)
		must(t, err)
		add(content.Guide, "戊篇", "说的是别的事。")
		must(t, o.index.Rebuild(t.Context(), nil))

		all := []string{"甲篇", "乙篇", "丙篇", "丁篇", "戊篇"}
		b := o.signIn("other") // an editor sees what others write
		for address, want := range map[string]string{
			"q=绿豆糕":                           "甲篇 乙篇 丙篇 丁篇",
			"q=綠豆糕":                           "甲篇 乙篇 丙篇 丁篇",
			"q=绿豆糕&kind=guide":                "甲篇 乙篇",
			"q=绿豆糕&kind=guide&topic=wages":    "甲篇",
			"q=绿豆糕&state=draft":               "甲篇 乙篇 丙篇",
			"q=绿豆糕&state=published":           "丁篇",
			"q=绿豆糕&state=draft&column=guides": "甲篇 乙篇", // where guides show by themselves
			"q=绿豆糕&column=notices":            "",
			"q=绿豆糕&page=9":                    "",
			"q=没有的话萨克斯":                       "",
			"":                                "甲篇 乙篇 丙篇 丁篇 戊篇",
			"q=。。。":                           "",
		} {
			query, err := url.ParseQuery(address)
			must(t, err)
			resp, page := b.get("/admin/documents/?" + query.Encode())
			if resp.StatusCode != http.StatusOK || strings.Contains(page, "正在准备") {
				t.Errorf("%s: %d", address, resp.StatusCode)
			}
			for _, title := range all {
				if got := strings.Contains(page, title+"</a>"); got != strings.Contains(want, title) {
					t.Errorf("%s: %s is there: %t", address, title, got)
				}
			}
		}
		_, page := b.get("/admin/documents/?q=" + url.QueryEscape("绿豆糕"))
		if at := strings.Index(page, "乙篇</a>"); at > strings.Index(page, "甲篇</a>") {
			t.Error("a title that says it does not come first")
		}
		if resp, _ := o.signIn("coordinator").get("/admin/documents/?q=" + url.QueryEscape("绿豆糕")); resp.StatusCode != http.StatusForbidden {
			t.Errorf("who may not write gets %d", resp.StatusCode)
		}
	})
}

// While there is no index, titles are found and the page says so.
func TestDocumentsAreFoundByTitleWithoutAnIndex(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	editor := o.person("editor").Actor()
	for _, text := range []content.Text{{Title: "绿豆糕", Body: "甲。"}, {Title: "乙篇", Body: "绿豆糕。"}} {
		_, err := o.content.Create(t.Context(), editor, content.Guide, "", text)
		must(t, err)
	}
	must(t, o.index.Close())
	_, page := o.signIn("editor").get("/admin/documents/?q=" + url.QueryEscape("豆糕"))
	if !strings.Contains(page, "绿豆糕</a>") || strings.Contains(page, "乙篇</a>") || !strings.Contains(page, "现在只找标题") {
		t.Errorf("the list: %s", page)
	}
}
