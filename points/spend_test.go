package points

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func decs(list ...string) (out []decimal.Decimal) {
	for _, s := range list {
		out = append(out, dec(s))
	}
	return out
}

// Where fewer points are granted or captured than the money was for, they pay their share of it.
func TestFewerPointsPayLess(t *testing.T) {
	for name, c := range map[string]struct {
		have, ask    int64
		money        string
		lines        []decimal.Decimal
		points       int64
		pays         string
		parts        []string
		capture      int64
		captured     string
		capturedPart []string
	}{
		"all":          {500, 300, "3", decs("1", "2"), 300, "3.00", []string{"1.00", "2.00"}, 300, "3.00", []string{"1.00", "2.00"}},
		"cut":          {200, 300, "3", decs("1", "2"), 200, "2.00", []string{"0.67", "1.33"}, 100, "1.00", []string{"0.34", "0.66"}},
		"no lines":     {200, 300, "3", nil, 200, "2.00", nil, 50, "0.50", nil},
		"lines alone":  {200, 300, "0", decs("1", "2"), 200, "0.00", []string{"0.67", "1.33"}, 200, "0.00", []string{"0.67", "1.33"}},
		"rounded down": {2, 3, "0.05", decs("0.02", "0.00", "0.03"), 2, "0.03", []string{"0.01", "0.00", "0.02"}, 1, "0.01", []string{"0.00", "0.00", "0.01"}},
		"nothing":      {200, 300, "0", nil, 200, "0.00", nil, 100, "0.00", nil},
		"topped up":    {150, 100, "1", decs("0.5", "0.5"), 100, "1.00", []string{"0.50", "0.50"}, 150, "1.50", []string{"0.75", "0.75"}},
	} {
		for _, who := range []string{"a", "b"} { // b is merged into a while the hold is open
			t.Run(name+" of "+who, func(t *testing.T) {
				spend := Spend{Order: "7", Reward: "cup", Money: dec(c.money), Cash: dec("9.90"), Lines: c.lines}
				b := newBench(t, nil)
				b.earn(who, "k", c.have, "2025-01-02", "")
				held := b.must(b.Hold(ctx, HoldRequest{Account: who, Hold: "h", Points: c.ask, AllowPartial: true, TTL: time.Hour, Spend: spend, At: b.on("2025-01-03")}))
				assert.Equal(t, c.points, held.Points)
				assert.Equal(t, c.pays, held.Money.StringFixed(2))
				assert.Equal(t, c.parts, words(held.Lines))
				acc, err := b.Account(ctx, who, b.on("2025-01-03"))
				require.NoError(t, err)
				assert.Equal(t, c.pays, acc.Holds[0].Money.StringFixed(2))
				assert.Equal(t, c.parts, words(acc.Holds[0].Lines))
				if who == "b" {
					b.merge("b", "a", "2025-01-03")
				}
				capture := CaptureRequest{Account: who, Hold: "h", Points: c.capture, TopUp: true, At: b.on("2025-01-03")}
				for range 2 {
					r := b.must(b.Capture(ctx, capture))
					assert.Equal(t, c.captured, r.Money.StringFixed(2))
					assert.Equal(t, c.capturedPart, words(r.Lines))
				}
				s, err := b.Statement(ctx, who, time.Time{}, b.on("2025-01-04"))
				require.NoError(t, err)
				var told int
				for _, l := range s.Lines {
					if l.Reward != "" {
						told++
						assert.Equal(t, []string{c.captured, "9.90", "cup"}, []string{l.Money.StringFixed(2), l.Cash.StringFixed(2), l.Reward})
					}
				}
				assert.Equal(t, 1, told, "a redemption is told once")

				b = newBench(t, nil)
				b.earn("a", "k", c.have, "2025-01-02", "")
				r := b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: c.ask, AllowPartial: true, Spend: spend, At: b.on("2025-01-03")}))
				assert.Equal(t, c.points, r.Points)
				assert.Equal(t, c.pays, r.Money.StringFixed(2))
				assert.Equal(t, c.parts, words(r.Lines))
				s, err = b.Statement(ctx, "a", time.Time{}, b.on("2025-01-04"))
				require.NoError(t, err)
				l := s.Lines[1]
				assert.Equal(t, []string{c.pays, "9.90", "cup"}, []string{l.Money.StringFixed(2), l.Cash.StringFixed(2), l.Reward})
			})
		}
	}
}

// The limit of a day cuts the money as the balance does.
func TestDayLimitCutsTheMoney(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Redeem.MaxPerDay = 100 })
	b.earn("a", "k", 500, "2025-01-02", "")
	r := b.must(b.Redeem(ctx, RedeemRequest{Account: "a", Key: "r", Points: 300, AllowPartial: true, Spend: Spend{Money: dec("3")}, At: b.on("2025-01-03")}))
	assert.EqualValues(t, 100, r.Points)
	assert.Equal(t, "1", r.Money.String())
}

// What is granted is never more than its share, misses it by less than a minor unit, and is the sum of its lines.
func TestSharesOfMoneySumUp(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 8))
	for range 2000 {
		decimals := r.IntN(4)
		lines := make([]decimal.Decimal, 1+r.IntN(5))
		for i := range lines {
			lines[i] = decimal.New(r.Int64N(1<<uint(1+r.IntN(30)))-1, -int32(decimals)).Abs() //nolint:gosec // it is small
		}
		of := 1 + r.Int64N(1<<40)
		n := 1 + r.Int64N(of)
		asked := sumOf(lines)
		money, parts := pays(asked, lines, n, of, decimals)
		about := fmt.Sprint("seed ", seed, ": ", n, " of ", of, " pay of ", lines, " ", parts)
		require.True(t, sumOf(parts).Equal(money), about)
		exact := asked.Mul(decimal.NewFromInt(n))
		got := money.Mul(decimal.NewFromInt(of))
		require.False(t, got.GreaterThan(exact), about)
		require.True(t, money.Add(decimal.New(1, -int32(decimals))).Mul(decimal.NewFromInt(of)).GreaterThan(exact) || n == of, about) //nolint:gosec // as above
		for i, part := range parts {
			require.False(t, part.IsNegative() || part.GreaterThan(lines[i]), about)
		}
	}
}

// A refused spend names the field that is wrong, and a place in a list from 0.
func TestSpendNamesTheFieldThatIsWrong(t *testing.T) {
	b := newBench(t, nil)
	b.earn("a", "k", 500, "2025-01-02", "")
	before := b.raw("a")
	for path, s := range map[string]Spend{
		"money":                      {Money: dec("-1")},
		"cash":                       {Cash: dec("-1")},
		"lines.1":                    {Money: dec("3"), Lines: decs("4", "-1")},
		"lines: do not sum to money": {Money: dec("3"), Lines: decs("100", "2")},
	} {
		for _, op := range []Op{
			RedeemRequest{Account: "a", Key: "r", Points: 300, Spend: s, At: b.on("2025-01-03")},
			HoldRequest{Account: "a", Hold: "h", Points: 300, Spend: s, TTL: time.Hour, At: b.on("2025-01-03")},
		} {
			_, err := b.Do(ctx, op)
			require.ErrorIs(t, err, ErrAmount)
			assert.Equal(t, ErrAmount.Error()+": "+path, err.Error())
		}
	}
	assert.Equal(t, before, b.raw("a"))
}
