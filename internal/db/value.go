package db

import (
	"encoding/json"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/songfa/songfa/internal/errs"
)

// NewID makes a ULID: unique, unguessable in its last 80 bits, and sorting by
// the time it was made.
func NewID() string { return ulid.Make().String() }

// Millis turns a time into a column's value; the zero time is NULL.
func Millis(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}

// Time is the way back from Millis, in UTC; NULL is the zero time.
func Time(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ms).UTC()
}

// JSON encodes a list or map for a TEXT column. It is for our own plain types,
// which always encode.
func JSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("db: value does not encode: " + err.Error())
	}
	return string(b)
}

// FromJSON decodes what JSON wrote; empty text leaves dst as it is.
func FromJSON(text string, dst any) error {
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), dst); err != nil {
		return errs.New(errs.Internal, "", "decode JSON column: %w", err)
	}
	return nil
}
