package law_test

import (
	"testing"
	"testing/fstest"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// TestRenumbered: an article is inserted as in 网络安全法 of 2025, one is
// rewritten, one goes.
func TestRenumbered(t *testing.T) {
	const head = "# 中华人民共和国网络安全法\n\n%INFO%\n\n<!-- INFO END -->\n\n"
	old := head + "第一条 为了保障网络安全，制定本法。\n\n第二条 网络运营者应当按照规定留存相关的网络日志不少于六个月。\n\n第三条 违反本法第二条规定的，由有关主管部门责令改正，给予警告。\n\n第四条 国家鼓励开发网络数据安全保护和利用技术。\n\n第五条 废止旧办法。\n\n"
	now := head + "第一条 为了保障网络安全，制定本法。\n\n第二条 网络安全工作坚持中国共产党的领导。\n\n第三条 网络运营者应当按照规定留存相关的网络日志不少于六个月。\n\n第四条 违反本法第三条规定的，由有关主管部门责令改正，给予警告。\n\n"
	info := func(text, line string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(text[:len("# 中华人民共和国网络安全法\n\n")] + line + text[len("# 中华人民共和国网络安全法\n\n%INFO%"):])}
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(d)
		importAll(t, s, fstest.MapFS{
			"行政法/网络安全法(2016-11-07).md": info(old, "2016年11月7日 通过"),
			"行政法/网络安全法(2025-10-28).md": info(now, "2025年10月28日 修正"),
		})
		laws, err := s.Laws(t.Context())
		if err != nil || len(laws) != 1 {
			t.Fatal(laws, err)
		}
		for from, want := range map[int]int{2: 3, 3: 4, 4: 0, 5: 0, 9: 0} {
			got, _, ok, err := s.Renumbered(t.Context(), laws[0].Slug, from, 0)
			if err != nil || ok != (want > 0) || got != want {
				t.Errorf("article %d is now %d (%v), want %d: %v", from, got, ok, want, err)
			}
		}
	})
}
