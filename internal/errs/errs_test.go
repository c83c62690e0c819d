package errs_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/errs"
)

func publish(inner error) (err error) {
	defer errs.Wrap(&err, "publish edition %d", 42)
	return inner
}

func TestWrapKeepsKindMessageAndField(t *testing.T) {
	err := publish(errs.Bad("title", "请填写标题"))
	if got := errs.KindOf(err); got != errs.Invalid {
		t.Errorf("kind = %v, want invalid", got)
	}
	if got := errs.MessageOf(err); got != "请填写标题" {
		t.Errorf("message = %q", got)
	}
	if got := errs.FieldOf(err); got != "title" {
		t.Errorf("field = %q", got)
	}
	if !strings.HasPrefix(err.Error(), "publish edition 42: ") {
		t.Errorf("chain = %q", err)
	}
	if publish(nil) != nil {
		t.Error("nil became an error")
	}
}

func TestForeignErrorsNeverReachThePerson(t *testing.T) {
	err := publish(errors.New("pq: password is hunter2"))
	if errs.KindOf(err) != errs.Internal {
		t.Errorf("kind = %v", errs.KindOf(err))
	}
	if strings.Contains(errs.MessageOf(err), "hunter2") {
		t.Errorf("message shows the chain: %q", errs.MessageOf(err))
	}
}

func TestDeadlineIsUnavailable(t *testing.T) {
	if got := errs.KindOf(fmt.Errorf("query: %w", context.DeadlineExceeded)); got != errs.Unavailable {
		t.Errorf("kind = %v", got)
	}
}

func TestEveryKindHasNameAndSentence(t *testing.T) {
	for k := errs.Internal; k <= errs.Unavailable; k++ {
		if k.String() == "unknown" || errs.MessageOf(errs.New(k, "", "x")) == "" {
			t.Errorf("kind %d lacks a name or a sentence", k)
		}
	}
}
