package content_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/content"
)

// TestHashIsFrozen pins the encoding: approvals in databases are bound to it. A
// change of it needs a new name of the form, and this hash.
func TestHashIsFrozen(t *testing.T) {
	text := guide("拖欠工资怎么办")
	text.Attachments = []content.Attachment{{File: "/media/a/b.pdf", Name: "申请表"}}
	const want = "f83e92055f826c4d1f4a4ef74b847d6dfd71ac387a1815728d8872f145607ffc"
	if got := text.Hash(); got != want {
		t.Errorf("hash is %s, want %s", got, want)
	}
}

// TestHashSeesEveryField changes each field of a text in turn, so that a field
// that is added and not hashed is found.
func TestHashSeesEveryField(t *testing.T) {
	seen := map[string]string{content.Text{}.Hash(): "nothing"}
	for i := range reflect.TypeFor[content.Text]().NumField() {
		var text content.Text
		name := reflect.TypeFor[content.Text]().Field(i).Name
		switch f := reflect.ValueOf(&text).Elem().Field(i); f.Interface().(type) {
		case string:
			f.SetString("x")
		case []string:
			f.Set(reflect.ValueOf([]string{"x"}))
		case []content.Attachment:
			f.Set(reflect.ValueOf([]content.Attachment{{Name: "x"}}))
		default:
			t.Fatalf("field %s is of a type this test does not know", name)
		}
		if other, taken := seen[text.Hash()]; taken {
			t.Errorf("%s hashes like %s", name, other)
		}
		seen[text.Hash()] = name
	}
}

// Two texts have one hash exactly when they are equal.
func TestHashIsEquality(t *testing.T) {
	word := rapid.SampledFrom([]string{"", "x", "entry", "x\nentry 1", "1\nx", "文"})
	list := rapid.SliceOfN(word, 0, 3)
	text := rapid.Custom(func(t *rapid.T) content.Text {
		out := content.Text{Title: word.Draw(t, "title"), Answer: word.Draw(t, "answer"), Body: word.Draw(t, "body"),
			Topics: list.Draw(t, "topics"), Column: word.Draw(t, "column"), Sources: list.Draw(t, "sources")}
		for range rapid.IntRange(0, 2).Draw(t, "files") {
			out.Attachments = append(out.Attachments, content.Attachment{File: word.Draw(t, "file"), Name: word.Draw(t, "name")})
		}
		return out
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		if a.Equal(b) != (a.Hash() == b.Hash()) {
			t.Fatalf("equal: %v, one hash: %v", a.Equal(b), a.Hash() == b.Hash())
		}
	})
}
