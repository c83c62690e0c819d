package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"
)

// browser is what a phone sends; both sides of a comparison get it.
var browser = []string{
	"User-Agent: Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36",
	"Accept: text/html,application/xhtml+xml,*/*;q=0.8",
	"Accept-Language: zh-CN,zh;q=0.9",
}

// load is one burst of requests for one address over some connections that are
// kept alive.
type load struct {
	url     string
	headers []string // "Name: value"
	conns   int
	time    time.Duration
}

// outcome is what a burst reached.
type outcome struct {
	requests int
	seconds  float64
	p50, p99 time.Duration
}

func (o outcome) rate() float64 { return float64(o.requests) / o.seconds }

// run uses wrk where it is installed, since it takes the least of the cores it
// shares with the servers, and our own client elsewhere.
func (l load) run(ctx context.Context) (outcome, error) {
	l.headers = append(slices.Clone(browser), l.headers...)
	if path, err := exec.LookPath("wrk"); err == nil {
		return l.wrk(ctx, path)
	}
	return l.own(ctx)
}

// generator names what run uses.
func generator() string {
	if _, err := exec.LookPath("wrk"); err == nil {
		return "wrk"
	}
	return "own client"
}

var (
	wrkSum = regexp.MustCompile(`(\d+) requests in ([\d.]+\w+),`)
	wrkP50 = regexp.MustCompile(`\s50%\s+(\S+)`)
	wrkP99 = regexp.MustCompile(`\s99%\s+(\S+)`)
)

func (l load) wrk(ctx context.Context, path string) (o outcome, err error) {
	args := []string{"-t2", "-c", strconv.Itoa(l.conns), "-d", strconv.Itoa(int(l.time.Seconds())) + "s", "--latency"}
	for _, h := range l.headers {
		args = append(args, "-H", h)
	}
	out, err := exec.CommandContext(ctx, path, append(args, l.url)...).CombinedOutput()
	if err != nil {
		return o, fmt.Errorf("wrk: %w: %s", err, out)
	}
	return readWrk(out)
}

// readWrk reads what wrk prints; an answer that was not 200 spoils the burst.
func readWrk(out []byte) (o outcome, err error) {
	if bytes.Contains(out, []byte("Non-2xx")) || bytes.Contains(out, []byte("Socket errors")) {
		return o, fmt.Errorf("wrk: %s", out)
	}
	sum := wrkSum.FindSubmatch(out)
	if sum == nil {
		return o, fmt.Errorf("wrk says something new: %s", out)
	}
	o.requests, _ = strconv.Atoi(string(sum[1]))
	took, err := time.ParseDuration(string(sum[2]))
	o.seconds = took.Seconds()
	o.p50, o.p99 = wrkTime(wrkP50, out), wrkTime(wrkP99, out)
	return o, err
}

func wrkTime(re *regexp.Regexp, out []byte) time.Duration {
	m := re.FindSubmatch(out)
	if m == nil {
		return 0
	}
	d, _ := time.ParseDuration(string(m[1]))
	return d
}

// own sends from one goroutine per connection, each waiting for its answer.
func (l load) own(ctx context.Context) (outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, l.time)
	defer cancel()
	start := time.Now()
	var (
		mu   sync.Mutex
		took []time.Duration
		errs []error
		wg   sync.WaitGroup
	)
	for range l.conns {
		wg.Go(func() {
			times, err := l.connection(ctx)
			mu.Lock()
			defer mu.Unlock()
			took = append(took, times...)
			errs = append(errs, err)
		})
	}
	wg.Wait()
	o := outcome{requests: len(took), seconds: time.Since(start).Seconds()}
	slices.Sort(took)
	o.p50, o.p99 = quantile(took, .5), quantile(took, .99)
	return o, errors.Join(errs...)
}

func (l load) connection(ctx context.Context) ([]time.Duration, error) {
	c, err := dial(ctx, l.url)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	u, err := url.Parse(l.url)
	if err != nil {
		return nil, err
	}
	request := c.request(u.RequestURI(), l.headers)
	var times []time.Duration
	for ctx.Err() == nil {
		start := time.Now()
		if _, err := c.get(request); err != nil {
			return times, err
		}
		times = append(times, time.Since(start))
	}
	return times, nil
}

// connection speaks just enough HTTP to ask for pages one after the other.
type connection struct {
	net.Conn
	host string
	in   *bufio.Reader
}

func dial(ctx context.Context, address string) (*connection, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, err
	}
	return &connection{c, u.Host, bufio.NewReaderSize(c, 64<<10)}, nil
}

func (c *connection) request(path string, headers []string) []byte {
	request := "GET " + path + " HTTP/1.1\r\nHost: " + c.host + "\r\n"
	for _, h := range headers {
		request += h + "\r\n"
	}
	return []byte(request + "\r\n")
}

// get sends a request and reads its answer, which must be 200 with a length.
func (c *connection) get(request []byte) (size int, err error) {
	if _, err := c.Write(request); err != nil {
		return 0, err
	}
	status, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if !bytes.Contains(status, []byte(" 200 ")) {
		return 0, fmt.Errorf("answer %s", bytes.TrimSpace(status))
	}
	size = -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		if name, value, _ := bytes.Cut(line, []byte(":")); bytes.EqualFold(name, []byte("Content-Length")) {
			size, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
		}
	}
	if size < 0 {
		return 0, errors.New("answer without a length")
	}
	_, err = io.CopyN(io.Discard, c.in, int64(size))
	return size, err
}

// quantile of sorted times.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// eachOnce asks for the paths one after the other and returns the times, sorted.
func eachOnce(ctx context.Context, s *server, paths []string) ([]time.Duration, error) {
	c, err := dial(ctx, s.url)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	times := make([]time.Duration, 0, len(paths))
	for _, path := range paths {
		began := time.Now()
		if _, err := c.get(c.request(path, append(slices.Clone(browser), "Accept-Encoding: gzip, deflate, br"))); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	return times, nil
}
