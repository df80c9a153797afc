package points

import (
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"slices"
	"sync"
	"time"
)

// MemStore keeps accounts in memory: for tests, for trying things out, and as the executable
// specification of [Store] and [History]. The zero value is ready. It is safe for concurrent use.
// What goes in and what comes out is copied, so nothing stored can be altered from outside.
type MemStore struct {
	shards [memShards]memShard
}

const memShards = 64

var memSeed = maphash.MakeSeed()

type memShard struct {
	mu       sync.Mutex
	accounts map[string]*memAccount
	log      memLog
}

type memAccount struct {
	state memState
	history
}

func (m *MemStore) shard(account string) *memShard { return &m.shards[memHash(account)%memShards] }

func memHash(s string) uint64 { return maphash.String(memSeed, s) }

// Load implements [Store].
func (m *MemStore) Load(ctx context.Context, account string, keys ...string) (Account, error) {
	var a Account
	err := m.read(ctx, account, keys, &a)
	return a.Clone(), err
}

// read copies an account into the room that another left behind, together with its changes under the
// keys. A [Ledger] needs no more, because it alters neither a lot's terms nor a hold's pins in place.
func (m *MemStore) read(ctx context.Context, account string, keys []string, into *Account) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s := m.shard(account)
	s.mu.Lock()
	defer s.mu.Unlock()
	acc := s.accounts[account]
	if acc == nil {
		*into = Account{ID: account}
		return nil
	}
	acc.state.into(account, into)
	into.Changes = acc.find(&s.log, account, keys)
	return nil
}

// Commit implements [Store].
func (m *MemStore) Commit(ctx context.Context, changes ...Change) error {
	owned := make([]Change, len(changes))
	for i := range changes {
		owned[i] = changes[i].Clone()
	}
	return m.keep(ctx, owned)
}

// keep commits changes whose requests, evidence and terms nobody else can alter: a [Ledger] hands its
// own over and saves the copy.
func (m *MemStore) keep(ctx context.Context, changes []Change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(changes) == 1 {
		s := m.shard(changes[0].Account)
		s.mu.Lock()
		defer s.mu.Unlock()
	} else {
		m.lock(changes, (*sync.Mutex).Lock)
		defer m.lock(changes, (*sync.Mutex).Unlock)
	}
	if err := m.admit(changes); err != nil {
		return err
	}
	for i := range changes {
		m.shard(changes[i].Account).keep(&changes[i])
	}
	return nil
}

func (s *memShard) keep(c *Change) {
	acc := s.accounts[c.Account]
	if acc == nil {
		acc = new(memAccount)
		if s.accounts == nil {
			s.accounts = map[string]*memAccount{}
		}
		s.accounts[c.Account] = acc
	}
	if c.State != nil {
		acc.state.set(c.State)
	}
	acc.add(&s.log, c)
}

// lock takes or releases the shards of all changes in ascending order, so that two commits never
// wait for each other.
func (m *MemStore) lock(changes []Change, do func(*sync.Mutex)) {
	var mine [memShards]bool
	for i := range changes {
		mine[memHash(changes[i].Account)%memShards] = true
	}
	for i, is := range mine {
		if is {
			do(&m.shards[i].mu)
		}
	}
}

// admit checks every change before the first is applied.
func (m *MemStore) admit(changes []Change) error {
	for i := range changes {
		c := &changes[i]
		s := m.shard(c.Account)
		version := int64(0)
		if acc := s.accounts[c.Account]; acc != nil {
			version = acc.state.version
			for range acc.keyed(&s.log, c.Key) {
				return ErrConflict
			}
		}
		last := true
		for j := range changes {
			if j == i || changes[j].Account != c.Account {
				continue
			}
			if j > i {
				last = false
				continue
			}
			version = changes[j].Version
			if c.Key != "" && changes[j].Key == c.Key {
				return ErrConflict
			}
		}
		if c.Version != version+1 {
			return ErrConflict
		}
		if last && (c.State == nil || c.State.ID != c.Account || c.State.Version != c.Version) {
			return fmt.Errorf("points: change %d of a commit has no state of its version", i)
		}
	}
	return nil
}

// Due implements [Store]. The accounts come in ascending order.
func (m *MemStore) Due(ctx context.Context, until time.Time) iter.Seq2[string, error] {
	return m.names(ctx, func(_ string, acc *memAccount) bool {
		due := acc.state.due
		return !due.IsZero() && !due.After(until)
	})
}

// Accounts implements [History].
func (m *MemStore) Accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	return m.names(ctx, func(name string, _ *memAccount) bool { return name > after })
}

func (m *MemStore) names(ctx context.Context, want func(name string, acc *memAccount) bool) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var names []string
		for i := range m.shards {
			s := &m.shards[i]
			s.mu.Lock()
			for name, acc := range s.accounts {
				if want(name, acc) {
					names = append(names, name)
				}
			}
			s.mu.Unlock()
		}
		slices.Sort(names)
		for _, name := range names {
			if err := ctx.Err(); err != nil {
				yield("", err)
				return
			}
			if !yield(name, nil) {
				return
			}
		}
	}
}

// Changes implements [History].
func (m *MemStore) Changes(ctx context.Context, account string, after int64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		s := m.shard(account)
		for {
			if err := ctx.Err(); err != nil {
				yield(Change{}, err)
				return
			}
			s.mu.Lock()
			acc := s.accounts[account]
			if acc == nil || after >= int64(len(acc.places)) {
				s.mu.Unlock()
				return
			}
			c := acc.at(&s.log, account, int(max(after, 0)))
			s.mu.Unlock()
			if !yield(c, nil) {
				return
			}
			after = c.Version
		}
	}
}

// Erase implements [Eraser].
func (m *MemStore) Erase(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s := m.shard(account)
	s.mu.Lock()
	defer s.mu.Unlock()
	if acc := s.accounts[account]; acc != nil {
		was := acc.history
		acc.history = history{}
		for i, p := range was.places {
			c := was.at(&s.log, account, i)
			c.Request, c.Evidence, c.Receipt = nil, Evidence{}, Receipt{}
			acc.add(&s.log, &c)
			clear(s.log.body(p))
		}
	}
	return nil
}
