package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/media"
)

// TestBrowserMedia goes through the library and makes a face unrecognisable, with
// no script, in the width of a phone and of a desk.
func TestBrowserMedia(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "", false)
	ctx, boss := t.Context(), auth.System()
	day := time.Now().In(beijing).AddDate(0, 0, -9).Format(time.DateOnly)
	_, err := site.events.ImportSessions(ctx, boss, strings.NewReader("key,type,title,town,venue,date,start,end,state,organizer\n"+
		"fd,jobfair,招聘会,新城街道,大厅,"+day+",09:00,10:30,held,人社局\n"))
	must(t, err)
	held, err := site.events.Sessions(ctx, events.Filter{Text: "招聘会", States: []events.State{events.Held}})
	if err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	o, err := site.media.Add(ctx, boss, "律师答问.png", bytes.NewReader(stripes(t, 700)), media.AddOptions{Tags: []string{"展板"}, People: true})
	must(t, err)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			p, err := site.media.AddPrivate(ctx, "现场.png", bytes.NewReader(stripes(t, 600+width)))
			must(t, err)
			must(t, site.events.AddReportPhoto(ctx, boss, held[0].ID, events.ReportPhoto{Key: p.Key, Name: p.Name, Consent: true}))
			v := b.view(t, width).withoutScript()
			v.open(site.url + "/admin/")
			v.fill("#f-name", "admin")
			v.fill("#f-password", testPassword)
			v.click("main form .btn")
			for _, path := range []string{"/admin/media/", "/admin/media/?want=consent", "/admin/media/" + o.Key, "/admin/photos/", "/admin/help/media"} {
				v.open(site.url + path)
				v.audit()
			}
			v.open(site.url + "/admin/media/" + o.Key)
			v.fill("#f-alt", "律师在工地答问")
			v.fill("#f-agreed", "王建国，书面")
			v.click(`button[value="describe"]`)
			v.sees("已保存说明", "王*")
			v.shot("admin-media")
			v.open(site.url + "/admin/sessions/" + held[0].ID + "/photos/" + p.Key + "/blur")
			v.audit()
			v.run(chromedp.Click(`input[value="2-3"]`))
			v.click(`button[value="blur"]`)
			v.sees("已打码", "去掉打码")
			v.audit()
			v.shot("admin-blur")
		})
	}
}
