package vault

import (
	"encoding/base64"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/errs"
)

type person struct{ Name, Phone string }

func TestSealOpensOnlyForItsRowAndKey(t *testing.T) {
	v := New([]byte(strings.Repeat("a", 32)))
	rapid.Check(t, func(t *rapid.T) {
		want := person{rapid.String().Draw(t, "name"), rapid.String().Draw(t, "phone")}
		want.Name = strings.ToValidUTF8(want.Name, "")
		want.Phone = strings.ToValidUTF8(want.Phone, "")
		sealed, err := v.Seal("registration:1", want)
		if err != nil {
			t.Fatal(err)
		}
		if len(want.Name) > 3 && strings.Contains(sealed, want.Name) {
			t.Fatal("the name can be read in the sealed text")
		}
		var got person
		if err := v.Open("registration:1", sealed, &got); err != nil || got != want {
			t.Fatalf("opened %+v, %v; want %+v", got, err, want)
		}
		if err := v.Open("registration:2", sealed, &got); !errs.Is(err, errs.Internal) {
			t.Fatalf("opened in another row: %v", err)
		}
		if err := New([]byte(strings.Repeat("b", 32))).Open("registration:1", sealed, &got); !errs.Is(err, errs.Internal) {
			t.Fatalf("opened with another key: %v", err)
		}
		raw, _ := base64.RawStdEncoding.DecodeString(sealed)
		raw[rapid.IntRange(0, len(raw)-1).Draw(t, "at")] ^= 1
		if err := v.Open("registration:1", base64.RawStdEncoding.EncodeToString(raw), &got); err == nil {
			t.Fatal("a changed text opened")
		}
	})
}

func TestSealingTwiceDiffersAndWipedOpensEmpty(t *testing.T) {
	v := New([]byte(strings.Repeat("a", 32)))
	a, _ := v.Seal("x", person{Name: "王师傅"})
	b, _ := v.Seal("x", person{Name: "王师傅"})
	if a == b {
		t.Error("equal rows can be told to be equal")
	}
	got := person{Name: "before"}
	if err := v.Open("x", "", &got); err != nil || got.Name != "before" {
		t.Errorf("wiped: %+v, %v", got, err)
	}
}

func TestBlindAndDerived(t *testing.T) {
	v := New([]byte(strings.Repeat("a", 32)))
	if v.Blind("phone", "1") != v.Blind("phone", "1") || v.Blind("phone", "1") == v.Blind("phone", "2") ||
		v.Blind("phone", "1") == v.Blind("phon", "e1") || v.Blind("a", "1") == New([]byte(strings.Repeat("b", 32))).Blind("a", "1") {
		t.Error("blind values must be equal only for the same kind, value and key")
	}
	code, token := v.Code("registration", "1"), v.Token("qr", "1")
	if len(code) != CodeLength || len(token) != 26 || code == v.Code("registration", "2") || token == v.Token("qr", "2") {
		t.Errorf("code %q, token %q", code, token)
	}
	if strings.ContainsAny(code, "ILOU") || CleanCode(code) != code {
		t.Errorf("code %q is not Crockford's", code)
	}
}

func TestCleanCode(t *testing.T) {
	for typed, want := range map[string]string{
		"abcde-fghjk": "ABCDEFGHJK", " ＡＢＣＤＥ　ＦＧＨＪＫ ": "ABCDEFGHJK", "o0il1-00000": "0011100000", "": "",
		"-\nabcde\r\n–\tfghjk": "ABCDEFGHJK",
	} {
		if got := CleanCode(typed); got != want {
			t.Errorf("CleanCode(%q) = %q, want %q", typed, got, want)
		}
	}
	if got := GroupCode("ABCDEFGHJK"); got != "ABCDE-FGHJK" {
		t.Errorf("GroupCode: %q", got)
	}
}

func TestPhone(t *testing.T) {
	for typed, want := range map[string]string{
		"13800000001": "+8613800000001", "138 0000 0001": "+8613800000001", "138-0000-0001": "+8613800000001",
		"１３８０００００００１": "+8613800000001", "+86 138 0000 0001": "+8613800000001", "0086-13800000001": "+8613800000001",
		"8613800000001": "+8613800000001", "＋８６１３８０００００００１": "+8613800000001",
		"010-62000000": "+861062000000", "(0537) 2200000": "+865372200000",
	} {
		if got, err := Phone(typed); err != nil || got != want {
			t.Errorf("Phone(%q) = %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "1380000000", "138000000012", "12800000001", "abc", "110", "62000000", "😀", "1380000000a"} {
		if got, err := Phone(typed); !errs.Is(err, errs.Invalid) || errs.FieldOf(err) != "phone" || errs.MessageOf(err) == "" {
			t.Errorf("Phone(%q) = %q, %v; want a sentence at the field", typed, got, err)
		}
	}
}

func TestMasks(t *testing.T) {
	for got, want := range map[string]string{
		MaskName("张三丰"): "张*", MaskName("𠮷田"): "𠮷*", MaskName(""): "",
		MaskPhone("+8613800005678"): "138****5678", MaskPhone("+865372200000"): "053****0000", MaskPhone("12"): "**",
		LastFour("+86 138-0000-５６７８"): "5678", LastFour("12"): "12", LocalPhone("+861062000000"): "01062000000",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"13800000001", "＋８６ 138", "010-62000000", "\x00", "１"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		n, err := Phone(typed)
		if err != nil {
			return
		}
		if again, err := Phone(n); err != nil || again != n {
			t.Fatalf("%q reads as %q, which reads as %q, %v", typed, n, again, err)
		}
		if again, err := Phone(LocalPhone(n)); err != nil || again != n {
			t.Fatalf("%q does not come back from its local form: %q, %v", n, again, err)
		}
	})
}

func FuzzCleanCode(f *testing.F) {
	for _, s := range []string{"abcde-fghjk", "ＡＢＣ　o0il1", "", "\xff", "ｏ", "-\no", "o\r\n-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		once := CleanCode(typed)
		if again := CleanCode(once); again != once {
			t.Fatalf("%q is cleaned to %q and then to %q", typed, once, again)
		}
		if strings.ContainsAny(once, "OIL -") {
			t.Fatalf("%q keeps what people mix up: %q", typed, once)
		}
	})
}
