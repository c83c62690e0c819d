package errs

import (
	"context"
	"errors"
	"fmt"
)

// Kind says what went wrong in terms a caller can act on.
type Kind uint8

// The kinds, from "our fault" to "try later".
const (
	Internal    Kind = iota // a bug or a broken machine; nothing the person can mend
	Invalid                 // the input breaks a rule; Field may name where
	NotFound                // there is no such thing
	Gone                    // there was one, and it was taken away on purpose
	Forbidden               // this actor may not do it
	SignIn                  // nobody is signed in, and somebody must be
	Conflict                // it was changed meanwhile, or it exists already
	TooLarge                // more bytes than the limit
	TooMany                 // too often; wait
	Unavailable             // a database, store or index does not answer; retrying may help
)

var kindNames = [...]string{"internal", "invalid", "not found", "gone", "forbidden", "sign in", "conflict", "too large", "too many", "unavailable"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Error carries a Kind and a Chinese sentence over an English chain.
type Error struct {
	Kind    Kind
	Message string // what the person reads; empty: the general sentence of the Kind
	Field   string // the form or front matter field at fault, if there is one
	Err     error  // the English chain; may be nil
}

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return e.Kind.String()
}

// Unwrap lets errors.Is and errors.As see the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes an error. The format is the operator's English, and %w works in it.
func New(kind Kind, message, format string, args ...any) error {
	return &Error{Kind: kind, Message: message, Err: fmt.Errorf(format, args...)}
}

// Bad is an Invalid error at one field; the Chinese message also serves the log.
func Bad(field, message string) error {
	return &Error{Kind: Invalid, Message: message, Field: field, Err: fmt.Errorf("field %s is invalid", field)}
}

// Wrap puts the operation in front of the chain and keeps Kind, Message and
// Field. It is meant for defer: a nil error stays nil.
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}

// KindOf finds the Kind in a chain. A deadline that ran out is Unavailable;
// everything unknown is Internal.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Kind
	case errors.Is(err, context.DeadlineExceeded):
		return Unavailable
	}
	return Internal
}

// Is reports whether the chain holds an error of this kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// FieldOf names the field at fault, or "".
func FieldOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Field
	}
	return ""
}

// general are the sentences for errors that brought none of their own.
var general = map[Kind]string{
	Internal:    "系统出了问题，已记录。请稍后再试，急事请拨打 12348。",
	Invalid:     "填写的内容有误，请检查后再提交。",
	NotFound:    "没有找到这个页面，请检查地址，或从首页重新查找。",
	Gone:        "这个页面已经撤下。请从首页查找，或拨打 12348 咨询。",
	Forbidden:   "您没有做这件事的权限，请联系管理员。",
	SignIn:      "请先登录。",
	Conflict:    "内容已被他人改动，请刷新后再试。",
	TooLarge:    "提交的内容太大，请减小后再试。",
	TooMany:     "操作太频繁，请过几分钟再试。",
	Unavailable: "系统正忙，暂时无法完成。请稍后再试，急事请拨打 12348。",
}

// MessageOf is the sentence a person may see. It never shows the chain.
func MessageOf(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Message != "" {
		return e.Message
	}
	return general[KindOf(err)]
}
