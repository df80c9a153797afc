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
//	receipt, err := ledger.With(store.Tx(tx)).Redeem(ctx, request)
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
	s := sessions.Get().(*session)
	defer s.end()
	op, err := value(op)
	if err != nil {
		return Receipt{}, err
	}
	return l.do(ctx, s, op)
}

func (l *Ledger) do(ctx context.Context, s *session, op Op) (Receipt, error) {
	s.job[0] = job{op: op}
	if err := l.unit(ctx, s, s.job[:]); err != nil {
		return Receipt{}, err
	}
	return s.job[0].receipt, nil
}

// usual is Do for the requests that a shop makes all day, which lie in the room of a session meanwhile: a
// [MemStore] writes them out and keeps none.
func usual[T Op](ctx context.Context, l *Ledger, r T, room func(*session) *T) (Receipt, error) {
	if _, mem := l.store.(*MemStore); !mem {
		return l.Do(ctx, r)
	}
	s := sessions.Get().(*session)
	own := room(s)
	*own = r
	defer func() {
		var none T
		*own = none
		s.end()
	}()
	return l.do(ctx, s, any(own).(Op))
}

// job is one operation of a unit of work.
type job struct {
	op      Op
	head    head
	at      time.Time
	request Request // op, where it is not kept
	receipt Receipt
}

// unit does operations as one unit: when it returns nil, all are committed and have their receipts.
func (l *Ledger) unit(ctx context.Context, s *session, jobs []job) error {
	var now time.Time
	for i := range jobs {
		j := &jobs[i]
		j.head = j.op.head()
		if err := j.head.check(j.op.Kind()); err != nil {
			return which(jobs, i, err)
		}
		if err := j.op.check(); err != nil {
			return which(jobs, i, err)
		}
		j.op = cloneOp(j.op) // the caller may go on using its own
		if j.at = instant(j.head.at); j.at.IsZero() {
			if now.IsZero() {
				now = instant(time.Now()) //nolint:forbidigo // a zero At means now, read once for the whole unit
			}
			j.at = now
		}
	}
	for try := 0; ; try++ {
		err := l.attempt(ctx, s, jobs)
		if err == nil || l.once || !errors.Is(err, ErrConflict) || try == attempts {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

func (l *Ledger) attempt(ctx context.Context, s *session, jobs []job) error {
	s.begin(ctx, l)
	defer s.giveBack()
	for i := range jobs {
		if err := s.do(&jobs[i]); err != nil {
			return which(jobs, i, err)
		}
	}
	err := s.commit()
	if err == nil || l.once || errors.Is(err, ErrConflict) {
		return err
	}
	return l.ambiguous(ctx, jobs, err)
}

// ambiguous asks the store what became of a commit that failed without saying how.
func (l *Ledger) ambiguous(ctx context.Context, jobs []job, failed error) error {
	s := &session{ctx: ctx, store: l.store, policy: l.policy}
	for i := range jobs {
		h := &jobs[i].head
		d, err := s.open(h.account, []string{h.key})
		if err != nil {
			return fmt.Errorf("%w: %w", ErrAmbiguous, failed)
		}
		c := d.byKey(h.key)
		if c == nil || c.Request == nil {
			return fmt.Errorf("points: commit: %w", settled(failed))
		}
		if jobs[i].receipt, err = replay(c, jobs[i].op); err != nil {
			return err
		}
	}
	return nil
}

// settled is an error of the store after which the ledger has found out that nothing was committed: it
// matches all that the error matches but for [ErrAmbiguous].
func settled(err error) error {
	if errors.Is(err, ErrAmbiguous) {
		return settledError{err}
	}
	return err
}

type settledError struct{ err error }

func (e settledError) Error() string { return e.err.Error() }
func (e settledError) Is(target error) bool {
	return target != ErrAmbiguous && errors.Is(e.err, target)
}
func (e settledError) As(target any) bool { return errors.As(e.err, target) }

// which says which of several operations an error is about.
func which(jobs []job, i int, err error) error {
	if len(jobs) == 1 {
		return err
	}
	return fmt.Errorf("points: operation %d: %w", i, err)
}

func (h *head) check(kind Kind) error {
	if err := checkID("account", h.account); err != nil {
		return err
	}
	if h.key == "" {
		return fieldError{"key", ErrID}
	}
	if err := checkAsked(kind, h.key); err != nil {
		return err
	}
	return checkInstant("at", h.at)
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
