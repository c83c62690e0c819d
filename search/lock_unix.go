//go:build unix

package search

import (
	"os"
	"syscall"
)

// lockFile takes the lock or fails at once: a second process must be told, and
// not hang. The kernel drops the lock when the process dies.
func lockFile(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
