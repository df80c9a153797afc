package points

import (
	"context"

	"github.com/regulars-go/regulars/internal/civil"
)

// Quote asks the policy how many points an account may use, with the account's balance and what it has
// redeemed in the local day or holds. A zero At of the question means now.
func (l *Ledger) Quote(ctx context.Context, account string, a Ask) (Quote, error) {
	a.At = moment(a.At)
	acc, err := l.Account(ctx, account, a.At)
	if err != nil {
		return Quote{}, err
	}
	zone := l.policy.Zone()
	a.Balance = acc.Balance().Available
	a.UsedToday = acc.usedOn(civil.Of(a.At, zone).Start(zone).UTC())
	if len(acc.Frozen) > 0 {
		a.Balance = 0
	}
	return l.policy.Quote(a)
}
