package campaign

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// ErrTooFew reports an audience that may not be shown blind, because it, or those outside it, are so
// few that its counts would tell of single customers.
var ErrTooFew = errors.New("campaign: too few customers to show an audience blind")

// minKey is the least length of a key in bytes.
const minKey = 16

// Blind is an audience for somebody who may plan a campaign but not see who is in it, such as the
// buyers of the last 24 hours: two counts and a handle, and no way back to an id. It holds nothing else, so it
// is safe to print, log and store.
type Blind struct {
	// Handle names the audience to whoever keeps it, who sends in the planner's name.
	Handle string `json:"handle"`
	// Customers and Matched are those of [Preview]. What else a preview tells (held out, undecided, by missing fact)
	// splits the two into parts that may be small, so it is not told.
	Customers int `json:"customers"`
	Matched   int `json:"matched"`
}

// Blind shows an audience blind. It refuses with [ErrTooFew] where fewer than k customers match, none
// included, and where fewer than k do not: that nobody or everybody matches says as much about each
// customer as a list. k is at least 2.
//
// The handle is an HMAC-SHA-256 of the [Audience.Trace] under a key of the shop's own, 16 bytes or
// more: the same frozen audience has the same handle, and nobody without the key can test a guess
// against it. Blind does not guard against comparing the counts of two audiences that differ by one
// customer: whoever may ask many rules should be given fixed ones.
func (a Audience) Blind(k int, key []byte) (Blind, error) {
	if k < 2 {
		return Blind{}, fmt.Errorf("campaign: blind: k is %d, and below 2 it protects nobody", k)
	}
	if len(key) < minKey {
		return Blind{}, fmt.Errorf("campaign: blind: a key has %d bytes or more, not %d", minKey, len(key))
	}
	p := a.preview
	if p.Matched < k || p.Customers-p.Matched < k {
		return Blind{}, fmt.Errorf("%w: both sides need %d", ErrTooFew, k)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(a.evidence[:])
	return Blind{Handle: hex.EncodeToString(mac.Sum(nil)), Customers: p.Customers, Matched: p.Matched}, nil
}
