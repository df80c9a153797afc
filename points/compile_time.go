package points

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/regulars-go/regulars/internal/civil"
)

const (
	maxSpanDays   = 100 * 366
	maxSpanMonths = 100 * 12
	maxNested     = 4
)

// The end of the last day that a policy can name must be an instant that JSON can write in any zone.
var firstThrough, lastThrough = civil.Date(1, time.January, 2), civil.Date(9999, time.December, 30)

// instant reads a local day, or day and time; empty is the zero time.
func (c *compiler) instant(path, s string, loc *time.Location) time.Time {
	if s == "" {
		return time.Time{}
	}
	if d, err := civil.Parse(s); err == nil {
		return d.Start(loc).UTC()
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t.UTC()
		}
	}
	c.bad(path, "%.60q is neither a day (2006-01-02) nor a day and time (2006-01-02T15:04)", s)
	return time.Time{}
}

// timing checks a pending and an expiry, the policy's own where nil, and returns the place of the
// pair in the policy's list. Equal pairs have one place, so they make one lot.
func (c *compiler) timing(path string, wait *Pending, end *Expiry, cfg *Config) int {
	if wait == nil {
		wait = &cfg.Pending
	} else {
		c.pending(path+"pending", *wait)
	}
	if end == nil {
		end = &cfg.Expiry
	} else {
		c.expiry(path+"expiry", *end, 0)
	}
	t := Timing{Zone: cfg.Zone, Pending: *wait, Expiry: end.clone()}
	key, err := json.Marshal(t)
	if err != nil {
		c.bad(path+"expiry", "%v", err)
	}
	if i, ok := c.timings[string(key)]; ok {
		return i
	}
	i := len(c.p.shared.Timings)
	c.timings[string(key)] = i
	c.p.shared.Timings = append(c.p.shared.Timings, t)
	c.p.timingAt = append(c.p.timingAt, pointer(path+"expiry"))
	return i
}

func (c *compiler) pending(path string, w Pending) {
	c.word(path+".event", w.Event, false)
	if strings.Contains(w.Event, ":") {
		c.bad(path+".event", "must not hold a colon, which separates the parts of a key")
	}
	if w.Days < 0 || w.Days > maxSpanDays {
		c.bad(path+".days", "must be 0 to %d, is %d", maxSpanDays, w.Days)
	}
	if w.Hours < 0 || w.Hours > 24*maxSpanDays {
		c.bad(path+".hours", "must be 0 to %d, is %d", 24*maxSpanDays, w.Hours)
	}
	if w.Days > 0 && w.Hours > 0 {
		c.bad(path, "sets both days and hours")
	}
}

func (c *compiler) expiry(path string, e Expiry, depth int) {
	kinds := 0
	for _, set := range []bool{e.Months != 0 || e.Days != 0 || e.Align != "" || e.From != "", e.Through != "", len(e.Later) > 0, len(e.Earlier) > 0} {
		if set {
			kinds++
		}
	}
	if kinds > 1 {
		c.bad(path, "sets more than one of a length, through, later and earlier")
	}
	if e.Months < 0 || e.Months > maxSpanMonths {
		c.bad(path+".months", "must be 0 to %d, is %d", maxSpanMonths, e.Months)
	}
	if e.Days < 0 || e.Days > maxSpanDays {
		c.bad(path+".days", "must be 0 to %d, is %d", maxSpanDays, e.Days)
	}
	oneOf(c, path+".align", e.Align, AlignDay, AlignNone, AlignMonth, AlignQuarter, AlignHalf, AlignYear)
	oneOf(c, path+".from", e.From, FromActive, FromEarned, FromActivity)
	if e.From != "" && !e.counts() || e.Align == AlignNone && e.Months == 0 && e.Days == 0 {
		c.bad(path, "counts from an instant but has no length")
	}
	if d, err := civil.Parse(e.Through); e.Through != "" {
		switch {
		case err != nil:
			c.bad(path+".through", "%v", err)
		case d < firstThrough || d > lastThrough:
			c.bad(path+".through", "must be %v to %v", firstThrough, lastThrough)
		}
	}
	if depth == maxNested {
		c.bad(path, "is nested deeper than %d", maxNested)
		return
	}
	for i, of := range e.Later {
		c.expiry(item(path+".later", i), of, depth+1)
	}
	for i, of := range e.Earlier {
		c.expiry(item(path+".earlier", i), of, depth+1)
	}
}
