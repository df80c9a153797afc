package campaign

import (
	"fmt"
	"slices"
)

// Variant is one version of a campaign's message, and the share of the customers that gets it, in
// parts per million.
type Variant struct {
	Name string `json:"name"`
	PPM  int    `json:"ppm"`
}

// Variants deals customers to the versions of a campaign's message. The deal uses a second salt, the
// campaign's followed by "/variant", so it does not depend on the hold-out: resizing that never moves
// anyone from one variant to another. Variants is immutable and safe for concurrent use.
type Variants struct {
	salt string
	list []Variant
}

// NewVariants returns the deal of a campaign with this salt ([ErrSalt]) over its variants, in the order
// given. Their shares must sum to exactly 1,000,000 ([ErrShare]); thirds are 333,334, 333,333 and
// 333,333. Names are ids ([ErrID]) and differ.
func NewVariants(salt string, list ...Variant) (Variants, error) {
	if err := checkSalt(salt); err != nil {
		return Variants{}, err
	}
	sum := 0
	for i, v := range list {
		if err := checkID(v.Name); err != nil {
			return Variants{}, fmt.Errorf("%w (/%d/name)", err, i)
		}
		if slices.ContainsFunc(list[:i], func(w Variant) bool { return w.Name == v.Name }) {
			return Variants{}, fmt.Errorf("campaign: variant %q twice (/%d/name)", v.Name, i)
		}
		if v.PPM < 0 || v.PPM > Buckets {
			return Variants{}, fmt.Errorf("%w, not %d (/%d/ppm)", ErrShare, v.PPM, i)
		}
		sum += v.PPM // at most len(list) million
	}
	if sum != Buckets {
		return Variants{}, fmt.Errorf("%w; those of the variants must sum to 1,000,000, not %d", ErrShare, sum)
	}
	return Variants{salt, slices.Clone(list)}, nil
}

// Of returns the name of a customer's variant. A malformed id is [ErrID]; the zero Variants, which has
// no variant to deal, is [ErrShare].
func (v Variants) Of(id string) (string, error) {
	if err := checkID(id); err != nil {
		return "", err
	}
	b := bucket(v.salt, variantMark, id)
	for _, w := range v.list {
		if b < w.PPM {
			return w.Name, nil
		}
		b -= w.PPM
	}
	return "", ErrShare
}
