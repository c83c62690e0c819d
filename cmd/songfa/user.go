package main

import (
	"bufio"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/songfa/songfa/internal/auth"
)

type userCmd struct {
	Add    userAddCmd    `cmd:"" help:"Add a member of the staff."`
	Passwd userPasswdCmd `cmd:"" help:"Give an account a new password."`
	List   userListCmd   `cmd:"" help:"List the accounts."`
}

type userAddCmd struct {
	Name          string   `arg:"" help:"Name to sign in with."`
	Display       string   `help:"Name shown beside what they do."`
	Role          []string `help:"editor, reviewer, coordinator or admin; may be repeated." default:"editor"`
	PasswordStdin bool     `help:"Read the password from the first line of standard input instead of making one."`
}

// Run adds the account and prints its password if we made it.
func (c userAddCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		password, made, err := choosePassword(env, c.PasswordStdin)
		if err != nil {
			return err
		}
		roles := make([]auth.Role, len(c.Role))
		for i, r := range c.Role {
			roles[i] = auth.Role(r)
		}
		a, err := core.staff.Add(env.ctx, auth.System(), auth.NewAccount{Name: c.Name, Display: c.Display, Password: password, Rights: auth.Rights{Roles: roles}, MustChange: made})
		if err != nil {
			return err
		}
		fmt.Fprintf(env.stdout, "已建账号 %s\n", a.Name)
		printPassword(env, password, made)
		return nil
	})
}

type userPasswdCmd struct {
	Name          string `arg:"" help:"Name to sign in with."`
	PasswordStdin bool   `help:"Read the password from the first line of standard input instead of making one."`
}

// Run changes the password and signs the account out everywhere.
func (c userPasswdCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		a, err := core.staff.ByName(env.ctx, c.Name)
		if err != nil {
			return err
		}
		password, made, err := choosePassword(env, c.PasswordStdin)
		if err != nil {
			return err
		}
		if err := core.staff.SetPassword(env.ctx, auth.System(), a.ID, password, made); err != nil {
			return err
		}
		fmt.Fprintf(env.stdout, "已更换 %s 的密码\n", a.Name)
		printPassword(env, password, made)
		return nil
	})
}

type userListCmd struct{}

// Run lists the accounts.
func (userListCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		accounts, err := core.staff.List(env.ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(env.stdout, 0, 4, 2, ' ', 0)
		for _, a := range accounts {
			labels := make([]string, len(a.Roles))
			for i, r := range a.Roles {
				labels[i] = r.Label()
			}
			state := "启用"
			if a.Disabled {
				state = "停用"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.Name, a.Display, strings.Join(labels, "、"), state)
		}
		return w.Flush()
	})
}

// choosePassword never takes a password from the command line, where every
// user of the machine could read it.
func choosePassword(env *environment, stdin bool) (password string, made bool, err error) {
	if !stdin {
		return auth.NewPassword(), true, nil
	}
	line, err := bufio.NewReader(env.stdin).ReadString('\n')
	if line == "" && err != nil {
		return "", false, fmt.Errorf("read password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), false, nil
}

func printPassword(env *environment, password string, made bool) {
	if made {
		fmt.Fprintf(env.stdout, "一次性密码：%s （只显示这一次，首次登录后请更换）\n", password)
	}
}
