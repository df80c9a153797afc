package points

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// bench is a ledger over a fresh MemStore with the shorthand that the tests speak.
type bench struct {
	*Ledger
	t     *testing.T
	store *MemStore
	zone  *time.Location
}

// programP is the default programme of the examples, with what a test changes in it.
func programP(alter func(*Config)) Config {
	c := Config{
		Format: 1, ID: "p", Revision: 1, Zone: "Asia/Shanghai", Currency: "CNY",
		Rules:  []Rule{{ID: "base", Linear: &Linear{Points: 1, Per: dec("1")}}},
		Redeem: &Redeem{Points: 100, Money: dec("1")},
	}
	if alter != nil {
		alter(&c)
	}
	return c
}

func newBench(t *testing.T, alter func(*Config)) *bench {
	t.Helper()
	policy, err := Compile(programP(alter))
	require.NoError(t, err)
	store := new(MemStore)
	l, err := New(store, policy)
	require.NoError(t, err)
	return &bench{Ledger: l, t: t, store: store, zone: policy.Zone()}
}

// on reads "2025-01-31", "2025-01-31 10:00" or an RFC 3339 instant.
func (b *bench) on(s string) time.Time {
	b.t.Helper()
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", "2006-01-02 15:04:05", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, s, b.zone); err == nil {
			return t
		}
	}
	b.t.Fatalf("no instant: %q", s)
	return time.Time{}
}

func (b *bench) must(r Receipt, err error) Receipt {
	b.t.Helper()
	require.NoError(b.t, err)
	return r
}

// earn credits bare points that expire after a last day; "" is never.
func (b *bench) earn(account, key string, n int64, at, through string) Receipt {
	b.t.Helper()
	return b.must(b.Earn(context.Background(), EarnRequest{
		Account: account, Key: key, Points: n, At: b.on(at), Expiry: &Expiry{Through: through},
	}))
}

// order books an order of one line.
func (b *bench) order(account, id, amount, at string) Receipt {
	b.t.Helper()
	return b.must(b.Earn(context.Background(), b.orderRequest(account, id, amount, at)))
}

func (b *bench) orderRequest(account, id, amount, at string) EarnRequest {
	return EarnRequest{Account: account, At: b.on(at), Order: &Order{
		ID: id, Paid: b.on(at), Lines: []Line{{Price: dec(amount)}},
	}}
}

func (b *bench) redeem(account, key string, n int64, at string) Receipt {
	b.t.Helper()
	return b.must(b.Redeem(context.Background(), RedeemRequest{Account: account, Key: key, Points: n, At: b.on(at)}))
}

func (b *bench) hold(account, id string, n int64, at string, ttl time.Duration) Receipt {
	b.t.Helper()
	return b.must(b.Hold(context.Background(), HoldRequest{Account: account, Hold: id, Points: n, At: b.on(at), TTL: ttl}))
}

func (b *bench) balance(account, at string) Balance {
	b.t.Helper()
	s, err := b.Balance(context.Background(), account, b.on(at))
	require.NoError(b.t, err)
	return s
}

// lots returns the available points of the open lots by id.
func (b *bench) lots(account, at string) map[string]int64 {
	b.t.Helper()
	acc, err := b.Account(context.Background(), account, b.on(at))
	require.NoError(b.t, err)
	lots := map[string]int64{}
	for _, l := range acc.Lots {
		if l.Available > 0 {
			lots[l.ID] = l.Available
		}
	}
	return lots
}

func key(prefix string, i int) string { return fmt.Sprint(prefix, i) }
