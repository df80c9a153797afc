package points

import (
	"context"

	"github.com/regulars-go/regulars/internal/civil"
)

// Quote asks the policy how many points an account may use, with the account's balance, what it has
// redeemed in the local day or holds, and whether it is frozen: those fields of the question are filled
// in. A zero At of the question means now.
func (l *Ledger) Quote(ctx context.Context, account string, a Ask) (Quote, error) {
	a.At = moment(a.At)
	acc, err := l.Account(ctx, account, a.At)
	if err != nil {
		return Quote{}, err
	}
	zone := l.policy.Zone()
	a.Balance = acc.Balance().Available
	a.UsedToday = acc.usedOn(civil.Of(a.At, zone).Start(zone).UTC())
	a.Frozen = len(acc.Frozen) > 0
	return l.policy.Quote(a)
}
