package admin_test

import (
	"testing"

	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/web/webscript"
)

// TestReviewScript is the walk of testdata/review.txt by itself: a guide through its
// stages, marked, returned, passed, and published in an emergency.
func TestReviewScript(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	webscript.Run(t, webscript.Site{URL: o.host, SignIn: o.scriptUser}, "testdata/review.txt")
}
