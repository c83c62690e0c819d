package auth_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

var desk = auth.Visit{IP: "10.0.0.7", Agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0"}

// factor turns the second factor of an account on, and returns its secret and
// the ten words.
func (o *office) factor(t *testing.T, a auth.Account) (secret string, words []string) {
	t.Helper()
	setup, err := o.WantTOTP(t.Context(), a.Actor(), "送法后台")
	if err != nil || !strings.HasPrefix(setup.URL, "otpauth://totp/") {
		t.Fatal(setup, err)
	}
	again, err := o.WantTOTP(t.Context(), a.Actor(), "送法后台")
	if err != nil || again != setup {
		t.Fatal("another secret before the first is confirmed", err)
	}
	if _, err := o.ConfirmTOTP(t.Context(), a.Actor(), "000000"); errs.FieldOf(err) != "code" {
		t.Fatalf("a wrong code confirms: %v", err)
	}
	words, err = o.ConfirmTOTP(t.Context(), a.Actor(), o.code(t, setup.Secret))
	if err != nil || len(words) != 10 {
		t.Fatal(words, err)
	}
	return setup.Secret, words
}

func (o *office) code(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, o.now)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestSecondFactor(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(d)
		admin, wang := o.add(t, "boss", auth.Admin), o.add(t, "wang", auth.Editor)
		secret, words := o.factor(t, wang)
		half := func() string {
			token, a, err := o.SignIn(t.Context(), "wang", good, desk)
			if err != nil || !a.HasFactor {
				t.Fatal(a, err)
			}
			if _, err := o.Session(t.Context(), token); !errs.Is(err, errs.SignIn) {
				t.Fatalf("the password alone opens a session: %v", err)
			}
			return token
		}
		second := func(half, code string) (string, error) {
			token, _, err := o.SecondFactor(t.Context(), half, code, desk)
			return token, err
		}
		o.now = o.now.Add(time.Minute)
		code := o.code(t, secret)
		first := half()
		token, err := second(first, " "+code[:3]+" "+code[3:])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Session(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if _, err := second(first, code); !errs.Is(err, errs.SignIn) {
			t.Errorf("half a session is good for two: %v", err)
		}
		if _, err := second(half(), code); errs.FieldOf(err) != "code" {
			t.Errorf("a code is good for two: %v", err)
		}
		if _, err := second(half(), strings.ToUpper(words[3])); err != nil {
			t.Errorf("a word of the ten: %v", err)
		}
		if _, err := second(half(), words[3]); errs.FieldOf(err) != "code" {
			t.Errorf("a word is good for two: %v", err)
		}
		slow := half()
		o.now = o.now.Add(11 * time.Minute)
		if _, err := second(slow, o.code(t, secret)); !errs.Is(err, errs.SignIn) {
			t.Errorf("after eleven minutes: %v", err)
		}
		if err := o.ResetTOTP(t.Context(), wang.Actor(), wang.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an editor resets: %v", err)
		}
		if err := o.ResetTOTP(t.Context(), admin.Actor(), wang.ID); err != nil {
			t.Fatal(err)
		}
		if _, a, err := o.SignIn(t.Context(), "wang", good, desk); err != nil || a.HasFactor {
			t.Errorf("after the reset: %v %v", a, err)
		}
		entries, err := o.ledger.Audit(t.Context(), ledger.AuditFilter{Object: "user:" + wang.ID, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, e := range entries {
			seen[e.Action] = true
			if strings.Contains(e.Summary+e.Detail, secret) || strings.Contains(e.Summary, code) || strings.Contains(e.Summary, "10.0.0.7") {
				t.Errorf("the audit tells too much: %+v", e)
			}
		}
		for _, action := range []string{"user.totp", "user.signin", "user.signin_failed", "user.recovery", "user.totp_reset"} {
			if !seen[action] {
				t.Errorf("no %s in the audit", action)
			}
		}
	})
}

// TestLock locks a name after ten wrong tries, whether anybody has it or not.
func TestLock(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(d)
		admin, wang := o.add(t, "boss", auth.Admin), o.add(t, "wang", auth.Editor)
		wrong := func(name string) (last error) {
			for range 10 {
				_, _, last = o.SignIn(t.Context(), name, "wrong password", auth.Visit{IP: "10.0.0." + name})
				o.now = o.now.Add(16 * time.Minute) // beyond every pause but the lock
			}
			return last
		}
		for _, name := range []string{"nobody", "wang"} { // alike, so that no name is given away
			wrong(name)
			o.now = o.now.Add(-16 * time.Minute)
			_, _, err := o.SignIn(t.Context(), name, good, desk)
			if !errs.Is(err, errs.TooMany) || !strings.Contains(errs.MessageOf(err), "锁定") || !strings.Contains(errs.MessageOf(err), "30 分钟") {
				t.Errorf("%s after ten wrong tries: %v", name, errs.MessageOf(err))
			}
		}
		until, err := o.LockedUntil(t.Context(), wang)
		if err != nil || until.IsZero() {
			t.Fatal(until, err)
		}
		if err := o.Unlock(t.Context(), wang.Actor(), wang.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("unlocks themselves: %v", err)
		}
		if err := o.Unlock(t.Context(), admin.Actor(), wang.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := o.SignIn(t.Context(), "wang", good, desk); err != nil {
			t.Errorf("after unlocking: %v", err)
		}
		locks, err := o.ledger.Audit(t.Context(), ledger.AuditFilter{Action: "user.lock"})
		if err != nil || len(locks) != 1 || locks[0].Object != "user:"+wang.ID {
			t.Errorf("locks in the audit: %v %v", locks, err)
		}
	})
}

func TestPasswords(t *testing.T) {
	o := newOffice(dbtest.SQLite(t))
	admin := o.add(t, "boss", auth.Admin)
	a := o.add(t, "wangxue", auth.Editor)
	for _, bad := range []string{"short", "wangxue2026!", "我是王wangxue", "aaaaaaaaaaaa", "123123123123", "1234567890", "qwertyuiop", "1qaz2wsx3edc", "0987654321", "password123", "P@ssw0rd2026",
		"woaini1314520", "woaini5201314", "admin@123456", "13800000001", "20261124000", "asdfghjkl123", "zxcvbnm,.123", "!@#$%^&*()_", "sifaju2026!!", "abcdefghij"} {
		err := o.SetPassword(t.Context(), admin.Actor(), a.ID, bad, false)
		if !errs.Is(err, errs.Invalid) || errs.FieldOf(err) != "password" || !strings.ContainsAny(errs.MessageOf(err), "请可") {
			t.Errorf("%q: %v (%s)", bad, err, errs.MessageOf(err))
		}
	}
	set := func(password string) error { return o.SetPassword(t.Context(), admin.Actor(), a.ID, password, false) }
	old := []string{good}
	for _, fine := range []string{"东湖边上吃三碗米线不加葱", "correct horse battery", "Xk7-mmq2-vv9p", "周五下班去接小满放学", "一斤白菜两块五毛钱哦"} {
		if err := set(fine); err != nil {
			t.Errorf("%q: %s", fine, errs.MessageOf(err))
		}
		old = append(old, fine)
		o.now = o.now.Add(time.Hour)
	}
	for _, was := range old[1:] {
		if err := set(was); errs.FieldOf(err) != "password" {
			t.Errorf("%q comes back: %v", was, err)
		}
	}
	if err := set(old[0]); err != nil { // the sixth before
		t.Errorf("%q may come back: %s", old[0], errs.MessageOf(err))
	}
}

// What a program makes is never refused.
func TestMadePasswordsAreGood(t *testing.T) {
	o := newOffice(dbtest.SQLite(t))
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		if n++; n > 8 { // each costs a hash
			return
		}
		name := "u" + strings.ToLower(db.NewID())[18:]
		if _, err := o.Add(t.Context(), auth.System(), auth.NewAccount{Name: name, Password: auth.NewPassword(), Rights: auth.Rights{Roles: []auth.Role{auth.Editor}}}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestPolicyAndSessions(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(d)
		admin, wang := o.add(t, "boss", auth.Admin), o.add(t, "wang", auth.Reviewer)
		p, err := o.Policy(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p.TOTPRoles, p.PasswordDays = []auth.Role{auth.Reviewer}, 90
		if err := o.SetPolicy(t.Context(), wang.Actor(), p); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a reviewer sets the policy: %v", err)
		}
		if err := o.SetPolicy(t.Context(), admin.Actor(), p); err != nil {
			t.Fatal(err)
		}
		if err := o.SetPolicy(t.Context(), admin.Actor(), p); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stale policy: %v", err)
		}
		signIn := func() string {
			token, _, err := o.SignIn(t.Context(), "wang", good, desk)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		one, two := signIn(), signIn()
		s, err := o.Session(t.Context(), one)
		if err != nil || !s.Account.MustFactor || s.Account.MustChange {
			t.Fatalf("%+v %v", s.Account, err)
		}
		list, err := o.Sessions(t.Context(), wang.Actor(), wang.ID, s.ID)
		if err != nil || len(list) != 2 || list[0].Device != "Windows 电脑，Edge 浏览器" || list[0].Place != "10.0.0.*" {
			t.Fatalf("%+v %v", list, err)
		}
		if _, err := o.Sessions(t.Context(), wang.Actor(), admin.ID, ""); !errs.Is(err, errs.Forbidden) {
			t.Errorf("reads another's sessions: %v", err)
		}
		if err := o.EndSession(t.Context(), wang.Actor(), admin.ID, list[0].ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("ends another's session: %v", err)
		}
		for _, one := range list {
			if !one.Here {
				if err := o.EndSession(t.Context(), wang.Actor(), wang.ID, one.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		if o.Running(t.Context(), two) || !o.Running(t.Context(), one) {
			t.Error("the wrong session was ended")
		}
		if err := o.EndSessions(t.Context(), admin.Actor(), wang.ID, ""); err != nil || o.Running(t.Context(), one) {
			t.Errorf("survives the administrator: %v", err)
		}
		o.now = o.now.Add(91 * 24 * time.Hour)
		if s, err := o.Session(t.Context(), signIn()); err != nil || !s.Account.MustChange || !s.Account.Aged {
			t.Errorf("a password of 91 days: %+v %v", s.Account, err)
		}
	})
}

func TestVisit(t *testing.T) {
	for ip, want := range map[string]string{"192.168.3.77": "192.168.3.*", "::ffff:10.1.2.3": "10.1.2.*", "2001:db8:7:1::5": "2001:db8:7:*", "nonsense": "", "": ""} {
		if got := (auth.Visit{IP: ip}).Place(); got != want {
			t.Errorf("%s: %q", ip, got)
		}
	}
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Linux; Android 14; HUAWEI) AppleWebKit/537.36 Chrome/110 Mobile Safari/537.36 MicroMessenger/8.0": "安卓手机，微信",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1":         "苹果手机，Safari 浏览器",
		"Mozilla/5.0 (X11; Linux x86_64) UOS AppleWebKit/537.36 Chrome/98 Safari/537.36":                                "统信电脑，Chrome 浏览器",
		"curl/8": "其他设备", "": "其他设备",
	} {
		if got := (auth.Visit{Agent: agent}).Device(); got != want {
			t.Errorf("%s: %q", agent, got)
		}
	}
}
