package rule

import "time"

// Function is a leaf of the caller's own making: a named, versioned predicate that rules refer to by
// name and version. A change of its meaning is a new version, so that stored rules keep theirs.
type Function[C any] struct {
	schema  *Schema[C]
	name    string
	version int
}

// Holds is the condition that the function says so.
func (f Function[C]) Holds() Expr[C] {
	return Expr[C]{schema: f.schema, node: &Node{Kind: KindFunc, Name: f.name, Version: f.version}}
}

type function[C any] struct {
	name    string
	version int
	test    func(c C, at time.Time) Truth
	next    func(c C, at time.Time) (time.Time, bool) // nil where the time plays no part
	named   title
}

func (fn *function[C]) bind() leaf[C] {
	if fn.next == nil {
		return leaf[C]{test: func(c C, _ int64) Truth { return verdict(fn.test(c, time.Time{})) }}
	}
	return leaf[C]{
		test: func(c C, at int64) Truth {
			if at == noTime {
				return Unknown
			}
			return verdict(fn.test(c, instant(at)))
		},
		next: func(c C, at int64) int64 {
			t, ok := fn.next(c, instant(at))
			us := micro(t)
			if t.Nanosecond()%1000 != 0 {
				us++ // a change within a microsecond is seen at the next one
			}
			if !ok || us <= at {
				return never
			}
			return us
		},
	}
}

// verdict takes a value that is no verdict for unknown.
func verdict(t Truth) Truth {
	if t > True {
		return Unknown
	}
	return t
}
