package qr_test

import (
	"testing"

	"github.com/songfa/songfa/internal/qr"
)

func BenchmarkPath(b *testing.B) {
	for b.Loop() {
		c, err := qr.New("https://sfj.example.gov.cn/pufa/desk/q/0123456789abcdefghjkmnpqrs")
		if err != nil || c.Path() == "" {
			b.Fatal(err)
		}
	}
}
