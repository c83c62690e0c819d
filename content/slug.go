package content

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// maxMadeSlug keeps addresses that are made from a title short: long titles are
// cut after a whole word.
const maxMadeSlug = 40

// slugify makes an address of a title: letters and digits stay, Han become
// pinyin, all else parts words. It may be "".
func slugify(title string) string {
	args := pinyin.NewArgs()
	var words []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for _, r := range strings.ToLower(title) {
		switch {
		case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			word.WriteRune(r)
		case unicode.Is(unicode.Han, r):
			flush()
			if p := pinyin.SinglePinyin(r, args); len(p) > 0 && ValidSlug(p[0]) {
				words = append(words, p[0])
			}
		default:
			flush()
		}
	}
	flush()
	slug := ""
	for _, w := range words {
		if len(slug)+len(w)+1 > maxMadeSlug {
			break
		}
		slug = strings.TrimPrefix(slug+"-"+w, "-")
	}
	return slug
}

// freeSlug makes a slug that no document of the kind has or had.
func freeSlug(ctx context.Context, tx *db.Tx, kind Kind, title, id string) (string, error) {
	base := slugify(title)
	if base == "" {
		base = strings.ToLower(id)
	}
	slug := base
	for n := 2; n < 100; n++ {
		taken, err := slugTaken(ctx, tx, kind, slug, id)
		if err != nil || !taken {
			return slug, err
		}
		slug = base + "-" + strconv.Itoa(n)
	}
	return base + "-" + strings.ToLower(id), nil
}

// slugTaken reports whether another document has the slug, or had it: readers
// who kept that address would land in the wrong place.
func slugTaken(ctx context.Context, q db.Queryer, kind Kind, slug, ownID string) (bool, error) {
	var n int
	err := db.Get(ctx, q, &n, `SELECT (SELECT count(*) FROM documents WHERE kind = $1 AND slug = $2 AND id <> $3)
		+ (SELECT count(*) FROM redirects WHERE kind = $1 AND slug = $2 AND document_id <> $3)`, kind, slug, ownID)
	return n > 0, err
}

// needSlug refuses a slug that is malformed or taken.
func needSlug(ctx context.Context, q db.Queryer, kind Kind, slug, ownID string) error {
	if !ValidSlug(slug) {
		return errs.Bad("slug", "地址只能用小写字母、数字和中间的短横线，最多 80 个，例如 tuoqian-gongzi。")
	}
	taken, err := slugTaken(ctx, q, kind, slug, ownID)
	if err == nil && taken {
		return &errs.Error{Kind: errs.Conflict, Field: "slug", Message: "地址“" + slug + "”已经用过，请换一个。",
			Err: fmt.Errorf("slug %s/%s is taken", kind, slug)}
	}
	return err
}
