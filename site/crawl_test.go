package site_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// crawl follows every link from the home page: none is dead, none leaves the
// base path, and every fragment is there.
func (r *rig) crawl(t *testing.T) {
	t.Helper()
	c := &crawler{rig: r, t: t, ids: map[string]map[string]bool{}, from: map[string]string{}}
	c.found("", "/")
	for len(c.queue) > 0 {
		next := c.queue[0]
		c.queue = c.queue[1:]
		c.visit(next)
	}
	c.checkFragments()
	if len(c.ids) < 60 {
		t.Errorf("only %d pages found: %v", len(c.ids), slices.Sorted(func(yield func(string) bool) {
			for p := range c.ids {
				if !yield(p) {
					return
				}
			}
		}))
	}
}

type crawler struct {
	*rig
	t         *testing.T
	queue     []string
	from      map[string]string          // where an address was found
	ids       map[string]map[string]bool // of the pages, by address
	fragments [][2]string                // address, fragment
}

// maxCrawl bounds what is read of one kind: thousands of articles are alike.
const maxCrawl = 40

func (c *crawler) found(page, href string) {
	u, err := url.Parse(href)
	if err != nil {
		c.t.Errorf("%s links to %q: %v", page, href, err)
		return
	}
	if u.Scheme != "" || u.Host != "" {
		if strings.HasPrefix(href, c.root) {
			c.t.Errorf("%s links to itself with a host: %s", page, href)
		}
		return
	}
	base, _ := url.Parse(c.base + "/")
	if page != "" {
		base, _ = url.Parse(c.base + page)
	} else {
		u, _ = url.Parse(c.base + href)
	}
	to := base.ResolveReference(u)
	path, inside := strings.CutPrefix(to.RequestURI(), c.base)
	if !inside || !strings.HasPrefix(path, "/") {
		c.t.Errorf("%s links to %s, which is outside of %s", page, href, c.base)
		return
	}
	if to.Fragment != "" {
		c.fragments = append(c.fragments, [2]string{path, to.Fragment})
	}
	if _, known := c.from[path]; known || c.enough(path) {
		return
	}
	c.from[path] = page
	c.queue = append(c.queue, path)
}

// enough limits articles of law and months.
func (c *crawler) enough(path string) bool {
	kind := ""
	switch {
	case strings.HasPrefix(path, "/laws/") && strings.Count(path, "/") == 3:
		kind = "/laws/"
	case strings.HasPrefix(path, "/events/?"), strings.HasPrefix(path, "/elder"), strings.HasPrefix(path, "/search?"):
		kind = path[:strings.IndexByte(path, '?')]
	default:
		return false
	}
	n := 0
	for p := range c.from {
		if strings.HasPrefix(p, kind) {
			n++
		}
	}
	return n >= maxCrawl
}

func (c *crawler) visit(path string) {
	resp, body := c.get(c.t, path)
	switch {
	case resp.StatusCode == 303 && strings.HasPrefix(path, "/elder"):
		if to := resp.Header.Get("Location"); !strings.HasPrefix(to, c.base+"/") {
			c.t.Errorf("%s leads to %s", path, to)
		}
		return
	case resp.StatusCode != 200:
		c.t.Errorf("%s, linked from %s: %d", path, c.from[path], resp.StatusCode)
		return
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		return
	}
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		c.t.Errorf("%s: %v", path, err)
		return
	}
	c.ids[path] = map[string]bool{}
	c.walk(path, doc)
}

func (c *crawler) walk(page string, n *html.Node) {
	for _, a := range n.Attr {
		switch a.Key {
		case "href", "src", "action":
			if attr(n, "method") == "post" { // to be sent, not followed
				if !strings.HasPrefix(a.Val, c.base+"/") {
					c.t.Errorf("%s sends a form to %s, which is outside of %s", page, a.Val, c.base)
				}
				continue
			}
			if n.Data != "link" || !slices.Contains([]string{"canonical"}, attr(n, "rel")) {
				c.found(page, a.Val)
			}
		case "srcset":
			for _, one := range strings.Split(a.Val, ",") {
				c.found(page, strings.Fields(one)[0])
			}
		case "id":
			if c.ids[page][a.Val] {
				c.t.Errorf("%s has the id %q twice", page, a.Val)
			}
			c.ids[page][a.Val] = true
		case "style", "onclick", "onload":
			c.t.Errorf("%s has an attribute %s, which the CSP forbids", page, a.Key)
		}
	}
	for child := range n.ChildNodes() {
		c.walk(page, child)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (c *crawler) checkFragments() {
	for _, f := range c.fragments {
		if ids, visited := c.ids[f[0]]; visited && !ids[f[1]] {
			c.t.Errorf("%s has no #%s, which a link names", f[0], f[1])
		}
	}
}
