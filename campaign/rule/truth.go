package rule

// Truth is the verdict of a rule or of one of its conditions: false, unknown or true, in that order.
// The zero value is False, so a verdict nobody reached selects nobody.
type Truth uint8

// The three values of Kleene's logic. All of several conditions is the least of their verdicts, Any
// the greatest, and Not swaps False and True and leaves Unknown alone, exactly as SQL does with NULL.
const (
	False Truth = iota
	Unknown
	True
)

// And returns the lesser of two verdicts.
func (t Truth) And(u Truth) Truth { return min(t, u) }

// Or returns the greater of two verdicts.
func (t Truth) Or(u Truth) Truth { return max(t, u) }

// Not swaps False and True.
func (t Truth) Not() Truth { return True - t }

// OrElse replaces Unknown.
func (t Truth) OrElse(known bool) Truth {
	if t == Unknown {
		return Of(known)
	}
	return t
}

// Of returns the verdict of a condition that could be decided.
func Of(b bool) Truth {
	if b {
		return True
	}
	return False
}

// String returns false, unknown or true.
func (t Truth) String() string {
	switch t {
	case False:
		return "false"
	case Unknown:
		return "unknown"
	default:
		return "true"
	}
}

// MarshalText writes the verdict as its word.
func (t Truth) MarshalText() ([]byte, error) { return []byte(t.String()), nil }
