package site_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// tellTale are words that only one text has, with what a reader may type of them.
var tellTale = map[string][]string{
	"蝴蝶酥":  {"蝴蝶酥", "蝴蝶", "蝴蝶稣", "hudiesu", "hds"},        // of its body
	"驴打滚店": {"驴打滚店", "驴打", "驴打衮店", "lvdagundian", "ldgd"}, // of its title
}

// heard lists where a word comes out when it is searched for as people type it:
// on the page, in suggestions, in the API.
func (r *rig) heard(t *testing.T, word string) (places []string) {
	t.Helper()
	for _, typed := range tellTale[word] {
		for _, place := range []string{"/search?q=", "/search/suggest?q=", "/api/v1/search?q="} {
			_, body := r.get(t, place+url.QueryEscape(typed), "User-Agent", person)
			if i := strings.Index(body, "<main"); i >= 0 {
				body = body[i:]
			}
			if typed != word { // else the page repeats what was asked
				if strings.Contains(body, word) {
					places = append(places, place+typed+" says it")
				}
			}
			if strings.Contains(body, "/guides/dianxin") {
				places = append(places, place+typed+" leads to it")
			}
		}
	}
	return places
}

// What is not published comes out nowhere, however it is asked for; what is
// published comes out everywhere, which shows that we asked rightly.
func TestReadersHearNothingOfDrafts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := open(t, d, "/sfj/pufa")
		ctx := t.Context()
		hidden := func(when string) {
			t.Helper()
			r.indexed(t)
			for word := range tellTale {
				if places := r.heard(t, word); len(places) > 0 {
					t.Errorf("%s: %s comes out: %q", when, word, places)
				}
			}
		}
		guide := text("驴打滚店欠薪怎么办")
		guide.Body = "师傅做的是蝴蝶酥。"
		e, err := r.content.Create(ctx, admin, content.Guide, "dianxin", guide)
		check(t, err)
		hidden("draft")
		e, err = r.content.Submit(ctx, admin, e.ID, e.Version)
		check(t, err)
		hidden("submitted")
		e, err = r.content.Publish(ctx, admin, e.ID, e.Version)
		check(t, err)
		r.indexed(t)
		for word := range tellTale {
			if places := r.heard(t, word); len(places) < 4 {
				t.Errorf("published: %s comes out at %q only", word, places)
			}
		}
		e, err = r.content.Withdraw(ctx, admin, e.ID, e.Version, "有误")
		check(t, err)
		hidden("withdrawn")
	})
}
