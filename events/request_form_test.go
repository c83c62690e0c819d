package events

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/errs"
)

func messageOf(err error) string { return errs.MessageOf(err) }

// asked is a complete request as an organizer would type it.
func asked() RequestForm {
	day := time.Date(2026, 12, 3, 15, 0, 0, 0, Zone)
	return RequestForm{Unit: "东湖电子有限公司", Contact: "陈霞", Phone: "１３８ 0013-8000", Type: Enterprise, Topic: "女职工的假和工资",
		Wishes: []Wish{{Starts: day}, {Starts: day.AddDate(0, 0, 2)}}, Minutes: 90, Town: "donghu", Venue: "3 号楼二车间",
		Expected: 40, Open: true, Places: 10, Brochures: 50, Lawyers: 1}
}

func said(ps []Problem) string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Field+": "+p.Message)
	}
	return strings.Join(out, "\n")
}

func TestRequestProblems(t *testing.T) {
	friday := time.Date(2026, 11, 20, 9, 0, 0, 0, Zone)
	at := func(s string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", s, Zone)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	wish := func(from, to string) func(*RequestForm) {
		return func(f *RequestForm) { f.Wishes, f.Minutes = []Wish{{Starts: at(from), Ends: at(to)}}, 0 }
	}
	for _, c := range []struct {
		name         string
		now          time.Time
		change       func(*RequestForm)
		block, warns string
	}{
		{"complete", friday, func(*RequestForm) {}, "", ""},
		{"nothing", friday, func(f *RequestForm) { *f = RequestForm{} },
			"unit: 请填写单位名称。\ncontact: 请填写联系人。\nphone: 请填写手机号。\ntype: 请选择活动类型。\ntopic: 请填写想听什么。\n" +
				"town: 请选择在哪个镇街。\nvenue: 请填写地点。\nwish1: 请填写希望的日期和时间。\nexpected: 请填写大约多少人，1 至 100000 之间。", ""},
		{"end before start", friday, wish("2026-12-03 15:00", "2026-12-03 14:00"), "wish1: 首选时间的结束时间应晚于开始时间。", ""},
		{"thirteen hours", friday, wish("2026-12-03 08:00", "2026-12-03 21:00"), "wish1: 一场不能超过 12 小时，请检查首选时间的日期和时间。", ""},
		{"over midnight", friday, wish("2026-12-03 22:00", "2026-12-04 01:00"), "", ""},
		{"past", friday, wish("2026-11-20 08:59", "2026-11-20 10:00"), "wish1: 首选时间已经过去了，请改成以后的时间。", ""},
		{"four working days ahead", friday, wish("2026-11-26 23:59", "2026-11-27 01:00"), "",
			"wish1: 首选时间离今天不足 5 个工作日，最早可以是 11月27日周五。确实着急，请写明原因。"},
		{"five working days ahead, from the first minute", friday, wish("2026-11-27 00:00", "2026-11-27 01:00"), "", ""},
		{"asked in the last second of the day", friday.Add(15*time.Hour - time.Second), wish("2026-11-27 00:00", "2026-11-27 01:00"), "", ""},
		{"asked a second later", friday.Add(15 * time.Hour), wish("2026-11-27 00:00", "2026-11-27 01:00"), "", ""},
		{"made-up Saturday counts", at("2026-09-30 10:00"), wish("2026-10-13 09:00", "2026-10-13 10:00"), "", ""},
		{"a day less over National Day", at("2026-09-30 10:00"), wish("2026-10-12 09:00", "2026-10-12 10:00"), "",
			"wish1: 首选时间离今天不足 5 个工作日，最早可以是 10月13日周二。确实着急，请写明原因。"},
		{"on a holiday", at("2026-09-01 10:00"), wish("2026-10-01 09:00", "2026-10-01 10:00"), "",
			"wish1: 首选时间（10月1日周四）是国庆节放假，请确认当天有人到场。"},
		{"a year without a notice", at("2029-09-01 10:00"), wish("2029-10-01 09:00", "2029-10-01 10:00"), "", ""},
		{"29 February", at("2028-02-01 10:00"), wish("2028-02-29 09:00", "2028-02-29 10:00"), "", ""},
		{"no places though open", friday, func(f *RequestForm) { f.Places = 0 }, "places: 可以对外报名的，请填写留多少名额，1 至 100000 之间。", ""},
		{"a billion people", friday, func(f *RequestForm) { f.Expected = 1_000_000_000 }, "expected: 请填写大约多少人，1 至 100000 之间。", ""},
		{"rare characters in the name", friday, func(f *RequestForm) { f.Contact = "𠮷·阿依古丽" }, "", ""},
		{"a name of 61", friday, func(f *RequestForm) { f.Contact = strings.Repeat("长", 61) }, "contact: 联系人有 61 个字，请控制在 1 至 60 个字。", ""},
		{"code with a wrong digit", friday, func(f *RequestForm) { f.USCC = "91350100M000100Y44" },
			"uscc: 统一社会信用代码应是 18 位，请对照营业执照核对；手边没有可以留空。", ""},
		{"right code, full width", friday, func(f *RequestForm) { f.USCC = "９１３５０１００Ｍ０００１００Ｙ４３" }, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := asked()
			c.change(&f)
			blocks, warns := f.Problems(c.now, in2026())
			if said(blocks) != c.block || said(warns) != c.warns {
				t.Errorf("blocks\n%s\nwarns\n%s\nwant blocks\n%s\nwarns\n%s", said(blocks), said(warns), c.block, c.warns)
			}
		})
	}
}

// A form is judged the same when it is judged again: what cleaning does to it
// must not bring up new complaints, and a title always fits.
func TestRequestProblemsSettle(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, Zone)
	rapid.Check(t, func(t *rapid.T) {
		f := asked()
		f.Unit, f.Topic = rapid.String().Draw(t, "unit"), rapid.String().Draw(t, "topic")
		f.Phone, f.USCC = rapid.String().Draw(t, "phone"), rapid.String().Draw(t, "uscc")
		f.Minutes, f.Expected = rapid.Int().Draw(t, "minutes"), rapid.Int().Draw(t, "expected")
		blocks, warns := f.Problems(now, in2026())
		again, warned := f.Problems(now, in2026())
		if fmt.Sprint(blocks, warns) != fmt.Sprint(again, warned) {
			t.Fatalf("first %v %v, then %v %v", blocks, warns, again, warned)
		}
		if n := len([]rune(f.heading())); n > 60 {
			t.Fatalf("a title of %d characters", n)
		}
	})
}
