package tiers

import (
	"errors"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shopper is the caller's own struct.
type shopper struct {
	name string
	nets []string
}

var errCursor = errors.New("connection lost")

// shoppers ends with an error, as a cursor would.
func shoppers(members ...shopper) iter.Seq2[shopper, error] {
	return func(yield func(shopper, error) bool) {
		for _, m := range members {
			if !yield(m, nil) {
				return
			}
		}
		yield(shopper{}, errCursor)
	}
}

func TestDecideAll(t *testing.T) {
	l := MustNew(house())
	var buffer []Order
	of := func(s shopper) (Facts, Held) {
		buffer = buffer[:0]
		for _, net := range s.nets {
			buffer = append(buffer, Order{At: day(t, "2025-01-01"), Net: dec(net)})
		}
		return Facts{Orders: buffer}, Held{}
	}
	seq := shoppers(shopper{"a", []string{"900", "100"}}, shopper{"b", []string{"1.001"}}, shopper{"c", nil}, shopper{"d", []string{"5000"}})
	var got []string
	var errs []error
	for d, err := range DecideAll(l, day(t, "2025-02-01"), seq, of) {
		got = append(got, d.Member.name+":"+d.Decision.Level)
		errs = append(errs, err)
	}
	assert.Equal(t, []string{"a:silver", "b:", "c:bronze", "d:gold", ":"}, got)
	require.ErrorContains(t, errs[1], "orders[0].net")
	require.ErrorIs(t, errs[4], errCursor)
	assert.Equal(t, []error{nil, nil, nil}, []error{errs[0], errs[2], errs[3]})

	for range DecideAll(l, day(t, "2025-02-01"), seq, of) {
		break // a consumer may stop early
	}
	_, err := Preview(l, l, day(t, "2025-02-01"), seq, of)
	require.ErrorContains(t, err, "member 1 under the present ladder")
	_, err = Preview(l, l, day(t, "2025-02-01"), shoppers(), of)
	require.ErrorIs(t, err, errCursor)
}

func TestPreviewDropsALevel(t *testing.T) {
	present := MustNew(house())
	next := MustNew(house(entry("silver", "1000.00"), entry("platinum", "5000.00")))
	members := func(yield func(string, error) bool) {
		for _, net := range []string{"6000", "1000", "0"} {
			if !yield(net, nil) {
				return
			}
		}
	}
	c, err := Preview(present, next, day(t, "2025-02-01"), members, func(net string) (Facts, Held) {
		return Facts{Orders: []Order{bought(t, "2025-01-01", net)}}, Held{Level: "gold"}
	})
	require.NoError(t, err)
	assert.Equal(t, Comparison{
		Members: 3, Same: 2, Dropped: 1,
		Levels: []LevelCount{{"bronze", 1, 1}, {"silver", 1, 1}, {"platinum", 0, 1}, {"gold", 1, 0}},
		Moves:  []Move{{"gold", "platinum", 1}},
	}, c)
}

func TestLogValue(t *testing.T) {
	d := decide(t, MustNew(house()), Facts{Orders: []Order{bought(t, "2025-01-01", "1000")}}, "2025-02-01", Held{})
	assert.Equal(t, "[at=2025-02-01 00:00:00 +0800 CST level=silver rank=1 reason=entered]", d.LogValue().String())
}

func TestText(t *testing.T) {
	for _, r := range []Reason{Entered, Kept, Lost, Base} {
		assert.NotEqual(t, string(r), r.Text("en"))
		assert.NotEqual(t, r.Text("en"), r.Text("zh"))
		assert.Equal(t, r.Text("zh"), r.Text("ZH_cn"))
		assert.Equal(t, r.Text("en"), r.Text("zhuang"))
	}
	assert.Equal(t, "new", Reason("new").Text("en"))
	for in, want := range map[string]string{
		"0": "0", "999": "999", "-999": "-999", "1000": "1,000", "-1234567.80": "-1,234,567.80", "123456": "123,456", "0.05": "0.05",
	} {
		assert.Equal(t, want, thousands(dec(in)))
	}
	e := Evidence{Metric: Custom, Number: "hours", To: "2025-01-01", Value: dec("2.5"), Bound: dec("2"), AtMost: true}
	assert.Equal(t, "hours 2.5 > 2 (up to 2025-01-01)", e.Text("en"))
	e.Holds, e.Value = true, dec("1.5")
	assert.Equal(t, "hours 1.5 ≤ 2（截至 2025-01-01）", e.Text("zh"))
}
