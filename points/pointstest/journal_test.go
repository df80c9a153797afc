package pointstest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"

	"github.com/regulars-go/regulars/points"
	"github.com/regulars-go/regulars/points/pointstest"
)

// journal is a MemStore that writes every commit as a line of a log, and can be opened from it.
type journal struct {
	*points.MemStore
	tb    testing.TB
	mu    sync.Mutex
	log   []byte
	write func(j *journal, changes []points.Change) error
	late  []points.Change // what a mutant has yet to write

	places int // until the process dies; negative if it does not
	dead   bool
}

// record is a change in the log.
type record struct {
	Change points.Change
	State  *points.Account
}

var errDied = errors.New("the process died")

// openJournal reads the commits of a log. A line without its end was never committed.
func openJournal(t testing.TB, log []byte, write func(*journal, []points.Change) error) *journal {
	t.Helper()
	j := &journal{MemStore: new(points.MemStore), tb: t, write: write, places: -1}
	j.log = bytes.Clone(log[:bytes.LastIndexByte(log, '\n')+1])
	for line := range bytes.Lines(j.log) {
		var records []record
		if err := json.Unmarshal(line, &records); err != nil {
			t.Fatal(err)
		}
		changes := make([]points.Change, len(records))
		for i, r := range records {
			changes[i] = r.Change
			changes[i].State = r.State
		}
		j.MemStore.Commit(context.Background(), changes...) // what does not follow is lost, as the laws will see
	}
	return j
}

func (j *journal) Load(ctx context.Context, account string, keys ...string) (points.Account, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.dead {
		return points.Account{}, errDied
	}
	return j.MemStore.Load(ctx, account, keys...)
}

func (j *journal) Commit(ctx context.Context, changes ...points.Change) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.dead {
		return errDied
	}
	if err := j.MemStore.Commit(ctx, changes...); err != nil {
		return err
	}
	return j.write(j, changes)
}

// line writes the changes of a commit as one line, in two parts and an end.
func line(j *journal, changes []points.Change) error {
	records := make([]record, len(changes))
	for i, c := range changes {
		records[i] = record{c, c.State}
	}
	data, err := json.Marshal(records)
	if err != nil {
		return err
	}
	half := len(data) / 2
	for _, part := range [][]byte{data[:half], data[half:], []byte("\n"), nil} {
		if j.dies() {
			return errDied
		}
		j.log = append(j.log, part...)
	}
	return nil
}

// dies reports whether the process dies at this place.
func (j *journal) dies() bool {
	j.dead = j.places == 0
	if j.places >= 0 {
		j.places--
	}
	return j.dead
}

// durable is a harness for journals that write their log in some way.
func durable(write func(*journal, []points.Change) error) pointstest.Harness {
	return pointstest.Harness{
		Open: func(t testing.TB) points.Store {
			t.Helper()
			return openJournal(t, nil, write)
		},
		Reopen: func(t testing.TB, s points.Store) points.Store {
			t.Helper()
			return openJournal(t, s.(*journal).log, write)
		},
		Crash: func(s points.Store, n int) { s.(*journal).places = n },
		Tx: func(_ context.Context, s points.Store, do func(points.Store) error) error {
			j := s.(*journal)
			tx := j.begin()
			if err := do(tx); err != nil {
				return err
			}
			j.end(tx)
			return nil
		},
	}
}

// begin starts a transaction, which is a journal of its own that goes on from here.
func (j *journal) begin() *journal {
	j.mu.Lock()
	defer j.mu.Unlock()
	return openJournal(j.tb, j.log, j.write)
}

// end commits a transaction that nobody else has written beside.
func (j *journal) end(tx *journal) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.MemStore, j.log = tx.MemStore, tx.log
}
