package content

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/songfa/songfa/internal/markdown"
)

// maxFile is the most bytes a text file may have: the longest body, and room
// for its front matter.
const maxFile = markdown.MaxSource + 64<<10

// readTreeFile reads a text file of the tree as UTF-8. The fault is of level
// Info when it was converted, and Error when there is no text.
func readTreeFile(tree fs.FS, name string) ([]byte, *fault) {
	if f := plainFile(tree, name); f != nil {
		return nil, f
	}
	f, err := tree.Open(name)
	if err != nil {
		return nil, unreadable(err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if len(b) > maxFile {
		return nil, &fault{level: Error, message: "文件超过 1 MB，请拆成几篇，或把图片、附件另存为文件。"}
	}
	return toUTF8(b)
}

func unreadable(err error) *fault {
	if errors.Is(err, fs.ErrNotExist) {
		return &fault{level: Error, message: "没有这个文件。"}
	}
	return &fault{level: Error, message: "文件打不开：" + err.Error()}
}

// plainFile refuses links, in any part of the path: a tree that was handed to
// us must not reach for files it does not hold.
func plainFile(tree fs.FS, name string) *fault {
	for at := 0; at < len(name); {
		end := strings.IndexByte(name[at:], '/')
		if end < 0 {
			end = len(name) - at
		}
		info, err := fs.Lstat(tree, name[:at+end])
		if err != nil {
			return unreadable(err)
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return &fault{level: Error, message: "“" + name[:at+end] + "”是指向别处的链接，没有导入。请换成文件本身。"}
		}
		at += end + 1
		if at > len(name) && !info.Mode().IsRegular() {
			return &fault{level: Error, message: "不是普通文件，没有导入。"}
		}
	}
	return nil
}

// toUTF8 converts what old editors on Chinese Windows save.
func toUTF8(b []byte) ([]byte, *fault) {
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		b = b[3:]
	case bytes.HasPrefix(b, []byte("\xFF\xFE")), bytes.HasPrefix(b, []byte("\xFE\xFF")):
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(b)
		if err == nil && utf8.Valid(text) && !bytes.ContainsRune(text, utf8.RuneError) {
			return text, &fault{level: Info, message: "文件是 UTF-16 编码，已转成 UTF-8。"}
		}
	}
	if utf8.Valid(b) {
		return b, nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, &fault{level: Error, message: "文件的编码认不出来，请另存为 UTF-8。"}
	}
	return text, &fault{level: Info, message: "文件是 GBK 编码，已转成 UTF-8。"}
}

// treeRoot finds where the folders of kinds are: Hugo keeps them in content/.
func treeRoot(tree fs.FS) (fs.FS, string) {
	for _, k := range Kinds {
		if info, err := fs.Stat(tree, k.Dir()); err == nil && info.IsDir() {
			return tree, ""
		}
	}
	if info, err := fs.Stat(tree, "content"); err == nil && info.IsDir() {
		if sub, err := fs.Sub(tree, "content"); err == nil {
			return sub, "content/"
		}
	}
	return tree, ""
}

// treeDirs are the folders of documents; Hugo calls its news posts.
func treeDirs() map[string]Kind {
	dirs := map[string]Kind{"posts": News, "post": News}
	for _, k := range Kinds {
		dirs[k.Dir()] = k
	}
	return dirs
}

// slugOfFile is the address a file has when it names none: guides/a-b.md and
// Hugo's guides/a-b/index.md are a-b.
func slugOfFile(name string) string {
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if base == "index" {
		base = path.Base(path.Dir(name))
	}
	if ValidSlug(strings.ToLower(base)) {
		return strings.ToLower(base)
	}
	return slugify(base)
}
