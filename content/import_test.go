package content_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/starter"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// shelf stands for the media library: what content knows of it is two functions.
type shelf map[string][]byte // address to bytes

func (s shelf) put(_ context.Context, name string, size int64, r io.Reader) (string, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	if size > 1<<20 {
		return "", errs.New(errs.TooLarge, "文件太大。", "%d bytes", size)
	}
	return s.add(name, b), nil
}

func (s shelf) add(name string, b []byte) string {
	sum := sha256.Sum256(b)
	address := "/media/" + hex.EncodeToString(sum[:]) + "/" + url.PathEscape(name)
	s[address] = b
	return address
}

func (s shelf) open(_ context.Context, address string) (io.ReadCloser, error) {
	b, ok := s[address]
	if !ok {
		return nil, errs.New(errs.NotFound, "", "no %s", address)
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

// file is a guide's file.
func file(title, more, body string) string {
	return "---\ntitle: " + title + "\nanswer: 先留证据。\nsources: [《劳动合同法》第三十条]\nchecked: 2026-11-01\n" + more + "---\n\n" + body + "\n"
}

func tree(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func (k *desk) load(fsys fstest.MapFS, opt content.ImportOptions) content.Report {
	k.t.Helper()
	return get[content.Report](k)(k.Import(k.ctx, auth.System(), fsys, opt))
}

func lines(r content.Report) string {
	var b strings.Builder
	for _, i := range r.Items {
		fmt.Fprintf(&b, "%s:%d %s %s %s\n", i.File, i.Line, i.Field, i.Level, i.Message)
	}
	return b.String()
}

// TestBadFilesAreNamed: each bad file is a line with its field and stops
// nobody else.
func TestBadFilesAreNamed(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(file("国标编码", "slug: gbk\n", "正文"))
	if err != nil {
		t.Fatal(err)
	}
	good := file("好", "", "正文")
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string // in a line of the report
		ok    int    // documents made
	}{
		{"unknown field", map[string]string{"guides/a.md": file("甲", "sorces: x\n", "文"), "guides/b.md": good}, "guides/a.md:6 sorces error", 1},
		{"no front matter", map[string]string{"guides/a.md": "# 甲", "guides/b.md": good}, "guides/a.md:1  error", 1},
		{"duplicate slug", map[string]string{"guides/a.md": good, "guides/b.md": file("乙", "slug: a\n", "文")}, "guides/b.md:0 slug error 地址“a”与 guides/a.md 重复", 1},
		{"bad slug", map[string]string{"guides/a.md": file("甲", "slug: A b\n", "文")}, "guides/a.md:0 slug error", 0},
		{"kind and folder", map[string]string{"news/a.md": file("甲", "kind: guide\n", "文")}, "news/a.md:0 kind error", 0},
		{"missing picture", map[string]string{"guides/a.md": file("甲", "", "![图](a.png)"), "guides/b.md": good}, "guides/a.md:0 body error “a.png”：没有这个文件。", 2},
		{"missing cover", map[string]string{"guides/a.md": file("甲", "cover: a.png\n", "文")}, "guides/a.md:0 cover error “a.png”", 1},
		{"missing attachment", map[string]string{"guides/a.md": file("甲", "attachments: [{file: a.docx, name: 表}]\n", "文")}, "guides/a.md:0 attachments error", 1},
		{"missing text", map[string]string{"guides/a.md": file("甲", "", "[乙](b.md)")}, "guides/a.md:0 body error 链接到的“b.md”", 1},
		{"out of the tree", map[string]string{"guides/a.md": file("甲", "", "![图](../../etc/passwd.png)")}, "guides/a.md:0 body error “../../etc/passwd.png”指到了内容目录之外", 1},
		{"large picture", map[string]string{"guides/a.md": file("甲", "", "![图](a.png)"), "guides/a.png": strings.Repeat("x", 10<<20)}, "guides/a.md:0 body error “a.png”：文件太大。", 1},
		{"large text", map[string]string{"guides/a.md": file("甲", "", strings.Repeat("长", 10<<20/3)), "guides/b.md": good}, "guides/a.md:0  error 文件超过 1 MB", 1},
		{"GBK", map[string]string{"guides/a.md": gbk}, "guides/a.md:0  info 文件是 GBK 编码", 1},
		{"no encoding", map[string]string{"guides/a.md": "---\ntitle: \xff\xff\x80\n---\n"}, "guides/a.md:0  error 文件的编码认不出来", 0},
		{"not fit", map[string]string{"guides/a.md": "---\ntitle: 甲\n---\n文"}, "guides/a.md:0 sources error", 1},
		{"long title", map[string]string{"guides/a.md": file(strings.Repeat("长", 101), "", "文")}, "guides/a.md:0 title error", 0},
		{"topics", map[string]string{"topics.yaml": "- slug: a\n  nam: 甲\n", "guides/a.md": good}, "topics.yaml:2 nam error", 1},
		{"redirects", map[string]string{"redirects.csv": "from,to\n/about,/guides/a\n", "guides/a.md": good}, "redirects.csv:2  error", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newBare(t, dbtest.SQLite(t))
			r := k.load(tree(c.files), content.ImportOptions{Publish: true, PutMedia: shelf{}.put})
			if !strings.Contains(lines(r), c.want) || r.Created != c.ok {
				t.Errorf("made %d documents, report:\n%swant %d and a line with %q", r.Created, lines(r), c.ok, c.want)
			}
		})
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(t.TempDir(), "secret.md")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "guides"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(secret, file("秘密", "", "文"))
	write(filepath.Join(dir, "guides", "a.md"), file("甲", "", "![图](b.png)"))
	for _, name := range []string{"guides/c.md", "guides/b.png"} {
		if err := os.Symlink(secret, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Dir(secret), filepath.Join(dir, "news")); err != nil {
		t.Fatal(err)
	}
	k := newBare(t, dbtest.SQLite(t))
	media := shelf{}
	r := get[content.Report](k)(k.Import(k.ctx, auth.System(), os.DirFS(dir), content.ImportOptions{PutMedia: media.put}))
	for _, want := range []string{"guides/c.md:0  error", "guides/a.md:0 body error “b.png”", "news:0  error"} {
		if !strings.Contains(lines(r), want) {
			t.Errorf("no line with %q in\n%s", want, lines(r))
		}
	}
	if r.Created != 1 || len(media) > 0 {
		t.Errorf("%d documents, %d media", r.Created, len(media))
	}
}

// TestImportAgain: the same tree changes nothing, a changed file comes in, and
// what a person has touched is kept.
func TestImportAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newBare(t, d)
		opt := content.ImportOptions{Publish: true}
		files := tree(map[string]string{"topics.yaml": "- slug: wages\n  name: 工资\n", "guides/a.md": file("甲", "topics: [wages]\n", "文"), "guides/b.md": file("乙", "", "文"), "guides/c.md": "---\ntitle: 丙\n---\n文"})
		if r := k.load(files, opt); r.Created != 3 {
			t.Fatalf("first: %+v", r)
		}
		position := get[int64](k)(k.ledger.Refresh(k.ctx))
		if r := k.load(files, opt); r.Unchanged != 3 || r.Created+r.Updated+r.Kept != 0 {
			t.Errorf("the same again: %+v", r)
		}
		if now := get[int64](k)(k.ledger.Refresh(k.ctx)); now != position {
			t.Errorf("the same again wrote %d journal rows", now-position)
		}

		files["guides/a.md"] = &fstest.MapFile{Data: []byte(file("甲改", "topics: [wages]\n", "新的文"))}
		if r := k.load(files, opt); r.Updated != 1 || r.Unchanged != 2 {
			t.Errorf("one changed: %+v", r)
		}
		a := get[content.Live](k)(k.Published(k.ctx, content.Guide, "a"))
		if a.Title != "甲改" || a.Number != 2 {
			t.Errorf("a is %q, %s", a.Title, a.Label())
		}

		draft := get[content.Edition](k)(k.Revise(k.ctx, author, a.Edition.ID, a.Version))
		text := draft.Text
		text.Title = "甲，人改的"
		draft = get[content.Edition](k)(k.Save(k.ctx, author, draft.ID, draft.Version, text))
		get[content.Edition](k)(k.Publish(k.ctx, reviewer, draft.ID, draft.Version))
		if r := k.load(files, opt); r.Kept != 0 || r.Unchanged != 3 {
			t.Errorf("only the person changed it: %+v", r)
		}
		files["guides/a.md"] = &fstest.MapFile{Data: []byte(file("甲，文件改的", "", "又是新的文"))}
		if r := k.load(files, opt); r.Kept != 1 || !strings.Contains(lines(r), "guides/a.md:0  warning") {
			t.Errorf("changed on both sides: %+v", r)
		}
		if a := get[content.Live](k)(k.Published(k.ctx, content.Guide, "a")); a.Title != "甲，人改的" {
			t.Errorf("the person's text is gone: %q", a.Title)
		}

		get[content.Document](k)(k.Rename(k.ctx, reviewer, a.Document.ID, "a-new"))
		b := get[content.Live](k)(k.Published(k.ctx, content.Guide, "b"))
		get[content.Edition](k)(k.Withdraw(k.ctx, reviewer, b.Edition.ID, b.Version, "过时"))
		if r := k.load(files, opt); r.Created != 0 {
			t.Errorf("a renamed document came again: %+v", r)
		}
		if b := get[content.Live](k)(k.Published(k.ctx, content.Guide, "b")); b.State != content.Withdrawn {
			t.Errorf("an import brought back what was withdrawn")
		}
	})
}

func TestImportKeepsNobodysDate(t *testing.T) {
	k := newBare(t, dbtest.SQLite(t))
	fsys := tree(map[string]string{"news/a.md": "---\ntitle: 甲\nstate: published\npublished: 2020-01-01T09:00:00+08:00\n---\n文"})
	k.load(fsys, content.ImportOptions{})
	if a := get[content.Live](k)(k.Published(k.ctx, content.News, "a")); !a.First.Equal(k.clock.at) {
		t.Errorf("published at %s: the file's word was taken", a.First)
	}
	_, err := k.Import(k.ctx, auth.System(), fsys, content.ImportOptions{Restore: true})
	wantKind(t, err, errs.Conflict)
	_, err = k.Import(k.ctx, reviewer, fsys, content.ImportOptions{})
	wantKind(t, err, errs.Forbidden)
}

func TestImportHugo(t *testing.T) {
	k := newBare(t, dbtest.SQLite(t))
	media := shelf{}
	fsys := tree(map[string]string{
		"content/posts/_index.md":      "---\ntitle: 列表\n---\n",
		"content/posts/first/index.md": "---\ntitle: 头一篇\ndate: 2026-03-01T10:00:00+08:00\ndraft: false\ntags: [甲]\n---\n![图](pic.png)\n\n[下一篇](../second.md#x)",
		"content/posts/first/pic.png":  "PNG",
		"content/posts/second.md":      "---\ntitle: 第二篇\nslug: next\ndraft: true\n---\n文",
		"content/other/x.md":           "---\ntitle: 不收\n---\n",
	})
	r := k.load(fsys, content.ImportOptions{PutMedia: media.put})
	if r.Created != 2 || r.Failed != 0 {
		t.Fatalf("report %+v", r)
	}
	a := get[content.Live](k)(k.Published(k.ctx, content.News, "first"))
	if a.Written != "2026-03-01" || !strings.Contains(a.HTML, `src="/media/`) || !strings.Contains(a.HTML, `href="/news/next#x"`) {
		t.Errorf("first: written %q, %s", a.Written, a.HTML)
	}
	_, err := k.Published(k.ctx, content.News, "next")
	wantKind(t, err, errs.NotFound)
}

func TestStarterIsFit(t *testing.T) {
	k := newBare(t, dbtest.SQLite(t))
	k.clock.at = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	r, done, err := k.SeedStarter(k.ctx, auth.System(), starter.Files(), content.ImportOptions{})
	k.must(err)
	if !done || r.Created < 30 || len(r.Items) > 0 {
		t.Errorf("seeded %v, %d documents, report:\n%s", done, r.Created, lines(r))
	}
	if l := get[content.Listing[content.Item]](k)(k.List(k.ctx, content.Filter{Kind: content.Guide})); l.Total < 24 {
		t.Errorf("%d guides", l.Total)
	}
	if _, done, err := k.SeedStarter(k.ctx, auth.System(), starter.Files(), content.ImportOptions{}); done || err != nil {
		t.Errorf("seeded twice: %v %v", done, err)
	}
	for _, item := range get[[]content.ReportItem](k)(k.Check(k.ctx)) {
		if item.Level == content.Error || strings.Contains(item.Message, "链接到的") {
			t.Errorf("check: %+v", item)
		}
	}
}

// export writes the tree into memory.
func (k *desk) export(media shelf) map[string]string {
	k.t.Helper()
	files := map[string]string{}
	_, err := k.Export(k.ctx, func(name string) (io.WriteCloser, error) {
		return &page{name: name, files: files}, nil
	}, content.ExportOptions{OpenMedia: media.open})
	k.must(err)
	return files
}

type page struct {
	bytes.Buffer
	name  string
	files map[string]string
}

func (p *page) Close() error {
	p.files[p.name] = p.String()
	return nil
}

// TestRoundTrip: export, import into an empty store, export again: the same
// bytes, whatever people wrote and in whatever state it is.
func TestRoundTrip(t *testing.T) {
	// Each try opens two databases and waits for their disks.
	if err := flag.Set("rapid.checks", "30"); err != nil {
		t.Fatal(err)
	}
	defer flag.Set("rapid.checks", "100")
	words := rapid.SampledFrom([]string{"拖欠工资", "《劳动合同法》第三十条", " ", "\n\n", "**重点**", "## 标题\n", "- 列表\n", "---\n", "    代码 ](/media/x/y)\n", "<b>", "'", `"`,
		": ", "# ", "[链接](/guides/a)", "🙂", "\t", "|", "`码`", "\r\n", "😀", "null", "2026-11-01", "&amp;", "%20", "]", "("})
	text := func(max int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(words, 0, max).Draw(t, "words"), "") })
	}
	rapid.Check(t, func(rt *rapid.T) {
		k := newDesk(t, dbtest.SQLite(t))
		media := shelf{}
		var made []content.Edition
		for range rapid.IntRange(1, 5).Draw(rt, "documents") {
			kind := rapid.SampledFrom(content.Kinds).Draw(rt, "kind")
			c := content.Text{Title: "甲" + text(4).Draw(rt, "title"), Answer: "答" + text(3).Draw(rt, "answer"), Summary: text(4).Draw(rt, "summary"), Body: "文" + text(12).Draw(rt, "body"),
				Audience: rapid.SliceOfN(text(2), 0, 3).Draw(rt, "audience"), Sources: []string{"《劳动合同法》第三十条", text(3).Draw(rt, "source")},
				Checked: "2026-11-01", Author: text(2).Draw(rt, "author"), Origin: text(2).Draw(rt, "origin")}
			for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"图 1.png", "表(一).docx", "a.png", "100%.pdf", "a_b*c.png"}), 0, 3).Draw(rt, "media") {
				address := media.add(name, []byte(rapid.StringN(1, 3, 8).Draw(rt, "bytes")))
				c.Body += "\n\n![图](" + strings.ReplaceAll(strings.ReplaceAll(address, "(", "%28"), ")", "%29") + ")\n\n[表](<" + address + ">)"
				c.Cover, c.CoverAlt = address, "图"
				c.Attachments = append(c.Attachments, content.Attachment{File: address, Name: name})
			}
			e := get[content.Edition](k)(k.Create(k.ctx, author, kind, "", c))
			for _, a := range rapid.SampledFrom([][]content.Action{{}, {content.ActPublish}, {content.ActPublish, content.ActWithdraw},
				{content.ActPublish, content.ActRevise}, {content.ActPublish, content.ActRevise, content.ActPublish},
				{content.ActPublish, content.ActUnpublish}, {content.ActSubmit}}).Draw(rt, "way") {
				k.clock.at = k.clock.at.Add(time.Hour)
				next, err := k.act(reviewer, a, e)
				if err != nil {
					rt.Fatalf("%s: %v", a, err)
				}
				e = next
			}
			made = append(made, e)
		}
		if e := made[0]; rapid.Bool().Draw(rt, "rename") {
			get[content.Document](k)(k.Rename(k.ctx, auth.System(), e.DocumentID, "renamed"))
		}
		first := k.export(media)
		fsys := tree(first)
		again, other := newBare(t, dbtest.SQLite(t)), shelf{}
		again.clock.at = k.clock.at.Add(time.Hour)
		r := again.load(fsys, content.ImportOptions{Restore: true, PutMedia: other.put})
		if second := again.export(other); !maps.Equal(first, second) {
			for _, name := range slices.Sorted(maps.Keys(first)) {
				if first[name] != second[name] {
					rt.Fatalf("%s was\n%s\nis\n%s\nreport:\n%s", name, first[name], second[name], lines(r))
				}
			}
			rt.Fatalf("files: %v, were %v", slices.Sorted(maps.Keys(second)), slices.Sorted(maps.Keys(first)))
		}
		if r = again.load(fsys, content.ImportOptions{PutMedia: other.put}); r.Created+r.Updated+r.Kept > 0 {
			rt.Fatalf("the same tree again: %+v", r)
		}
	})
}
