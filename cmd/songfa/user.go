package main

import (
	"bufio"
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

type userCmd struct {
	Add       userAddCmd       `cmd:"" help:"Add a member of the staff."`
	Passwd    userPasswdCmd    `cmd:"" help:"Give an account a new password."`
	List      userListCmd      `cmd:"" help:"List the accounts."`
	TOTPReset userTOTPResetCmd `cmd:"" name:"totp-reset" help:"Take the second factor off an account whose phone is gone."`
}

type userAddCmd struct {
	Name          string   `arg:"" help:"Name to sign in with."`
	Display       string   `help:"Name shown beside what they do."`
	Role          []string `help:"editor, reviewer, coordinator, keeper, statistician, leader, auditor or admin; may be repeated." default:"editor"`
	Town          []string `help:"Town the account works for, by name or code; may be repeated; all without."`
	Column        []string `help:"Column the account works on, by name or slug; may be repeated; all without."`
	PasswordStdin bool     `help:"Read the password from the first line of standard input instead of making one."`
}

// Run adds the account and prints its password if we made it.
func (c userAddCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		password, made, err := choosePassword(env, c.PasswordStdin)
		if err != nil {
			return err
		}
		rights, err := c.rights(env.ctx, core)
		if err != nil {
			return err
		}
		a, err := core.staff.Add(env.ctx, auth.System(), auth.NewAccount{Name: c.Name, Display: c.Display, Password: password, Rights: rights, MustChange: made})
		if err != nil {
			return err
		}
		fmt.Fprintf(env.stdout, "已建账号 %s\n", a.Name)
		printPassword(env, password, made)
		return nil
	})
}

// rights finds towns and columns by what people call them.
func (c userAddCmd) rights(ctx context.Context, core *core) (r auth.Rights, err error) {
	for _, role := range c.Role {
		r.Roles = append(r.Roles, auth.Role(role))
	}
	towns, err := core.events.Towns(ctx)
	if err != nil {
		return r, err
	}
	columns, err := core.content.Columns(ctx)
	if err != nil {
		return r, err
	}
	for _, name := range c.Town {
		i := slices.IndexFunc(towns, func(t events.Town) bool { return t.Code == name || t.Name == name })
		if i < 0 {
			return r, errs.Bad("town", "没有镇街“"+name+"”，请核对名称。")
		}
		r.Towns = append(r.Towns, towns[i].Code)
	}
	for _, name := range c.Column {
		i := slices.IndexFunc(columns, func(c content.Column) bool { return c.Slug == name || c.Name == name })
		if i < 0 {
			return r, errs.Bad("column", "没有栏目“"+name+"”，请核对名称。")
		}
		r.Columns = append(r.Columns, columns[i].Slug)
	}
	return r, nil
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

type userTOTPResetCmd struct {
	Name string `arg:"" help:"Name to sign in with."`
}

// Run takes the second factor off and signs the account out everywhere.
func (c userTOTPResetCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		a, err := core.staff.ByName(env.ctx, c.Name)
		if err != nil {
			return err
		}
		if err := core.staff.ResetTOTP(env.ctx, auth.System(), a.ID); err != nil {
			return err
		}
		fmt.Fprintf(env.stdout, "已停用 %s 的动态码\n", a.Name)
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
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", a.Name, a.Display, strings.Join(labels, "、"), state, scope(a))
		}
		return w.Flush()
	})
}

// scope says where an account works.
func scope(a auth.Account) string {
	if len(a.Towns)+len(a.Columns) == 0 {
		return "全部"
	}
	return strings.Join(append(slices.Clone(a.Towns), a.Columns...), "、")
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
