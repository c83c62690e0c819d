package content_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

var inspected = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// watched is a column with documents, updated some time ago.
func watched(w content.Watch, rhythm int, ago time.Duration) content.ColumnState {
	return content.ColumnState{Column: content.Column{Slug: "c", Name: "栏目", Watch: w, Rhythm: rhythm}, Documents: 3, Last: inspected.Add(-ago)}
}

func TestColumnLights(t *testing.T) {
	for _, tt := range []struct {
		name  string
		state content.ColumnState
		light content.Light
		says  string
		stale bool
	}{
		{"news, just now", watched(content.WatchNews, 0, 0), content.Green, "还有 14 天", false},
		{"news, day 6", watched(content.WatchNews, 0, 6*day), content.Green, "还有 8 天", false},
		{"news, nearly half", watched(content.WatchNews, 0, 7*day-time.Millisecond), content.Green, "还有 7 天", false},
		{"news, day 7", watched(content.WatchNews, 0, 7*day), content.Yellow, "还有 7 天", false},
		{"news, day 11", watched(content.WatchNews, 0, 11*day), content.Yellow, "还有 3 天", false},
		{"news, day 12", watched(content.WatchNews, 0, 12*day), content.Orange, "还有 2 天", false},
		{"news, day 14", watched(content.WatchNews, 0, 14*day), content.Orange, "今天到限", false},
		{"news, a moment past", watched(content.WatchNews, 0, 14*day+time.Millisecond), content.Red, "超过 1 天", true},
		{"news, day 15", watched(content.WatchNews, 0, 15*day), content.Red, "超过 1 天", true},
		{"news, day 16", watched(content.WatchNews, 0, 16*day), content.Red, "超过 2 天", true},
		{"notice, day 89", watched(content.WatchNotice, 0, 89*day), content.Green, "还有 91 天", false},
		{"notice, day 90", watched(content.WatchNotice, 0, 90*day), content.Yellow, "还有 90 天", false},
		{"notice, day 143", watched(content.WatchNotice, 0, 143*day), content.Yellow, "还有 37 天", false},
		{"notice, day 144", watched(content.WatchNotice, 0, 144*day), content.Orange, "还有 36 天", false},
		{"notice, day 180", watched(content.WatchNotice, 0, 180*day), content.Orange, "今天到限", false},
		{"notice, day 181", watched(content.WatchNotice, 0, 181*day), content.Red, "超过 1 天", true},
		{"promise is stricter, not stale", watched(content.WatchNotice, 30, 31*day), content.Red, "超过 1 天", false},
		{"promise is looser, rule stays", watched(content.WatchNews, 90, 15*day), content.Red, "超过 1 天", true},
		{"regular goes a year", watched(content.WatchRegular, 0, 366*day), content.Red, "超过 1 天", true},
		{"regular by its promise", watched(content.WatchRegular, 60, 61*day), content.Red, "超过 1 天", true},
		{"regular by a long promise", watched(content.WatchRegular, 700, 366*day), content.Yellow, "还有 334 天", false},
		{"static", watched(content.WatchStatic, 0, 4000*day), content.Unlit, "不要求", false},
		{"static with a promise", watched(content.WatchStatic, 10, 11*day), content.Red, "超过 1 天", false},
		{"undated", content.ColumnState{Column: content.Column{Watch: content.WatchNews}, Documents: 1}, content.Red, "没有发布时间，按没有更新算", true},
		{"from the future", watched(content.WatchNews, 0, -2*time.Hour), content.Red, "没有发布时间，按没有更新算", true},
		{"a clock a little ahead", watched(content.WatchNews, 0, -time.Minute), content.Green, "还有 14 天", false},
		{"blank", content.ColumnState{Column: content.Column{Watch: content.WatchStatic}}, content.Blank, "还没有内容", false},
		{"only news", content.ColumnState{Column: content.Column{Kinds: []content.Kind{content.News}}, Documents: 1, Last: inspected.Add(-15 * day)}, content.Red, "超过 1 天", true},
		{"takes all", content.ColumnState{Documents: 1, Last: inspected.Add(-15 * day)}, content.Green, "还有 350 天", false},
	} {
		got := content.Inspect([]content.ColumnState{tt.state}, inspected).Columns[0]
		if got.Light != tt.light || got.Remaining() != tt.says || got.Stale != tt.stale {
			t.Errorf("%s: %s, %q, stale %v; want %s, %q, %v", tt.name, got.Light, got.Remaining(), got.Stale, tt.light, tt.says, tt.stale)
		}
	}
}

// many repeats a column.
func many(n int, s content.ColumnState) (list []content.ColumnState) {
	for i := range n {
		s.Slug = fmt.Sprintf("c%d", i)
		list = append(list, s)
	}
	return list
}

func TestIndicators(t *testing.T) {
	fresh, blank := watched(content.WatchNews, 0, 0), content.ColumnState{Column: content.Column{Watch: content.WatchStatic}}
	news, notice, regular := watched(content.WatchNews, 0, 15*day), watched(content.WatchNotice, 0, 181*day), watched(content.WatchRegular, 0, 366*day)
	fresh.Home = true
	off := fresh
	off.Home, off.Last = false, inspected
	for _, tt := range []struct {
		name    string
		columns []content.ColumnState
		id      string
		light   content.Light
		verdict content.Verdict
	}{
		{"nothing at all", nil, "home", content.Red, content.Fails},
		{"home is fresh", many(1, fresh), "home", content.Green, content.Passes},
		{"home, day 6", many(1, watched(content.WatchStatic, 0, 6*day)), "home", content.Green, content.Passes},
		{"home, day 7", many(1, watched(content.WatchStatic, 0, 7*day)), "home", content.Yellow, content.Danger},
		{"home, day 11", many(1, watched(content.WatchStatic, 0, 11*day)), "home", content.Yellow, content.Danger},
		{"home, day 12", many(1, watched(content.WatchStatic, 0, 12*day)), "home", content.Orange, content.Danger},
		{"home, day 14", many(1, watched(content.WatchStatic, 0, 14*day)), "home", content.Orange, content.Danger},
		{"home, day 15", many(1, watched(content.WatchStatic, 0, 15*day)), "home", content.Red, content.Fails},
		{"news beside the home page", append(many(1, off), func() content.ColumnState { s := fresh; s.Last = inspected.Add(-15 * day); return s }()), "home", content.Red, content.Fails},
		{"2 stale", append(many(2, news), fresh), "columns", content.Green, content.Passes},
		{"3 stale", append(many(3, news), fresh), "columns", content.Yellow, content.Danger},
		{"4 stale", append(append(many(2, news), many(2, notice)...), fresh), "columns", content.Orange, content.Danger},
		{"5 stale", append(append(many(3, news), many(2, notice)...), fresh), "columns", content.Red, content.Fails},
		{"regular ones are another number", append(many(9, regular), fresh), "columns", content.Green, content.Danger},
		{"4 regular", append(many(4, regular), fresh), "regular", content.Green, content.Passes},
		{"5 regular", append(many(5, regular), fresh), "regular", content.Yellow, content.Danger},
		{"8 regular", append(many(8, regular), fresh), "regular", content.Orange, content.Danger},
		{"10 regular", append(many(10, regular), fresh), "regular", content.Red, content.Fails},
		{"2 blank", append(many(2, blank), fresh), "blank", content.Green, content.Passes},
		{"4 blank", append(many(4, blank), fresh), "blank", content.Orange, content.Danger},
		{"5 blank", append(many(5, blank), fresh), "blank", content.Red, content.Fails},
	} {
		in := content.Inspect(tt.columns, inspected)
		for _, i := range in.Indicators {
			if i.ID != tt.id {
				continue
			}
			if i.Light != tt.light || in.Verdict != tt.verdict {
				t.Errorf("%s: %s and %s, want %s and %s", tt.name, i.Light, in.Verdict, tt.light, tt.verdict)
			}
			if (i.Light != content.Green) != strings.Contains(strings.Join(in.Why, "\n"), i.Name+"：") {
				t.Errorf("%s: the reasons are %q", tt.name, in.Why)
			}
		}
	}
}

// Time alone makes a light only worse, and the days that are left fewer.
func TestLightsOnlyGetWorse(t *testing.T) {
	order := map[content.Light]int{content.Green: 0, content.Yellow: 1, content.Orange: 2, content.Red: 3}
	rapid.Check(t, func(t *rapid.T) {
		s := watched(content.WatchRegular, rapid.IntRange(1, 3650).Draw(t, "rhythm"), 0)
		sooner := time.Duration(rapid.Int64Range(0, int64(4000*day)).Draw(t, "sooner"))
		later := sooner + time.Duration(rapid.Int64Range(0, int64(4000*day)).Draw(t, "later"))
		a := content.Inspect([]content.ColumnState{s}, inspected.Add(sooner)).Columns[0]
		b := content.Inspect([]content.ColumnState{s}, inspected.Add(later)).Columns[0]
		if order[b.Light] < order[a.Light] || b.Left > a.Left {
			t.Fatalf("%s with %d left became %s with %d", a.Light, a.Left, b.Light, b.Left)
		}
	})
}

func TestFooterTags(t *testing.T) {
	var missing []string
	for _, tag := range (content.Footer{Name: "示例区司法局", ICP: "示ICP备1号"}).Tags() {
		if tag.Value == "" {
			missing = append(missing, tag.Name)
		}
	}
	if got := strings.Join(missing, "、"); got != "联系电话、网站标识码、公安备案号" {
		t.Errorf("missing: %s", got)
	}
}

func TestInspection(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		began := k.clock.at
		look := func() map[string]content.ColumnLight {
			t.Helper()
			lights := map[string]content.ColumnLight{}
			for _, c := range get[content.Inspection](k)(k.Inspection(k.ctx, k.clock.at)).Columns {
				lights[c.Slug] = c
			}
			return lights
		}
		k.create("", guide("只是草稿"))
		if got := look(); len(got) != 3 || got["guides"].Light != content.Blank || got["cases"].Light != content.Blank {
			t.Fatalf("before anything is public: %+v", got)
		}
		e := k.publish("wages", guide("工资"))
		if got := look()["guides"]; got.Documents != 1 || !got.Last.Equal(began) || got.Light != content.Green {
			t.Errorf("published: %+v", got)
		}
		k.clock.at = began.Add(200 * day)
		if got := look()["guides"]; got.Light != content.Yellow {
			t.Errorf("after 200 days: %+v", got)
		}
		next := get[content.Edition](k)(k.Revise(k.ctx, author, e.ID, e.Version))
		if got := look()["guides"]; !got.Last.Equal(began) {
			t.Error("a draft counts as an update")
		}
		next = get[content.Edition](k)(k.Publish(k.ctx, reviewer, next.ID, next.Version))
		if got := look()["guides"]; !got.Last.Equal(k.clock.at) || got.Light != content.Green {
			t.Errorf("a new edition: %+v", got)
		}
		list := get[[]content.Publication](k)(k.Publications(k.ctx, "guides", 20))
		if len(list) != 1 || list[0].Number != 2 || !list[0].At.Equal(k.clock.at) || !list[0].First.Equal(began) || list[0].Address != "/guides/wages" {
			t.Errorf("publications: %+v", list)
		}
		get[content.Edition](k)(k.Unpublish(k.ctx, reviewer, next.ID, next.Version, "过时", ""))
		if got := look()["guides"]; got.Light != content.Blank {
			t.Errorf("taken down: %+v", got)
		}
	})
}

func TestColumnPromise(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		chief := auth.Actor{ID: "u-admin", Name: "管理", Roles: []auth.Role{auth.Admin}}
		c := get[content.Column](k)(k.Column(k.ctx, "guides"))
		for _, bad := range []func(*content.Column){
			func(c *content.Column) { c.Rhythm = -1 }, func(c *content.Column) { c.Rhythm = 3651 },
			func(c *content.Column) { c.Watch = "often" }, func(c *content.Column) { c.Owner = "nobody" },
		} {
			wrong := c
			bad(&wrong)
			_, err := k.SaveColumn(k.ctx, chief, c.Mark(), wrong)
			wantKind(t, err, errs.Invalid)
		}
		mine := c
		mine.Rhythm, mine.Watch, mine.Owner, mine.OwnerName = 30, content.WatchRegular, author.ID, author.Name
		get[content.Column](k)(k.SaveColumn(k.ctx, chief, c.Mark(), mine))
		k.publish("wages", guide("工资"))
		owed := func(who auth.Actor) string {
			t.Helper()
			var all []string
			for _, l := range get[[]content.ColumnLight](k)(k.Owed(k.ctx, who, k.clock.at)) {
				all = append(all, l.Slug+" "+string(l.Light))
			}
			return strings.Join(all, ", ")
		}
		for _, tt := range []struct {
			day  int
			want string
		}{{14, ""}, {15, "guides yellow"}, {24, "guides orange"}, {31, "guides red"}} {
			k.clock.at = time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC).AddDate(0, 0, tt.day)
			if got := owed(author); got != tt.want {
				t.Errorf("day %d: %q, want %q", tt.day, got, tt.want)
			}
			if got := owed(reviewer); got != "" {
				t.Errorf("day %d: who owns nothing owes %q", tt.day, got)
			}
		}
		// A list from a file changes the promise and never the owner.
		columns := get[[]content.Column](k)(k.Columns(k.ctx))
		columns[0].Rhythm, columns[0].Owner, columns[0].OwnerName = 60, "", ""
		k.must(k.SetColumns(k.ctx, auth.System(), columns))
		if got := get[content.Column](k)(k.Column(k.ctx, "guides")); got.Rhythm != 60 || got.Owner != author.ID || got.OwnerName != author.Name || got.Watch != content.WatchRegular {
			t.Errorf("after the import: %+v", got)
		}
		columns[0].Rhythm = 5000
		wantKind(t, k.SetColumns(k.ctx, auth.System(), columns), errs.Invalid)
	})
}
