package points

import (
	"time"
)

// Gift is a fixed number of points that no purchase earns by itself.
type Gift struct {
	Points  int64    `json:"points"`
	Family  string   `json:"family,omitempty"`
	Color   string   `json:"color,omitempty"`
	Pending *Pending `json:"pending,omitempty"`
	Expiry  *Expiry  `json:"expiry,omitempty"`
}

// The ids under which a cap can bound the gifts.
const (
	birthdayID = "birthday"
	checkInID  = "check_in"
	referrerID = "referrer"
	friendID   = "friend"
)

var giftIDs = []string{birthdayID, checkInID, referrerID, friendID}

// gives reports whether a policy has the gift of an id.
func (c *Config) gives(gift string) bool {
	switch gift {
	case birthdayID:
		return c.Birthday.Gift != nil
	case checkInID:
		return c.CheckIn != nil
	case referrerID:
		return c.Referral != nil && c.Referral.Referrer != nil
	case friendID:
		return c.Referral != nil && c.Referral.Friend != nil
	}
	return false
}

// gifts are the compiled awards that are not for a purchase.
type gifts struct {
	birthday   Birthday
	onBirthday *bonusTerm
	referrer   *bonusTerm
	friend     *bonusTerm
	anyOrder   bool
	checkIn    *checkIn
}

// give makes an award of one bonus that has no order.
func (p *Policy) give(b *bonusTerm, key string, at time.Time, used []Use) (Award, error) {
	f := p.blank(key, at)
	f.Gift = true
	f.Bonuses = []*bonusTerm{b}
	f.Caps = p.freezeCaps(at, used)
	return f.award(nil, false)
}

func (c *compiler) gift(path, id string, g *Gift, cfg *Config) *bonusTerm {
	if g == nil {
		return nil
	}
	c.points(path+".points", g.Points)
	return &bonusTerm{ID: id, Points: g.Points, lotTerm: c.lot(path+".", g.Family, g.Color, g.Pending, g.Expiry, cfg)}
}

// gifts checks birthday, referral, check-in and actions.
func (c *compiler) gifts(cfg *Config) {
	g := &c.p.gifts
	b := cfg.Birthday
	g.birthday = Birthday{Leap: oneOf(c, "birthday.leap", b.Leap, Feb28, Mar1), Before: b.Before, After: b.After}
	for _, n := range []struct {
		path string
		days int
	}{{"birthday.before", b.Before}, {"birthday.after", b.After}} {
		if n.days < 0 || n.days > 180 {
			c.bad(n.path, "must be 0 to 180 days, is %d", n.days)
		}
	}
	if b.Before+b.After > 364 {
		c.bad("birthday", "has a window of more than a year")
	}
	g.onBirthday = c.gift("birthday.gift", birthdayID, b.Gift, cfg)
	if r := cfg.Referral; r != nil {
		spend := c.number("referral.spend", r.Spend, true)
		g.referrer = c.gift("referral.referrer", referrerID, r.Referrer, cfg)
		g.friend = c.gift("referral.friend", friendID, r.Friend, cfg)
		for _, t := range []*bonusTerm{g.referrer, g.friend} {
			if t != nil {
				t.Spend = spend
			}
		}
		g.anyOrder = r.AnyOrder
		if r.Referrer == nil && r.Friend == nil {
			c.bad("referral", "gives nothing: set referrer or friend")
		}
	}
	c.checkIn(cfg)
	c.actions(cfg)
}
