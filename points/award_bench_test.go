package points

import (
	"testing"
	"time"
)

// benchmarkPolicy has a category, a birthday and a member day as modifiers, and lots that expire.
func benchmarkPolicy(b testing.TB) (*Policy, Order) {
	p := compiled(b, func(k *Config) {
		k.Expiry = Expiry{Months: 12}
		k.Modifiers = []Modifier{
			{ID: "shoes", Factor: dec("1.2"), When: When{Tags: []string{"shoes"}}},
			{ID: "birthday", Factor: dec("2"), When: When{Birthday: true}},
			{ID: "member_day", Factor: dec("1.5"), When: When{MonthDays: []int{10}}},
		}
	})
	o := sale("19.99", "5.49", "129.00", "33.33", "8.80")
	o.Lines[0].Tags, o.Lines[3].Tags = []string{"shoes"}, []string{"bags", "sale"}
	o.Discount = dec("10")
	o.Birthday = MonthDay{time.March, 10}
	return p, o
}

// BenchmarkAward takes turns with one multiplication of two decimals, of which an award must not take more
// than forty, so that both meet the same machine.
func BenchmarkAward(b *testing.B) {
	p, o := benchmarkPolicy(b)
	x, y := dec("129.99"), dec("1.5")
	const turn = 1000
	var muls time.Duration
	b.ReportAllocs()
	for done := 0; done < b.N; done += turn {
		n := min(turn, b.N-done)
		b.StopTimer()
		start := time.Now() //nolint:forbidigo // a benchmark measures
		for range n {
			_ = x.Mul(y)
		}
		muls += time.Since(start) //nolint:forbidigo // as above
		b.StartTimer()
		for range n {
			if a, err := p.Award(o); err != nil || a.Points == 0 {
				b.Fatal(a.Points, err)
			}
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/muls.Seconds(), "muls")
}

func BenchmarkRefund(b *testing.B) {
	p, o := benchmarkPolicy(b)
	a, err := p.Award(o)
	if err != nil {
		b.Fatal(err)
	}
	r := Return{Amount: dec("25.10")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Evidence.After(r); err != nil {
			b.Fatal(err)
		}
	}
}
