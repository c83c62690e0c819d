package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// sends posts a form, without following to the page after.
func (d *desk) sends(t *testing.T, address string, form url.Values, want int) string {
	t.Helper()
	client := *d.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != want {
		t.Fatalf("%s: %d, want %d", address, res.StatusCode, want)
	}
	return res.Header.Get("Location")
}

// TestKill9BetweenKeepAndSave kills the server after it has kept what was typed
// and once more after it has saved it: the one is offered, the other is there
// and not offered again.
func TestKill9BetweenKeepAndSave(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills servers")
	}
	n := newNode(t)
	n.start()
	d := n.signIn()
	form := d.guide("mei-baocun", "没保存完的", "开头。")
	form.Set("go", "save")
	location := d.sends(t, n.url+"/admin/documents/new", form, http.StatusSeeOther)
	_, id, _ := strings.Cut(location, "/admin/editions/")
	id, _, _ = strings.Cut(id, "?")
	edition := n.url + "/admin/editions/" + id
	page, err := d.page(edition)
	if err != nil {
		t.Fatal(err)
	}
	key := page.value("form")
	form.Set("version", page.value("version"))
	form.Set("form", key)
	form.Set("seq", "1")
	form.Set("body", "开头。写到一半，")
	d.sends(t, edition+"/keep", form, http.StatusOK)
	n.kill()
	n.start()

	if page, err = d.page(edition + "?copy=" + key); err != nil || page.value("body") != "开头。写到一半，" || page.value("from") != key {
		t.Fatalf("after the kill the form holds %q, %v", page.value("body"), err)
	}
	form.Set("form", page.value("form"))
	form.Set("from", key)
	form.Set("from_seq", page.value("from_seq"))
	form.Set("body", "开头。写到一半，写完了。")
	d.sends(t, edition, form, http.StatusSeeOther)
	n.kill()
	n.start()
	if page, err = d.page(edition); err != nil || page.value("body") != "开头。写到一半，写完了。" {
		t.Errorf("saved and lost: %q, %v", page.value("body"), err)
	}
	if page, err = d.page(n.url + "/admin/copies/" + key); err != nil || page.value("title") != "" {
		t.Errorf("saved and still kept: %v", err)
	}
	n.stop()
}
