package points

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Ledger books points of one programme in a [Store]. It is a thin loop around pure planning: load,
// settle what time did, plan, commit; and again if a rival was faster. It keeps no state of its own,
// any number may share a store, and it is safe for concurrent use.
type Ledger struct {
	store  Store
	policy *Policy
	once   bool
}

// New returns a ledger that follows a policy, or several revisions of one (see [Versions]).
func New(store Store, policy *Policy) (*Ledger, error) {
	if store == nil {
		return nil, errors.New("points: a ledger needs a store")
	}
	if policy == nil {
		return nil, errors.New("points: a ledger needs a policy")
	}
	return &Ledger{store: store, policy: policy}, nil
}

// With returns a ledger that works in another store, such as one bound to the caller's transaction:
//
//	err := ledger.With(store.Tx(tx)).Redeem(ctx, …)
//
// It tries once: after [ErrConflict] the caller runs its whole transaction again.
func (l *Ledger) With(store Store) *Ledger {
	return &Ledger{store: store, policy: l.policy, once: true}
}

// Policy returns the policy the ledger follows.
func (l *Ledger) Policy() *Policy { return l.policy }

// attempts bounds the races that one operation may lose. Waiting between them grows to a few
// milliseconds, so that dozens of writers of one account all come through.
const attempts = 200

// Do does one operation. The same key with the same request gives the first receipt again, with
// Replayed set; a refused operation changes nothing and leaves its key free.
func (l *Ledger) Do(ctx context.Context, op Op) (Receipt, error) {
	var r Receipt
	err := l.unit(ctx, []Op{op}, func(_ int, got Receipt) { r = got })
	if err != nil {
		return Receipt{}, err
	}
	return r, nil
}

// unit does operations as one unit and hands out their receipts once all are committed.
func (l *Ledger) unit(ctx context.Context, ops []Op, emit func(int, Receipt)) error {
	now := time.Now() //nolint:forbidigo // a zero At means now, read once for the whole unit
	prepared := make([]Op, len(ops))
	instants := make([]time.Time, len(ops))
	for i, op := range ops {
		if err := checkHead(op); err != nil {
			return at(ops, i, err)
		}
		if err := op.check(); err != nil {
			return at(ops, i, err)
		}
		prepared[i] = cloneOp(op) // the caller may go on using its own
		if instants[i] = instant(op.head().at); instants[i].IsZero() {
			instants[i] = instant(now)
		}
	}
	receipts := make([]Receipt, len(ops))
	for try := 0; ; try++ {
		err := l.attempt(ctx, prepared, instants, receipts)
		if err == nil {
			for i, r := range receipts {
				emit(i, r)
			}
			return nil
		}
		if l.once || !errors.Is(err, ErrConflict) || try == attempts {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

func (l *Ledger) attempt(ctx context.Context, ops []Op, instants []time.Time, receipts []Receipt) error {
	s := &session{ctx: ctx, store: l.store, policy: l.policy}
	for i, op := range ops {
		r, err := s.do(op, instants[i])
		if err != nil {
			return at(ops, i, err)
		}
		receipts[i] = r
	}
	err := s.commit()
	if err == nil || l.once || errors.Is(err, ErrConflict) {
		return err
	}
	return l.ambiguous(ctx, ops, receipts, err)
}

// ambiguous asks the store what became of a commit that failed without saying how.
func (l *Ledger) ambiguous(ctx context.Context, ops []Op, receipts []Receipt, failed error) error {
	s := &session{ctx: ctx, store: l.store, policy: l.policy}
	for i, op := range ops {
		h := op.head()
		d, err := s.open(h.account, []string{h.key})
		if err != nil {
			return fmt.Errorf("%w: %w", ErrAmbiguous, failed)
		}
		c := d.byKey(h.key)
		if c == nil {
			return fmt.Errorf("points: commit: %w", failed)
		}
		if receipts[i], err = replay(c, op); err != nil {
			return err
		}
	}
	return nil
}

// at says which of several operations an error is about.
func at(ops []Op, i int, err error) error {
	if len(ops) == 1 {
		return err
	}
	return fmt.Errorf("operation %d: %w", i, err)
}

func checkHead(op Op) error {
	h := op.head()
	if err := checkID("account", h.account); err != nil {
		return err
	}
	if h.key == "" {
		return fieldError{"key", ErrID}
	}
	if y := h.at.UTC().Year(); !h.at.IsZero() && (y < 1 || y > 9999) {
		return fieldError{"at", ErrAmount}
	}
	return nil
}

// pause waits a little, longer the more races were lost, and never in step with the rivals.
func pause(ctx context.Context, try int) error {
	if try < 3 {
		return ctx.Err()
	}
	t := time.NewTimer(rand.N(time.Duration(min(try, 40)) * 100 * time.Microsecond))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
