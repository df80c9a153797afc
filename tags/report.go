package tags

import (
	"cmp"
	"slices"
)

// Report counts what a bulk run did. The zero Report is empty; it is for one goroutine.
type Report struct {
	// Holders counts all that were asked about: Changed, Unchanged, and those in Failed.
	Holders   int `json:"holders"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	// Tags counts by tag, in byte order.
	Tags []TagCount `json:"tags,omitempty"`
	// Failed are the errors, in order.
	Failed []error `json:"-"`
}

// TagCount counts the assignments of one tag that a bulk run added, extended, closed and was refused.
type TagCount struct {
	Tag      string `json:"tag"`
	Added    int    `json:"added"`
	Extended int    `json:"extended"`
	Closed   int    `json:"closed"`
	Refused  int    `json:"refused"`
}

// Add counts one holder.
func (r *Report) Add(c Change, err error) {
	r.Holders++
	switch {
	case err != nil:
		r.Failed = append(r.Failed, err)
		return
	case c.Empty():
		r.Unchanged++
	default:
		r.Changed++
	}
	for _, a := range c.Added {
		r.count(a.Tag).Added++
	}
	for _, a := range c.Extended {
		r.count(a.Tag).Extended++
	}
	for _, a := range c.Closed {
		r.count(a.Tag).Closed++
	}
	for _, a := range c.Refused {
		r.count(a.Assignment.Tag).Refused++
	}
}

func (r *Report) count(tag string) *TagCount {
	i, ok := slices.BinarySearchFunc(r.Tags, tag, func(c TagCount, tag string) int { return cmp.Compare(c.Tag, tag) })
	if !ok {
		r.Tags = slices.Insert(r.Tags, i, TagCount{Tag: tag})
	}
	return &r.Tags[i]
}
