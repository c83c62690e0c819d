package admin_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// The spreadsheet masks names and numbers unless there is a reason, and numbers
// are text: Excel would cut and round them.
func TestSignUpsGoOutAsASpreadsheet(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		s := o.publishedSession()
		_, err := o.events.StaffSignUp(t.Context(), o.person("boss").Actor(), events.SignUp{Session: s.ID, Name: "=HYPERLINK王建国", Phone: "13800000007", Party: 2, Consent: "1", Origin: events.FromStaff})
		if err == nil {
			t.Fatal("a formula is a name")
		}
		_, err = o.events.StaffSignUp(t.Context(), o.person("boss").Actor(), events.SignUp{Session: s.ID, Name: "王建国", Phone: "13800000007", Party: 2, Consent: "1",
			Question: "=1+1 是多少", Origin: events.FromStaff})
		must(t, err)
		b := o.signIn("coordinator")
		for reason, want := range map[string][2]string{"": {"王*", "138****0007"}, "现场没有网络": {"王建国", "13800000007"}} {
			resp, body := b.post("/admin/sessions/"+s.ID+"/signups", "go", "export", "reason", reason)
			if resp.StatusCode != http.StatusOK || !strings.Contains(resp.Header.Get("Content-Type"), "spreadsheetml") {
				t.Fatalf("export: %d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
			}
			f := openBook(t, body)
			rows, err := f.GetRows("报名名单")
			must(t, err)
			last := rows[len(rows)-1]
			if !slices.Contains(last, want[0]) || !slices.Contains(last, want[1]) || (reason != "") != slices.Contains(last, "=1+1 是多少") {
				t.Errorf("with reason %q: %q, want %q", reason, last, want)
			}
		}
	})
}
