package main

import (
	"fmt"
	"runtime/debug"

	"github.com/BurntSushi/toml"
)

// cli is the table of commands.
type cli struct {
	Globals

	Serve         serveCmd         `cmd:"" help:"Serve the site and the admin."`
	Import        importCmd        `cmd:"" help:"Import a content tree."`
	Export        exportCmd        `cmd:"" help:"Write the content tree."`
	PublishStatic publishStaticCmd `cmd:"" name:"publish-static" help:"Write the public site as files, search included, for a portal that takes only files or a computer without a network."`
	Law           lawCmd           `cmd:"" help:"Law texts."`
	User          userCmd          `cmd:"" help:"Staff accounts."`
	Audit         auditCmd         `cmd:"" help:"The record of who did what."`
	Reindex       reindexCmd       `cmd:"" help:"Render all texts and make the search index anew, after an upgrade; a server may be running."`
	Check         checkCmd         `cmd:"" help:"Check data, index and media; ends with 1 when something is wrong."`
	Retention     retentionCmd     `cmd:"" help:"Delete personal data whose time has come; the server does it every night."`
	Backup        backupCmd        `cmd:"" help:"Write database, media and secret into one archive (embedded mode)."`
	Restore       restoreCmd       `cmd:"" help:"Restore an archive into an empty data directory."`
	Demo          demoCmd          `cmd:"" help:"Fill a new installation with a year of a fictional district, to look at and to train with."`
	Media         mediaCmd         `cmd:"" help:"The object store."`
	Theme         themeCmd         `cmd:"" help:"The theme."`
	Config        configCmd        `cmd:"" help:"Print the effective settings, secrets masked."`
	Version       versionCmd       `cmd:"" help:"Print the version."`
}

type configCmd struct{}

// Run prints the settings in the form of songfa.toml.
func (configCmd) Run(env *environment) error {
	cfg := env.cfg.masked()
	fmt.Fprintf(env.stdout, "# data directory: %s\n", cfg.Data)
	return toml.NewEncoder(env.stdout).Encode(cfg)
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(env *environment) error {
	fmt.Fprintln(env.stdout, "songfa", version())
	return nil
}

// version is what the Go tool stamped into the binary.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}
