package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// TestCalendarFiles reads a notice as Excel saves it, with BOM and in GBK, under
// Chinese titles; a file with one mistake changes nothing.
func TestCalendarFiles(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		b := o.signIn("coordinator")
		notice := "日期,类别,名称,依据\r\n2027-10-01,节,国庆节,国办发明电〔2026〕7号\r\n2027/10/9,班,国庆节补班,\r\n2027年10月4日,休,国庆节,\r\n"
		gbk, err := simplifiedchinese.GBK.NewEncoder().String(notice)
		must(t, err)
		for name, text := range map[string]string{"bom": "\ufeff" + notice, "gbk": gbk} {
			resp, page := b.upload("/admin/calendar/", []file{{"file", name + ".csv", []byte(text)}}, "go", "import", "year", "2027")
			if resp.StatusCode != http.StatusOK || !strings.Contains(page, "文件已导入") || !strings.Contains(page, "共 3 天") {
				t.Errorf("%s: %d %s", name, resp.StatusCode, page)
			}
		}
		bad := strings.Replace(notice, "休", "玩", 1)
		resp, page := b.upload("/admin/calendar/", []file{{"file", "bad.csv", []byte(bad)}}, "go", "import", "year", "2027")
		if resp.StatusCode != http.StatusBadRequest || !strings.Contains(page, "第 4 行：类别“玩”应为") || !strings.Contains(page, "共 3 天") {
			t.Errorf("a bad row: %d %s", resp.StatusCode, page)
		}
		resp, page = b.upload("/admin/calendar/", []file{{"file", "empty.csv", []byte("日期,类别\r\n")}}, "go", "import", "year", "2027")
		if resp.StatusCode != http.StatusBadRequest || !strings.Contains(page, "文件里没有日期") {
			t.Errorf("an empty file: %d %s", resp.StatusCode, page)
		}
	})
}
