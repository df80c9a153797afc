package points

import (
	"time"

	"github.com/shopspring/decimal"
)

// Redeem says what points are worth and how many may be used.
type Redeem struct {
	// Points are worth Money of the policy's currency.
	Points int64           `json:"points"`
	Money  decimal.Decimal `json:"money"`
	// Min is the least number of points in one redemption, Step what it must be a multiple of; 0 for none.
	Min  int64 `json:"min,omitempty"`
	Step int64 `json:"step,omitempty"`
	// MaxPercent and MaxAmount bound the money by the goods that may be paid with points; 0 for no bound.
	MaxPercent decimal.Decimal `json:"max_percent,omitzero"`
	MaxAmount  decimal.Decimal `json:"max_amount,omitzero"`
	// MaxPerDay bounds the points one account redeems in a local day; 0 for no bound.
	MaxPerDay int64 `json:"max_per_day,omitempty"`
	// RoundUpToClose lets points that are worth a fraction of a minor unit too much close the
	// payment; otherwise money from points always rounds down.
	RoundUpToClose bool `json:"round_up_to_close,omitempty"`
	// ExcludeTags and ExcludeSKUs name lines that points cannot pay; gift cards never can unless
	// GiftCards is set.
	ExcludeTags []string `json:"exclude_tags,omitempty"`
	ExcludeSKUs []string `json:"exclude_skus,omitempty"`
	GiftCards   bool     `json:"gift_cards,omitempty"`
}

// Ask is a question to [Policy.Quote].
type Ask struct {
	Order Order
	// Wanted is how many points the buyer would like to use; zero means as many as possible.
	Wanted int64
	// Balance is what is available, UsedToday what the account has redeemed in the local day.
	Balance   int64
	UsedToday int64
	// Times multiplies what a point is worth to this buyer, for example by tier; zero means 1.
	Times decimal.Decimal
	// At is the instant of the question, which chooses the policy's revision.
	At time.Time
}

// Quote is the largest legal redemption and everything that kept it from being larger.
type Quote struct {
	Points int64           `json:"points"`
	Money  decimal.Decimal `json:"money"`
	// Lines is Money split over the order's lines by largest remainder; excluded lines have none.
	Lines []decimal.Decimal `json:"lines,omitempty"`
	// Limits are all that bind, with their numbers.
	Limits []Note `json:"limits,omitempty"`
}

// Quote returns the largest legal amount up to what is wanted, and all limits that bind it. It is pure.
func (p *Policy) Quote(a Ask) (Quote, error) { return Quote{}, errTODO }

// Price is what something costs in points and money together.
type Price struct {
	Points int64           `json:"points"`
	Money  decimal.Decimal `json:"money"`
}

// Worth returns the money that points are worth, rounded down to the minor unit.
func (p *Policy) Worth(points int64) (decimal.Decimal, error) { return decimal.Decimal{}, errTODO }

// Needed returns the points that money costs, rounded up to a whole point.
func (p *Policy) Needed(money decimal.Decimal) (int64, error) { return 0, errTODO }
