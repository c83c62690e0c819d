package admin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/media"
)

// slope is a picture that gets lighter to the right or to the left, so that two
// of one direction look alike and two of different ones do not.
func slope(t testing.TB, w int, right bool) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, w))
	for y := range w {
		for x := range w {
			g := uint8(255 * x / w)
			if right == (y < w/2) {
				g = 255 - g
			}
			img.SetGray(x, y, color.Gray{g})
		}
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return b.Bytes()
}

var objectLink = regexp.MustCompile(`/admin/media/([0-9a-f]{64})`)

func (o *office) only(f media.Filter) media.Object {
	o.t.Helper()
	list, err := o.media.List(o.t.Context(), f)
	must(o.t, err)
	if len(list) != 1 {
		o.t.Fatalf("%+v finds %d", f, len(list))
	}
	return list[0]
}

func TestMediaIsDescribedAndFound(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "/sfj")
		e := o.signIn("editor")
		resp, _ := e.upload("/admin/media/", []file{{"file", "一.png", slope(t, 400, true)}, {"file", "名单.txt", []byte("一行")}}, "tags", "农民工日、展板")
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("upload: %d", resp.StatusCode)
		}
		_, page := e.get("/admin/media/?tag=%E5%B1%95%E6%9D%BF")
		says(t, page, "一.png", "名单.txt", "缺文字说明 1", "没有用到 2")
		_, page = e.upload("/admin/media/", []file{{"file", "二.png", slope(t, 300, true)}})
		says(t, page, "很像已有的", "一.png")
		one := o.only(media.Filter{Text: "一.png"})
		path := "/admin/media/" + one.Key

		resp, page = e.post(path, "go", "describe", "version", "1", "alt", "", "focus_x", "150", "tags", "展板")
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("a focus outside: %d", resp.StatusCode)
		}
		says(t, page, "重点位置请填 0 到 100", `value="展板"`)
		resp, _ = e.post(path, "go", "describe", "version", "1", "alt", "律师答问", "focus_x", "20", "focus_y", "80", "tags", "展板", "people", "1", "agreed", "王建国，书面", "until", "2026-12-01")
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("describe: %d", resp.StatusCode)
		}
		resp, page = e.post(path, "go", "describe", "version", "1", "alt", "我写的别丢")
		if resp.StatusCode != http.StatusConflict {
			t.Errorf("a stale form: %d", resp.StatusCode)
		}
		says(t, page, "我写的别丢")
		_, page = e.get("/admin/media/?want=expiring")
		says(t, page, "一.png", "到 2026-12-01", "focus-x25 focus-y75")
		_, page = e.get(path)
		says(t, page, "王*", "还没有用到")
		if strings.Contains(page, "王建国") {
			t.Error("a name shows without a reason")
		}
		_, page = e.post(path, "go", "reveal", "reason", "来电核对")
		says(t, page, "王建国，书面")
		_, page = e.get("/admin/media/?q=%E5%B1%95%E6%9D%BF") // in a tag
		says(t, page, "一.png")
		if line := o.logged("status=500"); line != "" {
			t.Error(line)
		}
	})
}

func TestMediaIsReplacedAndDeletedSafely(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		session := o.heldSession("示例机械厂").ID
		e := o.signIn("editor")
		e.upload("/admin/media/", []file{{"file", "表.png", slope(t, 400, true)}})
		one := o.only(media.Filter{})
		path := "/admin/media/" + one.Key
		must(t, d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return o.media.SetUses(ctx, tx, "session", session, map[string][]string{"photo": {one.Key}})
		}))
		resp, _ := e.upload(path, []file{{"file", "新表.png", slope(t, 500, false)}}, "go", "replace")
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("replace: %d", resp.StatusCode)
		}
		if now := o.only(media.Filter{}); now.Key != one.Key || now.Width != 500 {
			t.Errorf("replaced: %+v", now)
		}
		resp, page := e.upload(path, []file{{"file", "表.txt", []byte("文字")}}, "go", "replace")
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("a text for a picture: %d", resp.StatusCode)
		}
		says(t, page, "只能换成同一类的文件")
		resp, page = e.post(path, "go", "delete")
		if resp.StatusCode != http.StatusConflict {
			t.Errorf("deleted in use: %d", resp.StatusCode)
		}
		says(t, page, "还用在 1 处", "示例机械厂", "现场照片")
		if resp, _ = e.post(path, "go", "force", "reason", "不要了"); resp.StatusCode != http.StatusForbidden {
			t.Errorf("forced by an editor: %d", resp.StatusCode)
		}
		e.post(path, "go", "unconsent")
		_, page = e.get(path)
		says(t, page, "画面中人撤回了同意")
		resp, page = o.signIn("boss").post(path, "go", "force", "reason", "")
		says(t, page, "请写明强制删除的理由")
		if resp, _ = o.signIn("boss").post(path, "go", "force", "reason", "本人要求"); resp.StatusCode != http.StatusSeeOther {
			t.Errorf("forced: %d", resp.StatusCode)
		}
		if _, err := o.media.Get(t.Context(), one.Key); !errs.Is(err, errs.Gone) {
			t.Errorf("deleted: %v", err)
		}
		_, page = e.upload("/admin/media/", []file{{"file", "新表.png", slope(t, 500, false)}})
		says(t, page, "撤回同意")
		if line := o.logged("status=500"); line != "" {
			t.Error(line)
		}
	})
}

// What the page's script is told, file by file.
func TestMediaOneByOne(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "/sfj")
	e := o.signIn("editor")
	for _, tt := range []struct {
		name   string
		body   []byte
		status int
		want   string
	}{
		{"一.png", slope(t, 400, true), 200, "page"}, {"坏.png", []byte("\x89PNG\r\n\x1a\n坏"), 400, "error"}, {"空.txt", nil, 400, "error"},
	} {
		resp, body := e.upload("/admin/media/one", []file{{"file", tt.name, tt.body}})
		var answer map[string]any
		if err := json.Unmarshal([]byte(body), &answer); err != nil || resp.StatusCode != tt.status || answer[tt.want] == nil {
			t.Errorf("%s: %d %s %v", tt.name, resp.StatusCode, body, err)
		}
		if path, ok := answer["page"].(string); ok && !objectLink.MatchString(path) {
			t.Errorf("it leads to %q", path)
		}
	}
}
