package main

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"
)

// staticAt is where the test's site says it lives.
const staticAt = "https://qu.example.gov.cn/sfj/pufa"

// publishStatic writes the starter content as files and returns the folder.
func publishStatic(t *testing.T) (n *node, dir string) {
	t.Helper()
	n = newNode(t)
	n.songfa("import", "--publish", filepath.Join("..", "..", "content", "starter"))
	dir = filepath.Join(t.TempDir(), "site")
	out := n.songfa("publish-static", "--base-url", staticAt, dir)
	if !strings.Contains(out, "去掉的死链接 0") {
		t.Errorf("links were dropped:\n%s", out)
	}
	return n, dir
}

// filesOf are the files of a folder with their text.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// linksIn are the addresses of a page's elements, and the anchors it has.
func linksIn(page string) (links []string, anchors map[string]bool) {
	anchors = map[string]bool{"": true}
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return links, anchors
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range z.Token().Attr {
				switch a.Key {
				case "href", "src", "action":
					links = append(links, a.Val)
				case "srcset":
					for part := range strings.SplitSeq(a.Val, ",") {
						links = append(links, strings.Fields(part)[0])
					}
				case "id":
					anchors[a.Val] = true
				}
			}
		}
	}
}

// Whoever walks over the files from the first page finds everything, nothing
// dead, and nothing that needs a server.
func TestStaticSiteHasNoDeadLink(t *testing.T) {
	_, dir := publishStatic(t)
	files := filesOf(t, dir)
	reached := map[string]bool{"index.html": true, "404.html": true, "robots.txt": true, "sitemap.xml": true, ".songfa-static.json": true}
	anchors := map[string]map[string]bool{}
	for name, text := range files {
		if path.Ext(name) == ".html" {
			_, anchors[name] = linksIn(text)
		}
	}
	for queue := []string{"index.html", "404.html"}; len(queue) > 0; {
		name := queue[0]
		queue = queue[1:]
		links, _ := linksIn(files[name])
		for _, link := range links {
			to, ok := fileOfLink(t, name, link)
			if !ok {
				continue
			}
			to, fragment, _ := strings.Cut(to, "#")
			if _, there := files[to]; !there {
				t.Errorf("%s links to %s, and there is no file %s", name, link, to)
				continue
			}
			if fragment != "" && path.Ext(to) == ".html" && !anchors[to][fragment] {
				t.Errorf("%s links to %s, and %s has no such anchor", name, link, to)
			}
			if !reached[to] {
				reached[to] = true
				if path.Ext(to) == ".html" {
					queue = append(queue, to)
				}
			}
		}
		if strings.Contains(strings.ToLower(files[name]), `method="post"`) {
			t.Errorf("%s has a form that a file cannot take", name)
		}
	}
	for name := range files {
		listed := strings.Contains(files["sitemap.xml"], staticAt+"/"+strings.TrimSuffix(strings.TrimPrefix(name, "elder/"), "index.html")+"<")
		if !reached[name] && !listed && !strings.HasPrefix(name, "search/index/") {
			t.Errorf("no page leads to %s", name)
		}
	}
	for _, want := range []string{"guides/qianxin/index.html", "elder/guides/qianxin/index.html", "feeds/all.xml", "events/feed.ics", "search/index/start.js", "laws/index.html"} {
		if _, ok := files[want]; !ok {
			t.Errorf("there is no %s", want)
		}
	}
	for _, name := range []string{"feeds/all.xml", "sitemap.xml"} {
		for _, part := range strings.FieldsFunc(files[name], func(r rune) bool { return strings.ContainsRune("<>\"", r) }) {
			if rest, ok := strings.CutPrefix(part, staticAt+"/"); ok && files[strings.TrimSuffix(rest, "/")] == "" && files[path.Join(rest, "index.html")] == "" {
				t.Errorf("%s names %s, which is no file", name, part)
			}
		}
	}
}

// fileOfLink is the file a link of a page leads to; false is outside.
func fileOfLink(t *testing.T, name, link string) (string, bool) {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return "", false
	}
	if u.Scheme != "" || u.Host != "" {
		rest, ours := strings.CutPrefix(link, staticAt+"/")
		if !ours || name != "404.html" && !strings.HasSuffix(rest, "/") {
			return "", false
		}
		if rest, err = url.PathUnescape(rest); err != nil {
			t.Error(err)
		}
		if rest == "" || strings.HasSuffix(rest, "/") {
			rest += "index.html"
		}
		return rest, true
	}
	to := name
	if u.Path != "" {
		to = path.Join(path.Dir(name), u.Path)
	}
	if u.Fragment != "" {
		to += "#" + u.Fragment
	}
	return to, true
}

// A second run writes nothing, and after a change only what shows it; files of
// other people in the folder stay, and a folder that is not ours is refused.
func TestStaticSiteAgain(t *testing.T) {
	n, dir := publishStatic(t)
	own := filepath.Join(dir, "portal.txt")
	if err := os.WriteFile(own, []byte("ours"), 0o600); err != nil {
		t.Fatal(err)
	}
	first := filesOf(t, dir)
	if out := n.songfa("publish-static", "--base-url", staticAt, dir); !strings.Contains(out, "写了 0，") {
		t.Errorf("the second run says %s", out)
	}
	tree := t.TempDir()
	writeGuide := func(text string) {
		if err := os.MkdirAll(filepath.Join(tree, "guides"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(tree, "guides", "xin-zhinan.md"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	writeGuide("---\ntitle: 新写的指南\nanswer: 先打 12348。\ntopics: [wages]\nsources: [《劳动法》第五十条]\nchecked: 2026-11-01\n---\n看[没有的一篇](/guides/meiyou)。\n")
	n.songfa("import", "--publish", tree)
	out := n.songfa("publish-static", "--base-url", staticAt, dir)
	if !strings.Contains(out, "去掉的死链接 2") || !strings.Contains(out, "/guides/meiyou") { // in both dresses
		t.Errorf("the dead link is not told of: %s", out)
	}
	second := filesOf(t, dir)
	page := second["guides/xin-zhinan/index.html"]
	if !strings.Contains(page, "没有的一篇") || strings.Contains(page, "meiyou") {
		t.Errorf("the dead link did not become its words: %s", page)
	}
	var changed []string
	for name, text := range second {
		if first[name] != text {
			changed = append(changed, name)
		}
	}
	if len(changed) == 0 || len(changed) > len(second)/3 { // lists, related guides, the index
		t.Errorf("%d of %d files changed for one new guide: %v", len(changed), len(second), changed)
	}
	if slices.Contains(changed, "stations/index.html") || slices.Contains(changed, "pages/privacy/index.html") || second["portal.txt"] != "ours" {
		t.Errorf("a file changed that has nothing to do with it: %v", changed)
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "thesis.doc"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("songfa", "publish-static", other)
	cmd.Env = n.env
	if msg, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(msg), "请换一个空文件夹") {
		t.Errorf("a foreign folder: %v, %s", err, msg)
	}
}

var latinLetters = regexp.MustCompile(`[a-z]{2}`)

// questionsOf reads the relevance questions about starter content, but for those
// that want more than the pocket index can: pinyin and typing errors. They are
// query and the addresses of which one is wanted.
func questionsOf(t *testing.T) (list [][2]string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "search", "testdata", "relevance.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "# ") && strings.HasSuffix(strings.TrimSpace(line), "typing errors") {
			break
		}
		query, targets, ok := strings.Cut(strings.TrimSpace(line), " => ")
		if !ok || strings.HasPrefix(line, "#") || latinLetters.MatchString(query) {
			continue
		}
		first, _, _ := strings.Cut(targets, ";")
		if strings.HasPrefix(first, "/guides/") || strings.HasPrefix(first, "/qa/") {
			list = append(list, [2]string{query, first})
		}
	}
	return list
}

// The files are searched without a server, also from a disk, and find what people
// mean about as well as the server does.
func TestBrowserStaticSite(t *testing.T) {
	_, dir := publishStatic(t)
	b := startBrowser(t)
	mux := http.NewServeMux()
	mux.Handle("/sfj/pufa/", http.StripPrefix("/sfj/pufa/", http.FileServer(http.Dir(dir))))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	for name, root := range map[string]string{"from a portal": server.URL + "/sfj/pufa/", "from a disk": "file://" + dir + "/"} {
		t.Run(name, func(t *testing.T) {
			v := b.view(t, 360)
			v.open(root + "index.html")
			v.fill("#q", "老板跑了不给工资")
			v.click(".find button")
			v.run(chromedp.WaitVisible("#found li"))
			v.sees("指南", "条。")
			v.click("#found li a")
			v.audit()
			v.click(".modes a")
			if !strings.Contains(v.location(), "/elder/guides/") {
				t.Errorf("the large-print dress leads to %s", v.location())
			}
			v.audit()
			v.open(root + "search/index.html?q=zzzqqq")
			v.run(chromedp.Poll[chromedp.Void](`document.getElementById("said").textContent.includes("没有找到")`))
			v.audit()
		})
	}
	t.Run("finds", func(t *testing.T) { staticRelevance(t, b, "file://"+dir+"/search/index.html") })
}

func staticRelevance(t *testing.T, b *browser, address string) {
	v := b.view(t, 1280)
	v.open(address)
	questions := questionsOf(t)
	if len(questions) < 150 {
		t.Fatalf("only %d questions", len(questions))
	}
	good := 0
	for _, q := range questions {
		got := ask(v, chromedp.Evaluate[[][]string](fmt.Sprintf(`document.getElementById("found-index").songfaFind(%q).then((l) => l.slice(0, 3))`, q[0]), chromedp.EvalAwaitPromise))
		found := slices.ContainsFunc(got, func(e []string) bool {
			return slices.ContainsFunc(strings.Split(q[1], "|"), func(target string) bool {
				return e[0] == strings.TrimPrefix(target, "/")+"/index.html"
			})
		})
		if found {
			good++
		} else {
			t.Logf("%s: %v, want %s", q[0], got, q[1])
		}
	}
	t.Logf("%d of %d questions have their page among the first three", good, len(questions))
	if good*100 < len(questions)*92 {
		t.Errorf("only %d of %d", good, len(questions))
	}
}
