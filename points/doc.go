// Package points keeps loyalty points the way a bank keeps money: what an order earns, in lots that
// expire; what is held for a checkout and then spent; what a refund takes back and gives back; and
// what all of that adds up to, at any instant.
//
// It has two halves. The pure half is a [Policy], compiled from a plain [Config]: it says what an
// [Order] earns ([Policy.Award]), what points are worth and how many may be used ([Policy.Quote]),
// and, from the [Evidence] that every award freezes, what is left of it after refunds. It reads no
// clock and no database.
//
// The other half is a [Ledger] over a [Store]. Every operation is a plain value ([EarnRequest],
// [RedeemRequest], [HoldRequest], [RefundRequest]…) that names its account and its key, and goes the
// same way: load the account, settle what time has done to it, plan, commit. If a rival was faster
// the commit is refused and the operation starts over. So:
//
//   - An operation happens once. The same key with the same request gives the first [Receipt] again;
//     another request under it is an error that names the fields. A refusal uses no key up.
//   - A refused operation leaves nothing behind.
//   - Balances are a function of time. Points become active, holds run out and lots expire without
//     any job; [Ledger.Sweep] only writes down earlier what would be written anyway.
//   - A zero At means now, read once. A debit dated before the account's latest change is refused; a
//     credit may be back-dated and never changes what was spent.
//   - Every movement is an [Entry] between buckets of a lot, and a lot's points are always the sum of
//     its buckets. [Ledger.Verify] recomputes an account from its entries.
//
// # Steps
//
// Write the programme's rules as a Config and [Compile] it. Make a Ledger with [New] over a store: a
// [MemStore] to begin with, a database for good (package pointstest has the suite that a store must
// pass). Earn with the order when it is paid, Hold when a checkout begins, Capture or Void when it
// ends, Refund and Cancel as the shop does. To share the shop's own transaction:
//
//	receipt, err := ledger.With(store.Tx(tx)).Redeem(ctx, request)
//
// A ledger cannot promise that the caller commits its order and its points together. Where they
// cannot share a transaction, repeat operations with their keys until they are answered, and let
// [Ledger.Reconcile] find what got lost.
//
// Growth value is a second programme: its own Policy and its own Store. Keys are remembered for ever.
// Policies are safe to share; ledgers are safe for concurrent use.
package points
