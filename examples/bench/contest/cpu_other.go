//go:build !unix

package contest

import "time"

// CPU is [Wall] on this system.
func CPU() time.Duration { return Wall() }
