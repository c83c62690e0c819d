package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server or command under measurement.
type process struct {
	cmd *exec.Cmd
	log *os.File
}

// start runs a program; what it says goes to a file in dir, whose end is shown
// when it fails.
func start(ctx context.Context, dir string, args ...string) (*process, error) {
	log, err := os.CreateTemp(dir, filepath.Base(args[0])+"-*.log")
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	return &process{cmd, log}, cmd.Start()
}

// finish waits for a command that ends by itself.
func (p *process) finish() error {
	defer p.log.Close()
	if err := p.cmd.Wait(); err != nil {
		said, _ := os.ReadFile(p.log.Name())
		return fmt.Errorf("%s: %w\n%s", strings.Join(p.cmd.Args, " "), err, said[max(0, len(said)-2000):])
	}
	return nil
}

// stop ends a server and waits for it.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.finish()
}

// cpu is what a running process has used, user and system, to 10 ms.
func (p *process) cpu() (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+2:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond, nil
}

// used is what a process that has ended had used.
func (p *process) used() (cpu time.Duration, rss int64) {
	s := p.cmd.ProcessState
	return s.UserTime() + s.SystemTime(), s.SysUsage().(*syscall.Rusage).Maxrss << 10
}

// memory is a line of /proc/PID/status in bytes: VmRSS now, VmHWM at most.
func (p *process) memory(field string) (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("no %s of process %d", field, p.cmd.Process.Pid)
}

// server is a process that answers at url.
type server struct {
	*process
	url string
}

// serve starts a server that takes --listen ADDRESS and waits until path answers 200.
func serve(ctx context.Context, dir, ready string, args ...string) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, dir, append(args, "--listen", address)...)
	if err != nil {
		return nil, err
	}
	s := &server{p, "http://" + address}
	if err := s.wait(ctx, ready); err != nil {
		return nil, fmt.Errorf("%w; %w", err, s.stop())
	}
	return s, nil
}

// wait asks for path until it answers 200.
func (s *server) wait(ctx context.Context, path string) error {
	deadline := time.Now().Add(3 * time.Minute)
	for {
		resp, err := http.Get(s.url + path)
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
			err = fmt.Errorf("%s%s: %s", s.url, path, resp.Status)
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}
