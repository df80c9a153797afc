package tags

import (
	"math/bits"
	"math/rand/v2"
	"testing"
)

// million is an index over a million holders with three dense tags.
func million(tb testing.TB) *Index {
	tb.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	x := &Index{v: house, n: 1_000_000, sets: map[string][]uint64{}}
	for _, tag := range []string{"vip", "plus-size", "gift"} {
		words := make([]uint64, x.words())
		for i := range words {
			words[i] = r.Uint64()
		}
		words[len(words)-1] &= 1<<(x.n%64) - 1
		x.sets[tag] = words
	}
	return x
}

func BenchmarkCount(b *testing.B) {
	x := million(b)
	for name, e := range map[string]Expr{
		"AndNot": And(Is("vip"), Is("plus-size"), Not(Is("gift"))),
		"Or":     Or(Is("vip"), Is("plus-size"), Is("gift")),
		"Nested": And(Or(Is("vip"), Is("gift")), Not(And(Is("plus-size"), Is("gift")))),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := x.Count(e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkHandLoop is what one would write for just this question.
func BenchmarkHandLoop(b *testing.B) {
	x := million(b)
	vip, plus, gift := x.sets["vip"], x.sets["plus-size"], x.sets["gift"]
	sum := 0
	b.Run("AndNot", func(b *testing.B) {
		for b.Loop() {
			for i := range vip {
				sum += bits.OnesCount64(vip[i] & plus[i] &^ gift[i])
			}
		}
	})
	b.Run("Or", func(b *testing.B) {
		for b.Loop() {
			for i := range vip {
				sum += bits.OnesCount64(vip[i] | plus[i] | gift[i])
			}
		}
	})
	b.Run("Nested", func(b *testing.B) {
		for b.Loop() {
			for i := range vip {
				sum += bits.OnesCount64((vip[i] | gift[i]) &^ (plus[i] & gift[i]))
			}
		}
	})
	if sum == 0 {
		b.Fatal("nothing counted")
	}
}
