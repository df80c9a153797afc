package sqlrule

import (
	"time"

	"github.com/regulars-go/regulars/campaign/rule"
)

// instantUnits are the units of the integer forms of an instant, in microseconds.
var instantUnits = map[Form]int64{Micros: 1, Millis: 1_000, Seconds: 1_000_000}

func (c column) instant(ref string, n *rule.Node, at time.Time) (fragment, bool) {
	from, until := n.Window(at)
	as := c.As
	if c.dialect == SQLite && as == Natural {
		as = Micros
	}
	if unit := instantUnits[as]; unit > 0 {
		lo, hi := int64(lowest), int64(highest)
		if !from.IsZero() {
			lo = ceilDiv(from.UnixMicro(), unit)
		}
		if !until.IsZero() {
			hi = ceilDiv(until.UnixMicro(), unit) - 1
		}
		return c.within(ref, lo, hi), true
	}
	var parts []fragment
	if !from.IsZero() {
		if from.Year() > lastYear {
			return never(ref), true
		}
		if from.Year() >= firstYear {
			parts = append(parts, cat(ref, " >= ", c.moment(from)))
		}
	}
	if !until.IsZero() {
		if until.Year() < firstYear {
			return never(ref), true
		}
		if until.Year() <= lastYear {
			parts = append(parts, cat(ref, " < ", c.moment(until)))
		}
	}
	switch len(parts) {
	case 0:
		return always(ref), true
	case 1:
		return parts[0], true
	}
	return cat("(", list(" AND ", parts), ")"), true
}

// Bounds outside these years are beyond every fact that the engines' types and time.Time have in common.
const firstYear, lastYear = 1, 9999

// moment is an instant as an argument, in microseconds and UTC. MariaDB gets it as text, because its driver
// would move a time.Time to the zone of the connection.
func (c column) moment(t time.Time) fragment {
	switch {
	case c.dialect == MariaDB:
		return cat("CAST(", bound(t.UTC().Format("2006-01-02 15:04:05.000000")), " AS DATETIME(6))")
	case c.As == UTC:
		return cat("CAST(", bound(t.UTC().Format("2006-01-02 15:04:05.000000")), " AS timestamp)")
	}
	return cat("CAST(", bound(t.UTC()), " AS timestamptz)")
}

// ceilDiv returns the least q with q * unit >= n.
func ceilDiv(n, unit int64) int64 {
	q := n / unit
	if n%unit > 0 {
		q++
	}
	return q
}
