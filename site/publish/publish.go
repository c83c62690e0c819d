package publish

import (
	"context"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// Config is what a run needs.
type Config struct {
	Dir string // where the files go
	// Get answers a root-relative address as the site does.
	Get func(address string, elder bool) web.Answer
	// Base is the public address of the site's root, without the last slash;
	// BasePath is its path, "" at the root of a host.
	Base, BasePath string
	// Addresses lists the pages to begin with, root-relative.
	Addresses func(ctx context.Context) ([]string, error)
	// Redirects lists addresses that were, root-relative, and where they lead now.
	Redirects func(ctx context.Context) (map[string]string, error)
	// Index writes files beside the pages, such as the search index; file tells
	// which file shows an address.
	Index   func(ctx context.Context, file func(address string) (string, bool), put func(name string, body []byte) error) error
	NoElder bool // without the large-print tree
	// Progress hears how much is done of what is known by then.
	Progress func(done, total int)
}

// Report says what a run did.
type Report struct {
	Pages, Written, Same, Removed int
	Dropped                       []Dropped // links without an address in the files
}

// Dropped is a link that leads to nothing that can be a file.
type Dropped struct {
	Page, Address string
	Status        int
}

// leftOut are the parts of a site that only a server can answer; links to them
// are removed without being reported.
var leftOut = []string{"/admin/", "/preview/", "/api/", "/desk/", "/my/", "/healthz", "/readyz"}

// indexDir is where the search index lies; see themes/default/search.html.
const indexDir = "search/index/"

// run is one walk over the site.
type run struct {
	cfg     Config
	folder  *folder
	report  Report
	known   map[page]found
	stack   []task
	visited map[string]bool // by file
}

// found is what an address turned out to be.
type found struct {
	file   string // "" when there is none
	status int
}

// task is an address whose answer may be here already.
type task struct {
	page   page
	answer *web.Answer
}

// Write writes the site. When it fails half way, the folder holds old and new
// pages, each of them whole, and the next run mends it.
func Write(ctx context.Context, cfg Config) (_ Report, err error) {
	defer errs.Wrap(&err, "publish static site")
	f, err := openFolder(cfg.Dir)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	r := &run{cfg: cfg, folder: f, known: map[page]found{}, visited: map[string]bool{}}
	if err := r.all(ctx); err != nil {
		return r.report, errors.Join(err, f.keepManifest())
	}
	r.report.Removed, err = f.finish()
	r.report.Written, r.report.Same = f.written, f.same
	return r.report, err
}

func (r *run) all(ctx context.Context) error {
	list, err := r.cfg.Addresses(ctx)
	if err != nil {
		return err
	}
	for _, elder := range []bool{true, false} {
		for _, address := range slices.Backward(list) {
			if !elder || !r.cfg.NoElder {
				r.stack = append(r.stack, task{page: page{address, elder}})
			}
		}
	}
	if err := r.drain(ctx); err != nil {
		return err
	}
	if err := r.redirects(ctx); err != nil {
		return err
	}
	if err := r.notFound(); err != nil {
		return err
	}
	if err := r.cfg.Index(ctx, r.fileOf, r.putIndex); err != nil {
		return err
	}
	return r.drain(ctx)
}

// drain writes what waits, and what that leads to.
func (r *run) drain(ctx context.Context) error {
	for len(r.stack) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		t := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		if err := r.write(t); err != nil {
			return err
		}
		r.cfg.Progress(r.report.Pages, r.report.Pages+len(r.stack))
	}
	return nil
}

func (r *run) fileOf(address string) (string, bool) {
	at := r.resolve(page{address: address})
	return at.file, at.file != ""
}

func (r *run) putIndex(name string, body []byte) error {
	r.visited[indexDir+name] = true
	return r.folder.put(indexDir+name, body)
}

// write writes the file of one address, unless it is there.
func (r *run) write(t task) error {
	at := r.known[t.page]
	if at.file != "" && r.visited[at.file] {
		return nil
	}
	if t.answer == nil {
		answer := r.cfg.Get(t.page.address, t.page.elder)
		t.answer = &answer
		at = r.note(t.page, answer)
	}
	if at.file == "" || r.visited[at.file] {
		return nil
	}
	r.visited[at.file] = true
	body, err := r.rewrite(t.page, at.file, t.answer)
	if err != nil {
		return err
	}
	r.report.Pages++
	return r.folder.put(at.file, body)
}

// note remembers what an address answers. A redirect is what it leads to.
func (r *run) note(p page, a web.Answer) found {
	at := found{status: a.Status}
	if a.Status == 200 {
		at.file = file(p, isHTML(a.Type))
		if !isHTML(a.Type) { // the same in both dresses
			at.file = file(page{address: p.address}, false)
		}
	}
	r.known[p] = at
	return at
}

func isHTML(contentType string) bool { return strings.HasPrefix(contentType, "text/html") }

// resolve finds the file of an address, asking the site if nobody has yet.
func (r *run) resolve(p page) found {
	at, ok := r.known[p]
	if ok {
		return at
	}
	answer := r.cfg.Get(p.address, p.elder)
	for hops := 0; answer.Status >= 301 && answer.Status <= 308 && hops < 5; hops++ {
		to, ok := r.local(answer.Location)
		if !ok {
			break
		}
		to, _, _ = strings.Cut(to, "#")
		next := page{to, p.elder}
		if at, ok := r.known[next]; ok {
			r.known[p] = at
			return at
		}
		answer = r.cfg.Get(to, p.elder)
		if answer.Status == 200 {
			at = r.note(next, answer)
			r.known[p] = at
			r.stack = append(r.stack, task{next, &answer})
			return at
		}
	}
	at = r.note(p, answer)
	if at.file != "" {
		r.stack = append(r.stack, task{p, &answer})
	}
	return at
}

// local makes an address of this site root-relative; false is another's.
func (r *run) local(address string) (string, bool) {
	if rest, ok := strings.CutPrefix(address, r.cfg.Base); ok && (rest == "" || strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "?")) {
		address = r.cfg.BasePath + rest
	}
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") {
		return "", false
	}
	rest, ok := strings.CutPrefix(address, r.cfg.BasePath)
	if !ok || !strings.HasPrefix(rest, "/") {
		return "", false
	}
	return rest, true
}

// rewrite makes the file's bytes of the answer.
func (r *run) rewrite(p page, name string, a *web.Answer) ([]byte, error) {
	w := rewriter{whole: r.whole, link: func(address string) (string, bool) { return r.link(p, name, address) }}
	switch {
	case isHTML(a.Type):
		return w.html(a.Body)
	case strings.HasPrefix(a.Type, "text/css"):
		return w.css(a.Body), nil
	case strings.Contains(a.Type, "xml"), strings.HasPrefix(a.Type, "text/calendar"), strings.HasPrefix(a.Type, "text/plain"):
		return w.feed(a.Body, r.cfg.Base), nil
	}
	return a.Body, nil
}

// link is an address as it stands in the file name, which is of page p.
func (r *run) link(p page, name, address string) (string, bool) {
	local, ok := r.local(address)
	if !ok {
		return address, true
	}
	local, fragment, _ := strings.Cut(local, "#")
	to, elder := local, p.elder
	if target, on, ok := dress(local); ok {
		if r.cfg.NoElder {
			return "", false
		}
		to, elder = target, on
	}
	if slices.ContainsFunc(leftOut, func(part string) bool { return strings.HasPrefix(to, part) }) {
		return "", false
	}
	if to == "/"+indexDir+"start.js" {
		return relative(name, indexDir+"start.js"), true
	}
	path, query, _ := strings.Cut(to, "?")
	if path == "/search" { // one page, which reads the query itself
		to = path
	} else {
		query = ""
	}
	at := r.resolve(page{to, elder})
	if at.file == "" {
		r.report.Dropped = append(r.report.Dropped, Dropped{p.address, local, at.status})
		return "", false
	}
	out := relative(name, at.file)
	if query != "" {
		out += "?" + query
	}
	if fragment != "" {
		out += "#" + fragment
	}
	return out, true
}

// dress reads the link that puts the large-print dress on or off: the same page
// in the other tree.
func dress(address string) (to string, on, ok bool) {
	rest, ok := strings.CutPrefix(address, "/elder?")
	if !ok {
		return "", false, false
	}
	q, err := url.ParseQuery(rest)
	if err != nil || !strings.HasPrefix(q.Get("to"), "/") {
		return "", false, false
	}
	return q.Get("to"), q.Get("on") == "1", true
}

// whole is the public address that a whole address of this site has as a file.
func (r *run) whole(address string) string {
	local, ok := r.local(address)
	if !ok || !strings.Contains(address, "://") {
		return address
	}
	local, fragment, _ := strings.Cut(local, "#")
	at := r.resolve(page{address: local})
	if at.file == "" {
		return address
	}
	out := public(r.cfg.Base, at.file)
	if fragment != "" {
		out += "#" + fragment
	}
	return out
}

// redirects write a page at each address that was, which leads on at once.
func (r *run) redirects(ctx context.Context) error {
	old, err := r.cfg.Redirects(ctx)
	if err != nil {
		return err
	}
	for _, from := range sorted(old) {
		name := file(page{address: from}, true)
		at := r.resolve(page{address: old[from]})
		if at.file == "" || r.visited[name] {
			continue
		}
		r.visited[name] = true
		if err := r.folder.put(name, moved(relative(name, at.file), public(r.cfg.Base, at.file))); err != nil {
			return err
		}
	}
	return r.drain(ctx) // what the redirects have found
}

func sorted(m map[string]string) []string {
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// moved is the page of an address that was.
func moved(to, canonical string) []byte {
	to, canonical = html.EscapeString(to), html.EscapeString(canonical)
	return []byte("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"robots\" content=\"noindex\">\n" +
		"<meta http-equiv=\"refresh\" content=\"0; url=" + to + "\">\n<link rel=\"canonical\" href=\"" + canonical + "\">\n<title>这一页搬了</title>\n</head>\n" +
		"<body><p>这一页搬了，<a href=\"" + to + "\">到新的地址看</a>。</p></body>\n</html>\n")
}

// notFound writes the page that servers of files show for what is not there. It
// is shown below any address, so its links are whole.
func (r *run) notFound() error {
	a := r.cfg.Get("/404", false)
	w := rewriter{whole: r.whole, link: func(address string) (string, bool) {
		local, ok := r.local(address)
		if !ok {
			return address, true
		}
		if target, on, ok := dress(local); ok {
			return public(r.cfg.Base, file(page{"/", on}, true)), target != ""
		}
		at := r.resolve(page{address: local})
		return public(r.cfg.Base, at.file), at.file != ""
	}}
	body, err := w.html(a.Body)
	if err != nil {
		return err
	}
	r.visited["404.html"] = true
	return r.folder.put("404.html", body)
}

// endOf is the error that ended a tokenizer, if it was not the end.
func endOf(z *html.Tokenizer) error {
	if err := z.Err(); !errors.Is(err, io.EOF) {
		return errs.New(errs.Internal, "", "read page: %w", err)
	}
	return nil
}
