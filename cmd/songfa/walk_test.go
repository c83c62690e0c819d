package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// widths are a cheap phone and a desk.
var widths = []int{360, 1280}

// TestBrowserSession is the second walk: from the calendar to a session and
// into one's own calendar.
func TestBrowserSession(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "", false)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			v := b.view(t, width).withoutScript()
			v.open(site.url + "/events/")
			v.sees("普法活动", "即将举办")
			v.audit()
			month := "/events/?month=" + site.now().In(beijing).Format("2006-01")
			v.open(site.url + month)
			v.sees("招聘会普法")
			v.audit()
			v.shot("calendar")

			v.click(`main .rows a[href*="/events/SF-"]`)
			v.sees("时间", "地点")
			v.audit()
			v.shot("session")
			ics := site.url + ask(v, chromedp.AttributeValue(`main a[href$=".ics"]`, "href")).Value
			body := fetch(t, ics)
			if !strings.HasPrefix(body, "BEGIN:VCALENDAR\r\n") || !strings.Contains(body, "\r\nUID:") {
				t.Errorf("%s is no calendar: %.100s", ics, body)
			}
			v.open(site.url + "/stations/")
			v.sees("东湖镇")
			v.audit()
			v.open(site.url + "/organize/")
			v.sees("0000-1234801")
			v.audit()
		})
	}
}

// TestBrowserEditor is the third walk: an editor writes a guide, sees what is
// missing, publishes it, and a reader finds it. Once without JavaScript, once
// with it.
func TestBrowserEditor(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			v := b.view(t, width)
			if width < 600 {
				v.withoutScript()
			}
			v.open(site.url + "/admin/")
			v.audit()
			v.fill("#f-name", "admin")
			v.fill("#f-password", testPassword)
			v.click("main form .btn")
			v.audit()
			v.shot("admin")
			v.open(site.url + "/admin/documents/")
			v.audit()
			v.shot("admin-documents")

			title := fmt.Sprintf("停工待料的工资怎么算（%d）", width)
			v.open(site.url + "/admin/documents/new?kind=guide")
			v.audit()
			v.fill("#f-title", title)
			v.fill("#f-slug", fmt.Sprintf("tinggong-%d", width))
			v.fill("#f-body", "根据**《工资支付暂行规定》**第十二条，停工在一个工资支付周期内的，照发。\n\n:::期限\n一年内申请仲裁。\n:::\n")
			v.click(`button[value="publish"]`)
			v.sees("一句话答案", title) // told what is missing, and nothing typed is lost
			v.audit()
			v.fill("#f-answer", "停工在一个月内的，工资照发。")
			v.fill("#f-sources", "《工资支付暂行规定》第十二条")
			v.fill("#f-checked", "2026-11-20")
			v.click(`button[value="preview"]`)
			v.sees("停工在一个工资支付周期内的")
			v.audit()
			v.shot("admin-edit")
			v.click(`button[value="publish"]`)
			v.sees("已发布")
			v.audit()

			v.open(site.url + fmt.Sprintf("/guides/tinggong-%d", width))
			v.sees(title, "停工在一个月内的，工资照发。", "期限")
			v.open(site.url + "/search?q=停工待料")
			v.sees(title)
			for _, path := range []string{"/admin/media/", "/admin/sessions/", "/admin/stations/", "/admin/users/", "/admin/audit/", "/admin/audit/1", "/admin/account", "/admin/account/code", "/admin/policy", "/admin/password"} {
				v.open(site.url + path)
				v.audit()
			}
		})
	}
}

// TestBrowserDresses looks at the other dresses of the same pages: large print,
// dark, and four times as large.
func TestBrowserDresses(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "", false)
	v := b.view(t, 360)
	v.open(site.url + "/")
	v.click(`a[href*="/elder?on=1"]`)
	if got := ask(v, chromedp.Evaluate[string](`document.documentElement.className`)); got != "elder" {
		t.Errorf("html class is %q", got)
	}
	v.audit()
	v.shot("home-elder")
	v.open(site.url + "/guides/qianxin")
	v.audit()
	v.click(`a[href*="/elder?on=0"]`)
	if got := ask(v, chromedp.Evaluate[string](`document.documentElement.className`)); got != "" {
		t.Errorf("html class is %q after leaving large print", got)
	}
	v.dark()
	v.open(site.url + "/guides/qianxin")
	v.audit()
	v.shot("guide-dark")
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, resp.Status, err)
	}
	return string(b)
}

// TestValidHTML runs the validator over one page of each kind.
func TestValidHTML(t *testing.T) {
	need(t, "SONGFA_TEST_VNU")
	site := startLive(t, "/sfj/pufa", true)
	pages := map[string]string{}
	for _, path := range []string{"/", "/guides/", "/guides/qianxin", "/guides/jiabanfei", "/topics/wages/", "/notices/", "/news/", "/qa/", "/laws/",
		"/laws/ldht", "/laws/ldht/38", "/events/", "/events/?month=2026-11", "/events/SF-2026-00007", "/stations/", "/search?q=工资",
		"/search?q=囧囧囧", "/organize/", "/pages/about"} {
		pages[path] = fetch(t, site.url+path)
	}
	checkHTML(t, pages)
}

// TestBrowserReader is the first walk: who was not paid finds the right page
// and the article it rests on, without JavaScript.
func TestBrowserReader(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", true)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			v := b.view(t, width).withoutScript()
			v.open(site.url + "/")
			v.sees("您遇到了什么事", "12348", "近期普法活动")
			v.audit()
			v.shot("home")

			v.run(chromedp.SetValue("#q", "老板不给钱还拖着"))
			v.click(".find button")
			v.sees("老板拖欠工资")
			v.audit()
			v.shot("search")

			v.click(`a[href$="/guides/qianxin"]`)
			v.sees("老板拖欠工资，怎么要回来", "一句话答案", "来源：", "核对于")
			v.audit()
			v.shot("guide")
			if !strings.HasPrefix(v.location(), site.url+"/guides/") {
				t.Errorf("at %s, outside the base path", v.location())
			}

			v.click(`main a.cite[href*="/laws/ldht/"]`)
			v.sees("劳动合同法", "这些指南引用")
			v.audit()
			v.shot("article")

			v.open(site.url + "/laws/ldht")
			v.sees("第三十八条", "劳动合同法")
			v.audit()

			v.open(site.url + "/search?q=" + "劳动合同法38条")
			v.sees("第三十八条")
			v.open(site.url + "/search?q=" + "没有这样的东西吧囧囧")
			v.sees("12348")
			v.audit()
		})
	}
}
