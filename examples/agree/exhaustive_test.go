package agree

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/campaign/rule"
)

// Every customer of a small world, under every rule of a small grammar: three facts that are missing or
// have two values, four conditions on them, each under up to two of not, or true, or false, and every
// all and any of two of them under one more. First with all fields mapped, then with one left out.
func TestSmallWorldAgrees(t *testing.T) {
	var world []*customer
	for _, region := range []*string{nil, new("GD"), new("gd")} {
		for _, orders := range []*int64{nil, new(int64(1)), new(int64(2))} {
			for _, tags := range [][]string{nil, {}, {"vip"}} {
				world = append(world, &customer{id: "c" + strconv.Itoa(len(world)), region: region, orders: orders, tags: tags})
			}
		}
	}
	type expr = rule.Expr[*customer]
	once := func(e expr) []expr { return []expr{rule.Not(e), e.OrElse(true), e.OrElse(false)} }
	var small, all []expr
	for _, leaf := range []expr{region.In("GD", "HN"), orders.AtLeast(2), tags.Any("vip"), region.Known()} {
		small = append(append(small, leaf), once(leaf)...)
		for _, e := range once(leaf) {
			all = append(all, once(e)...)
		}
	}
	all = append(all, small...)
	for _, a := range small {
		for _, b := range small {
			for _, pair := range []expr{rule.All(a, b), rule.Any(a, b)} {
				all = append(append(all, pair), once(pair)...)
			}
		}
	}
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			tb := e.fill(t, world)
			for _, without := range []string{"", "orders"} {
				config := tb.config()
				delete(config.Columns, without)
				p := tb.proof(t, config)
				for _, e := range all {
					require.NoError(t, p.CheckRule(shop.MustCompile(e)))
				}
			}
			t.Logf("%d rules, twice, over %d customers", len(all), len(world))
		})
	}
}
