package events

import (
	"errors"

	"github.com/songfa/songfa/internal/errs"
)

// FormError is the Invalid error of a form that has several things wrong with it:
// a person mends them all at once. Its kind, field and sentence are those of the
// first.
type FormError struct {
	Problems []Problem
	first    error
}

func (e *FormError) Error() string { return e.first.Error() }

// Unwrap gives Kind, Field and Message.
func (e *FormError) Unwrap() error { return e.first }

// all are all problems as one error, or nil.
func (ps problems) all() error {
	if len(ps) < 2 {
		return ps.err()
	}
	return &FormError{Problems: ps, first: ps.err()}
}

// ProblemsOf lists what an error says is wrong with a form: one thing, or all of
// a FormError.
func ProblemsOf(err error) []Problem {
	var form *FormError
	if errors.As(err, &form) {
		return form.Problems
	}
	return []Problem{{Field: errs.FieldOf(err), Message: errs.MessageOf(err)}}
}
