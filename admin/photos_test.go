package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

var photoOf = regexp.MustCompile(`src="[^"]*/photos/([0-9a-f]{64})"`)

// From a photo with faces in it to a public one without, and back: readers get
// the blurred picture only, and nothing once it is hidden.
func TestPhotoIsBlurredShownAndHidden(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "/sfj")
		s := o.heldSession("示例机械厂")
		report := "/admin/sessions/" + s.ID + "/report"
		c := o.signIn("coordinator")
		c.upload(report, []file{{"photo", "现场.png", picture(t, 90)}}, "go", "photo", "consent", "1")
		_, page := c.get(report)
		original := photoOf.FindStringSubmatch(page)[1]
		blur := "/admin/sessions/" + s.ID + "/photos/" + original + "/blur"
		_, page = c.get(blur)
		says(t, page, "还原不了", `value="1-1"`, `value="9-12"`, "第 2 行第 3 格")

		resp, page := c.post(blur, "go", "blur", "cell", "99-1", "area", "x,y")
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("nothing marked: %d", resp.StatusCode)
		}
		says(t, page, "请先选出要打码的地方", `href="#f-area"`)
		resp, _ = c.post(blur, "go", "blur", "cell", "2-3", "cell", "2-4", "area", "500,500,200,200")
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("blur: %d", resp.StatusCode)
		}
		_, page = c.get(report)
		says(t, page, "已打码", "待审定")
		blurred := photoOf.FindStringSubmatch(page)[1]
		if blurred == original {
			t.Fatal("the report shows the picture as it came")
		}
		c.post(report, "go", "show", "key", original)
		wantPublic := func(when, key string, kind errs.Kind) {
			t.Helper()
			if _, err := o.media.Get(t.Context(), key); errs.Is(err, kind) != (err != nil) {
				t.Errorf("%s: %v", when, err)
			} else if (err == nil) != (kind == errs.Internal) {
				t.Errorf("%s: %v, want %v", when, err, kind)
			}
		}
		const seen = errs.Internal // no error at all
		wantPublic("shown, blurred", blurred, seen)
		wantPublic("shown, original", original, errs.NotFound)

		resp, page = c.post(report, "go", "hide", "key", original)
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("hide: %d", resp.StatusCode)
		}
		wantPublic("hidden", blurred, errs.Gone)
		for info, err := range o.media.Store().List(t.Context(), blurred) {
			t.Errorf("left in the store: %v, %v", info.Name, err)
		}
		c.post(report, "go", "show", "key", original) // and it comes back
		wantPublic("shown again", blurred, seen)
		c.post(blur, "go", "clear")
		wantPublic("from the original again", blurred, errs.Gone)
		_, page = c.get(report)
		if photoOf.FindStringSubmatch(page)[1] != original {
			t.Error("the report does not show the original")
		}
		if resp, _ := o.signIn("editor").get(blur); resp.StatusCode != http.StatusForbidden {
			t.Errorf("an editor blurs: %d", resp.StatusCode)
		}
		if line := o.logged("status=500"); line != "" {
			t.Error(line)
		}
	})
}

func TestOldPhotosComeUpForReview(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		s := o.heldSession("示例机械厂：加班费怎么算")
		report := "/admin/sessions/" + s.ID + "/report"
		c := o.signIn("coordinator")
		for shade := range 2 {
			c.upload(report, []file{{"photo", "现场.png", picture(t, uint8(90+shade))}}, "go", "photo", "consent", "1")
		}
		_, page := c.get(report)
		var keys []string
		for _, m := range photoOf.FindAllStringSubmatch(page, -1) {
			keys = append(keys, m[1])
			c.post(report, "go", "show", "key", m[1])
		}
		_, page = c.get("/admin/photos/")
		says(t, page, "没有到期的照片")
		o.pass(3*366*24*time.Hour + time.Hour)
		c = o.signIn("coordinator")
		_, page = c.get("/admin/")
		says(t, page, "2 张现场照片")
		_, page = c.get("/admin/photos/")
		says(t, page, "公开满 3 年", "示例机械厂：加班费怎么算", keys[0], keys[1])

		resp, page := c.post("/admin/photos/", "go", "keep", "session", s.ID, "key", keys[0], "reason", "")
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("kept without a reason: %d", resp.StatusCode)
		}
		says(t, page, "请写明继续公开的理由")
		c.post("/admin/photos/", "go", "keep", "session", s.ID, "key", keys[0], "reason", "展板还在用")
		c.post("/admin/photos/", "go", "down", "session", s.ID, "key", keys[1])
		_, page = c.get("/admin/photos/")
		says(t, page, "没有到期的照片")
		if _, err := o.media.Get(t.Context(), keys[0]); err != nil {
			t.Errorf("kept: %v", err)
		}
		if _, err := o.media.Get(t.Context(), keys[1]); !errs.Is(err, errs.Gone) {
			t.Errorf("taken down: %v", err)
		}
		for info, err := range o.media.Store().List(t.Context(), "") {
			if strings.Contains(info.Name, keys[1]) {
				t.Errorf("left in the store: %v, %v", info.Name, err)
			}
		}
		if line := o.logged("status=500"); line != "" {
			t.Error(line)
		}
	})
}
