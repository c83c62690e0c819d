package search

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// BenchmarkBuildMany builds an index of 100,000 documents of some 600 characters,
// all different, and reports its size and the most memory that was resident,
// pages of mapped files among it: go test -run '^$' -bench BuildMany -benchtime 1x
// ./search/, by itself, since memory is that of the whole process.
func BenchmarkBuildMany(b *testing.B) {
	const documents, step = 100_000, 20_000
	for b.Loop() {
		x := newWorld(b, dbtest.SQLite(b)).open(b)
		s, err := openShelf(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		w := x.newWriter(s)
		for i := range documents {
			if i%step == step-1 {
				b.Logf("%d documents: %d MB resident at most", i+1, peakMB(b))
			}
			if err := w.add(documentEntry(manyDocument(i))); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.flush(nil); err != nil {
			b.Fatal(err)
		}
		if err := s.compact(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := s.refresh(); err != nil {
			b.Fatal(err)
		}
		if s.view.count != documents {
			b.Errorf("%d documents in the index", s.view.count)
		}
		b.ReportMetric(float64(peakMB(b)), "peak-MB")
		if err := s.retire(); err != nil {
			b.Fatal(err)
		}
	}
}

// manyDocument is the n-th synthetic document: sentences put together from a
// fixed set of pieces, and its number.
func manyDocument(n int) content.Live {
	pieces := strings.Fields("劳动者 用人单位 拖欠工资 工伤认定 社会保险 劳动合同 应当支付 依法申请 仲裁委员会 自收到之日起 十五日内 提出 证据 经济补偿 加班费 工地 包工头 签字 盖章 法律援助 东湖镇 服务站 咨询 律师 调解")
	var body strings.Builder
	seed := uint32(n)*2654435761 + 1
	for body.Len() < 1800 {
		seed = seed*1664525 + 1013904223
		body.WriteString(pieces[seed>>16%uint32(len(pieces))])
		if seed>>24%7 == 0 {
			body.WriteRune(rune(0x4e00 + seed>>8%5000))
			body.WriteString("。")
		}
	}
	id := fmt.Sprintf("%026d", n)
	l := content.Live{Document: content.Document{ID: id, Kind: content.News, Slug: id}}
	l.Title = fmt.Sprintf("第%d期普法简报", n)
	l.Plain = body.String()
	return l
}

// peakMB is the most memory this process had resident.
func peakMB(b *testing.B) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("the system does not tell memory")
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.Atoi(strings.Fields(value)[0])
			if err != nil {
				b.Fatal(err)
			}
			return kb / 1024
		}
	}
	b.Skip("the system does not tell memory")
	return 0
}
