package admin_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

func TestWhatANewVersionOfALawMakesStale(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "/sfj")
		load := func(day string, texts ...string) {
			body := "# 中华人民共和国网络安全法\n\n" + day + " 通过\n\n<!-- INFO END -->\n\n"
			for i, text := range texts {
				body += "第" + string([]rune("一二三四")[i]) + "条 " + text + "\n\n"
			}
			_, err := o.laws.Import(t.Context(), auth.System(), fstest.MapFS{"网络安全法(" + day + ").md": {Data: []byte(body)}})
			must(t, err)
		}
		load("2016-11-07", "为了规范网络，制定本法。", "网络运营者应当制定应急预案。", "本法自公布之日起施行。")
		b := o.signIn("editor")
		if resp, page := b.get("/admin/laws/wlaq/changes"); resp.StatusCode != http.StatusNotFound || !strings.Contains(page, "只载入了一个版本") {
			t.Errorf("one version: %d", resp.StatusCode)
		}
		old, fresh := guide("网络安全怎么办"), guide("刚核对过的")
		old.Sources, old.Checked = []string{"《网络安全法》第二条", "《网络安全法》第三条"}, "2025-01-01"
		fresh.Sources = []string{"《网络安全法》第二条"}
		for _, text := range []content.Text{old, fresh} {
			e, err := o.content.Create(t.Context(), auth.System(), content.Guide, "", text)
			must(t, err)
			_, err = o.content.Publish(t.Context(), auth.System(), e.ID, e.Version)
			must(t, err)
		}
		load("2025-10-28", "为了规范网络，制定本法。", "国家支持人工智能基础理论研究。", "网络运营者应当制定并演练应急预案。", "本法自公布之日起施行。")

		if _, page := b.get("/admin/laws/"); !strings.Contains(page, `href="/sfj/admin/laws/wlaq/changes"`) {
			t.Error("the list does not lead to the changes")
		}
		resp, page := b.get("/admin/laws/wlaq/changes")
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", resp.StatusCode, page)
		}
		for _, want := range []string{"要核对的文章（1 篇）", "网络安全怎么办", "第二条：改了文字，现为第三条；第三条：只改了条号，现为第四条", "已核对过的（1 篇）",
			"文字有变的条文（2 处）", `加上：</span>并演练</ins>`, "新增", "只改了条号的条文（1 条）", "1 篇引用"} {
			if !strings.Contains(page, want) {
				t.Errorf("no %q", want)
			}
		}
		if resp, _ := o.signIn("coordinator").get("/admin/laws/"); resp.StatusCode != http.StatusForbidden {
			t.Errorf("who may not write: %d", resp.StatusCode)
		}
	})
}
