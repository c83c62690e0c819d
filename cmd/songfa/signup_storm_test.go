package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/ledger"
)

// waitOutPatience is how old a form without a proof of work must be, and a little.
const waitOutPatience = 6 * time.Second

// fair is a node with one session that many people want to come to.
type fair struct {
	*node
	database string // address of its database
	path     string // of the sign-up form
	client   *http.Client
	forms    []url.Values // one of each guest, ready to be sent
}

// onBoth runs a test on a node with SQLite and on one with PostgreSQL.
func onBoth(t *testing.T, run func(t *testing.T, f *fair)) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	t.Run("sqlite", func(t *testing.T) { run(t, newFair(t, "")) })
	t.Run("postgres", func(t *testing.T) { run(t, newFair(t, dbtest.PostgresURL(t))) })
}

func newFair(t testing.TB, database string) *fair {
	t.Helper()
	env := []string{"SONGFA_TRUSTED_PROXIES=127.0.0.1"} // each guest comes from an address of their own
	if database != "" {
		env = append(env, "SONGFA_DATABASE_URL="+database)
	}
	f := &fair{node: newNode(t, env...), database: database,
		client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 256, MaxConnsPerHost: 256}}}
	if database == "" {
		f.database = filepath.Join(f.data, "songfa.db")
	}
	t.Cleanup(f.client.CloseIdleConnections)
	return f
}

// publish brings a session into the fair and starts it.
func (f *fair) publish(capacity int) {
	f.t.Helper()
	f.write("sessions.csv", fmt.Sprintf("key,type,title,venue,date,start,end,capacity,state\nfair,jobfair,春季招聘会普法,人力资源市场,+7d,09:00,12:00,%d,published\n", capacity))
	f.songfa("import", f.data)
	f.start()
	_, list, err := f.get("/events/")
	if err != nil {
		f.t.Fatal(err)
	}
	no := regexp.MustCompile(`SF-\d{4}-\d{5}`).FindString(list)
	if no == "" {
		f.t.Fatalf("no session in\n%s", list)
	}
	f.path = "/events/" + no + "/signup"
}

// openForms gives each of n guests a form. They have no JavaScript, so the forms
// have to become some seconds old.
func (f *fair) openForms(n int) {
	f.t.Helper()
	f.forms = make([]url.Values, n)
	inParallel(f.t.Context(), n, 16, func(i int) {
		status, body, err := f.get(f.path)
		ticket := ticketField.FindStringSubmatch(body)
		if err != nil || status != http.StatusOK || ticket == nil {
			f.t.Errorf("form %d: %d, %v", i, status, err)
			return
		}
		f.forms[i] = url.Values{"name": {"王师傅"}, "phone": {fmt.Sprintf("138%08d", i)}, "party": {fmt.Sprint(1 + i%3)},
			"consent": {"2026-11-24.2"}, "ticket": {ticket[1]}}
	})
	if f.t.Failed() {
		f.t.FailNow()
	}
	<-time.After(waitOutPatience)
}

var codeField = regexp.MustCompile(`name="code" value="([0-9A-Z]{10})"`)

// reply is what a guest reads.
type reply struct {
	status int
	code   string
	waits  bool
	err    error
}

// send sends the form of guest i.
func (f *fair) send(i int) (r reply) {
	status, body, err := f.post(i, f.path, f.forms[i])
	if err != nil {
		return reply{err: err}
	}
	r = reply{status: status, waits: strings.Contains(body, "您排在候补第")}
	if m := codeField.FindStringSubmatch(body); m != nil {
		r.code = m[1]
	}
	if (status == http.StatusOK) != (r.code != "") {
		r.err = fmt.Errorf("guest %d: status %d, code %q", i, status, r.code)
	}
	return r
}

func (f *fair) post(i int, path string, form url.Values) (int, string, error) {
	req, err := http.NewRequest(http.MethodPost, f.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("198.18.%d.%d", i>>8, i&255))
	res, err := f.client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, string(body), err
}

// counters opens the database of the stopped node: the counters must be what the
// rows add up to.
func (f *fair) counters() events.Session {
	f.t.Helper()
	d, err := db.Open(context.Background(), db.Config{URL: f.database})
	if err != nil {
		f.t.Fatal(err)
	}
	defer d.Close()
	store := events.New(events.Config{DB: d, Ledger: ledger.New(d, time.Now), Now: time.Now})
	if differences, err := store.RecountPlaces(f.t.Context()); err != nil || len(differences) > 0 {
		f.t.Errorf("counters differ from rows: %+v, %v", differences, err)
	}
	s, err := store.Session(f.t.Context(), strings.Split(f.path, "/")[2])
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}

// TestStorm lets two thousand guests ask for thirty places through the real
// forms at the same time.
func TestStorm(t *testing.T) {
	const guests, capacity = 2000, 30
	onBoth(t, func(t *testing.T, f *fair) {
		f.publish(capacity)
		f.openForms(guests)
		replies := make([]reply, guests)
		var all sync.WaitGroup
		for i := range guests {
			all.Go(func() { replies[i] = f.send(i) })
		}
		all.Wait()
		people, waiting, full := 0, 0, 0
		for i, r := range replies {
			switch {
			case r.err != nil:
				t.Error(r.err)
			case r.status == http.StatusConflict:
				full++
			case r.status != http.StatusOK:
				t.Errorf("guest %d reads %d", i, r.status)
			case r.waits:
				waiting++
			default:
				people += 1 + i%3
			}
		}
		if people > capacity || people < capacity-2 || waiting != events.DefaultRules().QueueCap || full == 0 {
			t.Errorf("%d people, %d wait, %d were refused", people, waiting, full)
		}
		f.stop()
		if s := f.counters(); s.Taken != people || s.Waiting != waiting {
			t.Errorf("%d taken and %d waiting, the guests read %d and %d", s.Taken, s.Waiting, people, waiting)
		}
	})
}

// TestKill9SignUp kills the server while people sign up, and wants each code
// that was shown to be good afterwards. Whoever got no answer sends the form
// again, as people do, and is signed up once.
func TestKill9SignUp(t *testing.T) {
	const guests, rounds = 300, 3
	onBoth(t, func(t *testing.T, f *fair) {
		f.publish(10 * guests)
		f.openForms(guests)
		codes := make([]string, guests)
		for round := range rounds {
			from, to := round*guests/rounds, (round+1)*guests/rounds
			acknowledged := f.sendUntilKilled(from, to, 20+round*15, codes)
			f.start()
			for i := from; i < to; i++ {
				if codes[i] != "" && !f.knows(i, codes[i]) {
					t.Errorf("guest %d was told %s, which is lost", i, codes[i])
				}
				again := f.send(i)
				if again.err != nil || again.status != http.StatusOK || codes[i] != "" && again.code != codes[i] {
					t.Errorf("guest %d sends the form again: %+v, had %q", i, again, codes[i])
				}
			}
			t.Logf("killed after %d answers", acknowledged)
		}
		f.stop()
		want := 0
		for i := range guests {
			want += 1 + i%3
		}
		if s := f.counters(); s.Taken != want || s.Waiting != 0 {
			t.Errorf("%d taken, %d waiting; want %d and none", s.Taken, s.Waiting, want)
		}
	})
}

// sendUntilKilled fills in the codes that were shown before the server died.
func (f *fair) sendUntilKilled(from, to, killAt int, codes []string) (acknowledged int) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := from; i < to; i++ {
		all.Go(func() {
			r := f.send(i)
			mu.Lock()
			defer mu.Unlock()
			if r.code == "" {
				return // the server died under it
			}
			codes[i] = r.code
			if acknowledged++; acknowledged == killAt {
				f.kill()
			}
		})
	}
	all.Wait()
	if f.running() {
		f.t.Fatalf("the server lives; %d answers", acknowledged)
	}
	f.client.CloseIdleConnections()
	return acknowledged
}

// knows looks a code up as its owner does.
func (f *fair) knows(i int, code string) bool {
	status, body, err := f.post(i, "/signup/", url.Values{"code": {code}, "last4": {fmt.Sprintf("%04d", i%10000)}})
	return err == nil && status == http.StatusOK && strings.Contains(body, code)
}
