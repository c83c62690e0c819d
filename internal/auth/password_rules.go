package auth

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// common.txt holds the cores of passwords that everybody tries first: English
// lists, 520-and-1314, pinyin of declarations, and walks over the keyboard.
//
//go:embed common.txt
var commonText string

var common = strings.Fields(commonText)

const rememberedPasswords = 5

// validPassword asks for length and for nothing that is easily guessed, as NIST
// SP 800-63B §3.1.1 does: no mixture of signs is wanted, a sentence is best.
func validPassword(name, display, password string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return errs.Bad("password", fmt.Sprintf("密码至少 %d 个字符，可以用一句好记的话。", minPassword))
	case n > maxPassword:
		return errs.Bad("password", fmt.Sprintf("密码最多 %d 个字符。", maxPassword))
	}
	low := strings.ToLower(password)
	switch {
	case strings.Contains(low, name) && len(name) >= 4, utf8.RuneCountInString(display) >= 2 && strings.Contains(low, strings.ToLower(display)):
		return errs.Bad("password", "密码不能包含用户名或姓名，请换一个。")
	case repeats(low):
		return errs.Bad("password", "密码不能是同几个字符反复，请换一句好记的话。")
	case runs(low):
		return errs.Bad("password", "密码不能是键盘或数字的顺序，请换一句好记的话。")
	case guessable(low):
		return errs.Bad("password", "这个密码太常见，别人一猜就中。请换一句只有自己知道的话。")
	}
	return nil
}

// repeats reports whether a text is a short piece over and over: aaaaaaaaaa,
// 123123123123.
func repeats(s string) bool {
	runes := []rune(s)
	for size := 1; size <= 4 && size*2 <= len(runes); size++ {
		same := true
		for i := size; i < len(runes) && same; i++ {
			same = runes[i] == runes[i-size]
		}
		if same {
			return true
		}
	}
	return false
}

// rows are the ways fingers walk over a keyboard, rows and columns.
var rows = []string{"01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p", "!@#$%^&*()", "147258369", "qazwsxedcrfvtgbyhnujmikolp"}

// runs reports whether hardly anything but such walks is in it.
func runs(s string) bool {
	rest := s
	for changed := true; changed; {
		changed = false
		for _, row := range rows {
			for _, walk := range []string{row, backwards(row)} {
				if piece := longest(rest, walk); len(piece) >= 3 {
					rest, changed = strings.Replace(rest, piece, "", 1), true
				}
			}
		}
	}
	return len(rest) <= 3 && len(s) > len(rest)
}

func backwards(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// longest is the longest piece of walk that stands in s.
func longest(s, walk string) string {
	best := ""
	for i := range walk {
		for j := i + 3; j <= len(walk) && strings.Contains(s, walk[i:j]); j++ {
			if j-i > len(best) {
				best = walk[i:j]
			}
		}
	}
	return best
}

// leet writes signs as the letters they stand for.
var leet = strings.NewReplacer("@", "a", "0", "o", "1", "l", "3", "e", "$", "s", "5", "s", "!", "i")

// guessable reports whether a password is one of the common ones, or one with a
// few digits or signs about it: Password2026!, woaini1314.
func guessable(low string) bool {
	trimmed := strings.TrimFunc(low, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, text := range []string{low, leet.Replace(low), trimmed, strings.TrimFunc(leet.Replace(low), func(r rune) bool { return !unicode.IsLetter(r) })} {
		if slices.Contains(common, text) {
			return true
		}
	}
	digits := strings.Count(low, "") - 1 - len(strings.TrimFunc(low, unicode.IsDigit))
	return trimmed == "" && digits == len(low) && len(low) <= 11 // a date, a telephone number
}

// fresh refuses a password the account has, or has had lately.
func (s *Store) fresh(ctx context.Context, id, password string) error {
	row, err := s.row(ctx, id)
	if err != nil {
		return err
	}
	var old []string
	err = db.Select(ctx, s.db.Reader(), &old, `SELECT hash FROM account_password WHERE account = $1 ORDER BY left_at DESC, hash LIMIT $2`, id, rememberedPasswords-1)
	if err != nil {
		return err
	}
	for _, hash := range append(old, row.Password) {
		if checkPassword(hash, password) {
			return errs.Bad("password", fmt.Sprintf("最近 %d 次用过的密码不能再用，请换一个新的。", rememberedPasswords))
		}
	}
	return nil
}

// leavePassword remembers the password that is about to go, and forgets those
// before the last few.
func (s *Store) leavePassword(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO account_password (account, hash, left_at) SELECT id, password, $2 FROM account WHERE id = $1
		ON CONFLICT (account, hash) DO NOTHING`, id, s.cfg.Now().UnixMilli())
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `DELETE FROM account_password WHERE account = $1 AND hash NOT IN
		(SELECT hash FROM account_password WHERE account = $1 ORDER BY left_at DESC, hash LIMIT $2)`, id, rememberedPasswords)
	return err
}
