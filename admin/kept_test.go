package admin_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db/dbtest"
)

const long = "这一段写了很久，一个字都不能丢。\n\n**第二段**也是。"

// draft is an edition that the editor has begun.
func (o *office) draft(title string) content.Edition {
	o.t.Helper()
	e, err := o.content.Create(o.t.Context(), o.person("editor").Actor(), content.Guide, "", guide(title))
	must(o.t, err)
	return e
}

func (o *office) edition(id string) content.Edition {
	o.t.Helper()
	e, err := o.content.Edition(o.t.Context(), id)
	must(o.t, err)
	return e
}

func TestExpiredSessionKeepsTheText(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "/sfj/pufa")
	b := o.signIn("editor")
	e := o.draft("写到一半")
	o.pass(31 * time.Minute)
	resp, page := b.post("/admin/editions/"+e.ID, "version", "1", "title", "写完了", "body", long, "topics", "wages", "topics", "work-injury", "go", "save")
	if resp.StatusCode != http.StatusUnauthorized || !strings.Contains(page, "没有丢") {
		t.Fatalf("status %d: %s", resp.StatusCode, page)
	}
	form := hiddenFields(page)
	b.token = ""
	if resp, page = b.post("/admin/login", append(form, "name", "editor", "password", "wrong password")...); resp.StatusCode != http.StatusBadRequest {
		t.Fatalf("wrong password: %d", resp.StatusCode)
	}
	resp, page = b.post("/admin/login", append(hiddenFields(page), "name", "editor", "password", password)...)
	if resp.StatusCode != http.StatusOK || !strings.Contains(page, "继续提交") || !strings.Contains(page, "这一段写了很久") {
		t.Fatalf("after the login: %d %s", resp.StatusCode, page)
	}
	resp, page = b.post("/admin/editions/"+e.ID, append(hiddenFields(page), "title", "写完了", "body", long)...)
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("sent again: %d %s", resp.StatusCode, page)
	}
	if got := o.edition(e.ID); got.Body != long || got.Title != "写完了" || len(got.Topics) != 2 {
		t.Errorf("saved %q %q %v", got.Title, got.Body, got.Topics)
	}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// hiddenFields are those of the page's main form, as name, value pairs.
func hiddenFields(page string) []string {
	_, main, _ := strings.Cut(page, `<main`)
	var pairs []string
	for _, m := range hidden.FindAllStringSubmatch(main, -1) {
		pairs = append(pairs, m[1], unescape.Replace(m[2]))
	}
	return pairs
}

var unescape = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&#43;", "+")

func TestWhateverGoesWrongShowsTheText(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	b := o.signIn("editor")
	e := o.draft("会出错的")
	deleted := o.draft("已删掉的")
	must(t, o.content.DeleteDraft(t.Context(), auth.System(), deleted.ID, deleted.Version))
	token := b.token
	for _, tt := range []struct {
		name, path, token string
		fields            []string
		status            int
	}{
		{"deleted meanwhile", "/admin/editions/" + deleted.ID, token, []string{"version", "1", "go", "save"}, 404},
		{"no token", "/admin/editions/" + e.ID, "", []string{"version", "1", "go", "save"}, 403},
		{"no verb", "/admin/editions/" + e.ID, token, []string{"version", "1"}, 400},
		{"may not publish", "/admin/editions/" + e.ID, token, []string{"version", "1", "go", "publish"}, 403},
		{"title too long", "/admin/editions/" + e.ID, token, []string{"version", "1", "go", "save", "summary", strings.Repeat("长", 501)}, 400},
		{"unknown kind", "/admin/documents/new", token, []string{"kind", "poem", "go", "save"}, 400},
		{"slug taken", "/admin/documents/new", token, []string{"kind", "guide", "slug", "Not A Slug", "go", "save"}, 400},
	} {
		b.token = tt.token
		resp, page := b.post(tt.path, append(tt.fields, "title", "标题"+tt.name, "body", long)...)
		if resp.StatusCode != tt.status {
			t.Errorf("%s: status %d, want %d", tt.name, resp.StatusCode, tt.status)
		}
		for _, want := range []string{"标题" + tt.name, "这一段写了很久，一个字都不能丢。", "**第二段**也是。"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: page lacks %s", tt.name, want)
			}
		}
	}
}

func TestThrottled(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	o.person("editor")
	b := o.browser()
	_, page := b.get("/admin/login")
	for i := range 6 {
		resp, body := b.post("/admin/login", "_token", tokenIn(page), "name", "editor", "password", fmt.Sprint("wrong password ", i))
		want, sentence := http.StatusBadRequest, "用户名或密码不对"
		if i == 5 {
			want, sentence = http.StatusTooManyRequests, "登录失败次数太多"
		}
		if resp.StatusCode != want || !strings.Contains(body, sentence) || !strings.Contains(body, `value="editor"`) {
			t.Errorf("try %d: %d", i, resp.StatusCode)
		}
		if strings.Contains(body, "wrong password") {
			t.Error("the password comes back")
		}
	}
}

func TestGivenPasswordMustBeChanged(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	o.person("boss") // somebody must be left who is an administrator
	_, err := o.staff.Add(t.Context(), auth.System(), auth.NewAccount{Name: "newcomer", Password: password, Rights: auth.Rights{Roles: []auth.Role{auth.Editor}}, MustChange: true})
	must(t, err)
	b := o.browser()
	_, page := b.get("/admin/login")
	if resp, _ := b.post("/admin/login", "_token", tokenIn(page), "name", "newcomer", "password", password); resp.StatusCode != http.StatusSeeOther {
		t.Fatal(resp.StatusCode)
	}
	for _, path := range []string{"/admin/", "/admin/documents/"} {
		if resp, _ := b.get(path); resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/admin/password" {
			t.Errorf("%s opens: %d %s", path, resp.StatusCode, resp.Header.Get("Location"))
		}
	}
	_, page = b.get("/admin/password")
	b.token = tokenIn(page)
	if resp, page := b.post("/admin/documents/new", "kind", "guide", "title", "先写了再说", "go", "save"); resp.StatusCode != http.StatusForbidden || !strings.Contains(page, "先写了再说") {
		t.Errorf("post: %d", resp.StatusCode)
	}
	for _, tt := range []struct{ old, next, again, want string }{
		{"nonsense", "a new good one", "a new good one", "原密码不对"},
		{password, "a new good one", "another", "不一样"},
		{password, password, password, "请换一个"},
		{password, "short", "short", "至少 10 个字符"},
	} {
		resp, page := b.post("/admin/password", "old", tt.old, "password", tt.next, "again", tt.again)
		if resp.StatusCode != http.StatusBadRequest || !strings.Contains(page, tt.want) {
			t.Errorf("%+v: %d", tt, resp.StatusCode)
		}
	}
	if resp, page := b.post("/admin/password", "old", password, "password", "a new good one", "again", "a new good one"); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", resp.StatusCode, page)
	}
	if resp, _ := b.get("/admin/documents/"); resp.StatusCode != http.StatusOK { // still signed in
		t.Errorf("afterwards: %d", resp.StatusCode)
	}
}

func TestCookies(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "/sfj/pufa")
	o.person("editor")
	b := o.browser()
	_, page := b.get("/admin/login")
	resp, _ := b.post("/admin/login", "_token", tokenIn(page), "name", "editor", "password", password)
	c := resp.Cookies()
	if len(c) != 1 || !c[0].HttpOnly || c[0].SameSite != http.SameSiteLaxMode || c[0].Path != "/sfj/pufa/" || c[0].MaxAge != 0 {
		t.Errorf("cookies %v", c)
	}
}
