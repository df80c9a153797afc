package orders

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
)

// peak returns how many bytes the process needed at most, beyond what it held before, while f ran:
// resident memory as Linux counts it, so that Go and C are measured alike. It is 0 on other systems.
func peak(f func()) int64 {
	debug.FreeOSMemory()
	// Writing 5 resets the high-water mark (man 5 proc, clear_refs).
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		f()
		return 0
	}
	before := status("VmRSS")
	f()
	return status("VmHWM") - before
}

func status(field string) int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(text, []byte(field+":"))
	number, _, _ := bytes.Cut(bytes.TrimSpace(rest), []byte(" "))
	kb, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		return 0
	}
	return kb << 10
}

func megabytes(n int64) string {
	if n == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%d MB", n>>20)
}
