package site_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// Whatever somebody types is either understood or stands there again, with a
// sentence that says what to do.
func TestWhatAUnitMayType(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := organizing(t, d, "").host(t)
		h.begin()
		for _, c := range []struct {
			name, step string
			typed      []string
			refused    string // "": it is taken, and the check page shows keeps
			keeps      string
		}{
			{"past day", "when", []string{"d1", "2026-11-20", "t1", "15:00", "minutes", "90"}, "首选时间已经过去了", `value="2026-11-20"`},
			{"today, an hour ago", "when", []string{"d1", "2026-11-24", "t1", "11:00", "minutes", "30"}, "首选时间已经过去了", `value="11:00"`},
			{"13 hours", "when", []string{"d1", "2026-12-08", "t1", "08:00", "other_minutes", "780"}, "一场不能超过 12 小时", `value="780"`},
			{"length in words", "when", []string{"d1", "2026-12-08", "t1", "08:00", "other_minutes", "一上午"}, "“一上午”不是能用的数字", `value="一上午"`},
			{"February 29 of no leap year", "when", []string{"d1", "2027-02-29", "t1", "15:00", "minutes", "90"}, "没有“2027-02-29”这一天", `value="2027-02-29"`},
			{"February 29 of a leap year", "when", []string{"d1", "2028-02-29", "t1", "15:00", "minutes", "90"}, "", "2028 年 2 月 29 日（周二）15:00–16:30"},
			{"the last second of a day", "when", []string{"d1", "2026-12-08", "t1", "23:59:59", "minutes", "30"}, "", "2026 年 12 月 8 日（周二）23:59–次日 00:29"},
			{"over midnight", "when", []string{"d1", "2026-12-31", "t1", "22:00", "other_minutes", "240"}, "", "2026 年 12 月 31 日（周四）22:00–次日 02:00"},
			{"hour 25", "when", []string{"d1", "2026-12-08", "t1", "25:00", "minutes", "90"}, "“25:00”不是一天里的时间", `value="25:00"`},
			{"a day in Chinese, full-width", "when", []string{"d1", "２０２６年１２月８日", "t1", "９：３０", "minutes", "60"}, "", "2026 年 12 月 8 日（周二）09:30"},
			{"a day without a time", "when", []string{"d1", "2026-12-08"}, "", "2026-12-08，还没写几点"},
			{"a time without a day", "when", []string{"t1", "15:00"}, "", "15:00"},
			{"only the second choice", "when", []string{"d2", "2026-12-08", "t2", "15:00", "minutes", "60"}, "", "2026 年 12 月 8 日（周二）15:00–16:00"},
			{"nobody comes", "people", []string{"expected", "0"}, "请填写大约多少人", `value="0"`},
			{"a billion comes", "people", []string{"expected", "1000000000"}, "不是能用的数字", `value="1000000000"`},
			{"too many places", "people", []string{"expected", "40", "open", "yes", "places", "999999999"}, "名额", `value="999999999"`},
			{"minus", "people", []string{"expected", "-5"}, "“-5”不是能用的数字", `value="-5"`},
			{"about, full-width", "people", []string{"expected", "约４０人"}, "", "40 人"},
			{"phone with blanks and +86", "unit", []string{"unit", "东湖电子", "contact", "陈霞", "phone", "+86 138-0000 0000"}, "", "13800000000"},
			{"phone in full-width digits", "unit", []string{"unit", "东湖电子", "contact", "陈霞", "phone", "１３８ ００００ ００００"}, "", "13800000000"},
			{"landline", "unit", []string{"unit", "东湖电子", "contact", "陈霞", "phone", "0530-6100000"}, "", "05306100000"},
			{"phone one short", "unit", []string{"unit", "东湖电子", "contact", "陈霞", "phone", "1380000000"}, "手机号应是 11 位数字", `value="1380000000"`},
			{"name of one character", "unit", []string{"unit", "东湖电子", "contact", "霞", "phone", "13800000000"}, "", "霞"},
			{"name of 60 characters", "unit", []string{"unit", "东湖电子", "contact", strings.Repeat("霞", 60), "phone", "13800000000"}, "", strings.Repeat("霞", 60)},
			{"name of 61 characters", "unit", []string{"unit", "东湖电子", "contact", strings.Repeat("霞", 61), "phone", "13800000000"}, "联系人有 61 个字", strings.Repeat("霞", 61)},
			{"unit of one character", "unit", []string{"unit", "东", "contact", "陈霞", "phone", "13800000000"}, "单位名称有 1 个字", `value="东"`},
			{"rare characters", "unit", []string{"unit", "𠮷林电子", "contact", "阿依古丽·买买提", "phone", "13800000000"}, "", "阿依古丽·买买提"},
			{"emoji", "session", []string{"type", "enterprise", "topic", "加班👩‍🏭怎么算"}, "", "加班👩‍🏭怎么算"},
			{"markup", "session", []string{"type", "enterprise", "topic", `"><script>alert(1)</script>`}, "", "&lt;script&gt;alert(1)"},
			{"forged type", "session", []string{"type", "wedding", "topic", "加班"}, "请选择活动类型", "加班"},
			{"forged town", "when", []string{"d1", "2026-12-08", "t1", "15:00", "minutes", "60", "town", "nowhere"}, "没有“nowhere”这一项", `value="2026-12-08"`},
			{"a wrong 统一社会信用代码", "unit", []string{"unit", "东湖电子", "contact", "陈霞", "phone", "13800000000", "uscc", "913700000000000000"}, "统一社会信用代码应是 18 位", "913700000000000000"},
		} {
			t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
				h.t = t
				h.open("/organize/"+c.step).send("/organize/"+c.step, c.typed...)
				if c.refused != "" {
					h.sees(400, `role="alert"`, `class="err"`)
				} else {
					h.open("/organize/check").sees(200)
				}
				page := html.UnescapeString(h.body)
				if !strings.Contains(page, c.refused) || !strings.Contains(h.body, c.keeps) && !strings.Contains(page, c.keeps) {
					t.Errorf("the page lacks %q or %q:\n%s", c.refused, c.keeps, mainOf(h.body))
				}
			})
		}
	})
}

func TestAWrongStartKeepsWhatWasTyped(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h := r.host(t)
	h.open("/organize/").send("/organize/start", "unit", "东湖电子", "contact", "陈霞", "phone", "12345").sees(400, `value="东湖电子"`, `value="陈霞"`, `value="12345"`, `role="alert"`, `href="#f-phone"`)
	h.send("/organize/start", "unit", "东湖电子", "contact", "陈霞", "phone", "13800000000").sees(200, "没有提交")
	h.open("/organize/start").sees(303)
}

// Sent empty, the form says all that is missing, each at its field.
func TestAnEmptyStartSaysAllAtOnce(t *testing.T) {
	h := organizing(t, dbtest.SQLite(t), "").host(t)
	h.open("/organize/").send("/organize/start", "unit", " ", "contact", "", "phone", "").sees(400, `href="#f-unit"`, "请填写单位名称", `href="#f-contact"`, "请填写联系人", `href="#f-phone"`, "请填写手机号")
}

// Sent twice, begun once; the same form with another number begins another.
func TestADoubleClickBeginsOneDraft(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h := r.host(t).open("/organize/")
	page := h.body
	fields := []string{"unit", "东湖电子", "contact", "陈霞", "phone", "13800000000"}
	first := codeShown.FindString(h.send("/organize/start", fields...).body)
	h.body = page
	second := codeShown.FindString(h.send("/organize/start", fields...).body)
	if first == "" || first != second {
		t.Errorf("codes %q and %q", first, second)
	}
	h.body = page
	fields[5] = "13800000001"
	h.send("/organize/start", fields...).sees(409, `value="13800000001"`)
	third := codeShown.FindString(h.send("/organize/start", fields...).sees(200).body)
	if third == "" || third == first {
		t.Errorf("another number got code %q", third)
	}
}

func TestFiveWrongCodesMakeAPause(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	owner := r.host(t)
	code := owner.begin()
	h := r.host(t)
	h.open("/organize/")
	for range 5 {
		h.send("/organize/open", "code", "ABCDE-FGHJK", "last4", "0000").sees(404, "查不到", `value="ABCDE-FGHJK"`)
	}
	h.send("/organize/open", "code", code, "last4", "0000").sees(429, "15 分钟")
	owner.open("/organize/request").sees(200, code) // whoever is in stays in
}

func TestForgedCookiesOpenNothing(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	h := r.host(t)
	h.begin()
	good := h.cookie
	for _, forged := range []string{good + "x", strings.Replace(good, "~", "~01ARZ3NDEKTSV4RRFFQ69G5FAV~", 1), "organizer=", "organizer=~~~.abc", "organizer=9999999999~01ARZ3NDEKTSV4RRFFQ69G5FAV.AAAA"} {
		h.cookie = forged
		h.open("/organize/request").sees(303)
		if h.header.Get("Location") != "/organize/?again=1" {
			t.Errorf("%s leads to %s", forged, h.header.Get("Location"))
		}
	}
	h.cookie = good
	h.open("/organize/request").sees(200)
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "")
	resp, body := r.do(t, "POST", "/organize/leave", "Sec-Fetch-Site", "cross-site")
	if resp.StatusCode != 403 || !strings.Contains(body, "不是从本站页面发出的") {
		t.Errorf("%d %s", resp.StatusCode, mainOf(body))
	}
}

var passCookie = regexp.MustCompile(`organizer=[^;]+; .*`)

func TestThePassIsForThesePagesOnly(t *testing.T) {
	r := organizing(t, dbtest.SQLite(t), "/sfj/pufa")
	h := r.host(t).open("/organize/").post("/organize/start", "unit", "东湖电子", "contact", "陈霞", "phone", "13800000000")
	got := strings.ToLower(passCookie.FindString(h.header.Get("Set-Cookie")))
	for _, want := range []string{"path=/sfj/pufa/organize/", "httponly", "secure", "samesite=lax"} {
		if !strings.Contains(got, want) {
			t.Errorf("cookie %q lacks %s", got, want)
		}
	}
}
