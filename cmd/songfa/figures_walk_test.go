package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
)

// TestBrowserFigures is the leader's walk: from the year's figures to the
// sessions under a number, and to the report of one of them.
func TestBrowserFigures(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	day := time.Now().In(beijing).AddDate(0, 0, -9).Format(time.DateOnly)
	report, err := site.events.ImportSessions(t.Context(), auth.System(), strings.NewReader(
		"key,type,title,town,venue,date,start,end,state,organizer,outcome_attendance,outcome_brochures,outcome_consultations,outcome_documents\n"+
			"fa,enterprise,甲厂普法课,东湖镇,食堂,"+day+",09:00,10:30,verified,甲厂,120,200,12,2\n"+
			"fb,site,安置房工地普法课,东湖镇,食堂,"+day+",14:00,15:30,verified,乙项目部,80,1000,3,1\n"+
			"fc,village,南山村普法课,南山镇,村部,"+day+",09:00,10:30,verified,南山村,40,30,0,0\n"+
			"fd,jobfair,还没报结果的招聘会,新城街道,大厅,"+day+",09:00,10:30,held,人社局,,,,\n"))
	if err != nil || len(report.Problems) > 0 {
		t.Fatal(err, report.Problems)
	}
	held, err := site.events.Sessions(t.Context(), events.Filter{Text: "还没报结果", States: events.States()})
	if err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			v := b.view(t, width).withoutScript()
			v.open(site.url + "/admin/")
			v.fill("#f-name", "admin")
			v.fill("#f-password", testPassword)
			v.click("main form .btn")
			v.open(site.url + "/admin/figures/")
			v.sees("普法统计", "东湖镇", "年度报表", "目前只有期初数")
			if got := ask(v, chromedp.Evaluate[int](`document.querySelector("img.chart").naturalWidth`)); got != 720 {
				t.Errorf("the chart is %d pixels wide", got)
			}
			v.audit()
			v.shot("admin-figures")
			v.click(`.grid tfoot a`)
			v.sees("口径：")
			v.audit()
			for _, tab := range []string{"periods", "opening", "adjustments", "definitions", "definitions?code=session"} {
				v.open(site.url + "/admin/figures/" + tab)
				v.audit()
			}
			v.open(site.url + "/admin/sessions/" + held[0].ID + "/report")
			v.sees("主办单位填的部分", "律师填的部分")
			v.audit()
			v.shot("admin-report")
			v.click(`button[value="submit-host"]`)
			v.sees("请填写到场人数")
			v.audit()
		})
	}
}
