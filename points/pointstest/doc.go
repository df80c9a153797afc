// Package pointstest tests what a shop builds on package points: its policy, and its store.
//
// [Play] plays a table of steps against a policy, so that a scenario reads like the terms and
// conditions it comes from:
//
//	pointstest.Play(t, house, []pointstest.Step{
//		{At: "2026-01-31", Earn: "19.99", Want: 19},               // rounds down
//		{At: "2026-02-01", Earn: "10.00", Times: "1.5", Want: 34}, // gold
//		{At: "2027-01-31", Redeem: 5, Want: 29},                   // oldest points go first
//		{At: "2027-02-01", Want: 15},                              // January's have expired
//		{At: "2027-02-01", Redeem: 16, Want: 15, Err: points.ErrInsufficient},
//	})
//
// [Run] checks a store against the laws that a ledger relies on, and [Fuzz] a policy against a naive
// model of its books. [Golden] keeps a statement, as [Statement] writes it, in a file.
package pointstest
