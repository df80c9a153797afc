package points

import (
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"reflect"
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

func (m *MemStore) shard(account string) *memShard { return &m.shards[memHash(account)%memShards] }

func memHash(s string) uint64 { return maphash.String(memSeed, s) }

// Load implements [Store].
func (m *MemStore) Load(ctx context.Context, account string, keys ...string) (Account, error) {
	if err := ctx.Err(); err != nil {
		return Account{}, err
	}
	s := m.shard(account)
	s.mu.Lock()
	defer s.mu.Unlock()
	acc := s.accounts[account]
	if acc == nil {
		return Account{ID: account}, nil
	}
	var a Account
	acc.into(account, &a)
	var lots shelf
	lots.hold(acc.lots, false, 0)
	a.Lots = lots.lots()
	a.Changes = acc.find(&s.log, account, keys)
	return a.Clone(), nil
}

// lend is Load for a book of a [Ledger], into the room that another book left behind. It borrows the
// lots instead of copying them, and gives them back by commit or by giveBack. The book shares a lot's
// terms and a hold's pins, which nobody alters in place.
func (m *MemStore) lend(ctx context.Context, account string, keys []string, b *book) ([]Change, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.shard = m.shard(account)
	b.shard.mu.Lock()
	defer b.shard.mu.Unlock()
	acc := b.shard.accounts[account]
	if acc == nil {
		b.acc = Account{ID: account}
		b.lots.hold(nil, false, none)
		return nil, nil
	}
	acc.into(account, &b.acc)
	b.lots.hold(acc.lots, acc.timed, acc.next)
	b.sum, b.known = acc.sum, true
	b.lender = acc
	acc.readers++
	return acc.find(&b.shard.log, account, keys), nil
}

// again finds more changes of an account that was lent, if it is still at the version it had then.
func (m *MemStore) again(ctx context.Context, b *book, keys []string) ([]Change, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.shard.mu.Lock()
	defer b.shard.mu.Unlock()
	acc := b.shard.accounts[b.acc.ID]
	switch {
	case acc == nil:
		return nil, nil
	case acc.version != b.loaded():
		return nil, ErrConflict
	}
	return acc.find(&b.shard.log, b.acc.ID, keys), nil
}

// giveBack returns what a book borrowed and did not commit.
func (b *book) giveBack() {
	if b.lender != nil {
		b.shard.mu.Lock()
		b.lender.readers--
		b.shard.mu.Unlock()
		b.lender = nil
	}
}

// Commit implements [Store].
func (m *MemStore) Commit(ctx context.Context, changes ...Change) error {
	var books []*book
	for i := range changes {
		c := changes[i].Clone()
		at := slices.IndexFunc(books, func(b *book) bool { return b.acc.ID == c.Account })
		if at < 0 {
			at = len(books)
			books = append(books, &book{acc: Account{ID: c.Account}, shard: m.shard(c.Account)})
		}
		books[at].posted = append(books[at].posted, c)
	}
	for i, b := range books {
		last := &b.posted[len(b.posted)-1]
		if last.State == nil || last.State.ID != last.Account || last.State.Version != last.Version {
			return fmt.Errorf("points: a commit has no state of its account %d at its last version", i)
		}
		b.acc = *last.State
		b.lots.pack(b.acc.Lots)
	}
	return m.commit(ctx, books)
}

// commit commits what was posted in books, and gives back what those borrowed. Nobody else can alter the
// requests, the evidence and the terms in them: a [Ledger] hands its own over and saves the copy.
func (m *MemStore) commit(ctx context.Context, books []*book) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(books) == 1 {
		books[0].shard.mu.Lock()
		defer books[0].shard.mu.Unlock()
	} else {
		m.lock(books, (*sync.Mutex).Lock)
		defer m.lock(books, (*sync.Mutex).Unlock)
	}
	for _, b := range books {
		if err := b.shard.admit(b); err != nil {
			return err
		}
	}
	for _, b := range books {
		if len(b.posted) > 0 {
			b.shard.keep(b)
		}
	}
	return nil
}

// lock takes or releases the shards of all books in ascending order, so that two commits never wait
// for each other.
func (m *MemStore) lock(books []*book, do func(*sync.Mutex)) {
	for i := range m.shards {
		if s := &m.shards[i]; slices.ContainsFunc(books, func(b *book) bool { return b.shard == s }) {
			do(&s.mu)
		}
	}
}

// admit checks the changes of a book before any is applied.
func (s *memShard) admit(b *book) error {
	acc, version := b.lender, int64(0)
	if acc == nil {
		acc = s.accounts[b.acc.ID]
	}
	if acc != nil {
		version = acc.version
	}
	var seen map[string]bool
	for i := range b.posted {
		c := &b.posted[i]
		if version++; c.Version != version {
			return ErrConflict
		}
		if c.Key == "" {
			continue
		}
		if acc != nil {
			for _, taken := range acc.named(&s.log, c.Key) {
				if taken {
					return ErrConflict
				}
			}
		}
		if len(b.posted) == 1 {
			break
		}
		if seen == nil {
			seen = make(map[string]bool, len(b.posted))
		}
		if seen[c.Key] {
			return ErrConflict
		}
		seen[c.Key] = true
	}
	return nil
}

func (s *memShard) keep(b *book) {
	acc := b.lender
	if acc == nil {
		acc = s.accounts[b.acc.ID]
	}
	if acc == nil {
		if s.accounts == nil {
			s.accounts = map[string]*memAccount{}
		}
		acc = new(memAccount)
		s.accounts[b.acc.ID] = acc
	}
	acc.set(b)
	if b.lender != nil {
		b.lender.readers--
		b.lender = nil
	}
	for i := range b.posted {
		acc.add(&s.log, &b.posted[i])
	}
}

// Due implements [Store]. The accounts come in ascending order.
func (m *MemStore) Due(ctx context.Context, until time.Time) iter.Seq2[string, error] {
	return m.names(ctx, func(_ string, acc *memAccount) bool {
		due := acc.due
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
			var places []place
			s.mu.Lock()
			if acc := s.accounts[account]; acc != nil {
				places = acc.after(&s.log, after)
			}
			s.mu.Unlock()
			if len(places) == 0 {
				return
			}
			for _, p := range slices.Backward(places) {
				if err := ctx.Err(); err != nil {
					yield(Change{}, err)
					return
				}
				s.mu.Lock()
				gone := s.log.record(p).erased
				var c Change
				if !gone {
					c = s.log.at(p, account)
				}
				s.mu.Unlock()
				if gone { // and written anew
					break
				}
				if !yield(c, nil) {
					return
				}
				after = c.Version
			}
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
	acc := s.accounts[account]
	if acc == nil {
		return nil
	}
	places := acc.after(&s.log, 0)
	acc.latest = 0
	for _, p := range slices.Backward(places) {
		c, r := s.log.at(p, account), s.log.record(p)
		if c.Request == nil && c.Evidence.IsZero() && reflect.ValueOf(c.Receipt).IsZero() { // nothing to strip
			r.before, acc.latest = acc.latest, p
			continue
		}
		c.Request, c.Evidence, c.Receipt = nil, Evidence{}, Receipt{}
		r.erased = true
		clear(s.log.body(r))
		delete(s.log.heavy, p)
		acc.add(&s.log, &c)
	}
	clear(s.log.codec.buf[:cap(s.log.codec.buf)])
	return nil
}
