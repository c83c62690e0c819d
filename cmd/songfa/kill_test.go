package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const publications = 200

// TestKill9 kills the server in the middle of 200 publications, at several
// moments, and wants every acknowledged one back: readable, found, and on no
// page a trace of an older time.
func TestKill9(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills servers")
	}
	n := newNode(t)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	defer func() {
		if t.Failed() {
			t.Logf("seed %d", seed)
		}
	}()
	var all []string
	n.start()
	for round := range 4 {
		killAt := 1 + random.IntN(publications-20)
		all = append(all, publishUntilKilled(t, n, round, killAt)...)
		n.start()
		checkNothingLost(t, n, all)
		all = append(all, checkNothingStale(t, n, round))
		t.Logf("killed at %d, %d published in all", killAt, len(all))
	}
	n.stop()
	if out := n.songfa("check"); strings.Contains(out, "落后") {
		t.Errorf("after a good end the index is behind:\n%s", out)
	}
}

// TestKill9Import kills an import in its middle. Running it again brings in the
// rest, and nothing twice.
func TestKill9Import(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills servers")
	}
	n := newNode(t)
	tree := guideTree(t, 1000)
	cmd := exec.Command("songfa", "import", "--publish", tree)
	cmd.Env = n.env
	progress, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(progress)
	for lines.Scan() && lines.Text() != "导入 400/1000" {
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the import ended before it was killed")
	}
	again := n.songfa("import", "--publish", tree)
	var created, unchanged int
	_, sum, _ := strings.Cut(again, "文档：")
	if _, err := fmt.Sscanf(sum, "新增 %d，更新 0，未变 %d，", &created, &unchanged); err != nil || created == 0 || unchanged == 0 || created+unchanged != 1000 {
		t.Errorf("the second run says %v:\n%s", err, again)
	}
	if lines := strings.Count(again, "导入 "); lines != 10 {
		t.Errorf("piped progress has %d lines, want one for each tenth", lines)
	}
	n.songfa("check")
	out := t.TempDir()
	n.songfa("export", out)
	files, err := filepath.Glob(filepath.Join(out, "guides", "*.md"))
	if err != nil || len(files) != 1000 {
		t.Errorf("%d guides in the end, %v", len(files), err)
	}
}

// publishUntilKilled returns the slugs that were acknowledged. Readers keep the
// caches warm meanwhile.
func publishUntilKilled(t *testing.T, n *node, round, killAt int) []string {
	t.Helper()
	d := n.signIn()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var mu sync.Mutex
	var acknowledged []string
	var readers sync.WaitGroup
	readers.Go(func() {
		for ctx.Err() == nil {
			_, _, _ = n.get("/") // the server dies under it
			_, _, _ = n.get("/guides/")
		}
	})
	inParallel(ctx, publications, 8, func(i int) {
		slug := fmt.Sprintf("kill%c%c%c", 'a'+round, 'a'+i/20, 'a'+i%20) // one word, for the search
		err := d.publish(n, d.guide(slug, "第"+slug+"号指南", "正文里有"+slug+"。"))
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			if ctx.Err() == nil {
				t.Error(err)
			}
			return
		}
		acknowledged = append(acknowledged, slug)
		if len(acknowledged) == killAt {
			cancel()
			n.kill()
		}
	})
	readers.Wait()
	return acknowledged
}

func checkNothingLost(t *testing.T, n *node, slugs []string) {
	t.Helper()
	listed := listedGuides(t, n)
	inParallel(t.Context(), len(slugs), 4, func(i int) {
		slug := slugs[i]
		address := "/guides/" + slug
		if !n.shows(address, "正文里有"+slug) {
			t.Errorf("%s was acknowledged and is lost", slug)
		}
		if !slices.Contains(listed, address) {
			t.Errorf("%s is in no list", slug)
		}
	})
	missing := slices.Clone(slugs)
	eventually(10*time.Second, func() bool {
		missing = slices.DeleteFunc(missing, func(slug string) bool { return n.finds(slug, "/guides/"+slug) })
		return len(missing) == 0
	})
	if len(missing) > 0 {
		t.Fatalf("not found by search: %v", missing)
	}
	if !n.shows("/", `href="`+listed[0]) {
		t.Errorf("the home page does not know %s", listed[0])
	}
}

// checkNothingStale publishes one more, which the warm caches must not hide.
func checkNothingStale(t *testing.T, n *node, round int) (slug string) {
	t.Helper()
	slug = fmt.Sprintf("kill%clast", 'a'+round)
	d := n.signIn()
	if err := d.publish(n, d.guide(slug, "第"+slug+"号指南", "正文里有"+slug+"。")); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"/", "/guides/", "/feeds/all.xml"} {
		if !n.shows(page, "/guides/"+slug) {
			t.Errorf("%s is stale", page)
		}
	}
	if !eventually(promised, func() bool { return n.finds(slug, "/guides/"+slug) }) {
		t.Errorf("what was just published is not found after %v", promised)
	}
	return slug
}

// listedGuides are the addresses on all pages of the list, the newest first.
func listedGuides(t *testing.T, n *node) []string {
	t.Helper()
	var all []string
	for page := 1; ; page++ {
		status, body, err := n.get(fmt.Sprintf("/guides/?page=%d", page))
		if err != nil {
			t.Fatal(err)
		}
		before := len(all)
		for _, part := range strings.Split(body, `href="`)[1:] {
			address, _, _ := strings.Cut(part, `"`)
			if strings.HasPrefix(address, "/guides/kill") && !slices.Contains(all, address) {
				all = append(all, address)
			}
		}
		if status != 200 || len(all) == before {
			return all
		}
	}
}
