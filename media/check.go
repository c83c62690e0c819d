package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Problem is one fault that Check found.
type Problem struct {
	Key  string // of the object, or the store's name of what belongs to none
	Name string // for people; "" if there is none
	What string // a Chinese phrase
}

// Check compares the database with the store: every object must be there with
// its size, and nothing else may be. deep also reads every byte and compares
// the hashes. An error means the check itself could not go on.
func (l *Library) Check(ctx context.Context, deep bool, report func(Problem)) (err error) {
	defer errs.Wrap(&err, "check media")
	known := make(map[string]bool)
	for after := ""; ; {
		var rows []row
		err := db.Select(ctx, l.db.Reader(), &rows, `SELECT `+columns+` FROM media WHERE key > $1 ORDER BY key LIMIT 500`, after)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			known[r.Content] = true
			what, err := l.checkOne(ctx, r, deep)
			if err != nil {
				return err
			}
			if what != "" {
				report(Problem{r.Key, r.Name, what})
			}
			after = r.Key
		}
	}
	for info, err := range l.store.List(ctx, "") {
		if err != nil {
			return err
		}
		key, _, _ := strings.Cut(info.Name, "/")
		if !known[key] && key+"/" != privatePrefix { // those are known to whoever keeps their keys
			report(Problem{Key: info.Name, What: "存储中多出的文件，数据库没有记录"})
		}
	}
	return nil
}

func (l *Library) checkOne(ctx context.Context, r row, deep bool) (what string, err error) {
	info, err := l.store.Stat(ctx, originalName(r.Content))
	if errs.Is(err, errs.NotFound) {
		return "文件丢失", nil
	}
	if err != nil {
		return "", err
	}
	if info.Size != r.Size {
		return fmt.Sprintf("文件大小不符，应为 %d 字节，实为 %d 字节", r.Size, info.Size), nil
	}
	if !deep {
		return "", nil
	}
	body, _, err := l.store.Open(ctx, originalName(r.Content), Range{})
	if err != nil {
		return "", err
	}
	defer body.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, body); err != nil {
		return "", err
	}
	if hex.EncodeToString(sum.Sum(nil)) != r.Content {
		return "文件内容已损坏", nil
	}
	return "", nil
}
