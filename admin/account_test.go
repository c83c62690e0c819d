package admin_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

var secretCode = regexp.MustCompile(`密钥：<code>([A-Z2-7 ]+)</code>`)

// TestCodeFromSetUpToLogin sets the second factor up as its role asks, signs in
// with it, and loses nothing typed on the way.
func TestCodeFromSetUpToLogin(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "/sfj")
		boss := o.signIn("boss")
		boss.done("/admin/policy", "version", "1", "roles", "editor", "password_days", "0", "lock_after", "10", "lock_minutes", "30")
		sees(t, boss.denied(http.StatusBadRequest, "/admin/policy", "version", "2", "password_days", "7", "lock_after", "10", "lock_minutes", "30"), "30 至 730", `value="7"`)

		b := o.signIn("editor")
		resp, _ := b.get("/admin/documents/")
		if resp.StatusCode != http.StatusSeeOther || !strings.HasSuffix(resp.Header.Get("Location"), "/admin/account/code") {
			t.Fatalf("without the code: %d %s", resp.StatusCode, resp.Header.Get("Location"))
		}
		_, page := b.get("/admin/account/code")
		b.token = tokenIn(page)
		sees(t, page, "您的角色要求开通动态码", "<svg")
		secret := strings.ReplaceAll(secretCode.FindStringSubmatch(page)[1], " ", "")
		sees(t, b.denied(http.StatusBadRequest, "/admin/account/code", "go", "confirm", "code", "123"), "动态码不对", secretCode.FindStringSubmatch(page)[1])
		code := func() string {
			c, err := totp.GenerateCode(secret, o.now())
			must(t, err)
			return c
		}
		resp, page = b.post("/admin/account/code", "go", "confirm", "code", code())
		if resp.StatusCode != http.StatusOK || strings.Count(page, "<li><code>") != 10 {
			t.Fatalf("no ten words: %d %s", resp.StatusCode, page)
		}
		if resp, _ = b.get("/admin/documents/"); resp.StatusCode != http.StatusOK {
			t.Fatalf("with the code: %d", resp.StatusCode)
		}

		// The session ends while a text is written; it comes through both steps.
		o.pass(time.Hour)
		resp, page = b.post("/admin/documents/new", "kind", "guide", "title", "写了一小时的标题", "body", "很长的正文", "go", "save")
		if resp.StatusCode != http.StatusUnauthorized {
			t.Fatalf("after an hour: %d", resp.StatusCode)
		}
		kept := carried(page)
		b.token = "" // the page brings its own
		resp, page = b.post("/admin/login", append(kept, "name", "editor", "password", password)...)
		if resp.StatusCode != http.StatusOK || strings.Contains(page, `type="password"`) {
			t.Fatalf("after the password: %d %s", resp.StatusCode, page)
		}
		sees(t, page, "动态码", "写了一小时的标题", `name="half"`)
		resp, page = b.post("/admin/login", append(carried(page), "code", "000000")...)
		sees(t, page, "动态码或备用码不对", "写了一小时的标题", "很长的正文")
		resp, page = b.post("/admin/login", append(carried(page), "code", code())...)
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("after the code: %d %s", resp.StatusCode, page)
		}
		sees(t, page, "登录好了", "写了一小时的标题", "很长的正文", "继续提交")
		seesNot(t, page, `name="half"`, `name="code"`)

		// The list of where one is signed in, and the administrator's help.
		_, page = b.get("/admin/account")
		b.token = tokenIn(page)
		sees(t, page, "就是这里", "127.0.0.*", "备用码还剩 10 个")
		seesNot(t, page, "127.0.0.1")
		user := "/admin/users/" + o.person("editor").ID
		_, page = boss.get(user)
		if boss.token = tokenIn(page); boss.token == "" { // an hour has passed for the boss too
			boss = o.signIn("boss")
			_, page = boss.get(user)
		}
		sees(t, page, "有动态码", "手机丢了")
		boss.done(user, "go", "totp_reset")
		if resp, _ = b.get("/admin/account"); resp.StatusCode != http.StatusSeeOther {
			t.Errorf("the reset leaves the session: %d", resp.StatusCode)
		}
	})
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// carried are the hidden fields of a page, to be sent on as a browser does.
func carried(page string) (pairs []string) {
	for _, m := range hiddenField.FindAllStringSubmatch(page, -1) {
		if m[1] != "name" || !strings.Contains(page, `type="password"`) {
			pairs = append(pairs, m[1], m[2])
		}
	}
	return pairs
}

// TestAuditOut filters the audit, exports it, and verifies it.
func TestAuditOut(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		boss := o.signIn("boss")
		o.draft("=不是公式")
		_, page := boss.get("/admin/audit/?what=user.")
		sees(t, page, "登录（其他设备，127.0.0.*）")
		seesNot(t, page, "不是公式")
		_, page = boss.get("/admin/audit/?from=2026-11-21")
		sees(t, page, "没有符合条件的记录")
		_, page = boss.get("/admin/audit/?from=2026-11-20&to=2026-11-20")
		row := regexp.MustCompile(`href="(/admin/audit/\d+)"`).FindStringSubmatch(page)[1]
		_, page = boss.get(row)
		sees(t, page, "校验值", "看这件事的全部记录")
		if resp, _ := boss.get("/admin/audit/?from=昨天"); resp.StatusCode != http.StatusBadRequest {
			t.Errorf("a day that is none: %d", resp.StatusCode)
		}
		resp, body := boss.get("/admin/audit/audit.csv?what=document.")
		if resp.StatusCode != http.StatusOK || !strings.HasPrefix(body, "\ufeff编号,时间") || !strings.Contains(body, "不是公式") || strings.Contains(body, "user.signin") {
			t.Errorf("CSV: %d %s", resp.StatusCode, body)
		}
		if resp, body = boss.get("/admin/audit/audit.xlsx"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(body, "PK") {
			t.Errorf("sheet: %d", resp.StatusCode)
		}
		_, page = boss.get("/admin/audit/?what=audit.")
		sees(t, page, "导出操作记录", "（CSV）", "（Excel）")
		sees(t, boss.done("/admin/audit/", "go", "verify"), "操作记录完整", "校验操作记录")
		must(t, d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE audit SET summary = '什么也没有' WHERE seq = 3`)
			return err
		}))
		sees(t, boss.denied(http.StatusInternalServerError, "/admin/audit/", "go", "verify"), "从第 3 条起对不上")
		if resp, _ = o.signIn("editor").get("/admin/audit/audit.csv"); resp.StatusCode != http.StatusForbidden {
			t.Errorf("an editor exports: %d", resp.StatusCode)
		}
	})
}
