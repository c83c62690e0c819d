package law

import "strings"

// Name is what a law is called for short and told apart by: the title without
// 中华人民共和国, without white space, with one kind of bracket.
func Name(title string) string {
	title = strings.Join(strings.FieldsFunc(title, isBlank), "")
	return nameFolder.Replace(title)
}

var nameFolder = strings.NewReplacer("中华人民共和国", "",
	"最高人民法院最高人民检察院", "最高人民法院、最高人民检察院",
	"(", "（", ")", "）", "〈", "《", "〉", "》", "<", "《", ">", "》")
