package campaign

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// Buckets is the number of buckets a campaign sorts its customers into. Shares are counted in them,
// as parts per million: 50,000 is 5 %.
const Buckets = 1_000_000

const (
	maxID       = 255 // bytes of a salt or an id
	variantMark = "/variant"
)

var (
	// ErrID reports an id that is not 1 to 255 bytes of valid UTF-8 without NUL.
	ErrID = errors.New("campaign: an id is 1 to 255 bytes of valid UTF-8 without NUL")
	// ErrSalt reports a salt that is not 1 to 255 bytes of valid UTF-8 without NUL, ends with "/variant",
	// or is not the one a campaign began with.
	ErrSalt = errors.New("campaign: a salt is 1 to 255 bytes of valid UTF-8 without NUL, does not end with /variant, and never changes")
	// ErrShare reports a share outside 0 to 1,000,000 parts per million, or shares that do not sum to it.
	ErrShare = errors.New("campaign: a share is 0 to 1,000,000 parts per million")
)

// HoldOut keeps a share of the customers from hearing of a campaign, so that its effect can be
// measured against them. Who is held out depends on nothing but the salt, the share and the customer's
// id, so every process, today and next year, gives the same answer without a table:
//
//	u      = the first 8 bytes, big-endian, of SHA-256(salt ‖ 0x00 ‖ id)
//	bucket = ⌊u · 10⁶ / 2⁶⁴⌋
//	held   = bucket < share in parts per million
//
// A larger share holds out everyone a smaller one does, and more. Golden buckets, to check a copy of
// this in another language (the same in PostgreSQL and MariaDB is in the tests of examples/agree):
//
//	salt summer-2025   c1 338308   c2 53155    c3 219712   c6 6374   c19 26506   c20 3554
//	salt winter-2025   c1 417364   c2 974355   c6 823819   c17 19772   c20 576126
//
// The salt is the campaign's own id, chosen once: a display name may change, a salt that changes
// deals everybody anew. The zero HoldOut holds nobody out. A HoldOut is immutable and safe for
// concurrent use.
type HoldOut struct {
	salt string
	ppm  int
}

// NewHoldOut returns the hold-out of a share in parts per million, 0 to 1,000,000 ([ErrShare]), of the
// customers of the campaign with this salt ([ErrSalt]).
func NewHoldOut(salt string, ppm int) (HoldOut, error) {
	if err := checkSalt(salt); err != nil {
		return HoldOut{}, err
	}
	if ppm < 0 || ppm > Buckets {
		return HoldOut{}, fmt.Errorf("%w, not %d", ErrShare, ppm)
	}
	return HoldOut{salt, ppm}, nil
}

// MustHoldOut is NewHoldOut for package variables: it panics on an error.
func MustHoldOut(salt string, ppm int) HoldOut {
	h, err := NewHoldOut(salt, ppm)
	if err != nil {
		panic(err)
	}
	return h
}

// Salt returns the campaign's salt, "" for the zero HoldOut.
func (h HoldOut) Salt() string { return h.salt }

// PPM returns the share held out, in parts per million.
func (h HoldOut) PPM() int { return h.ppm }

// Held reports whether a customer is held out. The id is the customer's (or the household's, where
// one member's letter is read by all), compared byte by byte; a malformed one is [ErrID].
func (h HoldOut) Held(id string) (bool, error) {
	if err := checkID(id); err != nil {
		return false, err
	}
	return h.holds(id), nil
}

// holds is Held for an id that was checked.
func (h HoldOut) holds(id string) bool { return h.ppm > 0 && bucket(h.salt, "", id) < h.ppm }

// Bucket returns the bucket of a customer under a campaign's salt, 0 to 999,999. It does not depend on
// the share held out.
func Bucket(salt, id string) (int, error) {
	if err := checkSalt(salt); err != nil {
		return 0, err
	}
	if err := checkID(id); err != nil {
		return 0, err
	}
	return bucket(salt, "", id), nil
}

// Delta tells, before a hold-out is resized, which of the ids it would newly hold out and which it
// would release, in the order they came. Growing only holds, shrinking only releases. The salt is the
// campaign's for life: two different ones are [ErrSalt]. An error of the iterator ends the count.
func Delta(old, resized HoldOut, ids iter.Seq2[string, error]) (held, released []string, err error) {
	salt := cmp.Or(old.salt, resized.salt) // the zero HoldOut goes with any salt
	if resized.salt != salt && resized.salt != "" {
		return nil, nil, ErrSalt
	}
	for id, err := range ids {
		if err != nil {
			return nil, nil, fmt.Errorf("campaign: reading ids: %w", err)
		}
		if err := checkID(id); err != nil {
			return nil, nil, err
		}
		b := bucket(salt, "", id)
		switch was, is := b < old.ppm, b < resized.ppm; {
		case is && !was:
			held = append(held, id)
		case was && !is:
			released = append(released, id)
		}
	}
	return held, released, nil
}

// bucket hashes salt ‖ mark ‖ 0x00 ‖ id. Both were checked: neither contains the NUL between them.
func bucket(salt, mark, id string) int {
	var room [maxID + len(variantMark) + 1 + maxID]byte // on the stack: no allocation per customer
	text := append(append(append(append(room[:0], salt...), mark...), 0), id...)
	sum := sha256.Sum256(text)
	hi, _ := bits.Mul64(binary.BigEndian.Uint64(sum[:8]), Buckets)
	return int(hi)
}

func checkSalt(salt string) error {
	// A campaign called x/variant would deal its hold-out exactly as campaign x deals its variants.
	if checkID(salt) != nil || strings.HasSuffix(salt, variantMark) {
		return ErrSalt
	}
	return nil
}

func checkID(id string) error {
	if id == "" || len(id) > maxID || strings.IndexByte(id, 0) >= 0 || !utf8.ValidString(id) {
		return ErrID
	}
	return nil
}
