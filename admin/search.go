package admin

import (
	"net/url"
	"strconv"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/search"
)

// searchSection is the entry of the menu for all that editors set about search.
const searchSection = "/admin/search/"

const zerosOnPage = 50

type zerosPage struct {
	shell
	Closed bool // those that were dealt with
	Zeros  []search.Zero
	Total  int
	Page   int
}

// Address is a page of the list, of those to look at or of the others.
func (p zerosPage) Address(closed bool, page int) string {
	q := url.Values{}
	if closed {
		q.Set("closed", "1")
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return searchSection
	}
	return searchSection + "?" + q.Encode()
}

// Previous and Next are the numbers of the pages beside; 0 for none.
func (p zerosPage) Previous() int { return p.Page - 1 }

func (p zerosPage) Next() int {
	if p.Page*zerosOnPage < p.Total {
		return p.Page + 1
	}
	return 0
}

// Query is what to search for, as part of an address.
func (p zerosPage) Query(z search.Zero) string { return url.Values{"q": {z.Text}}.Encode() }

// zeros lists the searches that found nothing.
func (a *Admin) zeros(r *request) (err error) {
	p := zerosPage{Closed: r.query("closed") == "1", Page: 1}
	if n, err := strconv.Atoi(r.query("page")); err == nil && n > 1 && n <= 1000 {
		p.Page = n
	}
	p.Zeros, p.Total, err = a.cfg.Desk.Zeros(r.ctx, p.Closed, (p.Page-1)*zerosOnPage, zerosOnPage)
	if err != nil {
		return err
	}
	p.shell = a.shell(r, searchSection, "没有结果的搜索")
	return a.render(r, "zeros", p)
}

// markZero takes one off the list, or puts it back.
func (a *Admin) markZero(r *request) error {
	as := search.ZeroDone(r.form.Get("as"))
	if err := a.cfg.Desk.MarkZero(r.ctx, r.actor, r.form.Get("text"), as); err != nil {
		return err
	}
	back := zerosPage{}.Address(r.form.Get("closed") == "1", 1)
	if as == search.ZeroOpen {
		return a.done(r, back, "zeroopen")
	}
	return a.done(r, back, "zero")
}

// settleZero marks the search that an editor came from, when a form named one.
// It may have left the list meanwhile, which is no matter.
func (a *Admin) settleZero(r *request, as search.ZeroDone) error {
	text := r.form.Get("zero")
	if text == "" {
		return nil
	}
	err := a.cfg.Desk.MarkZero(r.ctx, r.actor, text, as)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}
