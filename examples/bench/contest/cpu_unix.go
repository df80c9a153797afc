//go:build unix

package contest

import (
	"syscall"
	"time"
)

// CPU is the time all threads of this process have been given. Where others keep the machine busy it says
// more than [Wall] of work by one thread, and nothing of work by several.
func CPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return Wall()
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
