package events_test

import (
	"strings"
	"testing"

	"github.com/songfa/songfa/events"
)

// What people type is taken as far as it can be understood; what is refused is
// refused with a sentence at the field.
func TestSignUpForm(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*events.SignUp)
		field  string // "" when it is taken
		want   func(events.SignUp) bool
	}{
		"good":                    {change: func(*events.SignUp) {}},
		"name of one character":   {change: func(f *events.SignUp) { f.Name = "张" }},
		"name of 60":              {change: func(f *events.SignUp) { f.Name = strings.Repeat("张", 60) }},
		"name of 61":              {change: func(f *events.SignUp) { f.Name = strings.Repeat("张", 61) }, field: "name"},
		"no name":                 {change: func(f *events.SignUp) { f.Name = " \u3000\t" }, field: "name"},
		"rare character":          {change: func(f *events.SignUp) { f.Name = "𠮷田" }, want: func(f events.SignUp) bool { return f.Name == "𠮷田" }},
		"60 rare characters":      {change: func(f *events.SignUp) { f.Name = strings.Repeat("𠮷", 60) }},
		"dot of a name":           {change: func(f *events.SignUp) { f.Name = "阿卜杜拉•买买提" }, want: func(f events.SignUp) bool { return f.Name == "阿卜杜拉·买买提" }},
		"only dots":               {change: func(f *events.SignUp) { f.Name = "···" }, field: "name"},
		"emoji in the name":       {change: func(f *events.SignUp) { f.Name = "张三😀" }, field: "name"},
		"family emoji":            {change: func(f *events.SignUp) { f.Name = "👨‍👩‍👧" }, field: "name"},
		"number in the name":      {change: func(f *events.SignUp) { f.Name = "张三13800000001" }, field: "name"},
		"markup in the name":      {change: func(f *events.SignUp) { f.Name = "<b>张三</b>" }, field: "name"},
		"line break in the name":  {change: func(f *events.SignUp) { f.Name = "张三\r\n李四" }, want: func(f events.SignUp) bool { return f.Name == "张三 李四" }},
		"broken UTF-8":            {change: func(f *events.SignUp) { f.Name = "张\xff三" }, want: func(f events.SignUp) bool { return f.Name == "张三" }},
		"direction mark":          {change: func(f *events.SignUp) { f.Name = "张\u202e三" }, want: func(f events.SignUp) bool { return f.Name == "张三" }},
		"phone with blanks":       {change: func(f *events.SignUp) { f.Phone = " 138 0000 0001 " }, want: e164("+8613800000001")},
		"full-width phone":        {change: func(f *events.SignUp) { f.Phone = "１３８００００００ ０１" }, want: e164("+8613800000001")},
		"phone with country":      {change: func(f *events.SignUp) { f.Phone = "+86-138-0000-0001" }, want: e164("+8613800000001")},
		"landline":                {change: func(f *events.SignUp) { f.Phone = "0537-2200000" }, want: e164("+865372200000")},
		"phone too short":         {change: func(f *events.SignUp) { f.Phone = "1380000000" }, field: "phone"},
		"phone too long":          {change: func(f *events.SignUp) { f.Phone = "138000000012" }, field: "phone"},
		"no phone":                {change: func(f *events.SignUp) { f.Phone = "" }, field: "phone"},
		"no phone, at the desk":   {change: func(f *events.SignUp) { f.Phone, f.Origin = "", events.FromStaff }},
		"emoji phone":             {change: func(f *events.SignUp) { f.Phone = "☎️" }, field: "phone"},
		"party of none":           {change: func(f *events.SignUp) { f.Party = 0 }, field: "party"},
		"party of six":            {change: func(f *events.SignUp) { f.Party = 6 }, field: "party"},
		"negative party":          {change: func(f *events.SignUp) { f.Party = -1 }, field: "party"},
		"party of a billion":      {change: func(f *events.SignUp) { f.Party = 1e9 }, field: "party"},
		"question of 200":         {change: func(f *events.SignUp) { f.Question = strings.Repeat("问", 200) }},
		"question of 201":         {change: func(f *events.SignUp) { f.Question = strings.Repeat("问", 201) }, field: "question"},
		"emoji in the question":   {change: func(f *events.SignUp) { f.Question = "老板跑了😭怎么办" }},
		"no consent":              {change: func(f *events.SignUp) { f.Consent = "" }, field: "consent"},
		"forged key":              {change: func(f *events.SignUp) { f.IdemKey = "' OR 1=1 --" }, field: "key"},
		"no key":                  {change: func(f *events.SignUp) { f.IdemKey = "" }, field: "key"},
		"key not needed by staff": {change: func(f *events.SignUp) { f.IdemKey, f.Origin = "", events.FromPaper }},
		"town of nowhere":         {change: func(f *events.SignUp) { f.Town = "../etc" }, field: "town"},
	} {
		t.Run(name, func(t *testing.T) {
			f := guest("01SESSION", 1, 2)
			tt.change(&f)
			ps := f.Problems()
			switch {
			case tt.field == "" && len(ps) > 0:
				t.Errorf("refused: %v", ps)
			case tt.field != "" && (len(ps) != 1 || ps[0].Field != tt.field || !strings.HasSuffix(ps[0].Message, "。")):
				t.Errorf("problems %v, want a sentence at %s", ps, tt.field)
			case tt.want != nil && !tt.want(f):
				t.Errorf("read as %+v", f)
			}
		})
	}
}

func e164(want string) func(events.SignUp) bool {
	return func(f events.SignUp) bool { return f.Phone == want }
}
