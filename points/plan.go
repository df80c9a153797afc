package points

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// session is one attempt at a unit of work: the books that its operations opened, to be committed together.
type session struct {
	ctx    context.Context
	store  Store
	mem    *MemStore // the store, if it lends what others copy
	policy *Policy
	books  []*book

	// Room for the usual, one operation on one account.
	job     [1]job
	earn    EarnRequest
	redeem  RedeemRequest
	hold    HoldRequest
	capture CaptureRequest
	plan    plan
	desk    desk
	one     book
	room    [2]*book
	keys    [2]string
	pins    map[string]int
}

// sessions are those that left their room to the next. Nothing that a [Ledger] returns lies in it.
var sessions = sync.Pool{New: func() any { return new(session) }}

// begin makes a session ready for an attempt. What one attempt leaves in the room of its book the next
// writes over, so only a book of a [MemStore] lies there: another store may still refer to what it was
// given, though it should not.
func (s *session) begin(ctx context.Context, l *Ledger) {
	s.ctx, s.store, s.policy, s.books = ctx, l.store, l.policy, nil
	s.mem, _ = l.store.(*MemStore)
	s.room = [2]*book{}
	s.one.reset()
}

// reset leaves a book nothing but the room of its lists.
func (b *book) reset() {
	b.policy, b.posted, b.entries, b.lapses = nil, b.posted[:0], nil, nil
	b.sum, b.known, b.moved, b.emptied = Balance{}, false, false, false
	b.shard, b.lender = nil, nil
}

// giveBack ends what the books borrowed and did not commit.
func (s *session) giveBack() {
	for _, b := range s.books {
		b.giveBack()
	}
}

// end leaves a session to whoever comes next, but for what it knows of accounts and for room that few need.
func (s *session) end() {
	b, d := &s.one, &s.desk
	if cap(b.lots.order) > 1<<18 || cap(b.lots.loose) > 1<<5 || cap(b.posted) > 1<<3 || cap(d.found) > 1<<3 {
		*b, *d = book{}, desk{}
	}
	for _, l := range b.lots.loose {
		*l = looseLot{}
	}
	b.lots.packed = nil
	clear(b.posted)
	clear(d.found)
	s.plan = plan{}
	s.ctx, s.store, s.mem, s.policy, s.job = nil, nil, nil, nil, [1]job{}
	sessions.Put(s)
}

// plan is one operation being worked out.
type plan struct {
	*desk
	s       *session
	op      Op
	request *Request
	at      time.Time // when it is posted
	asked   time.Time // when it was dated; before at for a back-dated credit
	issued  int       // lots so far
	receipt *Receipt
}

// desk is a book as one operation sees it: under the account and the keys that the caller knows, even
// where the account was merged into another since.
type desk struct {
	*book
	hops  []string // the accounts that were followed to get here
	keys  []string // what was asked for
	names []string // and its form in the book's account
	found []Change // the changes it names, keys as the caller knows them
	known []string // and their keys in the book's account
}

// do plans one operation and writes its receipt.
func (s *session) do(j *job) error {
	op, h, r := j.op, &j.head, &j.receipt
	d := &s.desk
	*d = desk{found: d.found[:0], known: d.known[:0]}
	if err := s.enter(d, h.account, append(append(s.keys[:0], h.key), op.refs()...)); err != nil {
		return err
	}
	c := d.byKey(h.key)
	switch {
	case c != nil && c.Request != nil:
		var err error
		*r, err = replay(c, op)
		return err
	case c != nil && c.Kind == KindForget && op.Kind() == KindForget: // what was asked for is erased
		*r = Receipt{
			Account: h.account, Key: h.key, Kind: c.Kind, At: c.At, Version: c.Version, Entries: c.Entries, Replayed: true,
		}
		for _, e := range c.Entries {
			if e.To == InExpired {
				r.Points += e.Points
			}
		}
		return nil
	case d.acc.Forgotten:
		return ErrForgotten
	case c != nil:
		return ErrCorrupt
	}
	p := &s.plan
	*p = plan{desk: d, s: s, op: op, at: j.at, asked: j.at, receipt: r}
	if s.mem != nil {
		p.request = &j.request
	} else {
		p.request = new(Request) // the store may keep it
	}
	p.request.Op = op
	if err := p.advance(d.book); err != nil {
		return err
	}
	*r = Receipt{Account: h.account, Key: h.key, Kind: op.Kind(), At: p.at}
	if err := op.plan(p); err != nil {
		return err
	}
	if s.mem != nil {
		ownTimings(r.Entries)
	} else {
		*r = r.clone() // the store gets the others
	}
	return nil
}

// replay answers a request whose key was used.
func replay(c *Change, op Op) (Receipt, error) {
	op, err := value(op)
	if err != nil {
		return Receipt{}, err
	}
	diffs, err := differences(c.Request.Op, op)
	if err != nil {
		return Receipt{}, err
	}
	if len(diffs) > 0 {
		if e, ok := op.(EarnRequest); ok && e.Award != nil {
			return Receipt{}, &AlreadyGrantedError{Key: e.Award.Key}
		}
		return Receipt{}, &KeyReusedError{Key: op.head().key, Fields: diffs}
	}
	r := c.Receipt
	r.Entries = cloneEntries(c.Entries) // those of a unit may have been handed out before
	r.Replayed = true
	return r, nil
}

// open loads an account, through the accounts it was merged into.
func (s *session) open(account string, keys []string) (*desk, error) {
	d := new(desk)
	if err := s.enter(d, account, keys); err != nil {
		return nil, err
	}
	return d, nil
}

func (s *session) enter(d *desk, account string, keys []string) error {
	names := keys
	var few [4]int
	levels := few[:0] // how many changes were found when an account was left
	for {
		b, found, err := s.load(account, names)
		if err != nil {
			return err
		}
		for _, c := range found {
			d.see(c, names, keys)
		}
		levels = append(levels, len(d.found))
		if b.acc.MergedInto == "" {
			d.rescope(levels)
			d.book, d.keys, d.names = b, keys, names
			return nil
		}
		if len(d.hops) > maxHops {
			return ErrCorrupt
		}
		d.hops = append(d.hops, account)
		next := make([]string, len(names))
		for i, name := range names {
			next[i] = scoped(account, name)
		}
		account, names = b.acc.MergedInto, next
	}
}

const maxHops = 1000

func (d *desk) see(c Change, names, keys []string) {
	d.known = append(d.known, c.Key)
	d.found = append(d.found, renamed(c, names, keys))
}

// rescope gives the changes of merged accounts the keys, and their movements the lots and
// redemptions, that they are in the book's own account.
func (d *desk) rescope(levels []int) {
	from := 0
	for level, until := range levels[:len(levels)-1] {
		for i := from; i < until; i++ {
			c := &d.found[i]
			for _, hop := range d.hops[level:] {
				d.known[i] = scoped(hop, d.known[i])
			}
			c.Entries = cloneEntries(c.Entries)
			for j := range c.Entries {
				e := &c.Entries[j]
				for _, hop := range d.hops[level:] {
					e.Of = scoped(hop, e.Of)
					for k := range e.Slices {
						lot := &e.Slices[k].Lot
						lot.ID, lot.Parent, lot.Of = scoped(hop, lot.ID), lot.ID, scoped(hop, lot.Of)
					}
				}
			}
		}
		from = until
	}
}

// load returns the book of an account and its changes under the keys, including those that earlier
// operations of the session have planned.
func (s *session) load(account string, keys []string) (*book, []Change, error) {
	for _, b := range s.books {
		if b.acc.ID == account {
			found, err := s.again(b, keys)
			return b, found, err
		}
	}
	b := &s.one
	if s.mem == nil || s.books != nil {
		b = new(book)
	}
	if s.books == nil {
		s.books = s.room[:0]
	}
	found, err := s.read(account, keys, b)
	if err != nil {
		return nil, nil, err
	}
	b.policy = s.policy
	s.books = append(s.books, b)
	return b, found, nil
}

func (s *session) read(account string, keys []string, b *book) (found []Change, err error) {
	if s.mem != nil {
		return s.mem.lend(s.ctx, account, keys, b)
	}
	if b.acc, err = s.store.Load(s.ctx, account, keys...); err != nil {
		return nil, err
	}
	found, b.acc.Changes = b.acc.Changes, nil
	if b.acc.ID != account || !inOrder(found, b.acc.Version) {
		return nil, ErrCorrupt
	}
	b.lots.pack(b.acc.Lots)
	b.acc.Lots = nil
	return found, nil
}

// again finds more changes of an account that the session has open.
func (s *session) again(open *book, keys []string) (found []Change, err error) {
	if s.mem != nil {
		found, err = s.mem.again(s.ctx, open, keys)
	} else {
		b := new(book)
		if found, err = s.read(open.acc.ID, keys, b); err == nil && b.acc.Version != open.loaded() {
			err = ErrConflict
		}
	}
	if err != nil {
		return nil, err
	}
	for _, c := range open.posted {
		if c.among(keys) {
			found = append(found, c)
		}
	}
	return found, nil
}

// inOrder reports whether a store handed out changes of an account as it must: by version, each once.
func inOrder(found []Change, last int64) bool {
	version := int64(0)
	for i := range found {
		if found[i].Version <= version || found[i].Version > last {
			return false
		}
		version = found[i].Version
	}
	return true
}

func (c *Change) among(keys []string) bool {
	return c.Key != "" && slices.Contains(keys, c.Key) || c.Of != "" && slices.Contains(keys, c.Of)
}

// renamed gives a change of a merged account the keys that the caller used.
func renamed(c Change, names, keys []string) Change {
	for i, name := range names {
		if c.Key == name {
			c.Key = keys[i]
		}
		if c.Of == name {
			c.Of = keys[i]
		}
	}
	return c
}

// scoped is the name of another account's key: one that was merged into this one, or that sent points
// to it. Its length is fixed, so that a chain of merges does not outgrow a column.
func scoped(account, key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(account + "\x00" + key))
	return viaPrefix + hex.EncodeToString(sum[:16])
}

const viaPrefix = "via:"

// name returns the form a key has in the desk's account.
func (d *desk) name(key string) string {
	for _, hop := range d.hops {
		key = scoped(hop, key)
	}
	return key
}

func (d *desk) byKey(key string) *Change {
	for i := range d.found {
		if key != "" && d.found[i].Key == key {
			return &d.found[i]
		}
	}
	return nil
}

// advance settles a book up to the operation. An operation dated before the latest change is posted
// at that change's instant, which is when it became known.
func (p *plan) advance(b *book) error {
	if p.at.Before(b.acc.At) {
		if c, ok := p.op.(interface{ backDates() bool }); !ok || !c.backDates() {
			return ErrOutOfOrder
		}
		p.at = b.acc.At
	}
	settled := len(b.posted)
	if err := b.settle(p.at); err != nil || b != p.book {
		return err
	}
	for _, c := range b.posted[settled:] {
		if c.among(p.names) {
			p.see(c, p.names, p.keys)
		}
	}
	return nil
}

// done posts the operation's change on its own book and completes the receipt. The change refers to a
// key as the caller knows it.
func (p *plan) done(of string) error { return p.record(p.name(of), Evidence{}) }

// record is done with evidence and a key as the book knows it.
func (p *plan) record(of string, ev Evidence) error {
	if p.counts() {
		if err := p.active(p.asked); err != nil {
			return err
		}
	}
	p.receipt.Version = p.acc.Version + 1
	c := p.post(&Change{
		Key: p.name(p.receipt.Key), Of: of, Kind: p.op.Kind(), At: p.at,
		Request: p.request, Evidence: ev,
	})
	p.receipt.Balance = p.balance()
	c.Receipt = *p.receipt
	p.receipt.Entries = c.Entries
	return nil
}

// counts reports whether the operation is an activity that moves an inactivity deadline.
func (p *plan) counts() bool {
	kind := p.op.Kind()
	if kind == KindCapture {
		kind = KindRedeem
	}
	kinds := p.terms(p.at).Activity
	if len(kinds) == 0 {
		return kind == KindEarn || kind == KindRedeem
	}
	return slices.Contains(kinds, string(kind))
}

// commit hands all changes of the session to the store, accounts in ascending order.
func (s *session) commit() error {
	slices.SortFunc(s.books, func(a, b *book) int { return strings.Compare(a.acc.ID, b.acc.ID) })
	for _, b := range s.books {
		if len(b.posted) > 0 {
			b.tidy()
		}
	}
	if s.mem != nil {
		return s.mem.commit(s.ctx, s.books)
	}
	var changes []Change
	for _, b := range s.books {
		if len(b.posted) > 0 {
			b.acc = b.whole()
			b.posted[len(b.posted)-1].State = &b.acc
			changes = append(changes, b.posted...)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	return s.store.Commit(s.ctx, changes...)
}

// checkID refuses what is no account, key or reference.
func checkID(path, id string) error {
	if id == "" || len(id) > 255 || !plainText(id) {
		return fieldError{path, ErrID}
	}
	return nil
}

// plainText reports whether a text is UTF-8 without a NUL.
func plainText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// fieldError says in which field of a request the trouble is.
type fieldError struct {
	path string
	err  error
}

func (e fieldError) Error() string { return e.err.Error() + ": " + e.path }
func (e fieldError) Unwrap() error { return e.err }
