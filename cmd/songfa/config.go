package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/wechat"
)

// Globals are the settings as flags and environment variables. They win over
// songfa.toml in the data directory, which wins over the defaults.
type Globals struct {
	Data              string   `help:"Directory of all that the embedded mode keeps (${env}; default ./data)." env:"SONGFA_DATA" placeholder:"DIR"`
	Listen            string   `help:"Address to listen on (${env}; default 127.0.0.1:8080)." env:"SONGFA_LISTEN" placeholder:"HOST:PORT"`
	BaseURL           string   `help:"Scheme, host and base path as the public sees them (${env})." env:"SONGFA_BASE_URL" placeholder:"URL"`
	DatabaseURL       string   `help:"postgres://… (${env}; default: SQLite in the data directory)." env:"SONGFA_DATABASE_URL" placeholder:"URL"`
	MediaURL          string   `help:"s3://KEY:SECRET@host:port/bucket?tls=false (${env}; default: a folder in the data directory)." env:"SONGFA_MEDIA_URL" placeholder:"URL"`
	SecretFile        string   `help:"File with the secret key (${env}; default: made in the data directory)." env:"SONGFA_SECRET_FILE" placeholder:"FILE"`
	Theme             string   `help:"Folder laid over the default theme (${env})." env:"SONGFA_THEME" placeholder:"DIR"`
	MetricsListen     string   `help:"Address for Prometheus metrics (${env}; default off)." env:"SONGFA_METRICS_LISTEN" placeholder:"HOST:PORT"`
	TrustedProxies    []string `help:"Proxies whose X-Forwarded-For is believed (${env})." env:"SONGFA_TRUSTED_PROXIES" placeholder:"CIDR"`
	AdminPasswordFile string   `help:"File with the first password of user admin." env:"SONGFA_ADMIN_PASSWORD_FILE" placeholder:"FILE"`
	SMTP              string   `help:"Mail server for messages, smtp://user:password@host:587 (${env}; default none)." env:"SONGFA_SMTP" placeholder:"URL"`
	Webhook           string   `help:"Gateway that messages are posted to (${env}; default none)." env:"SONGFA_WEBHOOK" placeholder:"URL"`
	LogLevel          string   `help:"debug, info, warn or error (${env}; default info)." env:"SONGFA_LOG_LEVEL" placeholder:"LEVEL"`
}

// config is the effective configuration.
type config struct {
	Data              string       `toml:"-"`
	Listen            string       `toml:"listen"`
	BaseURL           string       `toml:"base_url"`
	DatabaseURL       string       `toml:"database_url"`
	MediaURL          string       `toml:"media_url"`
	SecretFile        string       `toml:"secret_file"`
	Theme             string       `toml:"theme"`
	MetricsListen     string       `toml:"metrics_listen"`
	TrustedProxies    []string     `toml:"trusted_proxies"`
	AdminPasswordFile string       `toml:"admin_password_file"`
	LogLevel          string       `toml:"log_level"`
	PosterFont        string       `toml:"poster_font"`  // TTF, OTF or TTC with Chinese; "" looks where systems keep theirs
	ThemeReload       bool         `toml:"theme_reload"` // look for changed theme files before every page
	Notify            delivery     `toml:"notify"`
	WeChat            account      `toml:"wechat"`   // the 公众号 that drafts are pushed to
	Rules             events.Rules `toml:"sessions"` // days, minutes and limits of sessions and sign-ups
	Site              bureau       `toml:"site"`

	base  *url.URL
	level slog.Level
	now   func() time.Time // of tests; nil is the real clock
}

// account is a 公众号; without an AppID texts are copied by hand.
type account struct {
	AppID  string `toml:"app_id"`
	Secret string `toml:"secret"`
	API    string `toml:"api"` // another address of the API, such as a proxy's
}

// client is nil when nothing is set.
func (w account) client(now func() time.Time) *wechat.Client {
	if w.AppID == "" {
		return nil
	}
	return wechat.NewClient(wechat.ClientConfig{Base: w.API, AppID: w.AppID, Secret: w.Secret, Now: now})
}

// delivery says how messages leave; with nothing set, somebody phones.
type delivery struct {
	SMTP          string `toml:"smtp"`           // smtp://user:password@host:587, smtps://…, smtp+plain://…
	From          string `toml:"from"`           // sender's address of mail
	Webhook       string `toml:"webhook"`        // address of the bureau's own gateway for text messages
	WebhookSecret string `toml:"webhook_secret"` // shared with the gateway: signs what we post
}

// bureau is what the site says about the bureau that runs it.
type bureau struct {
	Name          string `toml:"name"`
	Tagline       string `toml:"tagline"`
	Hotline       string `toml:"hotline"`
	Phone         string `toml:"phone"`   // of the office that takes session requests
	Address       string `toml:"address"` // of the bureau
	Accent        string `toml:"accent"`  // #rrggbb
	SiteIDCode    string `toml:"site_id_code"`
	ICP           string `toml:"icp"`
	PoliceRecord  string `toml:"police_record"`
	CalendarID    string `toml:"calendar_id"` // right-hand side of every calendar UID; never change it
	EmptyOnStart  bool   `toml:"empty"`       // no starter content at first start
	FeedbackPhone string `toml:"feedback_phone"`
	TwoPerson     bool   `toml:"two_person"` // nobody publishes what they wrote themselves, but administrators
}

func defaults() config {
	return config{
		Data: "data", Listen: "127.0.0.1:8080", LogLevel: "info", Rules: events.DefaultRules(),
		Site: bureau{Name: "示例区司法局", Tagline: "送法 · 务工法律指南", Hotline: "12348", Phone: "0000-1234801",
			Address: "示例区和平路 1 号", CalendarID: "songfa.example"},
	}
}

// loadConfig lays the flags over the file over the defaults.
func loadConfig(g Globals) (config, error) {
	cfg := defaults()
	if g.Data != "" {
		cfg.Data = g.Data
	}
	if err := cfg.readFile(filepath.Join(cfg.Data, "songfa.toml")); err != nil {
		return cfg, err
	}
	for _, o := range []struct {
		dst *string
		src string
	}{
		{&cfg.Listen, g.Listen}, {&cfg.BaseURL, g.BaseURL}, {&cfg.DatabaseURL, g.DatabaseURL}, {&cfg.MediaURL, g.MediaURL},
		{&cfg.SecretFile, g.SecretFile}, {&cfg.Theme, g.Theme}, {&cfg.MetricsListen, g.MetricsListen},
		{&cfg.AdminPasswordFile, g.AdminPasswordFile}, {&cfg.LogLevel, g.LogLevel},
		{&cfg.Notify.SMTP, g.SMTP}, {&cfg.Notify.Webhook, g.Webhook},
	} {
		if o.src != "" {
			*o.dst = o.src
		}
	}
	if len(g.TrustedProxies) > 0 {
		cfg.TrustedProxies = g.TrustedProxies
	}
	return cfg, cfg.complete()
}

// readFile refuses keys it does not know: a misspelt setting must not be
// silently ignored.
func (c *config) readFile(path string) error {
	meta, err := toml.DecodeFile(path, c)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return fmt.Errorf("%s: unknown setting %s", path, unknown[0])
	}
	return nil
}

// complete derives what was left open and checks what was given.
func (c *config) complete() error {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("listen address %q: %w", c.Listen, err)
	}
	if c.BaseURL == "" {
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "localhost"
		}
		c.BaseURL = "http://" + net.JoinHostPort(host, port)
	}
	c.Rules.TwoPerson = c.Site.TwoPerson
	c.base, err = url.Parse(c.BaseURL)
	if err != nil || (c.base.Scheme != "http" && c.base.Scheme != "https") || c.base.Host == "" || c.base.RawQuery != "" {
		return fmt.Errorf("base URL %q: want http(s)://host[/path]", c.BaseURL)
	}
	c.base.Path = strings.TrimRight(c.base.Path, "/")
	c.BaseURL = c.base.String()
	if err := c.level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return fmt.Errorf("log level %q: want debug, info, warn or error", c.LogLevel)
	}
	if c.DatabaseURL == "" {
		c.DatabaseURL = filepath.Join(c.Data, "songfa.db")
	}
	if c.MediaURL == "" {
		c.MediaURL = filepath.Join(c.Data, "media")
	}
	if c.SecretFile == "" {
		c.SecretFile = filepath.Join(c.Data, "secret")
	}
	return nil
}

// masked hides the passwords in addresses, for `songfa config` and the log.
func (c config) masked() config {
	c.DatabaseURL, c.MediaURL = maskURL(c.DatabaseURL), maskURL(c.MediaURL)
	c.Notify.SMTP, c.Notify.Webhook = maskURL(c.Notify.SMTP), maskURL(c.Notify.Webhook)
	for _, secret := range []*string{&c.Notify.WebhookSecret, &c.WeChat.Secret} {
		if *secret != "" {
			*secret = mask
		}
	}
	return c
}

// maskURL hides the password of an address, also one in its query, as
// PostgreSQL takes it. Of an address it cannot read it shows nothing. A path has
// no password.
func maskURL(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	u, err := url.Parse(s)
	if err != nil {
		return "(unreadable)"
	}
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), mask)
	}
	q := u.Query()
	for key := range q {
		if strings.Contains(strings.ToLower(key), "password") {
			q.Set(key, mask)
			u.RawQuery = q.Encode()
		}
	}
	return u.String()
}

// mask stands for what must not be shown.
const mask = "xxxxx"

// adminPassword is the first password given by the operator, or "".
func (c config) adminPassword() (string, error) {
	if c.AdminPasswordFile == "" {
		return os.Getenv("SONGFA_ADMIN_PASSWORD"), nil
	}
	b, err := os.ReadFile(c.AdminPasswordFile)
	return strings.TrimSpace(string(b)), err
}
