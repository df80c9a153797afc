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
	Failed []Failure `json:"-"`
}

// Failure is an error and, where [Report.AddReceipt] counted it, its holder.
type Failure struct {
	Holder string
	Err    error
}

// TagCount counts the assignments of one tag that a bulk run added, extended, closed and was refused.
type TagCount struct {
	Tag      string `json:"tag"`
	Added    int    `json:"added"`
	Extended int    `json:"extended"`
	Closed   int    `json:"closed"`
	Refused  int    `json:"refused"`
}

// AddReceipt counts one holder of a [Book]. What was replayed is Unchanged.
func (r *Report) AddReceipt(out Receipt, err error) {
	if out.Replayed {
		out.Change = Change{}
	}
	r.add(out.Holder, out.Change, err)
}

// Add counts one holder of whom only the Change is known.
func (r *Report) Add(c Change, err error) { r.add("", c, err) }

func (r *Report) add(holder string, c Change, err error) {
	r.Holders++
	switch {
	case err != nil:
		r.Failed = append(r.Failed, Failure{holder, err})
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
